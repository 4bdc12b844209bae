"""Lots: points that were earned together, when they may be used, and which are spent first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from uuid import UUID

from fiel.domain.decision import Term
from fiel.domain.language import N_
from fiel.domain.program import ExpiresAfter, ExpiresByInactivity, ExpiresOnDay, Unit
from fiel.domain.refusal import Refusal
from fiel.domain.time import Duration, day_of_year, end_of_day

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of points that were earned together; `ends_at` None means never."""

    id: UUID
    points_left: int
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Draw:
    """So many points taken out of one lot."""

    lot_id: UUID
    points: int


class InsufficientPoints(Refusal):
    """The member does not have enough points."""

    code = "insufficient_points"

    def __init__(self, *, available: int, requested: int) -> None:
        super().__init__(
            N_("{requested} are needed, and {available} can be used."),
            facts={"available": available, "requested": requested},
            available=available,
            requested=requested,
        )


def draw_soonest_expiring(lots: Sequence[Lot], points: int) -> list[Draw]:
    """Split `points` over `lots`, spending first what would be lost first.

    Only lots that can be used belong in `lots`: started and not ended.

    Raises:
        InsufficientPoints: the lots hold less than `points`.
    """
    assert points > 0, "boundaries validate amounts"
    available = sum(lot.points_left for lot in lots)
    if available < points:
        raise InsufficientPoints(available=available, requested=points)

    draws = []
    for lot in sorted(lots, key=lambda lot: (lot.ends_at or _NEVER, lot.id)):
        taken = min(lot.points_left, points)
        if taken:
            draws.append(Draw(lot.id, taken))
            points -= taken
    return draws


def term_of(unit: Unit, earned_at: datetime, zone: tzinfo, *, on: date | None = None) -> Term:
    """When points earned at an instant start and end to be usable.

    `on` is the day that it was where they were earned, if that is another than the zone's.

    Pending points start when the last day of the wait ends; a term counts from the day of
    earning, whether or not the points had to wait. Where a unit ends by inactivity the lot has
    no end of its own: `inactive_at` tells the account's.
    """
    day = on or earned_at.astimezone(zone).date()
    starts_at = _ended(unit.pending, day, zone) if unit.pending.count else earned_at
    match unit.expiry:
        case ExpiresAfter(after):
            return Term(starts_at, _ended(after, day, zone))
        case ExpiresOnDay() as named:
            return Term(starts_at, _named_day_ended(named, day, zone))
        case ExpiresByInactivity() | None:
            return Term(starts_at, None)


def inactive_at(unit: Unit, last_activity_at: datetime, zone: tzinfo) -> datetime | None:
    """When a member's points of a unit end if nothing more happens; None where they do not."""
    if not isinstance(unit.expiry, ExpiresByInactivity):
        return None
    return _ended(unit.expiry.inactivity, last_activity_at.astimezone(zone).date(), zone)


# A busy day asks for the same few ends again and again, and finding midnight in a zone is slow.
@lru_cache(maxsize=4096)
def _ended(wait: Duration, day: date, zone: tzinfo) -> datetime:
    return end_of_day(wait.after(day), zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def _named_day_ended(named: ExpiresOnDay, day: date, zone: tzinfo) -> datetime:
    last = day_of_year(day.year + named.years, named.month, named.day)
    if last < day:
        last = day_of_year(day.year + named.years + 1, named.month, named.day)
    return end_of_day(last, zone).astimezone(UTC)
