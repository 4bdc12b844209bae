"""What the forms call a key of a document, for pages that tell of documents without forms."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from fiel.domain.language import N_, money_text, number_text, say
from fiel.domain.money import Currency
from fiel.programs.editing.kinds import Amount, Choice, Digits, Flag, Kind, Named
from fiel.programs.editing.parts import PARTS
from fiel.programs.editing.parts.part import Part
from fiel.programs.editing.questions import Question, Steer, questions_in


def key_name(way: tuple[str, ...], language: str, *, with_part: bool = True) -> str:
    """What the forms ask for at the end of a way without ids; empty where no form asks for it."""
    for part in PARTS.values():
        if part.way == way:
            return say(language, part.title)
    found = _asked_at(way)
    if found is None:
        return ""
    part, question = found
    asks = say(language, question.asks)
    return f"{say(language, part.title)}: {asks}" if part.way and with_part else asks


def value_name(way: tuple[str, ...], value: str, currency: Currency, language: str) -> str:
    """A value as the forms show it: a choice by its label, an amount with its currency."""
    found = _asked_at(way)
    if found is None or not value:
        return value
    return _told(found[1].kind, value, currency, language)


def _told(kind: Kind, value: str, currency: Currency, language: str) -> str:
    match kind:
        case Flag():
            return say(language, N_("yes") if value == "true" else N_("no"))
        case Choice() if not isinstance(kind, Named):
            label = dict(kind.words).get(value)
            return say(language, label) if label else value
        case Amount() | Digits():
            try:
                number = Decimal(value)
            except InvalidOperation:
                return value
            if isinstance(kind, Amount) or kind.affix == "currency":
                minor = number.scaleb(currency.decimals)
                if minor == int(minor):
                    return money_text(language, currency, int(minor))
            return number_text(language, number)
        case _:
            return value


def _asked_at(way: tuple[str, ...]) -> tuple[Part, Question] | None:
    """The question about a key; of several, one that no other steers."""
    for part in sorted(PARTS.values(), key=lambda part: -len(part.way)):
        if way[: len(part.way)] != part.way:
            continue
        rest = way[len(part.way) :]
        found = [each for each in questions_in(part.groups) if each.way == rest and rest]
        plain = [each for each in found if not isinstance(each.kind, Steer)]
        if found:
            return part, (plain or found)[0]
    return None
