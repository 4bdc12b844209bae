"""Why a member has a balance: each lot with what earned it and what it was spent on.

What can be used and what waits is what the lots hold; beside them stands what is held for
something, and what is owed. Every sum ties to the balance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fiel.domain.language import N_, say
from fiel.domain.program import Program
from fiel.domain.telling import points_text
from fiel.insights.held import ToldLot, behind, lots_told_by
from fiel.insights.movements import Narrator, ToldMovement
from fiel.ledger.accounts import Balance
from fiel.ledger.accounts import Place as Where
from fiel.ledger.entries import Entry
from fiel.ledger.history import INSTANT, stood_at

_USABLE = N_("Can be used: {points}")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what is held or owed, with the movement that made it so."""

    points: int
    movement: ToldMovement


@dataclass(frozen=True, slots=True)
class UnitExplanation:
    """Why a member has what there is of one unit; `text` says it in sentences."""

    unit: str
    balance: Balance
    text: tuple[str, ...]
    lots: tuple[ToldLot, ...]
    held: tuple[Part, ...]
    owed: tuple[Part, ...]


async def explanation_of_member(
    narrator: Narrator,
    *,
    at: datetime,
    now: datetime,
    unit: str | None = None,
) -> Mapping[str, UnitExplanation]:
    """Why a member has, or will have, what there is at a moment, by unit or of one unit."""
    program = narrator.published.program
    stood = await stood_at(narrator.connection, narrator.place, narrator.member_id, at, program)
    entries = await behind(narrator, stood, until=at + INSTANT)
    lots = await lots_told_by(narrator, stood, entries, now=now)
    names = dict.fromkeys((*program.units, *stood.balances))
    explained = {}
    for name in names if unit is None else [unit] if unit in names else ():
        balance = stood.balances.get(name, Balance())
        mine = [entry for entry in entries if entry.unit == name]
        explained[name] = UnitExplanation(
            name,
            balance,
            tuple(_sentences(balance, name, program, narrator.language)),
            tuple(lot for lot in lots if lot.lot.unit == name),
            await _parts(narrator, _still_held(mine)),
            await _parts(narrator, _still_owed(mine, balance.debt)),
        )
    return explained


async def _parts(narrator: Narrator, found: Sequence[tuple[Entry, int]]) -> tuple[Part, ...]:
    return tuple([Part(points, await narrator.entry(entry)) for entry, points in found])


def _still_held(entries: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """What holds points that were neither taken for good nor let go."""
    released: set[object] = set()
    for entry in entries:
        if entry.debit is Where.HELD:
            # A sale that takes what was held for it names the transfer that held it.
            paid = entry.cause.decision.get("paid") or {}
            released.add(entry.about.id if entry.about else paid.get("transfer"))
    return [
        (entry, entry.points)
        for entry in entries
        if entry.credit is Where.HELD
        and entry.cause.id not in released
        and str(entry.id) not in released
    ]


def _still_owed(entries: Sequence[Entry], debt: int) -> list[tuple[Entry, int]]:
    """What the debt comes from: what was owed first was paid first."""
    owed = []
    for entry in reversed(entries):
        if entry.debit is Where.DEBT and debt:
            points = min(debt, entry.points)
            owed.append((entry, points))
            debt -= points
    return owed[::-1]


def _sentences(balance: Balance, unit: str, program: Program, language: str) -> Iterator[str]:
    """A balance in a few words."""
    for points, sentence in (
        (balance.available, _USABLE),
        (balance.pending, N_("Has to wait: {points}")),
        (balance.held, N_("Held: {points}")),
        (balance.debt, N_("Owed: {points}")),
    ):
        if points or sentence is _USABLE:
            yield say(language, sentence, points=points_text(points, unit, program, language))
    for expiring in balance.expiring[:1]:
        yield say(
            language,
            N_("Ends next: {points}, with {day}"),
            points=points_text(expiring.points, unit, program, language),
            day=last_day(expiring.at, program),
        )


def last_day(ends_at: datetime, program: Program) -> date:
    """The last day on which points can be used that end at a moment."""
    return (ends_at - INSTANT).astimezone(program.timezone).date()
