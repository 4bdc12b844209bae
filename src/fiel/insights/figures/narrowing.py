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


@dataclass(frozen=True, slots=True)
class Holdings:
    """Who is in which segments and tier today.

    `people` numbers what each `member` has (`holding`): whoever has the same, has the same number.
    `keys` says under which `key` each number counts; under several, often.
    """

    people: Table
    keys: Table


def holdings(columns: Columns) -> Holdings:
    """Number what members have."""
    members = columns["members"]
    members = members.select("member", "segments", tier=members.tier.fill_null(NONE))
    found = list(enumerate(rows(members.select("tier", "segments").distinct())))
    numbered = ibis.memtable(
        [{**row, "holding": number} for number, row in found],
        schema=ibis.schema({"tier": "string", "segments": "string", "holding": "int64"}),
    )
    keys = ibis.memtable(
        [
            {"holding": number, "key": key_of(by, name)}
            for number, row in found
            for by, names in ((By.TIER, [row["tier"]]), (By.SEGMENT, json.loads(row["segments"])))
            for name in names
        ],
        schema=ibis.schema({"holding": "int64", "key": "string"}),
    )
    people = members.inner_join(numbered, ["tier", "segments"]).select("member", "holding")
    return Holdings(people, keys)


def key_of(by: By, name: str) -> str:
    """The key of a tier or a segment, where both are told at once."""
    return f"{by}:{name}"


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
