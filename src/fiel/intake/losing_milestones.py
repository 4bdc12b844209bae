"""Losing milestones: what follows for them when goods come back.

A level that is lost takes its gift back: its points, its badge, its reward where that was not
used. What was used stays and counts as given: it is not given again with the level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from fiel.domain.activity import Sale
from fiel.domain.deciding import Counting, Rulebook, uncounted
from fiel.domain.deciding.records import advance_record
from fiel.domain.decision import Advance, Decision
from fiel.domain.member import Qualifying
from fiel.domain.milestones import (
    NO_PROGRESS,
    SPEND,
    Progress,
    badge_counter,
    counter_of,
    counts_of_book,
    level,
    level_of,
    milestone_id,
    without_mark,
)
from fiel.domain.program import Milestone
from fiel.intake.past import Gift, Past
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, Counted
from fiel.ledger.milestone_steps import Step, given_last, marked_times
from fiel.ledger.moving import give_back, take_back
from fiel.ledger.posting import Record, Told


@dataclass(frozen=True, slots=True)
class CameBack:
    """A sale before and after goods came back, as it earns, and what it held of each unit.

    `counted` is what it counts no more, below zero; `lapsed` the points that had expired of it.
    """

    sale_id: UUID
    before: Sale
    after: Sale
    held_before: Mapping[str, int]
    held_after: Mapping[str, int]
    counted: Qualifying
    lapsed: Mapping[str, int]


async def lose_milestones(
    past: Past, pinned: Rulebook, book: Book, told: Told, decision: Decision, back: CameBack
) -> Record:
    """Take back what milestones gave for levels that are lost; the record of it.

    `pinned` is the version that decided the sale, by `decision`. The book counts no more what came
    back already, and the points that the sale earned were taken.
    """
    if book.standing.status == "nameless":
        return {}
    losing = _Losing(past, book, told, back)
    for counting in uncounted(
        pinned,
        decision,
        before=back.before,
        after=back.after,
        held_before=back.held_before,
        held_after=back.held_after,
    ):
        await losing.count_down(counting)
    for milestone in past.rulebook.program.milestones:
        unit = milestone.of
        if milestone.consume and back.held_before.get(unit, 0) > back.held_after.get(unit, 0):
            await losing.undo_cards(milestone)
    return losing.record()


def joined(record: Record, lost: Record) -> Record:
    """The record of a return, with what milestones lost by it."""
    record, lost = dict(record), dict(lost)
    for name in ("reversed", "uncollected", "restored"):
        sums = dict(record.get(name, {}))
        for unit, points in lost.pop(name, {}).items():
            sums[unit] = sums.get(unit, 0) + points
        record[name] = sums
    for name in ("rules", "l"):
        if both := [*record.get(name, ()), *lost.pop(name, ())]:
            record[name] = both
    if tier_points := lost.pop("tier_points", 0):
        spend, points, visits = record.get("c", (0, 0, 0))
        record["c"] = [spend, points - tier_points, visits]
    return record | lost


@dataclass(slots=True)
class _Losing:
    """What a return takes back with milestones, while it is being found out."""

    past: Past
    book: Book
    told: Told
    back: CameBack
    advances: list[Advance] = field(default_factory=list)
    rules: list[list[object]] = field(default_factory=list)
    limits: list[list[object]] = field(default_factory=list)
    withdrawn: list[Record] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    uncollected: dict[str, int] = field(default_factory=dict)
    restored: dict[str, int] = field(default_factory=dict)
    tier_points: int = 0

    async def count_down(self, counting: Counting) -> None:
        """Count down, and take back the gifts of the levels that are lost by it."""
        milestone, counter = self._in_force(counting.milestone), counting.counter
        progress, steps = await self._read(milestone, counter)
        is_emptied = False
        if counts_of_book(milestone):
            before, after = self._levels_of_book(milestone)
            added = 0
        else:
            added = counting.added
            left = replace(progress, total=progress.total + added)
            if counting.mark is not None:
                is_emptied = marked_times(steps, counting.mark) + added <= 0
                left = without_mark(left, counting.mark) if is_emptied else left
            before, after = level_of(milestone, progress), level_of(milestone, left)
        gone = max(0, before - after)
        most = min(gone, progress.reached)
        if milestone.limit is not None:
            # Where a limit kept gifts back, those that were given are of the levels that stay.
            most = min(most, max(0, progress.reached - after))
        taken = await self._take_gifts(milestone, steps, most)
        if added or gone:
            advance = Advance(counter, added, -taken, gone - taken, counting.mark)
            self._advance(advance, is_emptied=is_emptied)

    async def undo_cards(self, milestone: Milestone) -> None:
        """Undo the handing in of cards that too little is left for; what was used stays owed."""
        every, debt = milestone.every, self.book.account(milestone.of).debt
        assert every is not None, "what is consumed is consumed again and again"
        if not debt:
            return
        counter = counter_of(milestone, self.past.now.date())
        progress, steps = await self._read(milestone, counter)
        cards = min(-(-debt // every), progress.reached)
        taken = await self._take_gifts(milestone, steps, cards)
        if taken:
            self._advance(Advance(counter, 0, -taken))

    def record(self) -> Record:
        """What was taken back, as plain data that `joined` adds to the record of the return."""
        if self.tier_points:
            at = self.told.counts_at or self.told.occurred_at
            counted = Counted(at, 0, -self.tier_points, 0)
            self.past.posting(self.book).count_back(self.book, counted)
        if any(advance.reached for advance in self.advances):
            posting = self.past.posting(self.book)
            posting.announce(self.book, "milestone.lost", self.told, self.past.now)
        record: Record = {
            "reversed": self.taken,
            "uncollected": self.uncollected,
            "restored": self.restored,
            "rules": self.rules,
            "l": self.limits,
            "tier_points": self.tier_points,
        }
        if self.advances:
            record["m"] = [advance_record(advance) for advance in self.advances]
        if self.withdrawn:
            record["withdrawn"] = self.withdrawn
        return record

    def _in_force(self, was: Milestone) -> Milestone:
        """The milestone as it is now, where it still counts the same; else as it was."""
        for each in self.past.rulebook.program.milestones:
            if (each.id, each.of, each.period, each.restart) == (
                was.id, was.of, was.period, was.restart,
            ):  # fmt: skip
                return each
        return was

    async def _read(self, milestone: Milestone, counter: str) -> tuple[Progress, Sequence[Step]]:
        past, book = self.past, self.book
        counters = [counter]
        if milestone.badge is not None:
            counters.append(badge_counter(milestone.badge))
        await past.read_progress(book, counters)
        steps = await past.steps(book, counter)
        return book.progress.get(counter, NO_PROGRESS), steps

    def _levels_of_book(self, milestone: Milestone) -> tuple[int, int]:
        standing, counted = self.book.standing, self.back.counted
        if milestone.of == SPEND:
            total, lost = standing.spend, counted.spend
        else:
            total, lost = standing.visits, counted.visits
        return level(milestone, total - lost), level(milestone, total)

    async def _take_gifts(self, milestone: Milestone, steps: Sequence[Step], times: int) -> int:
        """Take back so many gifts, the newest first; how many could be."""
        if times and milestone.reward is not None:
            times = await self._withdraw(milestone, times)
        for step, count in given_last(steps, times):
            await self._take_points(step, count)
            if milestone.reward is None:
                for unit, points, transfer in step.consumed[-count:]:
                    await self._restore(unit, points, transfer)
            await self._free_limit(step, count)
        if milestone.badge is not None:
            counter = badge_counter(milestone.badge)
            fewer = min(times, self.book.progress.get(counter, NO_PROGRESS).reached)
            if fewer:
                self._advance(Advance(counter, 0, -fewer))
        return times

    async def _withdraw(self, milestone: Milestone, times: int) -> int:
        gifts = await self.past.withdraw(self.book, milestone=milestone.id, count=times)
        for gift in gifts:
            await self._restore_spent(gift)
            self.withdrawn.append({"id": str(gift.id), "reward": gift.reward})
        return len(gifts)

    async def _restore_spent(self, gift: Gift) -> None:
        for unit, points in gift.spent.items():
            await self._restore(unit, points, gift.transfers[unit])

    async def _restore(self, unit_id: str, points: int, transfer: UUID) -> None:
        """Give back what a card consumed, to the lots that it came from."""
        past, book = self.past, self.book
        unit = past.rulebook.program.units.get(unit_id)
        if unit is None:
            return
        drawn = await past.drawn(book, transfer)
        posting, source = past.posting(book), Place.REDEEMED
        give_back(posting, book, self.told, unit, drawn, points, source=source, now=past.now)
        self.restored[unit_id] = self.restored.get(unit_id, 0) + points

    async def _take_points(self, step: Step, count: int) -> None:
        past, book, rulebook = self.past, self.book, self.past.rulebook
        for unit, given in step.points.items():
            points = given * count // step.advance.reached
            if unit not in rulebook.program.units or not points:
                continue
            lapsed = (await past.lapsed(book, step.activity_id)).get(unit, 0)
            if step.activity_id == self.back.sale_id:
                lapsed -= self.back.lapsed.get(unit, 0)
            taken = take_back(
                past.posting(book),
                book,
                self.told,
                rulebook.program.units[unit],
                points,
                earned_by={step.activity_id},
                lapsed=max(0, lapsed),
                now=past.now,
            )
            self.taken[unit] = self.taken.get(unit, 0) + taken.points + taken.owed
            self.uncollected[unit] = self.uncollected.get(unit, 0) + taken.uncollected
            self.rules.append([milestone_id(step.advance.counter), unit, points])
            if unit == rulebook.tier_unit:
                self.tier_points += points

    async def _free_limit(self, step: Step, count: int) -> None:
        if step.limit is None:
            return
        past, book = self.past, self.book
        await past.read_limits(book, [step.limit])
        past.posting(book).use_limit(book, step.limit, -count)
        self.limits.append([step.limit[0], step.limit[1].isoformat(), -count])

    def _advance(self, advance: Advance, *, is_emptied: bool = False) -> None:
        posting = self.past.posting(self.book)
        posting.advance(self.book, self.told, advance, is_emptied=is_emptied)
        self.advances.append(advance)
