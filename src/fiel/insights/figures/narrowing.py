"""What figures are narrowed to, and what they are told by: store, channel, segment, tier."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ibis
from ibis import Table, Value

from fiel.insights.columns.opening import Columns

ERASED = "erased"
NONE = ""  # the key of members who hold no tier, and of sales that name no store


class By(StrEnum):
    """What figures are told by."""

    STORE = "store"
    CHANNEL = "channel"
    SEGMENT = "segment"
    TIER = "tier"

    @property
    def is_of_members(self) -> bool:
        """Whether it is something that a member is or has, not where a sale was made."""
        return self in (By.SEGMENT, By.TIER)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What alone counts; None: everything. Segments and tiers are those of today."""

    store: str | None = None
    channel: str | None = None
    segment: str | None = None
    tier: str | None = None

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Narrowed:
        """What the options of a question name."""
        return cls(**{by.value: options.get(by.value) for by in By})

    @property
    def names_members(self) -> bool:
        """Whether only some members count, and no sale without one."""
        return self.segment is not None or self.tier is not None

    @property
    def names_places(self) -> bool:
        """Whether only some stores or channels count."""
        return self.store is not None or self.channel is not None


def chosen_members(columns: Columns, narrowed: Narrowed) -> Table:
    """The members that count."""
    members = columns["members"]
    if narrowed.tier is not None:
        members = members.filter(members.tier == narrowed.tier)
    if narrowed.segment is not None:
        members = members.filter(members.segments.contains(json.dumps(narrowed.segment)))
    return members


def chosen(columns: Columns, facts: Table, narrowed: Narrowed) -> Table:
    """Those of some facts (with a store, a channel and a member) that count."""
    if narrowed.store is not None:
        facts = facts.filter(facts.store == narrowed.store)
    if narrowed.channel is not None:
        facts = facts.filter(facts.channel == narrowed.channel)
    if narrowed.names_members:
        facts = facts.semi_join(chosen_members(columns, narrowed), "member")
    return facts


def holders(columns: Columns, by: By) -> Table:
    """Which member (`member`) is in which segment or tier (`key`); in several segments, often."""
    members = columns["members"]
    if by is By.TIER:
        return members.select("member", key=members.tier.fill_null(NONE))
    told = rows(members.select("segments").distinct())
    pairs = [
        {"segments": row["segments"], "key": segment}
        for row in told
        for segment in json.loads(row["segments"])
    ]
    named = ibis.memtable(pairs, schema=ibis.schema({"segments": "string", "key": "string"}))
    return members.inner_join(named, "segments").select("member", "key")


def rows(expression: Table) -> list[dict[str, Any]]:
    """What an expression comes to."""
    told: list[dict[str, Any]] = expression.to_pyarrow().to_pylist()
    return told


def slot_of(day: Value, cuts: list[Any]) -> Value:
    """Between which of some ascending days a day lies: the number of those that lie before it."""
    slot: Value = ibis.literal(0, "int64")
    for cut in cuts:
        slot += (day > ibis.literal(cut)).cast("int64")
    return slot
