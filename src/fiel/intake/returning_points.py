"""What a return moves: points given back and taken back, what counts no more, what is free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from fiel.domain.deciding import Rulebook
from fiel.domain.decision import Decision
from fiel.domain.member import LimitKey, Qualifying
from fiel.domain.program import Negative, Unit
from fiel.domain.returning.keeping import Kept, Sold
from fiel.domain.returning.standing import SaleStanding, points_to_restore
from fiel.domain.returning.undoing import (
    Holding,
    RuleUnit,
    budgets_restored,
    limits_freed,
    lost,
    lost_by_rule,
    still_held,
    uncounted,
)
from fiel.intake.past import Past
from fiel.intake.sold import PaidWithPoints
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, Counted
from fiel.ledger.moving import TakenBack, give_back, take_back
from fiel.ledger.posting import Record, Told


@dataclass(frozen=True, slots=True)
class Undoing:
    """A sale whose goods come back: what decided it, how it stood before, and whose book it is.

    `earned_by` is the activity that the sale's lots bear: the sale itself, or the claim of it.
    """

    past: Past
    book: Book
    told: Told
    earned_by: UUID
    sold: Sold
    rulebook: Rulebook
    decision: Decision
    paid: PaidWithPoints | None
    before: SaleStanding

    async def leave(self, kept: Kept) -> tuple[SaleStanding, Record]:
        """Undo everything but what is `kept`; how the sale stands then, and what was done.

        Points that paid are given back first, so that what the goods earned can be taken of them.
        """
        before = self.before
        worth = self.paid.worth if self.paid else 0
        after = still_held(
            self.rulebook, self.decision, self.sold, kept, paid=worth, before=before.holding
        )
        restored = await self._give_back(kept)
        due = lost(before.holding, after)
        taken = await self._take_back(due)
        left_alone = {
            unit: left for unit, points in due.items() if (left := points - _told_of(taken[unit]))
        }
        budgets = self._restore_budgets(after, taken)
        limits = self._free_limits(after, taken, left_alone)
        counted = self._count_no_more(after)
        standing = replace(
            before,
            kept=kept,
            holding=after,
            budgets={key: n - budgets.get(key, 0) for key, n in before.budgets.items()},
            limits=tuple(key for key in before.limits if key not in limits),
            restored=before.restored + sum(restored.values()),
            lapsed=_sum(before.lapsed, {unit: each.lapsed for unit, each in taken.items()}),
        )
        record: Record = {
            "reversed": {unit: each.points + each.owed for unit, each in taken.items()},
            "restored": restored,
            "uncollected": {unit: each.uncollected for unit, each in taken.items()},
            "lapsed": {unit: each.lapsed for unit, each in taken.items() if each.lapsed},
            "left": left_alone,
            "rules": [
                [rule, unit, points]
                for (rule, unit), points in lost_by_rule(before.holding, after).items()
            ],
            **_counters(counted, budgets, limits),
        }
        return standing, record

    async def _give_back(self, kept: Kept) -> dict[str, int]:
        """Give back the points that paid for what came back, to the lots they came from."""
        paid, past, already = self.paid, self.past, self.before.restored
        if paid is None:
            return {}
        points = points_to_restore(paid.points, kept.paid_back(self.sold)) - already
        if points:
            give_back(
                past.posting(self.book),
                self.book,
                self.told,
                self.rulebook.program.units[paid.unit],
                await past.drawn(self.book, paid.transfer_id),
                points,
                source=Place.REDEEMED,
                now=past.now,
                already=already,
            )
        return {paid.unit: points}

    async def _take_back(self, due: Mapping[str, int]) -> dict[str, TakenBack]:
        if not due:
            return {}
        past, book = self.past, self.book
        recalled = await past.recall(book, self.earned_by, due)
        lapsed = _sum(await past.lapsed(book, self.earned_by), recalled.lapsed)
        return {
            unit: take_back(
                past.posting(book),
                book,
                self.told,
                self._unit(unit),
                points,
                earned_by=recalled.earned_by,
                lapsed=max(0, lapsed.get(unit, 0) - self.before.lapsed.get(unit, 0)),
                now=past.now,
            )
            for unit, points in due.items()
        }

    def _unit(self, unit_id: str) -> Unit:
        """A unit as the version has it; whoever was erased can owe nothing."""
        unit = self.rulebook.program.units[unit_id]
        if self.book.standing.status == "erased" and unit.negative is Negative.DEBT:
            return replace(unit, negative=Negative.CLAMP)
        return unit

    def _restore_budgets(
        self, after: Holding, taken: Mapping[str, TakenBack]
    ) -> dict[RuleUnit, int]:
        collected = {unit: each.points + each.owed + each.lapsed for unit, each in taken.items()}
        freed = budgets_restored(self.rulebook, self.before.budgets, after, collected)
        for key, points in freed.items():
            self.past.posting(self.book).use_budget(key, -points)
        return freed

    def _free_limits(
        self, after: Holding, taken: Mapping[str, TakenBack], left_alone: Mapping[str, int]
    ) -> list[LimitKey]:
        short = {unit for unit, each in taken.items() if each.uncollected} | left_alone.keys()
        freed = limits_freed(self.before.limits, self.before.holding, after, short)
        for key in freed:
            self.past.posting(self.book).use_limit(self.book, key, -1)
        return freed

    def _count_no_more(self, after: Holding) -> Qualifying:
        counted = uncounted(self.before.holding, after)
        if counted != Qualifying():
            told = Counted(
                self.told.counts_at or self.told.occurred_at,
                counted.spend,
                counted.points,
                counted.visits,
            )
            self.past.posting(self.book).count_back(self.book, told)
        return counted


def _told_of(taken: TakenBack) -> int:
    """What became of points that were due; the rest was left alone."""
    return taken.points + taken.lapsed + taken.owed + taken.uncollected


def _sum(first: Mapping[str, int], second: Mapping[str, int]) -> dict[str, int]:
    return {
        unit: points
        for unit in (*first, *(each for each in second if each not in first))
        if (points := first.get(unit, 0) + second.get(unit, 0))
    }


def _counters(
    counted: Qualifying, budgets: Mapping[RuleUnit, int], limits: list[LimitKey]
) -> Record:
    """What is counted down, written as a decision writes what it counts up."""
    record: Record = {}
    if counted != Qualifying():
        record["c"] = [counted.spend, counted.points, counted.visits]
    if budgets:
        record["b"] = [[rule, unit, -points] for (rule, unit), points in budgets.items()]
    if limits:
        record["l"] = [[rule, day.isoformat(), -1] for rule, day in limits]
    return record
