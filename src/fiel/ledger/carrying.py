"""What counted for one member and is to count for another: read, carried over, and taken away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from fiel.domain.member import Qualifying
from fiel.domain.program import Program
from fiel.domain.tiers import window_of
from fiel.ledger.arrays import plain_array
from fiel.ledger.books import Book, Counted
from fiel.ledger.opening import Place
from fiel.ledger.posting import Recorded
from fiel.ledger.recorded import recorded_of
from fiel.ledger.scope import Connection
from fiel.ledger.statements import Numbered, prepared
from fiel.ledger.trips import Rows, Trip


@dataclass(frozen=True, slots=True)
class CountedOnce:
    """An activity that counted, and what."""

    activity_id: UUID
    counted: Counted


async def all_counted(connection: Connection, place: Place, member_id: UUID) -> list[CountedOnce]:
    """All that ever counted for a member, oldest first."""
    rows = await _rows(
        connection, prepared("counted_of_members"), place, members=plain_array([member_id])
    )
    return [
        CountedOnce(activity_id, Counted(at, spend or 0, points or 0, visits or 0))
        for _, activity_id, at, spend, points, visits in rows
    ]


async def read_all_limits(connection: Connection, place: Place, book: Book) -> None:
    """Read every use of a limit into a member's book."""
    rows = await _rows(connection, prepared("limits_of_member"), place, member=str(book.member_id))
    for rule, period_start, used in rows:
        book.limits.setdefault((rule, period_start), used)


async def activities_about(
    connection: Connection, place: Place, member_id: UUID, about: UUID
) -> list[Recorded]:
    """The activities of a member that are about another one, oldest first."""
    rows = await _rows(
        connection, prepared("activities_about"), place, member=str(member_id), about=str(about)
    )
    return [recorded_of(row) for row in rows]


async def latest_of_kind(
    connection: Connection, place: Place, member_id: UUID, kind: str
) -> Recorded | None:
    """The newest activity of a kind that a member has; None where there is none."""
    rows = await _rows(
        connection, prepared("latest_of_kind"), place, member=str(member_id), kind=kind
    )
    return recorded_of(rows[0]) if rows else None


def count_anew(
    book: Book, program: Program, counted: Iterable[CountedOnce], *, now: datetime
) -> Qualifying:
    """Let the window of a member's tier hold what counted in it; the total."""
    if program.tiers is None:
        return Qualifying()
    standing = book.standing
    since, until = window_of(program.tiers, now, program.timezone)
    if standing.window_from is None or standing.window_from <= since:
        standing.window_from, standing.window_until = since, until
    assert standing.window_until is not None, "a window has two ends"
    inside = [
        one.counted
        for one in counted
        if standing.window_from <= one.counted.at < standing.window_until
    ]
    standing.window_spend = sum(one.spend for one in inside)
    standing.window_points = sum(one.points for one in inside)
    standing.window_visits = sum(one.visits for one in inside)
    return Qualifying(standing.window_spend, standing.window_points, standing.window_visits)


def limits_record(limits: Iterable[tuple[tuple[str, date], int]]) -> list[list[object]]:
    """Uses of limits as a decision's record tells them."""
    return [[rule, day.isoformat(), times] for (rule, day), times in limits if times]


async def _rows(connection: Connection, asked: Numbered, place: Place, **parameters: str) -> Rows:
    trip = Trip(connection)
    here = {"program": str(place.program_id), "shard": str(place.shard)}
    number = trip.ask(asked, here | parameters)
    await trip.go()
    return trip.rows(number)
