"""What the conditions of segments read: every active member at the end of a day."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from fiel.insights.segments.answers import latest_answers
from fiel.insights.segments.rfm import rfm_groups

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

_BOUGHT = frozenset({"recency_days", "frequency", "spend_365", "average_spend", "rfm"})
_JSON = frozenset({"attributes", "answers"})
FACTS = (
    "tier", "joined_days", "birthday_month", "attributes", "spend", "visits", "recency_days",
    "frequency", "spend_365", "average_spend", "rfm", "answers",
)  # fmt: skip


def member_facts(columns: Columns, on: date, reads: Collection[str]) -> Table:
    """Active members who had joined by the end of a day, with the facts that are read.

    `reads` are names of `FACTS`; besides them there are member, member_id and segments. Whoever
    never bought has not come since joining: `recency_days` counts from then.
    """
    told = columns["members"]
    members = told.filter(told.status == "active", told.joined_on <= on)
    joined_days = ibis.literal(on).delta(members.joined_on, unit="day").cast("int64")
    facts = members.select(
        "member",
        "member_id",
        "segments",
        "attributes",
        "spend",
        "visits",
        tier=ibis.coalesce(members.tier, ""),
        joined_days=joined_days,
        birthday_month=ibis.coalesce(members.birthday.month().cast("int64"), 0),
    )
    if _BOUGHT & set(reads):
        facts = _with_bought(facts, rfm_groups(columns, on))
    if "answers" in reads:
        answers = latest_answers(columns, on)
        joined = facts.left_join(answers, "member")
        facts = joined.select(facts, answers=ibis.coalesce(joined.answers, "{}"))
    return facts.select("member", "member_id", "segments", *(f for f in FACTS if f in reads))


def _with_bought(facts: Table, groups: Table) -> Table:
    joined = facts.inner_join(groups, "member")
    spend, frequency = joined.monetary, joined.frequency
    # The remainder goes first: engines divide whole numbers as floats, exactly only what divides.
    whole = spend - spend % frequency.nullif(ibis.literal(0, type="int64"))
    average = (whole / frequency.nullif(ibis.literal(0, type="int64"))).round().cast("int64")
    return joined.select(
        facts,
        recency_days=ibis.coalesce(joined.recency_days, joined.joined_days),
        frequency=frequency,
        spend_365=spend,
        average_spend=ibis.coalesce(average, 0),
        rfm=joined.segment,
    )


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """The `member` of a segment's condition, asked of one row after the other."""

    tier: str = ""
    joined_days: int = 0
    birthday_month: int = 0
    attributes: Mapping[str, Any] | None = None
    spend: int = 0
    visits: int = 0
    recency_days: int = 0
    frequency: int = 0
    spend_365: int = 0
    average_spend: int = 0
    rfm: str = ""
    answers: Mapping[str, Any] | None = None


def facts_of_row(row: Mapping[str, Any], reads: Iterable[str]) -> SegmentFacts:
    """The facts of a row of `member_facts`."""
    told = {name: json.loads(row[name]) if name in _JSON else row[name] for name in reads}
    return SegmentFacts(**told)
