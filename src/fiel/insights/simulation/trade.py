"""Trade: what members bought in the time of a simulation, and what cannot be seen of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ibis import Table, _

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.figures import ENOUGH_MARGIN
from fiel.insights.segments.rfm import GROUPS, rfm_groups
from fiel.insights.simulation.history import History
from fiel.ledger.accounts import Place

# A merge moves points too, but whoever was merged is one member in the copy.
_BETWEEN_MEMBERS = "transfer"


@dataclass(frozen=True, slots=True)
class Trade:
    """Sales to members, less what came back; money in minor units.

    `margin` is of the sales that tell what their goods cost, whose net is `net_with_margin`; it is
    None where those are less than `ENOUGH_MARGIN` percent of all.
    """

    first: date | None
    last: date | None
    sales: int
    members: int
    net: int
    margin: int | None
    net_with_margin: int
    late: int  # sales that were brought in long after they happened
    returns_alone: int  # what came back of sales that nobody knows
    moved: int  # points that went from one member to another
    redemptions: int


def trade_of(history: History) -> Trade:
    """What members bought in the time that a simulation is about."""
    sales = history.within("sales").filter(_.member.notnull())
    total = _row(
        sales.aggregate(
            sales=_.count(), members=_.member.nunique(), net=_.net.sum(),
            margin=_.margin.sum(), net_with_margin=_.net.sum(where=_.margin.notnull()),
            first=_.day.min(), last=_.day.max(),
            late=(_.now != _.recorded_at).sum(),
        )
    )  # fmt: skip
    returns = history.within("returns")
    back = _row(
        returns.aggregate(
            alone=returns.sale.isnull().sum(),
            net=_.net.sum(where=_.sale.notnull() & _.member.notnull()),
            margin=_.margin.sum(where=_.sale.notnull() & _.member.notnull()),
        )
    )
    movements = history.within("movements")
    between = movements.filter(
        (movements.debit == int(Place.TRANSIT)) & (movements.kind == _BETWEEN_MEMBERS)
    )
    net, known = int(total["net"] or 0), int(total["net_with_margin"] or 0)
    margin = total["margin"] if known and 100 * known >= ENOUGH_MARGIN * net else None
    return Trade(
        first=total["first"],
        last=total["last"],
        sales=total["sales"],
        members=total["members"],
        net=net - int(back["net"] or 0),
        margin=None if margin is None else int(margin) - int(back["margin"] or 0),
        net_with_margin=known,
        late=int(total["late"] or 0),
        returns_alone=int(back["alone"] or 0),
        moved=int(_row(between.aggregate(points=_.points.sum()))["points"] or 0),
        redemptions=int(_row(history.redemptions().aggregate(count=_.count()))["count"]),
    )


def segments_of(columns: Columns, on: date) -> Mapping[int, str]:
    """The group of each member by recency, frequency and monetary value at the end of a day."""
    told = rfm_groups(columns, on).select("member", "segment").to_pyarrow()
    return dict(zip(told["member"].to_pylist(), told["segment"].to_pylist(), strict=True))


def name_of_segment(segment: str) -> str:
    """The name of a group; a message id."""
    return GROUPS[segment][0]


def _row(table: Table) -> dict[str, Any]:
    row: dict[str, Any]
    (row,) = table.to_pyarrow().to_pylist()
    return row
