"""What programs came to, side by side."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

import numpy as np

from fiel.domain.document import read_document
from fiel.domain.program import Program
from fiel.insights.simulation.comparing import (
    Change,
    Money,
    Tried,
    changes,
    frontier,
    money_of,
    rewarded,
)
from fiel.insights.simulation.outcome import Outcome, UnitOutcome, differences
from tests.support.program import CAFE_SOL

PROGRAM = read_document(CAFE_SOL).program  # a point is worth a cent
SEGMENTS = {1: "loyal", 2: "loyal", 3: "new"}


def outcome(issued: list[int], redeemed: list[int], cost: int = 0) -> Outcome:
    """Three members, of whom nobody returned anything."""
    nothing = np.zeros(3, np.int64)
    given, spent = np.array(issued, np.int64), np.array(redeemed, np.int64)
    return Outcome(
        until=datetime(2026, 1, 1, tzinfo=UTC),
        members=np.array([1, 2, 3], np.int64),
        units={"points": UnitOutcome(given, nothing, nothing, spent, nothing, given - spent)},
        tiers=(),
        tier=np.full(3, -1, np.int16),
        cost=np.array([cost, 0, 0], np.int64),
        paid=nothing,
        rules={},
        rewards={},
    )


def test_what_is_left_is_owed_and_rewards_cost_what_they_cost() -> None:
    told = money_of(PROGRAM, outcome([100, 50, 0], [30, 0, 0], cost=60))
    assert told == Money(rewards=60, paid=0, liability=Fraction(120))
    assert told.total == 180


def test_a_unit_without_a_value_owes_nothing_that_can_be_said() -> None:
    worthless = read_document(CAFE_SOL.replace('    value: "0.01"\n', "")).program
    assert money_of(worthless, outcome([100, 0, 0], [0, 0, 0])).liability is None


def test_members_win_who_earn_more_and_lose_who_earn_less() -> None:
    before, after = outcome([100, 50, 10], [0, 0, 0]), outcome([120, 40, 10], [0, 0, 0])
    assert changes(before, after, SEGMENTS) == [
        Change("loyal", "points", members=2, winners=1, losers=1, before=150, after=160),
        Change("new", "points", members=1, winners=0, losers=0, before=10, after=10),
    ]


def tried(program: Program, cost: int, members: int) -> Tried:
    redeemed = [1] * members + [0] * (3 - members)
    return Tried("", program, outcome([1, 1, 1], redeemed, cost=cost))


def test_on_the_frontier_nobody_rewards_as_many_for_less() -> None:
    found = [
        tried(PROGRAM, 100, 1),
        tried(PROGRAM, 200, 2),
        tried(PROGRAM, 250, 2),  # dearer than the one above
        tried(PROGRAM, 100, 1),  # the same as the first
        tried(PROGRAM, 90, 0),
    ]
    assert [rewarded(each.outcome) for each in found] == [1, 2, 2, 1, 0]
    assert frontier(found) == {0, 1, 3, 4}


def test_outcomes_that_differ_say_where() -> None:
    one, other = outcome([100, 50, 10], [0, 0, 0]), outcome([100, 51, 12], [0, 0, 0])
    assert differences(one, one) == []
    assert differences(one, other) == [
        "points issued: 50 and 51 of member 2 (2 members differ)",
        "points outstanding: 50 and 51 of member 2 (2 members differ)",
    ]
