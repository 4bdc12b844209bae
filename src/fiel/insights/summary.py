"""A program at a glance: who is in it, what they bought, what was given for it, what is owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.program import Program
from fiel.ledger.scope import Connection, program_snapshot


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """What became of one unit, and what members have of it.

    `taken_back` of what was `given` was taken back, by returns mostly; `brought` is what members
    had from before; `restored` was redeemed before; `uncollected` is debt that was let go;
    `adjusted` by hand, up or down; `held` waits to be redeemed; `owed` is below zero.

    `outstanding` counts what is not spent and has not ended, also what is not usable yet; the
    `liability` is its stand-alone value in minor units. It is None for a unit that does not pay.
    """

    unit: str
    given: int = 0
    brought: int = 0
    taken_back: int = 0
    redeemed: int = 0
    restored: int = 0
    expired: int = 0
    uncollected: int = 0
    adjusted: int = 0
    held: int = 0
    owed: int = 0
    outstanding: int = 0
    liability: int | None = None

    @property
    def issued(self) -> int:
        """Ever given, less what was taken back of it."""
        return self.given - self.taken_back


@dataclass(frozen=True, slots=True)
class RuleTotals:
    """What one rule gave of one unit, and how many times."""

    rule: str
    unit: str
    points: int
    awards: int


@dataclass(frozen=True, slots=True)
class RewardTotals:
    """How many of a reward members have got, and what they paid of one unit; None: nothing."""

    reward: str
    unit: str | None
    points: int
    redemptions: int


@dataclass(frozen=True, slots=True)
class TierCount:
    """How many active members hold a tier; `tier` is None for those who hold none."""

    tier: str | None
    members: int


@dataclass(frozen=True, slots=True)
class DaySales:
    """What was sold on one day of the program's zone; `net` in minor units."""

    day: date
    sales: int
    net: int


@dataclass(frozen=True, slots=True)
class Summary:
    """A program at a glance. Amounts are in minor units of its currency."""

    members: int
    birthdays_known: int
    sales: int
    net: int
    units: tuple[UnitTotals, ...]
    rules: tuple[RuleTotals, ...]
    rewards: tuple[RewardTotals, ...]
    tiers: tuple[TierCount, ...]
    days: tuple[DaySales, ...]


async def program_summary(
    connection: Connection, *, program_id: UUID, program: Program, now: datetime
) -> Summary:
    """Read a program at a glance, as of now."""
    here = {"program": program_id, "now": now, "zone": program.timezone.key}
    async with program_snapshot(connection, program_id):
        (members, birthdays) = (await _rows(connection, "members", here))[0]
        units = await _rows(connection, "units", here)
        rules = await _rows(connection, "rules", here)
        rewards = await _rows(connection, "rewards", here)
        tiers = await _rows(connection, "tiers", here)
        days = tuple(DaySales(*row) for row in await _rows(connection, "days", here))
    return Summary(
        members=members,
        birthdays_known=birthdays,
        sales=sum(day.sales for day in days),
        net=sum(day.net for day in days),
        units=tuple(_unit_totals(program, units)),
        rules=tuple(_rules(program, rules)),
        rewards=tuple(_rewards(program, rewards)),
        tiers=tuple(_all_tiers(program, tiers)),
        days=days,
    )


def _unit_totals(program: Program, rows: Iterable[tuple[Any, ...]]) -> Iterable[UnitTotals]:
    """Units of the document first, in its order; then those that it has dropped."""
    found = {unit: (counted, worth) for unit, *counted, worth in rows}
    for unit in [*program.units, *(name for name in found if name not in program.units)]:
        counted, worth = found.get(unit, ((), None))
        known = program.units.get(unit)
        pays = worth is not None or (known is not None and known.value is not None)
        liability = program.currency.minor(Fraction(worth or 0)) if pays else None
        yield replace(UnitTotals(unit, *counted), liability=liability)


def _rules(program: Program, rows: Iterable[tuple[Any, ...]]) -> Iterable[RuleTotals]:
    """Rules in the order of the document, then its milestones, then what gave for no rule."""
    names = [rule.id for rule in program.earn] + [each.id for each in program.milestones]
    place = {name: index for index, name in enumerate(names)}
    totals = [RuleTotals(*row) for row in rows]
    return sorted(totals, key=lambda total: (place.get(total.rule, len(place)), total.rule))


def _rewards(program: Program, rows: Iterable[tuple[Any, ...]]) -> Iterable[RewardTotals]:
    place = {name: index for index, name in enumerate(program.rewards)}
    totals = [RewardTotals(*row) for row in rows]
    return sorted(
        totals,
        key=lambda total: (place.get(total.reward, len(place)), total.reward, total.unit or ""),
    )


def _all_tiers(program: Program, rows: Iterable[tuple[Any, ...]]) -> Iterable[TierCount]:
    """Every level from the lowest, also one that nobody holds; then what is no level any more."""
    found: dict[str | None, int] = dict(rows)
    levels = [level.id for level in program.tiers.levels] if program.tiers else []
    for level in levels:
        yield TierCount(level, found.pop(level, 0))
    if program.tiers:
        yield from (TierCount(tier, count) for tier, count in found.items() if count)


async def _rows(connection: Connection, name: str, values: dict[str, object]) -> list[Any]:
    return await (await connection.execute(_statement(name), values)).fetchall()


@cache
def _statement(name: str) -> LiteralString:
    text = files("fiel.insights").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
    return text
