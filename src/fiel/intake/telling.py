"""Where a member stands and when things happened, told the same in answers and in events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fiel.domain.program import Program, TierBy
from fiel.ledger.accounts import Balance

type Told = dict[str, object]


def told_time(moment: datetime | str | None) -> datetime | None:
    """A moment in UTC; records keep moments as text."""
    if moment is None:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.astimezone(UTC)


def told_after(after: Mapping[str, Any], program: Program) -> Told:
    """Balances and tier, from the record of what stood after an activity."""
    balances = {unit: _told_balance(_NOTHING) for unit in program.units}
    for unit, counts in after["balances"].items():
        balances[unit] = _told_balance(counts)
    tier = _told_tier(after.get("tier"), after.get("tier_until"), program)
    return {"tier": tier, "balances": balances}


def told_balances(balances: Mapping[str, Balance], program: Program) -> dict[str, Told]:
    """Balances by unit; a unit that the member never had stands there with zeros."""
    had = {unit: balances.get(unit, Balance()) for unit in (*program.units, *balances)}
    return {
        unit: _told_balance(
            (
                b.available,
                b.pending,
                b.held,
                b.debt,
                b.lifetime,
                [(e.points, e.at) for e in b.expiring],
            )
        )
        for unit, b in had.items()
    }


_NOTHING: Sequence[Any] = (0, 0, 0, 0, 0, ())


def _told_balance(counts: Sequence[Any]) -> Told:
    available, pending, held, debt, lifetime, expiring = counts
    return {
        "available": available,
        "pending": pending,
        "held": held,
        "debt": debt,
        "lifetime": lifetime,
        "expiring": [{"points": points, "at": told_time(at)} for points, at in expiring],
    }


def _told_tier(tier: Sequence[Any] | None, until: str | None, program: Program) -> Told | None:
    if tier is None or program.tiers is None:
        return None
    level, since, *above = tier
    told: Told = {"id": level, "since": told_time(since), "until": told_time(until), "next": None}
    if above:
        next_level, missing = above
        by_spend = program.tiers.by is TierBy.SPEND
        amount = program.currency.decimal(missing) if by_spend else str(missing)
        told["next"] = {"id": next_level, "missing": amount}
    return told
