"""Carrying milestones: what counted for a merged member goes on counting for the survivor."""

from __future__ import annotations

from dataclasses import replace

from fiel.domain.deciding.records import advance_record, advances_of
from fiel.domain.decision import Advance
from fiel.domain.milestones import (
    NO_PROGRESS,
    SPEND,
    Progress,
    counter_of,
    counts_all_of_unit,
    counts_of_book,
    level_of,
    milestone_id,
    with_mark,
)
from fiel.domain.program import Milestone
from fiel.intake.desk import Desk
from fiel.ledger.books import Book
from fiel.ledger.milestone_steps import marked_times, steps_of
from fiel.ledger.posting import Record, Told
from fiel.ledger.progress import progress_of_member, read_progress


async def carry_milestones(desk: Desk, gone: Book, stays: Book, told: Told) -> list[list[object]]:
    """Let all that milestones counted for one member count for another; what was carried.

    The standing of the survivor counts for both already. A level that only both together reach is
    given with the next that counts.
    """
    place = desk.place(gone)
    kept = await progress_of_member(desk.connection, place, gone.member_id)
    gone.progress.update({counter: progress for counter, (progress, _) in kept.items()})
    milestones = {
        counter_of(each, desk.now.date()): each for each in desk.published.program.milestones
    }
    counters = sorted({*gone.progress, *milestones})
    await read_progress(desk.connection, desk.place(stays), stays, counters)
    carried: list[Advance] = []
    for counter in counters:
        milestone = _of_counter(desk, counter)
        carried += await _carried(desk, gone, stays, counter, milestone)
    for advance in carried:
        desk.posting(stays).advance(stays, told, advance)
    return [advance_record(advance) for advance in carried]


async def part_milestones(
    desk: Desk, stays: Book, told: Told, merged: Record
) -> list[list[object]]:
    """Take from a survivor what a merge had carried; what was taken, as a record keeps it."""
    parted: list[Advance] = []
    for carried in advances_of(merged):
        place, counter = desk.place(stays), carried.counter
        await read_progress(desk.connection, place, stays, [counter])
        reached = stays.progress.get(counter, NO_PROGRESS).reached
        advance = replace(
            carried,
            added=-carried.added,
            reached=-min(carried.reached, reached),
            kept=-carried.kept,
        )
        is_emptied = False
        if carried.mark is not None:
            steps = await steps_of(desk.connection, place, stays.member_id, counter)
            is_emptied = marked_times(steps, carried.mark) + advance.added <= 0
        desk.posting(stays).advance(stays, told, advance, is_emptied=is_emptied)
        parted.append(advance)
    return [advance_record(advance) for advance in parted]


def _of_counter(desk: Desk, counter: str) -> Milestone | None:
    identifier = milestone_id(counter)
    program = desk.published.program
    return next((each for each in program.milestones if each.id == identifier), None)


async def _carried(
    desk: Desk, gone: Book, stays: Book, counter: str, milestone: Milestone | None
) -> list[Advance]:
    theirs = gone.progress.get(counter)
    if milestone is not None and counts_of_book(milestone):
        known = theirs or NO_PROGRESS
        kept = known.kept - _both_reach_in_book(milestone, gone, stays)
        return _saying([Advance(counter, 0, known.reached, kept)])
    if milestone is not None and counts_all_of_unit(milestone) and not milestone.consume:
        return _saying([_carried_unit(milestone, gone, stays, counter)])
    if theirs is None:
        return []
    if theirs.marks:
        return await _carried_streak(desk, gone, stays, counter, theirs, milestone)
    own = stays.progress.get(counter, NO_PROGRESS)
    both = replace(own, total=own.total + theirs.total)
    more = 0 if milestone is None or milestone.consume else _more(milestone, both, own, theirs)
    return _saying([Advance(counter, theirs.total, theirs.reached, theirs.kept - more)])


def _carried_unit(milestone: Milestone, gone: Book, stays: Book, counter: str) -> Advance:
    """All that was earned of a unit, also before the milestone was there."""
    theirs, own = (
        book.progress.get(counter) or Progress(total=_issued(book, milestone.of))
        for book in (gone, stays)
    )
    both = replace(own, total=own.total + theirs.total)
    # A member whose progress is not kept yet has what was earned taken over with this.
    base = 0 if counter in stays.progress or not theirs.total else own.total
    kept = theirs.kept - _more(milestone, both, own, theirs)
    return Advance(counter, base + theirs.total, theirs.reached, kept)


async def _carried_streak(
    desk: Desk,
    gone: Book,
    stays: Book,
    counter: str,
    theirs: Progress,
    milestone: Milestone | None,
) -> list[Advance]:
    steps = await steps_of(desk.connection, desk.place(gone), gone.member_id, counter)
    marks = {step.advance.mark for step in steps if step.advance.mark is not None}
    own = both = stays.progress.get(counter, NO_PROGRESS)
    carried = []
    for mark in sorted(marks):
        if times := marked_times(steps, mark):
            carried.append(Advance(counter, times, 0, 0, mark))
            both = with_mark(both, mark)
    more = 0 if milestone is None else _more(milestone, both, own, theirs)
    return [*carried, *_saying([Advance(counter, 0, theirs.reached, theirs.kept - more)])]


def _more(milestone: Milestone, both: Progress, own: Progress, theirs: Progress) -> int:
    """How many levels only both together reach."""
    alone = level_of(milestone, own) + level_of(milestone, theirs)
    return max(0, level_of(milestone, both) - alone)


def _both_reach_in_book(milestone: Milestone, gone: Book, stays: Book) -> int:
    what = "spend" if milestone.of == SPEND else "visits"
    theirs, both = getattr(gone.standing, what), getattr(stays.standing, what)
    own = Progress(total=both - theirs)
    return _more(milestone, Progress(total=both), own, Progress(total=theirs))


def _issued(book: Book, unit: str) -> int:
    account = book.accounts.get(unit)
    return max(0, account.issued) if account else 0


def _saying(advances: list[Advance]) -> list[Advance]:
    """Those that say anything."""
    return [each for each in advances if each.added or each.reached or each.kept]
