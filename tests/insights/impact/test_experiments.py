"""Which holdouts were kept, and since when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from fiel.insights.impact.experiments import Promotion, experiments_of, started_on
from fiel.insights.impact.windows import window_before, window_of
from tests.insights.impact.shop import BEGAN, version

MADRID = ZoneInfo("Europe/Madrid")


def month(number: int) -> datetime:
    return datetime(2026, number, 1, 11, tzinfo=UTC)


def test_it_is_kept_from_the_day_after_its_version_on():
    found = experiments_of([version()], MADRID)[""]

    assert (found.since, found.until) == (date(2026, 1, 2), None)
    assert found.out == found.touched
    assert found.out.share == Fraction(1, 2)


def test_the_day_is_the_one_of_the_programs_zone():
    late = datetime(2026, 1, 1, 23, 30, tzinfo=UTC)  # half past midnight in Madrid

    assert experiments_of([version(at=late)], MADRID)[""].since == date(2026, 1, 3)


def test_a_version_without_it_ends_it():
    found = experiments_of([version(), version(None, at=month(3))], MADRID)[""]

    assert (found.since, found.until) == (date(2026, 1, 2), date(2026, 2, 28))


def test_begun_anew_only_the_latest_counts():
    versions = [version(), version(None, at=month(3)), version(at=month(5))]

    found = experiments_of(versions, MADRID)[""]

    assert (found.since, found.until) == (date(2026, 5, 2), None)


def test_of_a_changed_share_the_least_was_kept_out_and_the_greatest_touched():
    versions = [version("20"), version("50", at=month(2)), version("25", at=month(3))]

    found = experiments_of(versions, MADRID)[""]

    assert (round(found.out.share, 9), found.touched.share) == (Fraction(1, 5), Fraction(1, 2))
    assert found.since == date(2026, 1, 2)


def test_a_promotion_is_compared_on_the_days_on_which_it_holds():
    march = Promotion(Decimal(10), date(2026, 3, 1), date(2026, 3, 31))

    found = experiments_of([version(None, march=march)], MADRID)

    assert [(one.id, one.since, one.until) for one in found.values()] == [
        ("march", date(2026, 3, 1), date(2026, 3, 31))
    ]


def test_what_ended_on_the_day_it_began_was_not_kept():
    versions = [version(), version(None, at=BEGAN + timedelta(hours=1))]

    assert experiments_of(versions, MADRID) == {}


def test_no_version_keeps_nothing():
    assert experiments_of([], MADRID) == {}


def test_a_promotion_starts_with_its_first_version_or_its_first_day():
    plain, spring = Promotion(), Promotion(first=date(2026, 4, 1))
    versions = [version(None), version(None, at=month(2), plain=plain, spring=spring)]

    assert started_on(versions, "plain", MADRID) == date(2026, 2, 2)
    assert started_on(versions, "spring", MADRID) == date(2026, 4, 1)
    assert started_on(versions, "", MADRID) == date(2026, 2, 2)
    assert started_on(versions, "none", MADRID) is None


TODAY = date(2026, 7, 1)


def test_a_window_ends_with_yesterday_and_what_was_before_with_the_day_before_it_began():
    experiment = experiments_of([version()], MADRID)[""]

    window = window_of(experiment, since=None, until=None, today=TODAY)

    assert window is not None
    assert (window.since, window.until) == (date(2026, 1, 2), date(2026, 6, 30))
    assert (window.before_since, window.before_until) == (date(2025, 1, 1), date(2025, 12, 31))
    assert (window.days, window.last_days, window.last_since) == (180, 90, date(2026, 4, 2))


def test_days_that_are_asked_for_narrow_the_window_and_never_what_was_before():
    experiment = experiments_of([version()], MADRID)[""]

    window = window_of(experiment, since=date(2026, 3, 1), until=date(2026, 3, 10), today=TODAY)

    assert window is not None
    assert (window.since, window.until) == (date(2026, 3, 1), date(2026, 3, 10))
    assert (window.before_until, window.last_days) == (date(2025, 12, 31), 5)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 1, 2)])
def test_before_a_whole_day_is_over_there_is_no_window(today):
    experiment = experiments_of([version()], MADRID)[""]

    assert window_of(experiment, since=None, until=None, today=today) is None


def test_plans_are_made_by_the_last_weeks():
    window = window_before(TODAY, 8)

    assert (window.since, window.until) == (date(2026, 5, 6), date(2026, 6, 30))
    assert window.before_until == date(2026, 5, 5)
