"""What can be varied of a program, and how a form tells it."""

from __future__ import annotations

from fiel.domain.document import read_document
from fiel.insights.simulation.variants import axis_of, variants_of
from fiel.platform.schema import set_django_up
from fiel.web.console.simulate.asking import axes_of, places_of
from tests.web.program import STAGE_PROGRAM

set_django_up()
DOCUMENT = read_document(STAGE_PROGRAM)
PLACES = places_of(DOCUMENT.plain, DOCUMENT.program, "en")


def test_every_place_that_is_offered_can_be_varied_as_it_is_proposed() -> None:
    for place in PLACES:
        axis = axis_of(f"{place.path}={place.values}")
        assert len(variants_of(DOCUMENT.plain, [axis])) == len(axis.values) > 1, place


def test_rates_thresholds_and_prices_are_offered() -> None:
    assert {"earn.base.give.points", "tiers.levels.plata.from", "rewards.cafe-gratis.price.points"
            } <= {place.path for place in PLACES}  # fmt: skip
    values = {place.path: place.values for place in PLACES}
    assert values["earn.base.give.points"] == "1,2,3"
    assert values["tiers.levels.plata.from"] == "150,300,450,600"
    assert values["rewards.cafe-gratis.price.points"] == "10,20,30,40"


def test_an_axis_without_values_is_none() -> None:
    told = {"path-0": "earn.base.give.points", "values-0": " ", "path-1": "a.b", "values-1": "1; 2"}
    assert axes_of(told) == ("a.b=1, 2",)
