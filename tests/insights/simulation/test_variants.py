"""The same document with other values in a few places."""

from __future__ import annotations

import pytest

from fiel.domain.document import read_document
from fiel.domain.program import Basis, Stacking
from fiel.domain.refusal import Invalid
from fiel.insights.simulation.variants import Axis, axis_of, variants_of
from tests.support.program import CAFE_SOL

DOCUMENT = read_document(
    CAFE_SOL
    + """
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronze, from: 0}, {id: gold, from: 300, multiply: 2}]
"""
)


def test_an_axis_is_a_path_and_its_values_each_once() -> None:
    told = axis_of(" earn.base.give.points = 1, 2,1,0.5,true")
    assert told == Axis("earn.base.give.points", (1, 2, "0.5", True))


def test_every_combination_is_a_program_named_by_its_values() -> None:
    axes = [axis_of("earn.base.give.points=1,3"), axis_of("tiers.levels.gold.from=100,0.50")]
    found = variants_of(DOCUMENT.plain, axes)

    assert [each.name for each in found] == [
        "earn.base.give.points=1, tiers.levels.gold.from=100",
        "earn.base.give.points=1, tiers.levels.gold.from=0.50",
        "earn.base.give.points=3, tiers.levels.gold.from=100",
        "earn.base.give.points=3, tiers.levels.gold.from=0.50",
    ]
    ladders = [each.program.tiers for each in found]
    assert [ladder and ladder.levels[1].threshold for ladder in ladders] == [10000, 50, 10000, 50]
    # The document that was given is as it was.
    assert variants_of(DOCUMENT.plain, []) == []
    assert read_document(CAFE_SOL).program.earn == DOCUMENT.program.earn


def test_an_entry_of_a_list_is_named_by_its_number_too_and_a_new_key_may_be_set() -> None:
    (found,) = variants_of(DOCUMENT.plain, [axis_of("earn.0.of=gross"), axis_of("stacking=add")])
    assert (found.program.stacking, found.program.earn[0].of) == (Stacking.ADD, Basis.GROSS)


@pytest.mark.parametrize(
    "text",
    ["earn", "=1", "earn.base.give.points=", "earn.nobody.give.points=1", "tiers.levels.7=1",
     "name.x=1", "earn.base.give.points=-3", "weather.today=1"],
)  # fmt: skip
def test_what_is_no_place_or_no_value_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        variants_of(DOCUMENT.plain, [axis_of(text)])
