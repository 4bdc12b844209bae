"""How members are taken to redeem."""

from __future__ import annotations

import pytest

from fiel.domain.document import read_document
from fiel.domain.refusal import Invalid
from fiel.insights.simulation.behaviour import (
    Behaviour,
    Choice,
    Way,
    behaviour_of,
    drawn,
    wanted_in_order,
)
from tests.support.program import CAFE_SOL

REWARDS = """
rewards:
  - {id: coffee, kind: product, price: {points: 10}}
  - {id: cake, kind: product, price: {points: 30}}
  - {id: tea, kind: product, price: {points: 10}}
  - {id: smile, kind: product, price: {points: 0}}
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("observed", Behaviour()),
        ("never", Behaviour(Way.NEVER)),
        ("eager", Behaviour(Way.EAGER, 100)),
        ("eager:25", Behaviour(Way.EAGER, 25)),
        ("eager:0:cheapest", Behaviour(Way.EAGER, 0, Choice.CHEAPEST)),
    ],
)
def test_a_behaviour_is_read_as_it_is_written(text: str, told: Behaviour) -> None:
    assert behaviour_of(text) == told
    assert behaviour_of(str(told)) == told


@pytest.mark.parametrize(
    "text", ["", "often", "eager:101", "eager:-1", "never:5", "eager:5:best", "eager:a"]
)
def test_what_says_no_behaviour_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        behaviour_of(text)


def test_chance_is_that_of_splitmix64() -> None:
    # 0xE220A8397B1DCDAF is the first number of the generator that is seeded with nothing.
    first = 0xE220A8397B1DCDAF
    assert drawn(0, first, 0) == drawn(0, first, 0) != drawn(0, first, 1)
    assert drawn(0, first, first) == first  # nothing is left of what was mixed in


@pytest.mark.parametrize("chance", [0, 25, 100])
def test_as_many_visits_redeem_as_the_chance_says(chance: int) -> None:
    behaviour = Behaviour(Way.EAGER, chance)
    visits = [behaviour.redeems_at(member, visit) for member in range(100) for visit in range(40)]
    # Of 4,000 visits a quarter is 1,000; four deviations of chance are 110.
    assert abs(sum(visits) - 40 * chance) <= (110 if chance == 25 else 0)


def test_eager_members_look_for_the_dearest_first_and_equal_ones_as_the_document_has_them() -> None:
    program = read_document(CAFE_SOL + REWARDS).program

    def names(choice: Choice) -> list[str]:
        return [each.id for each in wanted_in_order(program, Behaviour(Way.EAGER, 100, choice))]

    assert names(Choice.DEAREST) == ["cake", "coffee", "tea"]
    assert names(Choice.CHEAPEST) == ["coffee", "tea", "cake"]
