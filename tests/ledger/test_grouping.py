"""What waits at the same moment goes together, and nobody pays for a neighbour."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from fiel.ledger.grouping import Grouped

pytestmark = pytest.mark.anyio


class Doubling:
    """Work that doubles numbers, keeps what came together, and can be held up."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    async def __call__(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.groups.append(list(numbers))
        await self.may_go_on.wait()
        if 13 in numbers:
            raise ValueError("13 breaks the whole call")
        return [ValueError(f"{n} is negative") if n < 0 else 2 * n for n in numbers]


async def test_a_lone_request_goes_at_once() -> None:
    doubling = Doubling()

    assert await Grouped(doubling).ask(4) == 8
    assert doubling.groups == [[4]]


async def test_what_comes_while_a_group_is_written_makes_the_next() -> None:
    doubling = Doubling()
    doubling.may_go_on.clear()
    queue = Grouped(doubling)
    asked = [asyncio.create_task(queue.ask(1))]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asked += [asyncio.create_task(queue.ask(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)

    doubling.may_go_on.set()

    assert await asyncio.gather(*asked) == [2, 4, 6, 8]
    assert doubling.groups == [[1], [2, 3, 4]]


async def test_a_group_has_a_largest_size() -> None:
    doubling = Doubling()
    queue = Grouped(doubling, most=2)

    assert await asyncio.gather(*map(queue.ask, [1, 2, 3])) == [2, 4, 6]
    assert [len(group) for group in doubling.groups] == [2, 1]


async def test_as_many_groups_are_written_at_once_as_there_are_lanes() -> None:
    doubling = Doubling()
    doubling.may_go_on.clear()
    queue = Grouped(doubling, lanes=2, most=1)
    asked = [asyncio.create_task(queue.ask(number)) for number in (1, 2, 3)]
    for _ in range(5):
        await asyncio.sleep(0)

    assert len(doubling.groups) == 2

    doubling.may_go_on.set()
    assert await asyncio.gather(*asked) == [2, 4, 6]


async def test_each_gets_its_own_answer_or_refusal() -> None:
    answers = await asyncio.gather(
        *map(Grouped(Doubling()).ask, [1, -2, 3]), return_exceptions=True
    )

    assert answers[0::2] == [2, 6]
    assert str(answers[1]) == "-2 is negative"


async def test_one_that_breaks_the_call_does_not_harm_its_neighbours() -> None:
    doubling = Doubling()
    answers = await asyncio.gather(*map(Grouped(doubling).ask, [1, 13, 3]), return_exceptions=True)

    assert answers[0::2] == [2, 6]
    assert str(answers[1]) == "13 breaks the whole call"
    assert doubling.groups == [[1, 13, 3], [1], [13], [3]]


async def test_whoever_goes_away_leaves_the_others_their_answers() -> None:
    doubling = Doubling()
    doubling.may_go_on.clear()
    queue = Grouped(doubling)
    impatient = asyncio.create_task(queue.ask(1))
    patient = asyncio.create_task(queue.ask(2))
    for _ in range(3):
        await asyncio.sleep(0)
    impatient.cancel()
    doubling.may_go_on.set()

    assert await patient == 4
    assert await queue.ask(3) == 6
