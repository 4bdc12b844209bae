"""Members by recency, frequency and monetary value: scores from 1 to 5 and eleven named groups."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import ibis

from fiel.insights.segments.buying import buying
from fiel.insights.segments.groups import GROUPS, NEVER_BOUGHT

if TYPE_CHECKING:
    from ibis import Table
    from ibis.expr.types import IntegerValue, NumericValue, StringValue

    from fiel.insights.columns.opening import Columns

__all__ = ["GROUPS", "NEVER_BOUGHT", "rfm_groups"]

_SCORES = 5


def rfm_groups(columns: Columns, on: date) -> Table:
    """How every active member who had joined by the end of a day stood then.

    A row each: member, recency_days, frequency, monetary, r, f, m, segment. Members are scored
    among those who ever bought. Who never bought has no recency and the score 0.
    """
    members = columns["members"]
    joined = members.filter(members.status == "active", members.joined_on <= on)
    everybody = joined.select("member")
    bought = buying(columns, on).semi_join(everybody, "member")
    scored = bought.select(
        "member",
        "recency_days",
        "frequency",
        "monetary",
        r=_score(bought.recency_days, best_first=True),
        f=_score(bought.frequency),
        m=_score(bought.monetary),
    )
    whole = everybody.left_join(scored, "member").select(everybody.member, *scored.columns[1:])
    return whole.select(
        "member",
        "recency_days",
        **{
            name: ibis.coalesce(whole[name], 0).cast("int64")
            for name in ("frequency", "monetary", "r", "f", "m")
        },
        segment=ibis.cases(
            (whole.r.isnull(), NEVER_BOUGHT), else_=_group(whole.r, (whole.f + whole.m + 1) // 2)
        ),
    )


def _score(of: NumericValue, *, best_first: bool = False) -> IntegerValue:
    """From 1 to 5 by the share of those who are worse, half of those who are equal among them.

    Where all are equal all are in the middle.
    """
    worse = ibis.rank().over(order_by=of.desc() if best_first else of.asc())
    equal = of.count().over(group_by=of)
    behind = _SCORES * (2 * worse + equal)
    return (behind // (2 * of.count().over()) + 1).cast("int64")


def _group(recency: IntegerValue, value: IntegerValue) -> StringValue:
    """The group of a score of recency and one of frequency and monetary value, halved together."""
    return ibis.cases(
        ((recency == 5) & (value >= 4), "rfm-champions"),
        ((recency >= 3) & (value >= 4), "rfm-loyal"),
        ((recency >= 4) & (value >= 2), "rfm-potential-loyal"),
        (recency == 5, "rfm-new"),
        (recency == 4, "rfm-promising"),
        ((recency == 3) & (value == 3), "rfm-need-attention"),
        (recency == 3, "rfm-about-to-sleep"),
        (value == 5, "rfm-cannot-lose"),
        (value >= 3, "rfm-at-risk"),
        else_="rfm-hibernating",
    )
