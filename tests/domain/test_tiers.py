"""Which tier a total reaches, and over which days it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from fiel.domain.member import Qualifying
from fiel.domain.program import CalendarYear, TierBy
from fiel.domain.tiers import (
    NextTier,
    climbed_to,
    multiplier_of,
    next_tier,
    qualifying_total,
    tier_for,
    window_days,
    window_of,
)
from fiel.domain.time import Duration, DurationUnit
from tests.domain.programs import MADRID, tier_ladder

LADDER = tier_ladder(("bronce", 0, "1"), ("plata", 50000, "1.5"), ("oro", 100000, "2"))


@pytest.mark.parametrize(
    ("total", "tier"),
    [(0, "bronce"), (49999, "bronce"), (50000, "plata"), (99999, "plata"), (100000, "oro")],
)
def test_a_threshold_is_reached_at_exactly_its_value(total, tier):
    assert tier_for(LADDER, total).id == tier


def test_a_total_may_climb_several_steps_and_never_descends():
    assert climbed_to(LADDER, "bronce", 120000) == LADDER.levels[2]
    assert climbed_to(LADDER, "plata", 60000) is None
    assert climbed_to(LADDER, "oro", 0) is None
    assert climbed_to(LADDER, None, 0) == LADDER.levels[0]


def test_a_member_whose_tier_is_gone_climbs_onto_the_ladder_there_is():
    assert climbed_to(LADDER, "diamante", 50000) == LADDER.levels[1]


def test_what_is_missing_to_the_next_tier():
    assert next_tier(LADDER, "bronce", 20000) == NextTier(LADDER.levels[1], 30000)
    assert next_tier(LADDER, None, 0) == NextTier(LADDER.levels[0], 0)
    assert next_tier(LADDER, "oro", 0) is None
    # Held by grace with less than it takes: the next one is still the one above.
    assert next_tier(LADDER, "plata", 100) == NextTier(LADDER.levels[2], 99900)


@pytest.mark.parametrize(("by", "total"), [("spend", 1), ("points", 2), ("visits", 3)])
def test_a_ladder_counts_what_it_climbs_by(by, total):
    tiers = tier_ladder(("bronce", 0, "1"), by=TierBy(by))

    assert qualifying_total(tiers, Qualifying(spend=1, points=2, visits=3)) == total


def test_the_multiplier_of_no_tier_is_one():
    assert multiplier_of(LADDER, "plata") == Fraction(3, 2)
    assert multiplier_of(LADDER, None) == 1
    assert multiplier_of(LADDER, "diamante") == 1
    assert multiplier_of(None, "plata") == 1


@pytest.mark.parametrize(
    ("window", "first", "last"),
    [
        (Duration(12, DurationUnit.MONTHS), date(2025, 3, 2), date(2026, 3, 1)),
        (Duration(1, DurationUnit.YEARS), date(2025, 3, 2), date(2026, 3, 1)),
        (Duration(30, DurationUnit.DAYS), date(2026, 1, 31), date(2026, 3, 1)),
        (CalendarYear(), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_the_window_of_a_day(window, first, last):
    tiers = tier_ladder(("bronce", 0, "1"), window=window)

    assert window_days(tiers, date(2026, 3, 1)) == (first, last)


def test_a_window_begins_and_ends_at_midnight_of_the_programs_zone():
    tiers = tier_ladder(("bronce", 0, "1"), window=CalendarYear())
    new_years_eve = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # 00:30 of 2027 in Madrid

    assert window_of(tiers, new_years_eve, MADRID) == (
        datetime(2026, 12, 31, 23, tzinfo=UTC),
        datetime(2027, 12, 31, 23, tzinfo=UTC),
    )


def test_a_sale_of_28_december_that_arrives_in_january_counts_in_december():
    tiers = tier_ladder(("bronce", 0, "1"), window=CalendarYear())

    first, end = window_of(tiers, datetime(2026, 12, 28, 12, tzinfo=UTC), MADRID)

    assert first == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert end == datetime(2026, 12, 31, 23, tzinfo=UTC)
