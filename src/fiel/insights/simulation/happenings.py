"""Happenings: what a member did, or what was done for one, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.activity import Action, Occasion, Sale
from fiel.domain.returning.keeping import Back
from fiel.members.facts import PersonFacts


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the copy knows one: `spend` and `visits` are from before the span."""

    member: int
    id: UUID
    joined_at: datetime
    facts: PersonFacts
    segments: tuple[str, ...] = ()
    spend: int = 0
    visits: int = 0


@dataclass(frozen=True, slots=True)
class Bought:
    """A sale. `paid_points` paid a part of it."""

    member: int
    number: int
    sale: Sale
    paid_points: int


@dataclass(frozen=True, slots=True)
class CameBack:
    """Goods of a sale that came back."""

    member: int
    sale: int
    at: datetime
    back: Back
    cancels: bool


@dataclass(frozen=True, slots=True)
class Did:
    """An activity that is no sale, or a day that the program honours."""

    member: int
    activity: Action | Occasion


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A reward that was redeemed."""

    member: int
    reward: str
    quantity: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Brought:
    """Points brought in or corrected by hand; below zero they were taken."""

    member: int
    unit: str
    points: int
    at: datetime


type Happening = Bought | CameBack | Did | Redeemed | Brought
# What is told at one moment comes in the order of these, then of its number.
type Key = tuple[datetime, int, int]
type Timed = tuple[Key, Happening]
