"""Members spread over shares come to what they come to on one machine, or are not spread."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from bench.history import made_history
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns, columns_of_folder
from fiel.insights.simulation.behaviour import Behaviour, Choice, Way
from fiel.insights.simulation.engines import COMPILED, REPLAYED, Simulation
from fiel.insights.simulation.outcome import differences
from fiel.insights.simulation.spreading import CannotSpread, simulate_on_spark
from fiel.insights.spark import spark_columns_of_folder
from tests.insights.simulation.kernel.made import made_document, program_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

type Both = tuple[Columns, Columns]

EAGER = Behaviour(Way.EAGER, 50, Choice.DEAREST, seed=4)


@pytest.fixture(scope="module")
def on_both(spark: SparkSession) -> Iterator[Both]:
    """The same history on both engines."""
    with (
        made_history(sales=400, members=30) as folder,
        columns_of_folder(folder) as here,
        spark_columns_of_folder(folder, spark) as there,
    ):
        yield here, there


def program_with(**changed: object) -> Program:
    """A program that was made by chance, with nothing that members share, and with changes."""
    document = made_document(Random(8))
    for rule in document["earn"]:
        rule.pop("budget", None)
        if "multiply" in rule:
            rule["multiply"] = 2
    for reward in document["rewards"]:
        reward.pop("stock", None)
    document["timezone"] = "Europe/Madrid"
    return program_of({**document, **changed})


def base_rule(**told: object) -> dict[str, Any]:
    return {"id": "base", "event": "sale", "give": {"points": 1, "per": "1.00"}, **told}


def test_a_share_folds_to_what_one_machine_comes_to(on_both: Both, spark: SparkSession) -> None:
    here, there = on_both
    programs = [program_with(), program_with(earn=[base_rule(budget={"points": 10**6})])]
    simulation = Simulation(here, programs)

    spread = simulate_on_spark(there, spark, programs, EAGER, shares=3, compiles_from=0)

    for program, each in zip(programs, spread, strict=True):
        alone = simulation.run(program, EAGER).outcome
        assert each.engine == COMPILED
        assert differences(alone, each.outcome) == []
        assert alone.until == each.outcome.until
        assert alone.asked == each.outcome.asked
        assert each.outcome.units["points"].issued.sum() > 0
        assert sum(had.redeemed for had in each.outcome.rewards.values()) > 0
    assert spread[1].outcome.asked


def test_what_cannot_be_folded_is_replayed_in_its_share(on_both: Both, spark: SparkSession) -> None:
    here, there = on_both
    milestones = [{"id": "third", "of": "visits", "every": 3, "give": {"points": 7}}]
    program = program_with(milestones=milestones)

    (spread,) = simulate_on_spark(there, spark, [program], EAGER, shares=2, compiles_from=0)

    assert (spread.engine, spread.why) == (REPLAYED, "milestones")
    assert (
        differences(Simulation(here, [program]).run(program, EAGER).outcome, spread.outcome) == []
    )


def test_a_budget_that_members_exceed_together_is_not_spread(
    on_both: Both, spark: SparkSession
) -> None:
    here, there = on_both
    everything = program_with(earn=[base_rule(budget={"points": 10**6})])
    asked = Simulation(here, [everything]).run(everything, EAGER).outcome.asked["base", "points"]
    short = program_with(earn=[base_rule(budget={"points": asked - 1})])

    with pytest.raises(CannotSpread) as refused:
        simulate_on_spark(there, spark, [short], EAGER, shares=2)

    assert (refused.value.code, refused.value.what) == ("budget", "base")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"earn": [base_rule(budget={"points": 9, "restore_on_return": True})]}, "budget_restored"),
        (
            {
                "earn": [
                    base_rule(budget={"points": 9}),
                    {"id": "less", "event": "sale", "multiply": 0.5},
                ]
            },
            "budget_and_less",
        ),
    ],
)
def test_what_shares_cannot_add_up_is_refused_before_anything_is_read(
    on_both: Both, spark: SparkSession, changed: dict[str, Any], code: str
) -> None:
    _, there = on_both

    with pytest.raises(CannotSpread) as refused:
        simulate_on_spark(there, spark, [program_with(**changed)])

    assert refused.value.code == code
