"""Who is a member: how many at the end of each period, and who joined within it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ibis import literal

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import ERASED, By, Narrowed, chosen_members, holders, rows
from fiel.insights.figures.periods import Period


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many members there were at the end of a period, and how many joined within it."""

    members: int = 0
    new: int = 0


def enrolled(
    columns: Columns, narrowed: Narrowed, told: Sequence[Period], by: By | None = None
) -> Mapping[tuple[str, Period], Enrolled]:
    """Count the members of each period, by segment or tier; whoever was erased is not counted."""
    members = chosen_members(columns, narrowed)
    members = members.filter(members.status != ERASED).select("member", "joined_on")
    if by is None:
        named = members.mutate(key=literal(""))
    else:
        named = members.inner_join(holders(columns, by), "member")
    joined: dict[str, dict[date, int]] = defaultdict(dict)
    for row in rows(named.group_by("key", "joined_on").aggregate(many=named.count())):
        joined[row["key"]][row["joined_on"]] = row["many"]
    return {
        (key, period): Enrolled(
            sum(many for day, many in days.items() if day <= period.until),
            sum(many for day, many in days.items() if period.since <= day <= period.until),
        )
        for key, days in joined.items()
        for period in told
    }
