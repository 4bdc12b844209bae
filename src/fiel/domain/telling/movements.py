"""Movements of points and what caused them, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fiel.domain.telling.places import Spot


@dataclass(frozen=True, slots=True)
class Happening:
    """An activity: its kind, what was decided (`record`) and, but for a sale, told (`facts`)."""

    kind: str
    external_id: str | None
    occurred_at: datetime
    record: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Earned:
    """What had earned points that a movement takes: the kind of activity, its number, its time."""

    kind: str
    external_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """So many points of a unit that go from one place to another.

    `cause` None is what falls due by itself and is not booked; `is_ahead` what has not happened.
    `starts_at` is when what came in can be used, `earned` what had earned what goes out, `member`
    the id of whose they are.
    """

    unit: str
    points: int
    source: Spot
    target: Spot
    cause: Happening | None = None
    about: Happening | None = None
    transfer: str | None = None
    member: str | None = None
    starts_at: datetime | None = None
    earned: Earned | None = None
    is_ahead: bool = False
