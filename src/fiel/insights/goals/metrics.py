"""The metrics of goals, month by month, as the figures define them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import ibis

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.figures import Figures
from fiel.insights.figures.periods import Period

_MEMBER, _DAY = ibis.dtype("int64"), ibis.dtype("date")

type Number = int | Fraction | None


def _profit(figures: Figures) -> Number:
    cost = figures.points_cost
    # Nothing sold brings no margin: that is known, and such a month counts.
    margin = figures.margin if figures.sold.members.purchases else Fraction()
    return None if margin is None else margin - (cost or 0)


_OF_FIGURES: Mapping[str, Callable[[Figures], Number]] = {
    "average_spend": lambda figures: figures.average_spend_members,
    "purchase_frequency": lambda figures: figures.purchase_frequency,
    "retention": lambda figures: figures.retention_rate,
    "new_members": lambda figures: figures.new_members,
    "profit": _profit,
}


def metric_by_month(
    metric: str, columns: Columns, months: Sequence[Period], figures: Sequence[Figures]
) -> list[Number]:
    """A metric in each month; None where it cannot be said. Money is in minor units."""
    if metric == "engagement":
        return _engaged(columns, months, figures)
    return [_OF_FIGURES[metric](of_month) for of_month in figures]


def _engaged(
    columns: Columns, months: Sequence[Period], figures: Sequence[Figures]
) -> list[Number]:
    """Members who bought, acted or redeemed in a month, in percent of all at its end."""
    doings = (
        columns["sales"],
        columns["activities"].filter(ibis._.kind == "activity"),
        columns["redemptions"].filter(ibis._.milestone.isnull()),
    )
    # A union wants columns that are alike also in whether they may be null.
    done = ibis.union(
        *(
            each.filter(ibis._.member.notnull()).select(
                member=ibis._.member.cast(_MEMBER), day=ibis._.day.cast(_DAY)
            )
            for each in doings
        )
    )
    counted = done.aggregate(
        **{
            f"m{place}": done.member.nunique(where=done.day.between(month.since, month.until))
            for place, month in enumerate(months)
        }
    )
    (row,) = counted.to_pyarrow().to_pylist()
    engaged = [int(row[f"m{place}"] or 0) for place in range(len(months))]
    return [
        Fraction(100 * count, of_month.members) if of_month.members else None
        for count, of_month in zip(engaged, figures, strict=True)
    ]
