"""Replay: a past lived again under a program, by the code that decides at the till.

Books, decisions, postings, returns and tiers are the domain's and the ledger's own; only what a
database would keep is counted instead (`memory`, `tally`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import merge
from uuid import UUID

from fiel.domain.activity import Action, Activity, Occasion, OccasionKind
from fiel.domain.anniversaries import honoured_on
from fiel.domain.deciding import Rulebook, of_rules
from fiel.domain.decision import Award, Decision
from fiel.domain.lots import term_of
from fiel.domain.milestones import milestone_id
from fiel.domain.program import Event, Reward
from fiel.domain.redeeming import Asker, Left, assess, cost_of, limit_key, price_of
from fiel.domain.returning.keeping import OverReturned, Sold, without
from fiel.domain.returning.paying import less_what_points_paid, total_to_pay
from fiel.domain.returning.standing import SaleStanding, untouched
from fiel.domain.tiers import counts_at
from fiel.domain.time import start_of_day
from fiel.insights.simulation.behaviour import Behaviour, Way, wanted_in_order
from fiel.insights.simulation.happenings import (
    Bought,
    Brought,
    CameBack,
    Did,
    Person,
    Redeemed,
    Timed,
)
from fiel.insights.simulation.history import History
from fiel.insights.simulation.memory import Memory, at_once
from fiel.insights.simulation.outcome import Outcome
from fiel.insights.simulation.tally import Tally
from fiel.intake.judging import budgets_of, judge, window_for
from fiel.intake.losing_milestones import joined, lose_milestones
from fiel.intake.past import Gift
from fiel.intake.paying import worth_of
from fiel.intake.redeeming_facts import available_in, member_facts
from fiel.intake.returning import came_back
from fiel.intake.returning_points import Undoing
from fiel.intake.sold import PaidWithPoints
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, Standing
from fiel.ledger.moving import take
from fiel.ledger.opening import ALWAYS
from fiel.ledger.posting import Told

_OCCASIONS = 1  # where days that are honoured come at one moment
_OF_OCCASION = {
    OccasionKind.BIRTHDAY: Event.BIRTHDAY,
    OccasionKind.ANNIVERSARY: Event.ANNIVERSARY,
}


@dataclass(slots=True)
class _SoldBefore:
    """A sale of which something comes back: how it was decided, and how it stands."""

    activity_id: UUID
    sold: Sold
    decision: Decision
    paid: PaidWithPoints | None
    standing: SaleStanding
    counts_at: datetime


class Replay:
    """One past under one program."""

    def __init__(self, rulebook: Rulebook, history: History, behaviour: Behaviour) -> None:
        self._rulebook = rulebook
        self._program = rulebook.program
        self._behaviour = behaviour
        self._history = history
        people = history.people()
        self._people = {person.member: person for person in people}
        self._returned = history.returned()
        undoable = history.who_returned() if self._returned else ()
        self._tally = Tally(self._program, people)
        self._memory = Memory(
            rulebook,
            self._tally,
            budgets_of(self._program),
            frozenset(self._people[member].id for member in undoable if member in self._people),
            datetime.min.replace(tzinfo=UTC),
        )
        self._posting = self._memory.posting_of_all
        self._books: dict[int, Book] = {}
        self._sold: dict[int, _SoldBefore] = {}
        self._visits: dict[int, int] = {}
        self._left = {
            reward.id: [reward.stock, reward.budget] for reward in self._program.rewards.values()
        }
        self._wanted = wanted_in_order(self._program, behaviour)

    def run(self) -> Outcome:
        """Live the whole past, and tell what it came to."""
        zone = self._program.timezone
        begin, until = self._history.begins_at(), self._history.closes_at(zone)
        if begin is None or until is None:
            return self._tally.outcome(self._books, datetime.min.replace(tzinfo=UTC))
        told = merge(self._history.happenings(), self._occasions(begin, until), key=_key)
        for (now, _, _), happening in told:
            person = self._people.get(happening.member)
            if person is None:
                continue
            self._memory.now = now
            match happening:
                case Bought():
                    self._buy(person, happening, now)
                case CameBack():
                    self._take_back(person, happening, now)
                case Did():
                    self._do(person, happening.activity, now)
                case Redeemed():
                    self._redeem_as_observed(person, happening, now)
                case Brought():
                    self._bring(person, happening, now)
        for book in self._books.values():
            self._posting.settle(book, until)
        return replace(self._tally.outcome(self._books, until), asked=self._asked())

    def _asked(self) -> dict[tuple[str, str], int]:
        """What rules took of their budgets."""
        left = self._memory.budgets
        return {key: had - left[key] for key, had in budgets_of(self._program).items()}

    def _occasions(self, begin: datetime, until: datetime) -> Iterator[Timed]:
        """The birthdays and anniversaries that the program gives for, in order."""
        program, zone = self._program, self._program.timezone
        given = {rule.event for rule in program.earn}
        kinds = [kind for kind, event in _OF_OCCASION.items() if event in given]
        first, last = begin.astimezone(zone).date(), until.astimezone(zone).date()
        found: list[Timed] = []
        for kind in kinds:
            for person in self._people.values():
                joined = person.joined_at.astimezone(zone).date()
                origin = person.facts.birthday if kind is OccasionKind.BIRTHDAY else joined
                if origin is None:
                    continue
                for year in range(max(first.year, origin.year + 1), last.year + 1):
                    day = honoured_on(origin, year, program.leap_day)
                    at = start_of_day(day, zone).astimezone(UTC)
                    if first <= day <= last and person.joined_at < at <= until:
                        key = (at, _OCCASIONS, person.member)
                        found.append((key, Did(person.member, Occasion(at, kind))))
        found.sort(key=_key)
        return iter(found)

    def _book(self, person: Person, now: datetime) -> Book:
        """A member's book, with all that fell due until now booked."""
        book = self._books.get(person.member)
        if book is None:
            standing = Standing(
                "active", person.joined_at,
                spend=person.spend, visits=person.visits, segments=person.segments,
            )  # fmt: skip
            book = self._books[person.member] = Book(
                person.id, standing, lots_read=True, known_from=ALWAYS
            )
        elif book.is_due(now):
            self._posting.settle(book, now)
        return book

    def _told(self, kind: str, at: datetime, *, about: UUID | None = None) -> Told:
        return Told(self._memory.new_id(), kind, "", None, at, b"", about=about)

    def _do(self, person: Person, activity: Action | Occasion, now: datetime) -> None:
        book = self._book(person, now)
        kind = "activity" if isinstance(activity, Action) else activity.kind.value
        self._post(person, book, self._told(kind, activity.occurred_at), activity, now)

    def _buy(self, person: Person, bought: Bought, now: datetime) -> None:
        book = self._book(person, now)
        visit = self._visits.get(person.member, 0)
        self._visits[person.member] = visit + 1
        if self._behaviour.redeems_at(person.member, visit):
            self._redeem_eagerly(person, book, now)
        sale = bought.sale
        told = self._told("sale", sale.occurred_at)
        paid = self._pay(person, book, told, bought, now)
        earning = less_what_points_paid(sale, paid.worth) if paid else sale
        counted = counts_at(self._program, earning)
        if counted != sale.occurred_at:
            told = replace(told, counts_at=counted)
        decision = self._post(person, book, told, earning, now)
        if bought.number in self._returned:
            sold = Sold(
                sale,
                self._program.currency,
                tuple(line.gross for line in sale.lines),
                sale.shipping,
            )
            ours = of_rules(decision, self._rulebook.tier_unit)
            self._sold[bought.number] = _SoldBefore(
                told.id, sold, ours, paid, untouched(sold, ours), counted
            )

    def _post(
        self,
        person: Person,
        book: Book,
        told: Told,
        activity: Activity,
        now: datetime,
    ) -> Decision:
        """Decide and post, as the road of every door does; what pays is taken already."""
        window = window_for(self._program, activity)
        decision = judge(
            self._rulebook,
            book,
            activity,
            person=person.facts,
            window=window,
            budgets_left=self._memory.budgets,
            now=now,
        )
        self._posting.post(book, told, decision, now=now, window=window)
        self._tally.decided(decision)
        for advance in decision.advances:
            if advance.reached > 0:
                self._give(book, milestone_id(advance.counter), advance.reached)
        return decision

    def _give(self, book: Book, milestone: str, times: int) -> None:
        """Give the reward of a milestone that was reached."""
        for each in self._program.milestones:
            if each.id == milestone and each.reward is not None:
                reward = self._program.rewards[each.reward]
                for _ in range(times):
                    self._tally.redeemed(book.member_id, reward, 1, gift=True)
                    self._memory.give(
                        book, milestone, Gift(self._memory.new_id(), reward.id, {}, {})
                    )
                self._take_share(reward, times)

    def _pay(
        self, person: Person, book: Book, told: Told, bought: Bought, now: datetime
    ) -> PaidWithPoints | None:
        """Let points pay what they paid, as far as the program lets them and they are there."""
        rules, points = self._program.pay_with_points, bought.paid_points
        if not points or self._behaviour.way is not Way.OBSERVED:
            return None
        if rules is None or book.account(rules.unit).available < points:
            self._tally.unmet += 1
            return None
        worth = min(worth_of(rules.unit, points, self._program), total_to_pay(bought.sale))
        taken = take(self._posting, book, told, rules.unit, points, to=Place.REDEEMED, now=now)
        self._tally.paid(person.id, worth)
        return PaidWithPoints(rules.unit, points, worth, taken.transfer_id)

    def _redeem_as_observed(self, person: Person, redeemed: Redeemed, now: datetime) -> None:
        if self._behaviour.way is not Way.OBSERVED:
            return
        book = self._book(person, now)
        reward = self._program.rewards.get(redeemed.reward)
        if reward is None or not self._can_have(person, book, reward, redeemed.quantity, now):
            self._tally.unmet += 1
            return
        self._redeem(book, reward, redeemed.quantity, now)

    def _redeem_eagerly(self, person: Person, book: Book, now: datetime) -> None:
        for reward in self._wanted:
            if self._can_have(person, book, reward, 1, now):
                self._redeem(book, reward, 1, now)
                return

    def _can_have(
        self, person: Person, book: Book, reward: Reward, quantity: int, now: datetime
    ) -> bool:
        program = self._program
        available = available_in(book)
        if any(points > available.get(unit, 0) for unit, points in reward.price.items()):
            return False  # most cannot afford it: the rest is not asked
        facts = member_facts(book, person.facts, program, now)
        asker = Asker(facts, available, book.limits)
        left = Left(*self._left[reward.id])
        return assess(
            reward, asker, quantity=quantity, left=left, now=now, zone=program.timezone
        ).is_eligible

    def _redeem(self, book: Book, reward: Reward, quantity: int, now: datetime) -> None:
        told = self._told("redemption", now)
        for unit, points in price_of(reward, quantity).items():
            if points:
                take(self._posting, book, told, unit, points, to=Place.REDEEMED, now=now)
        key = limit_key(reward, now.astimezone(self._program.timezone).date())
        if key is not None:
            self._posting.use_limit(book, key, quantity)
        self._take_share(reward, quantity)
        self._tally.redeemed(book.member_id, reward, quantity, gift=False)
        self._posting.close(book, told, {}, now=now, touches=True)

    def _take_share(self, reward: Reward, quantity: int) -> None:
        """Count against what all members share."""
        left = self._left[reward.id]
        if left[0] is not None:
            left[0] = max(0, left[0] - quantity)
        if left[1] is not None:
            left[1] = max(0, left[1] - cost_of(reward, quantity))

    def _bring(self, person: Person, brought: Brought, now: datetime) -> None:
        """Bring in points as they were brought in, or take as many as there are."""
        unit = self._program.units.get(brought.unit)
        if unit is None:
            return
        book = self._book(person, now)
        told = self._told("adjustment", brought.at)
        if brought.points > 0:
            award = Award("", unit.id, brought.points, {"kind": "fixed"})
            term = term_of(unit, brought.at, self._program.timezone)
            decision = Decision(awards=(award,), terms={unit.id: term})
            self._posting.post(book, told, decision, now=now, opening=True)
            return
        points = min(-brought.points, book.account(unit.id).available)
        if points:
            take(self._posting, book, told, unit.id, points, to=Place.ADJUSTED, now=now)
            self._posting.close(book, told, {}, now=now)

    def _take_back(self, person: Person, told_back: CameBack, now: datetime) -> None:
        """Take back what a sale earned by the goods that come back, as a return does."""
        sale = self._sold.get(told_back.sale)
        if sale is None:  # bought before the span, or by nobody
            return
        book = self._book(person, now)
        before = sale.standing
        try:
            kept = without(sale.sold, before.kept, told_back.back)
        except OverReturned:
            return
        told = replace(
            self._told("return", told_back.at, about=sale.activity_id), counts_at=sale.counts_at
        )
        undoing = Undoing(
            self._memory, book, told, sale.activity_id, sale.sold, self._rulebook, sale.decision,
            sale.paid, before,
        )  # fmt: skip
        standing, record = at_once(undoing.leave(kept))
        back = came_back(undoing, sale.activity_id, standing)
        lost = lose_milestones(self._memory, self._rulebook, book, told, sale.decision, back)
        record = joined(record, at_once(lost))
        cancelled = before.cancelled or told_back.cancels
        sale.standing = replace(standing, cancelled=cancelled, returns=(*before.returns, {}))
        self._posting.close(book, told, record, now=now)


def _key(timed: Timed) -> tuple[datetime, int, int]:
    return timed[0]
