"""Accounts: growing counters for each state that points can be in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum


class Place(IntEnum):
    """Where points can be: below 10 states of a member's account, from 10 the program's."""

    AVAILABLE = 1
    PENDING = 2
    HELD = 3
    DEBT = 4
    ISSUED = 10
    REDEEMED = 11
    EXPIRED = 12
    UNCOLLECTED = 13
    TRANSIT = 14
    PARTNER = 15
    ADJUSTED = 16
    OPENING = 17


@dataclass(frozen=True, slots=True)
class Expiring:
    """Points of one unit that end at the same moment."""

    points: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Balance:
    """What a member has of one unit at a moment."""

    available: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    lifetime: int = 0
    expiring: tuple[Expiring, ...] = ()


# How many dates of expiry a balance tells ahead; `/lots` tells them all.
DATES_TOLD = 3


@dataclass(slots=True)
class Account:
    """The counters of one member and unit, as a posting works on them.

    `changes_at` is when the next lot starts or ends (None: never); `expiring` the soonest ends of
    what is available, at most `DATES_TOLD`.
    """

    unit: str
    available_in: int = 0
    available_out: int = 0
    pending_in: int = 0
    pending_out: int = 0
    held_in: int = 0
    held_out: int = 0
    debt_in: int = 0
    debt_out: int = 0
    issued: int = 0  # ever earned, less what returns took back
    changes_at: datetime | None = None
    inactive_at: datetime | None = None
    expiring: list[Expiring] = field(default_factory=list)

    @property
    def available(self) -> int:
        """Points that can be spent, as booked."""
        return self.available_in - self.available_out

    @property
    def pending(self) -> int:
        """Points that cannot be spent yet, as booked."""
        return self.pending_in - self.pending_out

    @property
    def debt(self) -> int:
        """Points owed: the account stands below zero by as many."""
        return self.debt_out - self.debt_in

    def move(self, debit: Place, credit: Place, points: int) -> None:
        """Count a transfer out of one place and into another."""
        assert points > 0, "a transfer moves something"
        if debit < Place.ISSUED:
            self._count(debit, -points)
        if credit < Place.ISSUED:
            self._count(credit, points)
        if debit is Place.ISSUED:
            self.issued += points
        elif credit is Place.ISSUED:
            self.issued -= points

    def _count(self, place: Place, points: int) -> None:
        name = _COUNTERS[place] + ("_in" if points > 0 else "_out")
        setattr(self, name, getattr(self, name) + abs(points))

    def changes_no_later_than(self, moment: datetime) -> None:
        """Remember that something is due at `moment`."""
        if self.changes_at is None or moment < self.changes_at:
            self.changes_at = moment

    def expects_expiry(self, points: int, at: datetime) -> None:
        """Keep the soonest ends told, with these points among them."""
        for index, told in enumerate(self.expiring):
            if told.at == at:
                self.expiring[index] = Expiring(told.points + points, at)
                return
        if len(self.expiring) == DATES_TOLD and at > self.expiring[-1].at:
            return
        self.expiring.append(Expiring(points, at))
        self.expiring.sort(key=_by_date)
        del self.expiring[DATES_TOLD:]

    def balance(self) -> Balance:
        """What the counters say, which is what stands once everything due is booked."""
        expiring = tuple(self.expiring)
        if self.inactive_at is not None and self.available:
            expiring = (Expiring(self.available, self.inactive_at),)
        return Balance(
            available=self.available,
            pending=self.pending,
            held=self.held_in - self.held_out,
            debt=self.debt,
            lifetime=self.issued,
            expiring=expiring,
        )


_COUNTERS = {
    Place.AVAILABLE: "available",
    Place.PENDING: "pending",
    Place.HELD: "held",
    Place.DEBT: "debt",
}


def _by_date(expiring: Expiring) -> datetime:
    return expiring.at
