"""What the forms call a key of a document, for pages that tell of documents without forms."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from fiel.domain.language import N_, money_text, number_text, say
from fiel.domain.money import Currency
from fiel.programs.editing.kinds import Amount, Choice, Digits, Flag, Kind, Named
from fiel.programs.editing.parts import PARTS
from fiel.programs.editing.parts.part import Part
from fiel.programs.editing.questions import Question, Steer, questions_in

# What is behind the id of a second entry begun with the same sample.
_NUMBERED = re.compile(r"-[0-9]+$")


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


def entry_name(part: str, ref: str, name: str, language: str) -> str:
    """What an entry is called: as the sample it was begun with where its id is its name."""
    known = PARTS.get(part)
    if name != ref or known is None:
        return name
    return sample_title(known, ref, language) or ref


def sample_title(part: Part, ref: str, language: str) -> str:
    """The title of the sample that an entry of this id was begun with; empty where none was."""
    begun_with = _NUMBERED.sub("", ref)
    titles = [sample.title for sample in part.samples if sample.id == begun_with]
    return say(language, titles[0]) if titles else ""


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
