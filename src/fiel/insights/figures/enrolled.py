"""Who is a member: how many at the end of each period, and who joined within it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ibis import literal

from fiel.insights.columns.opening import Columns
from fiel.insights.figures.narrowing import ERASED, Holdings, Narrowed, chosen_members, rows
from fiel.insights.figures.periods import Period


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many members there were at the end of a period, and how many joined within it."""

    members: int = 0
    new: int = 0


def enrolled(
    columns: Columns, narrowed: Narrowed, told: Sequence[Period], holdings: Holdings | None = None
) -> Mapping[tuple[str, Period], Enrolled]:
    """Count the members of each period, in all or by the keys of what members have.

    Whoever was erased is not counted, at no time.
    """
    members = chosen_members(columns, narrowed)
    members = members.filter(members.status != ERASED)
    if holdings is None:
        sums = members.group_by("joined_on", key=literal("")).aggregate(many=members.count())
    else:
        named = members.select("member", "joined_on").inner_join(holdings.people, "member")
        held = named.group_by("joined_on", "holding").aggregate(many=named.count())
        told_of = held.inner_join(holdings.keys, "holding")
        sums = told_of.group_by("joined_on", "key").aggregate(many=told_of.many.sum())
    joined: dict[str, dict[date, int]] = defaultdict(dict)
    for row in rows(sums):
        joined[row["key"]][row["joined_on"]] = row["many"]
    return {
        (key, period): Enrolled(
            sum(many for day, many in days.items() if day <= period.until),
            sum(many for day, many in days.items() if period.since <= day <= period.until),
        )
        for key, days in joined.items()
        for period in told
    }
