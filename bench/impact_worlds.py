"""Worlds whose truth is known: what a program caused in them was planted, or nothing was.

Members differ in how often they buy and in what they spend, both with long tails, and some leave
for good. Who is kept out is drawn as `fiel.domain.holdout` draws it, by the members' ids. The same
seed makes the same world.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import numpy as np
import pyarrow as pa

from fiel.domain.holdout import WHOLE_PROGRAM, Holdout, holdout_of
from fiel.insights.columns.tables import TABLES

START = date(2026, 1, 1)  # the first whole day on which anybody is kept out
DAYS, DAYS_BEFORE = 180, 180
TODAY = START + timedelta(days=DAYS)
SLUG = "cafe-sol"

_LEAVES = 0.4  # of members for whom the program is not
_STAYED_LEFT = 0.25  # of the time that who leaves is there, on average


@dataclass(frozen=True, slots=True)
class World:
    """What is planted: shares by which members with the program spend more, and stay more."""

    members: int = 2_000
    percent: Decimal = Decimal(20)
    spend: float = 0.0
    stay: float = 0.0
    seed: int = 0
    slug: str = SLUG
    name: str = WHOLE_PROGRAM

    @property
    def holdout(self) -> Holdout:
        """Who is kept out."""
        return holdout_of(self.slug, self.name, self.percent)


def world_tables(world: World) -> dict[str, pa.Table]:
    """The members, and what they bought before the start and since."""
    rng = np.random.default_rng(world.seed)
    ids = [UUID(bytes=rng.bytes(16), version=4) for _ in range(world.members)]
    rate = rng.gamma(1.5, 1 / 20, world.members)  # purchases a day: one in two weeks on average
    purse = rng.lognormal(7.0, 0.6, world.members)  # minor units a purchase
    is_out = np.array([world.holdout.holds(one) for one in ids])
    leaves = rng.random(world.members) < np.where(is_out, _LEAVES, _leaves_with(world.stay))
    there = np.where(leaves, rng.uniform(0, DAYS / 2, world.members), DAYS)
    factor = np.where(is_out, 1.0, _basket_factor(world))
    before = rng.poisson(rate * DAYS_BEFORE)
    since = rng.poisson(rate * there)
    member = np.concatenate([np.repeat(np.arange(world.members), many) for many in (before, since)])
    is_since = np.arange(len(member)) >= before.sum()
    day = np.where(
        is_since,
        np.floor(rng.random(len(member)) * there[member]),
        -2 - np.floor(rng.random(len(member)) * DAYS_BEFORE),
    ).astype(np.int64)
    net = purse[member] * rng.lognormal(0, 0.5, len(member)) * np.where(is_since, factor[member], 1)
    return {
        "members": _members(ids),
        "sales": sales_table(member + 1, day, np.maximum(1, net.astype(np.int64))),
    }


def sales_table(member: np.ndarray, day: np.ndarray, net: np.ndarray) -> pa.Table:
    """Sales of so many minor units on days counted from the start; of member 0, of nobody."""
    many = len(member)
    days = np.datetime64(START) + day.astype("timedelta64[D]")
    moments = pa.array(days.astype("datetime64[us]"))
    told = {
        "sale": np.arange(1, many + 1),
        "sale_id": pa.array([f"{number}" for number in range(many)]),
        "member": pa.array(member, mask=member == 0),
        "day": pa.array(days.astype("datetime64[D]")),
        "net": net,
        "gross": net,
        "margin": net // 2,
    }
    return _filled("sales", many, told, moments)


def _members(ids: list[UUID]) -> pa.Table:
    many = len(ids)
    joined = START - timedelta(days=DAYS_BEFORE + 30)
    told = {
        "member": np.arange(1, many + 1),
        "member_id": pa.array([str(one) for one in ids]),
        "joined_on": pa.array([joined] * many),
        "status": pa.array(["active"] * many),
        "segments": pa.array(["[]"] * many),
        "attributes": pa.array(["{}"] * many),
    }
    return _filled("members", many, told, pa.array([joined] * many).cast(pa.timestamp("us")))


def _filled(name: str, many: int, told: dict[str, object], moments: pa.Array) -> pa.Table:
    """A table of the copy with what is told, and as little as can be of everything else."""
    columns = []
    for field_ in TABLES[name]:
        if field_.name in told:
            columns.append(pa.array(told[field_.name]).cast(field_.type))
        elif pa.types.is_timestamp(field_.type):
            columns.append(moments.cast(field_.type))
        elif field_.nullable:
            columns.append(pa.nulls(many, field_.type))
        elif pa.types.is_string(field_.type):
            columns.append(pa.array([""] * many))
        else:
            columns.append(pa.array(np.zeros(many, dtype=np.int64)).cast(field_.type))
    return pa.table(columns, schema=TABLES[name])


def _leaves_with(stay: float) -> float:
    """How many leave of those with the program, that so many more stay."""
    return 1 - (1 - _LEAVES) * (1 + stay)


def _basket_factor(world: World) -> float:
    """By how much a purchase is larger, that spend rises as planted though more stay."""
    there = 1 - _LEAVES * (1 - _STAYED_LEFT)
    there_with = 1 - _leaves_with(world.stay) * (1 - _STAYED_LEFT)
    return (1 + world.spend) * there / there_with
