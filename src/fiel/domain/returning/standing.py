"""A sale as it stands after its returns, as plain data that is kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from fiel.domain.decision import Decision
from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.returning.keeping import Kept, Sold
from fiel.domain.returning.undoing import Holding, RuleUnit, held_at_first

type State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SaleStanding:
    """What is left of a sale, what it holds and uses, and what went back so far.

    `budgets` and `limits` are what it still uses of them; `restored` the points of its payment
    that were given back; `lapsed` the points, by unit, that had expired before they were due.
    `cancelled` says that it was called off rather than returned.
    """

    kept: Kept
    holding: Holding
    budgets: Mapping[RuleUnit, int]
    limits: tuple[LimitKey, ...]
    restored: int = 0
    lapsed: Mapping[str, int] = field(default_factory=dict)
    cancelled: bool = False
    returns: tuple[Mapping[str, Any], ...] = ()

    @property
    def status(self) -> str:
        """How the sale stands in a word."""
        if self.cancelled:
            return "cancelled"
        if not self.returns:
            return "completed"
        return "partly_returned" if self.kept.has_goods else "returned"


def untouched(sold: Sold, decision: Decision) -> SaleStanding:
    """A sale of which nothing came back."""
    return SaleStanding(
        Kept.whole(sold), held_at_first(decision), dict(decision.budgets), tuple(decision.limits)
    )


def standing_state(standing: SaleStanding) -> State:
    """Write a standing as plain data; `standing_of_state` reads it back."""
    kept, counted = standing.kept, standing.holding.counted
    return {
        "status": standing.status,
        "lines": {
            str(number): str(share) for number, share in enumerate(kept.lines, 1) if share != 1
        },
        "shipping": str(kept.shipping),
        "held": [[rule, unit, n] for (rule, unit), n in standing.holding.rules.items()],
        "counted": [counted.spend, counted.points, counted.visits],
        "budgets": [[rule, unit, n] for (rule, unit), n in standing.budgets.items()],
        "limits": [[rule, day.isoformat()] for rule, day in standing.limits],
        "restored": standing.restored,
        "lapsed": dict(standing.lapsed),
        "returns": [dict(each) for each in standing.returns],
    }


def standing_of_state(state: State, sold: Sold) -> SaleStanding:
    """Read what `standing_state` wrote."""
    lines = state["lines"]
    shares = (Fraction(lines.get(str(number), 1)) for number in range(1, len(sold.values) + 1))
    return SaleStanding(
        Kept(tuple(shares), Fraction(state["shipping"])),
        Holding(
            {(rule, unit): points for rule, unit, points in state["held"]},
            Qualifying(*state["counted"]),
        ),
        {(rule, unit): points for rule, unit, points in state["budgets"]},
        tuple((rule, date.fromisoformat(day)) for rule, day in state["limits"]),
        state["restored"],
        state["lapsed"],
        state["status"] == "cancelled",
        tuple(state["returns"]),
    )


def points_to_restore(points: int, share: Fraction) -> int:
    """How many points of a payment belong to the share of it that came back, so far."""
    return (points * share).__floor__()
