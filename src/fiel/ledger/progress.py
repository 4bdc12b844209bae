"""Progress: how far members are with milestones, read with their books and written with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fiel.domain.decision import Advance
from fiel.domain.milestones import (
    COUNTED_WORDS,
    NO_PROGRESS,
    SPEND,
    STREAK,
    Ahead,
    MilestoneFacts,
    Progress,
    ahead,
    badge_of,
    counter_of,
    counts_all_of_unit,
    counts_of_book,
    milestone_id,
    period_number,
    streak_ahead,
    with_mark,
    without_mark,
)
from fiel.domain.program import Milestone, Program
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.books import Book
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared, statement
from fiel.ledger.trips import Trip

if TYPE_CHECKING:
    from fiel.ledger.opening import Place

type Row = tuple[Any, ...]


def ask_progress(trip: Trip, here: Mapping[str, str], counters: Collection[str]) -> int | None:
    """Ask how far members are with what these counters count."""
    if not counters:
        return None
    return trip.ask(prepared("progress"), {**here, "counters": text_array(sorted(counters))})


def keep_read(books: Mapping[Any, Book], rows: Iterable[Row]) -> None:
    """Put what was read into the members' books; what a posting at hand counted stays."""
    for member_id, counter, total, reached, kept, first, marks in rows:
        books[member_id].progress.setdefault(
            counter, Progress(total, reached, kept, first, int.from_bytes(marks or b"", "little"))
        )


async def read_progress(
    connection: Connection, place: Place, book: Book, counters: Iterable[str]
) -> None:
    """Read what an opened book was not asked about."""
    missing = {counter for counter in counters if counter not in book.progress}
    trip = Trip(connection)
    here = {
        "program": str(place.program_id),
        "shard": str(place.shard),
        "members": plain_array([book.member_id]),
    }
    asked = ask_progress(trip, here, missing)
    if asked is not None:
        await trip.go()
        keep_read({book.member_id: book}, trip.rows(asked))


def milestone_facts(
    book: Book, now: datetime, *, paying: Mapping[str, int] | None = None
) -> MilestoneFacts:
    """What a decision must know of a book; `paying` is about to be taken out of it."""
    usable = {unit: account.available - account.debt for unit, account in book.accounts.items()}
    for unit, points in (paying or {}).items():
        usable[unit] = usable.get(unit, 0) - points
    return MilestoneFacts(
        progress=book.progress,
        issued={unit: account.issued for unit, account in book.accounts.items()},
        usable=usable,
        now=now,
    )


def advanced(progress: Progress, advance: Advance, *, is_emptied: bool = False) -> Progress:
    """The progress after an advance; `is_emptied` says that nothing counts in its period now."""
    after = replace(
        progress,
        total=progress.total + advance.added,
        reached=progress.reached + advance.reached,
        kept=progress.kept + advance.kept,
    )
    if advance.mark is None:
        return after
    if advance.added > 0:
        return with_mark(after, advance.mark)
    return without_mark(after, advance.mark) if is_emptied else after


def advance_book(book: Book, advance: Advance, *, is_emptied: bool = False) -> Progress:
    """Apply an advance to a book; where the member stands then."""
    before = book.progress.get(advance.counter, NO_PROGRESS)
    after = book.progress[advance.counter] = advanced(before, advance, is_emptied=is_emptied)
    return after


def consumes(program: Program, advances: Sequence[Advance]) -> bool:
    """Whether milestones redeem something for what they give."""
    consuming = {milestone.id for milestone in program.milestones if milestone.consume}
    return any(milestone_id(each.counter) in consuming and each.reached > 0 for each in advances)


def events_of(advances: Sequence[Advance]) -> list[str]:
    """What is announced of milestones: that some were reached, that badges were earned."""
    reached = [advance for advance in advances if advance.reached > 0]
    badges = [advance for advance in reached if badge_of(advance.counter) is not None]
    return [
        *(["milestone.reached"] if len(reached) > len(badges) else []),
        *(["badge.earned"] if badges else []),
    ]


def ways_ahead(book: Book, program: Program, now: datetime) -> list[list[object]]:
    """How far the member is towards each milestone that lies ahead: [milestone, done, goal]."""
    today = now.astimezone(program.timezone).date()
    ways = []
    for milestone in program.milestones:
        if milestone.when and milestone.when.last is not None and milestone.when.last < today:
            continue
        way = way_ahead(book, milestone, today)
        if way is not None:
            ways.append([milestone.id, way.done, way.goal])
    return ways


def way_ahead(book: Book, milestone: Milestone, today: date) -> Ahead | None:
    """How far a member is towards a milestone; None where it does not lie ahead any more."""
    progress = book.progress.get(counter_of(milestone, today))
    if milestone.of == STREAK:
        assert milestone.period is not None, "a streak has periods"
        number = period_number(milestone.period, today)
        return streak_ahead(milestone, progress or NO_PROGRESS, number)
    return ahead(milestone, _total(book, milestone, progress))


def _total(book: Book, milestone: Milestone, progress: Progress | None) -> int:
    if counts_of_book(milestone):
        return book.standing.spend if milestone.of == SPEND else book.standing.visits
    account = book.accounts.get(milestone.of) if milestone.of not in COUNTED_WORDS else None
    if milestone.consume:
        return account.available - account.debt if account else 0
    if progress is None and account is not None and counts_all_of_unit(milestone):
        return account.issued
    return progress.total if progress else 0


def marks_text(progress: Progress) -> str:
    """The marks of a streak as the server reads bytes; the lowest bit of the first is the first."""
    length = (progress.marks.bit_length() + 7) // 8
    return "\\x" + progress.marks.to_bytes(length, "little").hex()


async def progress_of_member(
    connection: Connection, place: Place, member_id: UUID
) -> dict[str, tuple[Progress, datetime | None]]:
    """All that a member's milestones count and the badges, each with when it was last reached."""
    cursor = await connection.execute(
        statement("progress_of_member"),
        {"program": place.program_id, "shard": place.shard, "member": member_id},
    )
    rows: list[Row] = await cursor.fetchall()
    return {
        counter: (
            Progress(total, reached, kept, first, int.from_bytes(marks, "little")),
            reached_at,
        )
        for counter, total, reached, kept, first, marks, reached_at in rows
    }
