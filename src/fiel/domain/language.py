"""Texts, amounts and days in the languages of the people who read them.

A message id is English text with `{named}` places; numbers, days and amounts that fill a place are
written as the language writes them. Everything here is called while answering a sale: what Babel
knows is learnt once per language and currency, and formatting is done by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache

from babel.dates import format_date
from babel.numbers import (
    format_currency,
    get_decimal_symbol,
    get_group_symbol,
    get_minus_sign_symbol,
)

from fiel.domain.messages import translations
from fiel.domain.money import Amount, Currency

LANGUAGES = ("es", "en", "pt")
DEFAULT_LANGUAGE = "es"


def N_(msgid: str) -> str:  # the name that gettext tools look for
    """Mark a message id for the catalogues; the text is translated where it is said."""
    return msgid


def N_many(singular: str, plural: str) -> tuple[str, str]:
    """Mark a message id that goes with a count; the text is said by `say_many`."""
    return singular, plural


def say(language: str, msgid: str, **parameters: object) -> str:
    """A message in a language, with its places filled; the id itself where no translation is."""
    text = translations(language).get(msgid, msgid)
    if not isinstance(text, str):
        text = text[0]
    return _filled(language, text, parameters)


def say_many(
    language: str,
    singular: str,
    plural: str,
    count: int | Decimal | Fraction,
    **parameters: object,
) -> str:
    """The message that goes with a count; `{count}` in it is the count."""
    known = translations(language).get(singular)
    forms = known if isinstance(known, tuple) else (singular, plural)
    parameters["count"] = count
    return _filled(language, forms[0] if count == 1 else forms[-1], parameters)


def pick(texts: Mapping[str, str], language: str, fallback: str) -> str:
    """The text of a language; else of the fallback language; else any; else nothing."""
    if (text := texts.get(language)) is not None:
        return text
    if (text := texts.get(fallback)) is not None:
        return text
    return next(iter(texts.values()), "")


def money_text(language: str, currency: Currency, minor: int) -> str:
    """Write an amount of minor units: "1,00 €", "€1.00"."""
    pattern = _money_pattern(language, currency.code)
    whole, part = divmod(abs(minor), currency.minor_per_major)
    digits = _grouped(whole, pattern.group)
    if currency.decimals:
        digits = f"{digits}{pattern.point}{part:0{currency.decimals}d}"
    return f"{pattern.minus if minor < 0 else ''}{pattern.before}{digits}{pattern.after}"


def number_text(language: str, number: int | Decimal | Fraction) -> str:
    """Write a number exactly: "1.234,5"; a fraction without an end stays one: "1/3"."""
    pattern = _number_pattern(language)
    if number < 0:
        return pattern.minus + number_text(language, -number)
    if isinstance(number, int):
        return _grouped(number, pattern.group)
    ratio = Fraction(number)
    whole, rest = divmod(ratio.numerator, ratio.denominator)
    if not rest:
        return _grouped(whole, pattern.group)
    digits = _decimals(Fraction(rest, ratio.denominator))
    if digits is None:
        return f"{ratio.numerator}/{ratio.denominator}"
    return f"{_grouped(whole, pattern.group)}{pattern.point}{digits}"


def percent_text(language: str, figure: str) -> str:
    """Write a figure that is written already as a percentage: "60 %", in English "60%"."""
    return f"{figure}%" if language == "en" else f"{figure} %"


@cache
def day_text(language: str, day: date) -> str:
    """Write a day out: "28 de febrero de 2026", "February 28, 2026"."""
    return format_date(day, format="long", locale=language)


@cache
def day_of_year_text(language: str, month: int, day: int) -> str:
    """Write a day of any year: "31 de diciembre", "December 31"."""
    patterns = {"en": "MMMM d", "es": "d 'de' MMMM", "pt": "d 'de' MMMM"}
    # A leap year, so that the 29th of February can be named.
    return format_date(date(2024, month, day), format=patterns[language], locale=language)


def counted_text(
    language: str, count: int | Decimal | Fraction, many: str, one: str | None = None
) -> str:
    """So many of something: "1 punto", "6 puntos".

    `many` is the word for several; without `one` the word for a single one is derived from it.
    """
    word = many if count != 1 else one or singular(language, many)
    return f"{number_text(language, count)} {word}"


@cache
def singular(language: str, many: str) -> str:
    """The word for one of what `many` names, where the ending tells it: "puntos" → "punto".

    An exception to the usual endings needs its own word (`one` of a unit).
    """
    if " " in many:
        first, rest = many.split(" ", 1)
        return f"{singular(language, first)} {rest}" if language != "en" else _one_last(many)
    for ending, replacement in _SINGULAR_ENDINGS.get(language, ()):
        if many.endswith(ending) and len(many) > len(ending) + 1:
            return many[: len(many) - len(ending)] + replacement
    return many


_SINGULAR_ENDINGS = {
    "es": (
        ("iones", "ión"), ("ones", "ón"), ("ces", "z"), ("res", "r"), ("les", "l"), ("des", "d"),
        ("as", "a"), ("os", "o"), ("es", "e"), ("és", "é"), ("is", "i"),
    ),
    "en": (("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("ies", "y"), ("ss", "ss"), ("s", "")),
    "pt": (
        ("ões", "ão"), ("ais", "al"), ("éis", "el"), ("óis", "ol"), ("ns", "m"), ("res", "r"),
        ("zes", "z"), ("as", "a"), ("os", "o"), ("es", "e"),
    ),
}  # fmt: skip


def _one_last(many: str) -> str:
    """English turns the last word of a name: "gold stars" → "gold star"."""
    rest, last = many.rsplit(" ", 1)
    return f"{rest} {singular('en', last)}"


@dataclass(frozen=True, slots=True)
class _NumberPattern:
    """How a language writes numbers, and amounts of one currency."""

    minus: str
    group: str
    point: str
    before: str = ""
    after: str = ""


@cache
def _number_pattern(language: str) -> _NumberPattern:
    return _NumberPattern(
        minus=get_minus_sign_symbol(language),
        group=get_group_symbol(language),
        point=get_decimal_symbol(language),
    )


@cache
def _money_pattern(language: str, code: str) -> _NumberPattern:
    numbers = _number_pattern(language)
    # Zero without decimals leaves one digit, with the currency on the side where it belongs.
    sample = format_currency(0, code, locale=language, decimal_quantization=False)
    before, after = sample.split("0", 1)
    plain = str.maketrans({"\u00a0": " ", "\u202f": " "})  # a space that every screen shows
    return _NumberPattern(
        numbers.minus,
        numbers.group,
        numbers.point,
        before.translate(plain),
        after.lstrip("0" + numbers.point).translate(plain),
    )


def _grouped(number: int, group: str) -> str:
    if number < 1000:
        return str(number)
    digits = f"{number:,}"
    return digits if group == "," else digits.replace(",", group)


def _decimals(part: Fraction) -> str | None:
    """The digits after the decimal point, or None where they never end."""
    twos, fives, rest = 0, 0, part.denominator
    while rest % 2 == 0:
        twos, rest = twos + 1, rest // 2
    while rest % 5 == 0:
        fives, rest = fives + 1, rest // 5
    if rest != 1:
        return None
    places = max(twos, fives)
    return str(part.numerator * 10**places // part.denominator).rjust(places, "0")


def _filled(language: str, text: str, parameters: Mapping[str, object]) -> str:
    if not parameters:
        return text
    return text.format_map({name: _written(language, value) for name, value in parameters.items()})


def _written(language: str, value: object) -> object:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | Decimal | Fraction):
        return number_text(language, value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return day_text(language, value)
    if isinstance(value, Amount):
        return money_text(language, value.currency, value.minor)
    return value
