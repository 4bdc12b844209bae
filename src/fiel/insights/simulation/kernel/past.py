"""The past as columns of whole numbers, made once and folded with any number of programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fiel.domain.program import LeapDay
from fiel.insights.simulation.kernel.days import days_and_minutes
from fiel.insights.simulation.kernel.layout import Numbers, Small
from fiel.insights.simulation.kernel.truth import Coded

type Days = tuple[Small, NDArray[np.int16]]


@dataclass(slots=True)
class Sales:
    """All sales to members, by member and number.

    `columns` has the fields that conditions may read ("sale.store"), as numbers of their values.
    """

    event: Small  # the place of each in `Past`
    columns: Mapping[str, Coded]


@dataclass
class Lines:
    """The lines of all sales, in the sales' order; shipping is the last of each that has any."""

    first: Numbers  # of each sale, and the end of the last
    kind: NDArray[np.int8]
    amounts: Mapping[str, Numbers]  # net, gross, margin: those that were asked for
    quantities: Numbers  # in `quantity_scale` parts of one
    quantity_scale: int
    columns: Mapping[str, Coded]

    @cached_property
    def sale(self) -> Small:
        """Of each line, the place of its sale."""
        return np.repeat(np.arange(len(self.first) - 1, dtype=np.int32), np.diff(self.first))


GOODS, GIFT_CARD, SHIPPING = range(3)
LINE_KINDS = ("goods", "gift_card", "shipping")


@dataclass(slots=True)
class Redemptions:
    """Rewards that were redeemed, in the order of recording."""

    event: Small  # the place of each in `Past`
    reward: Coded
    quantity: Small


@dataclass(slots=True)
class Returns:
    """Sales that came back as a whole, in the order of recording."""

    event: Small  # the place of each in `Past`
    sale: Small  # and that of its sale


@dataclass
class Past:
    """What happened to members, one member after another, each in the order of recording.

    `order` has the places of everything in the order of recording over all members. `until` is
    the moment up to which points end and tiers are reviewed.
    """

    until: datetime
    zone: tzinfo  # by whose days members are honoured and the past ends
    leap_day: LeapDay
    members: Numbers
    first: Numbers
    member: Small
    kind: NDArray[np.int8]
    at: Numbers
    now: Numbers  # when it was told
    order: Small
    joined_at: Numbers
    sales: Sales
    lines: Lines
    others: Mapping[str, Coded]  # what activities tell, by field; of what is none, nothing
    redemptions: Redemptions
    returns: Returns
    people: Mapping[str, Coded]  # what is known of members, by field
    begun: Mapping[str, Numbers]  # spend and visits of members from before
    reads: frozenset[str]
    hindrances: tuple[str, ...] = ()  # what happened that the kernel does not do
    _days: dict[tuple[str, tzinfo], Days] = field(default_factory=dict)
    _kept: dict[object, Any] = field(default_factory=dict)

    @cached_property
    def is_out_of_order(self) -> bool:
        """Whether something was told of a member after what happened later."""
        same = self.member[1:] == self.member[:-1]
        return bool(np.any(same & (self.at[1:] < self.at[:-1])))

    def kept[Made](self, key: object, make: Callable[[], Made]) -> Made:
        """What is the same under all programs that have the same key, made for the first."""
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def days_in(self, zone: tzinfo) -> Days:
        """The day and the minute at which everything happened, as a zone's clocks showed it."""
        return self._shown("at", self.at, zone)

    def told_in(self, zone: tzinfo) -> Days:
        """The day and the minute at which everything was told."""
        return self._shown("at" if self.now is self.at else "now", self.now, zone)

    def _shown(self, name: str, moments: Numbers, zone: tzinfo) -> Days:
        if (name, zone) not in self._days:
            self._days[name, zone] = days_and_minutes(moments, zone)
        return self._days[name, zone]


def sums_by_sale(lines: Lines, amounts: Numbers) -> Numbers:
    """Sums over the goods of each sale."""
    counted = np.where(lines.kind == GOODS, amounts, 0)
    ended = np.concatenate([np.zeros(1, np.int64), np.cumsum(counted)])
    found: Numbers = ended[lines.first[1:]] - ended[lines.first[:-1]]
    return found
