"""A chart's figures are its data."""

from datetime import date
from fractions import Fraction

import pytest

from fiel.web.charts import Week, bars_over_time, by_week, percent, round_steps


def test_days_are_summed_by_week_and_a_week_without_any_stays() -> None:
    days = [(date(2026, 3, 1), 5), (date(2026, 3, 2), 7), (date(2026, 3, 17), 1)]

    assert by_week(days) == [
        Week(date(2026, 2, 23), 5),
        Week(date(2026, 3, 2), 7),
        Week(date(2026, 3, 9), 0),
        Week(date(2026, 3, 16), 1),
    ]
    assert by_week([]) == []


@pytest.mark.parametrize(
    ("most", "steps"),
    [(0, [0]), (3, [0, 1, 2, 3]), (8, [0, 2, 4, 6, 8]), (110, [0, 50, 100, 150])],
)
def test_the_grid_has_round_figures_up_to_the_highest(most: int, steps: list[int]) -> None:
    assert round_steps(most) == steps


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [(1, 3, "33.33"), (Fraction(1, 2), 2, "25.00"), (5, 5, "100.00"), (1, 0, "0")],
)
def test_shares_are_told_to_the_hundredth(part: int | Fraction, whole: int, told: str) -> None:
    assert percent(part, whole) == told


def test_a_bar_is_as_high_as_its_share_of_the_top() -> None:
    chart = bars_over_time(
        [(50, "a"), (100, "b")], row_label={0: "0", 200: "200"}, column_label={1: "feb"}
    )

    assert [(bar.top, bar.height, bar.says) for bar in chart.bars] == [
        ("75.00", "25.00", "a"),
        ("50.00", "50.00", "b"),
    ]
    assert [(row.at, row.label) for row in chart.rows] == [("0.00", "0"), ("100.00", "200")]
    assert [(column.at, column.label) for column in chart.columns] == [("50.00", "feb")]
