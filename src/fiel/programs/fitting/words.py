"""Names of what a fitted program offers, in each language: they become part of its document."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

from fiel.domain.language import LANGUAGES, money_text
from fiel.domain.money import Currency
from fiel.programs.fitting.answers import Sells

type Names = dict[str, str]

_OFF = {"es": "{what} de descuento", "en": "{what} off", "pt": "{what} de desconto"}
_CARD = {
    "es": "Tarjeta regalo de {what}", "en": "{what} gift card", "pt": "Cartão-presente de {what}",
}  # fmt: skip
_FREE: dict[Sells, Names] = {
    Sells.COFFEE: {"es": "Un café gratis", "en": "A free coffee", "pt": "Um café grátis"},
    Sells.MEALS: {
        "es": "Un menú gratis", "en": "A meal on the house", "pt": "Um menu grátis",
    },
    Sells.BEAUTY: {
        "es": "Un tratamiento gratis", "en": "A free treatment", "pt": "Um tratamento grátis",
    },
    Sells.SERVICES: {"es": "Un servicio gratis", "en": "A free service", "pt": "Um serviço grátis"},
}  # fmt: skip
_FREE_ITEM: Names = {
    "es": "Un artículo gratis", "en": "A free item", "pt": "Um artigo grátis",
}  # fmt: skip
_QUIET_DAY: Names = {"es": "Día especial", "en": "Special day", "pt": "Dia especial"}
_CREDIT = {
    "name": {"es": "{code} de saldo", "en": "{code} of credit", "pt": "{code} de saldo"},
    "one": {"es": "{code} de saldo", "en": "{code} of credit", "pt": "{code} de saldo"},
}


def off(amount: Fraction, currency: Currency) -> Names:
    """The name of a discount of an amount."""
    return _with_money(_OFF, amount, currency)


def percent_off(percent: str) -> Names:
    """The name of a discount of a percentage."""
    written = {"es": f"{percent.replace('.', ',')} %", "en": f"{percent}%"}
    written["pt"] = written["es"]
    return {language: _OFF[language].format(what=written[language]) for language in LANGUAGES}


def gift_card(amount: Fraction, currency: Currency) -> Names:
    """The name of a gift card of an amount."""
    return _with_money(_CARD, amount, currency)


def free_item(sells: Sells) -> Names:
    """The name of one of what a shop sells, for nothing."""
    return dict(_FREE.get(sells, _FREE_ITEM))


def quiet_day() -> Names:
    """The name of the day on which purchases earn more, as few come on it."""
    return dict(_QUIET_DAY)


def credit_of(currency: Currency) -> dict[str, Names]:
    """What credit is called in a currency that has no cents."""
    return {
        key: {language: text.format(code=currency.code) for language, text in names.items()}
        for key, names in _CREDIT.items()
    }


def is_fitted_name(names: Names) -> bool:
    """Whether a name reads in all languages as one of these does."""
    if names in _FREE.values() or names in (_FREE_ITEM, _QUIET_DAY):
        return True
    templates = (_OFF, _CARD, *_CREDIT.values())
    return any(
        all(_written_by(each[language]).fullmatch(names[language]) for language in LANGUAGES)
        for each in templates
    )


# What stands in the places of the templates: an amount or a percentage, a currency.
_PLACES = {"{what}": r"(\S+ )?\S*[0-9]\S*( \S+)?", "{code}": "[A-Z]{3}"}


@cache
def _written_by(template: str) -> re.Pattern[str]:
    pattern = re.escape(template)
    for place, told in _PLACES.items():
        pattern = pattern.replace(re.escape(place), told)
    return re.compile(pattern)


def _with_money(texts: Names, amount: Fraction, currency: Currency) -> Names:
    minor = currency.minor(amount)
    names = {}
    for language in LANGUAGES:
        written = money_text(language, currency, minor)
        if amount.denominator == 1 and currency.decimals:  # "5 €", as people write it
            written = written.replace(f",{'0' * currency.decimals}", "")
            written = written.replace(f".{'0' * currency.decimals}", "")
        names[language] = texts[language].format(what=written)
    return names
