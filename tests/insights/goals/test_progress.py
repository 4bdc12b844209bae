"""Progress towards a goal, on months whose figures can be worked out by hand."""

from __future__ import annotations

import pytest

from fiel.insights.goals.progress import progress_of

# Mean 100, standard deviation 10; t of 95 % with two degrees of freedom is 4.3027.
BEFORE = [90.0, 100.0, 110.0]
T2 = 4.302652729911275


def test_the_way_covered_is_measured_from_where_it_began() -> None:
    progress = progress_of(BEFORE, [105.0], target=120, months_left=3)

    assert progress.baseline == 100
    assert progress.covered == 25  # 5 of the 20 that are wanted
    assert progress.now is not None
    assert progress.now.value == 105
    assert progress.now.high - 105 == pytest.approx(T2 * 10)
    assert 105 - progress.now.low == pytest.approx(T2 * 10)


def test_more_months_make_it_surer() -> None:
    four = progress_of(BEFORE, [105.0] * 4, target=120, months_left=0).now
    assert four is not None
    assert four.high - four.value == pytest.approx(T2 * 10 / 2)


def test_few_months_are_expected_to_go_on_as_they_are() -> None:
    progress = progress_of(BEFORE, [100.0, 120.0], target=110, months_left=6)

    assert progress.forecast is not None
    assert progress.forecast.value == 110
    # The due month differs as any month does, and the mean of two is not certain either.
    assert progress.forecast.high - 110 == pytest.approx(T2 * 10 * (1.5**0.5))
    assert progress.chance == pytest.approx(50)


def test_four_months_show_a_line_that_is_followed() -> None:
    progress = progress_of(BEFORE, [102.0, 104.0, 106.0, 108.0], target=120, months_left=6)

    assert progress.forecast is not None
    assert progress.forecast.value == pytest.approx(120)
    assert progress.chance == pytest.approx(50)
    # Far from the months it was drawn through, a line says less: 7.5 months from their middle.
    error = 10 * (1 + 1 / 4 + 7.5**2 / 5) ** 0.5
    assert progress.forecast.high - 120 == pytest.approx(T2 * error)


def test_without_a_whole_month_since_only_the_start_and_the_target_are_known() -> None:
    progress = progress_of(BEFORE, [], target=120, months_left=6)

    assert (progress.baseline, progress.target) == (100, 120)
    assert progress.now is None
    assert progress.forecast is None
    assert progress.chance is None


def test_months_that_never_differed_leave_no_doubt() -> None:
    steady = progress_of([100.0] * 3, [100.0], target=101, months_left=1)
    assert steady.chance == 0
    assert progress_of([100.0] * 3, [102.0], target=101, months_left=1).chance == 100


def test_a_target_that_is_where_it_began_has_no_way_to_cover() -> None:
    assert progress_of(BEFORE, [105.0], target=100, months_left=1).covered is None
