"""Weaving: what happened of every kind, put in the order of each member and of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from fiel.domain.anniversaries import honoured_on
from fiel.domain.program import Event, Program
from fiel.domain.time import start_of_day
from fiel.insights.simulation.kernel.days import micros, moment_of
from fiel.insights.simulation.kernel.layout import (
    ACTIVITY,
    ANNIVERSARY,
    BIRTHDAY,
    ENROLMENT,
    KINDS,
    REDEMPTION,
    RETURN,
    SALE,
    Numbers,
    Small,
)
from fiel.insights.simulation.kernel.truth import Coded

# What is told at one moment comes in the order of these, as a replay takes it.
_RANKS = {ENROLMENT: 0, BIRTHDAY: 1, ANNIVERSARY: 1, SALE: 3, ACTIVITY: 3, REDEMPTION: 4, RETURN: 5}
_RANK = np.array([_RANKS.get(kind, 5) for kind in range(KINDS)], np.int8)


@dataclass(frozen=True, slots=True)
class People:
    """What is known of members, in the order of their numbers."""

    members: Numbers
    joined_at: Numbers
    birthdays: Sequence[date | None]
    columns: Mapping[str, Coded]
    begun: Mapping[str, Numbers]  # spend and visits from before


@dataclass(frozen=True, slots=True)
class Told:
    """Things of a kind that happened, as they were told; numbers break ties."""

    kind: NDArray[np.int8]
    member: Numbers
    at: Numbers
    now: Numbers
    number: Numbers

    @classmethod
    def of(
        cls, kind: int | NDArray[np.int8], read: Mapping[str, Numbers], number: str = ""
    ) -> Told:
        """What was read of them, numbered in its order unless a column numbers it."""
        member = read["member"]
        kinds = np.full(len(member), kind, np.int8) if isinstance(kind, int) else kind
        numbers = read[number] if number else np.arange(len(member), dtype=np.int64)
        return cls(kinds, member, read.get("occurred_at", read["now"]), read["now"], numbers)


@dataclass(frozen=True, slots=True)
class Woven:
    """Everything that happened, one member after another; `places` says where what was given is."""

    first: Numbers
    member: Small
    kind: NDArray[np.int8]
    at: Numbers
    now: Numbers
    order: Small
    places: Sequence[Small]


def weave(told: Sequence[Told], members: Numbers) -> Woven:
    """Put what was told in the order of each member, and in the order of all."""
    kind = np.concatenate([each.kind for each in told])
    member = np.concatenate([each.member for each in told])
    now = np.concatenate([each.now for each in told])
    number = np.concatenate([each.number for each in told])
    recorded = np.lexsort((number, _RANK[kind], now))
    known = (
        members[np.minimum(np.searchsorted(members, member), max(0, len(members) - 1))] == member
    )
    assert known.all(), "everything happened to a member that is known"
    in_order = recorded[np.argsort(member[recorded], kind="stable")]
    places = np.empty(len(in_order), np.int32)
    places[in_order] = np.arange(len(in_order), dtype=np.int32)
    member_place = np.searchsorted(members, member[in_order]).astype(np.int32)
    ends = np.cumsum([len(each.kind) for each in told])
    at = np.concatenate([each.at for each in told])[in_order]
    now = now[in_order]
    return Woven(
        first=np.searchsorted(member_place, np.arange(len(members) + 1)).astype(np.int64),
        member=member_place,
        kind=kind[in_order],
        at=at,
        now=at if np.array_equal(at, now) else now,  # mostly so, and then there once
        order=places[recorded],
        places=np.split(places, ends[:-1]),
    )


def honoured(
    people: People,
    programs: Sequence[Program],
    begin: datetime | None,
    until: datetime | None,
) -> Told:
    """The birthdays and anniversaries for which any of the programs gives."""
    zone, leap_day = programs[0].timezone, programs[0].leap_day
    given = {rule.event for program in programs for rule in program.earn}
    rows: list[tuple[int, int, int]] = []
    if begin is not None and until is not None:
        first, last = begin.astimezone(zone).date(), until.astimezone(zone).date()
        for kind, event in ((BIRTHDAY, Event.BIRTHDAY), (ANNIVERSARY, Event.ANNIVERSARY)):
            if event not in given:
                continue
            starts: dict[date, int] = {}
            for place, member in enumerate(people.members.tolist()):
                joined_at = int(people.joined_at[place])
                origin = (
                    people.birthdays[place]
                    if kind == BIRTHDAY
                    else moment_of(joined_at).astimezone(zone).date()
                )
                if origin is None:
                    continue
                for year in range(max(first.year, origin.year + 1), last.year + 1):
                    day = honoured_on(origin, year, leap_day)
                    if day not in starts:
                        starts[day] = micros(start_of_day(day, zone))
                    at = starts[day]
                    if first <= day <= last and joined_at < at <= micros(until):
                        rows.append((kind, member, at))
    found = np.array(rows, np.int64).reshape(-1, 3)
    return Told(found[:, 0].astype(np.int8), found[:, 1], found[:, 2], found[:, 2], found[:, 1])
