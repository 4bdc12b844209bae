"""Statements and explanations as lines of plain text, for a terminal or a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from fiel.domain.language import N_, day_text, number_text, say
from fiel.domain.program import Program
from fiel.insights.explanation import UnitExplanation, last_day
from fiel.insights.held import ToldLot
from fiel.insights.movements import ToldMovement, total_of
from fiel.insights.naming import unit_name
from fiel.insights.statement import Statement, UnitStatement

_CATEGORIES = {
    "earned": N_("Earned"),
    "reversed": N_("Taken back"),
    "redeemed": N_("Redeemed"),
    "restored": N_("Given back"),
    "expired": N_("Expired"),
    "revived": N_("Come back after expiring"),
    "adjusted": N_("Given or taken by hand"),
    "transferred": N_("From or to other memberships"),
    "uncollected": N_("Let go"),
    "brought_in": N_("Brought in from before"),
    "partner": N_("With partners"),
}


def statement_lines(statement: Statement, program: Program, language: str) -> Iterator[str]:
    """A statement, unit by unit; units in which nothing was and nothing happened are left out."""
    yield say(
        language,
        N_("From {first} to {last}."),
        first=statement.since.astimezone(program.timezone).date(),
        last=last_day(statement.until, program),
    )
    for unit in statement.units.values():
        if unit.movements or total_of(unit.opening):
            yield ""
            yield from _unit_lines(unit, program, language)


def explanation_lines(
    explained: Mapping[str, UnitExplanation], program: Program, language: str
) -> Iterator[str]:
    """Why a member has what there is, unit by unit."""
    for place, (name, unit) in enumerate(explained.items()):
        if place:
            yield ""
        yield unit_name(program, name, language)
        for sentence in unit.text:
            yield f"  {sentence}"
        for lot in unit.lots:
            yield from _lot_lines(lot, program, language)
        for title, parts in ((N_("Held"), unit.held), (N_("Owed"), unit.owed)):
            if parts:
                yield f"  {say(language, title)}"
            for part in parts:
                day = _day(part.movement.occurred_at, program, language)
                yield f"    {day}  {part.movement.text}"


def _unit_lines(unit: UnitStatement, program: Program, language: str) -> Iterator[str]:
    yield unit_name(program, unit.unit, language)
    yield f"  {_sum(language, N_('At the beginning'), total_of(unit.opening))}"
    for movement in unit.movements:
        yield f"  {_movement(movement, program, language)}"
    for category, points in unit.totals.items():
        yield f"  {_sum(language, _CATEGORIES[category], points, signed=True)}"
    yield f"  {_sum(language, N_('At the end'), total_of(unit.closing))}"
    for lot in unit.lots:
        yield f"    {_left(lot, program, language)}"


def _lot_lines(lot: ToldLot, program: Program, language: str) -> Iterator[str]:
    yield f"  • {_left(lot, program, language)}"
    for line in lot.made.explanation:
        yield f"      {line['text']}"
    if lot.made.cause is not None:
        version = say(
            language, N_("Version {number} of the program"), number=lot.made.cause.version
        )
        yield f"      {version}"
    for draw in lot.drawn:
        day = _day(draw.movement.occurred_at, program, language)
        yield f"      {_signed(language, -draw.points)}  {day}  {draw.movement.text}"


def _left(lot: ToldLot, program: Program, language: str) -> str:
    """How many are left of how many, what earned them, and when they end."""
    left = say(language, N_("{left} of {points} left"), left=lot.lot.left, points=lot.lot.points)
    text = f"{left}: {lot.made.text} ({_day(lot.made.occurred_at, program, language)})"
    if lot.ends_at is None:
        return text
    sentence = (
        N_("good until {day} if nothing more is done")
        if lot.by_inactivity
        else N_("good until {day}")
    )
    return f"{text}; {say(language, sentence, day=last_day(lot.ends_at, program))}"


def _movement(movement: ToldMovement, program: Program, language: str) -> str:
    day = _day(movement.occurred_at, program, language)
    change = _signed(language, movement.change) if movement.change else "·"
    assert movement.balance is not None, "a statement runs a balance"
    return f"{day}  {change}  {movement.text}  = {number_text(language, movement.balance)}"


def _sum(language: str, title: str, points: int, *, signed: bool = False) -> str:
    written = _signed(language, points) if signed else number_text(language, points)
    return f"{say(language, title)}: {written}"


def _signed(language: str, points: int) -> str:
    return f"{'+' if points > 0 else ''}{number_text(language, points)}"


def _day(moment: datetime, program: Program, language: str) -> str:
    return day_text(language, moment.astimezone(program.timezone).date())
