"""Tally: counts by member what a replay moves, gives and costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np

from fiel.domain.decision import Decision
from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import cost_of
from fiel.insights.simulation.happenings import Person
from fiel.insights.simulation.outcome import (
    NO_TIER,
    Numbers,
    Outcome,
    RewardOutcome,
    RuleOutcome,
    UnitOutcome,
)
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book
from fiel.ledger.settling import Move

_BROUGHT = (Place.ADJUSTED, Place.OPENING)


class Tally:
    """Exact sums, kept while a past is replayed."""

    def __init__(self, program: Program, people: Sequence[Person]) -> None:
        self._program = program
        self._people = people
        self._place = {person.id: place for place, person in enumerate(people)}
        self._moved: dict[str, dict[str, Numbers]] = {
            unit: {name: self._zeros() for name in _COUNTED} for unit in program.units
        }
        self._cost = self._zeros()
        self._paid = self._zeros()
        self._rules: dict[tuple[str, str], list[int]] = {}
        self._rewards: dict[str, list[int]] = {}
        self.unmet = 0

    def _zeros(self) -> Numbers:
        return np.zeros(len(self._people), np.int64)

    def move(self, member_id: UUID, move: Move) -> None:
        """Count a transfer between a member's points and the program's."""
        name, sign = _name_of(move)
        if name:
            self._moved[move.unit][name][self._place[member_id]] += sign * move.points

    def decided(self, decision: Decision) -> None:
        """Count what rules gave for an activity."""
        seen = set()
        for award in decision.awards:
            key = (award.rule, award.unit)
            sums = self._rules.setdefault(key, [0, 0])
            sums[0] += award.points
            if key not in seen:
                seen.add(key)
                sums[1] += 1

    def redeemed(self, member_id: UUID, reward: Reward, quantity: int, *, gift: bool) -> None:
        """Count rewards that were had, and what they cost."""
        cost = cost_of(reward, quantity)
        sums = self._rewards.setdefault(reward.id, [0, 0, 0])
        sums[1 if gift else 0] += quantity
        sums[2] += cost
        self._cost[self._place[member_id]] += cost

    def withdraw(self, member_id: UUID, reward_id: str) -> None:
        """Count a gift back that was withdrawn."""
        cost = cost_of(self._program.rewards[reward_id], 1)
        sums = self._rewards[reward_id]
        sums[1] -= 1
        sums[2] -= cost
        self._cost[self._place[member_id]] -= cost

    def paid(self, member_id: UUID, worth: int) -> None:
        """Count what points paid of a sale, in minor units."""
        self._paid[self._place[member_id]] += worth

    def outcome(self, books: Mapping[int, Book], until: datetime) -> Outcome:
        """What everything came to, with the books as they stand at the end."""
        tiers = (
            tuple(level.id for level in self._program.tiers.levels) if self._program.tiers else ()
        )
        held = {name: place for place, name in enumerate(tiers)}
        tier = np.full(len(self._people), NO_TIER, np.int16)
        outstanding = {unit: self._zeros() for unit in self._program.units}
        for place, person in enumerate(self._people):
            book = books.get(person.member)
            if book is None:
                continue
            if book.standing.tier is not None:
                tier[place] = held[book.standing.tier]
            for unit, account in book.accounts.items():
                balance = account.balance()
                outstanding[unit][place] = (
                    balance.available + balance.pending + balance.held - balance.debt
                )
        return Outcome(
            until=until,
            members=np.array([person.member for person in self._people], np.int64),
            units={
                unit: UnitOutcome(outstanding=outstanding[unit], **moved)
                for unit, moved in self._moved.items()
            },
            tiers=tiers,
            tier=tier,
            cost=self._cost,
            paid=self._paid,
            rules={key: RuleOutcome(*sums) for key, sums in _sorted(self._rules.items())},
            rewards={key: RewardOutcome(*sums) for key, sums in self._rewards.items()},
            unmet=self.unmet,
        )


_COUNTED = ("issued", "brought", "taken_back", "redeemed", "expired")


def _name_of(move: Move) -> tuple[str, int]:
    """What a move is counted as, and with which sign; nothing for one within the account."""
    match move.debit, move.credit:
        case Place.ISSUED, _:
            return "issued", 1
        case _, Place.ISSUED:
            return "taken_back", 1
        case Place.UNCOLLECTED, _:
            return "taken_back", -1
        case Place.REDEEMED, _:
            return "redeemed", -1
        case _, Place.REDEEMED:
            return "redeemed", 1
        case _, Place.EXPIRED:
            return "expired", 1
        case debit, _ if debit in _BROUGHT:
            return "brought", 1
        case _, credit if credit in _BROUGHT:
            return "brought", -1
        case _:
            return "", 0


def _sorted[K, V](items: Iterable[tuple[K, V]]) -> list[tuple[K, V]]:
    return sorted(items, key=lambda item: str(item[0]))
