"""How long a tier is held, what a review decides, and what puts a lost tier right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fiel.domain.program import CalendarYear, Check, Downgrade, Tiers
from fiel.domain.reviewing import (
    Dropped,
    TierTerm,
    falls_at_once,
    grounds,
    next_term,
    put_right,
    review,
    tier_term,
)
from fiel.domain.tiers import rank_of, tier_for
from fiel.domain.time import NO_TIME, Duration, DurationUnit
from tests.domain.programs import MADRID, tier_ladder

LEVELS = (("bronce", 0, "1"), ("plata", 30_000, "1"), ("oro", 100_000, "1"))
A_YEAR = CalendarYear()
THIRTY_DAYS = Duration(30, DurationUnit.DAYS)


def ladder(window=A_YEAR, grace=NO_TIME, one_step=False, check=Check.WINDOW_END) -> Tiers:
    downgrade = Downgrade(check, grace, one_step)
    return replace(tier_ladder(*LEVELS, window=window), downgrade=downgrade)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_a_tier_of_a_calendar_year_is_held_to_its_end():
    term = tier_term(ladder(grace=THIRTY_DAYS), "plata", date(2027, 5, 3), MADRID)

    assert term == TierTerm(
        until=utc(2027, 12, 31, 23),
        review_at=utc(2028, 1, 30, 23),  # the end of 30 January, thirty days later
        counts_from=utc(2026, 12, 31, 23),
    )


def test_a_tier_of_a_rolling_window_is_held_for_as_long_as_the_window():
    tiers = ladder(Duration(6, DurationUnit.MONTHS))

    term = tier_term(tiers, "oro", date(2027, 3, 1), MADRID)

    assert term == TierTerm(
        until=utc(2027, 9, 1, 22), review_at=utc(2027, 9, 1, 22), counts_from=utc(2027, 3, 1, 23)
    )


def test_the_first_tier_and_a_ladder_that_nobody_falls_from_have_no_term():
    assert tier_term(ladder(), "bronce", date(2027, 3, 1), MADRID) is None
    assert tier_term(ladder(), None, date(2027, 3, 1), MADRID) is None
    never = replace(ladder(), downgrade=None)
    assert tier_term(never, "oro", date(2027, 3, 1), MADRID) is None


def test_the_term_after_a_year_is_the_next_year():
    term = next_term(ladder(), "plata", utc(2027, 12, 31, 23), MADRID)

    assert (term.until, term.counts_from) == (utc(2028, 12, 31, 23), utc(2027, 12, 31, 23))


def test_the_term_after_a_rolling_one_runs_on_from_its_end_not_from_the_review():
    tiers = ladder(Duration(12, DurationUnit.MONTHS), THIRTY_DAYS)

    term = next_term(tiers, "plata", utc(2027, 3, 1, 23), MADRID)

    assert term.until == utc(2028, 3, 1, 23)
    assert term.review_at == utc(2028, 3, 31, 22)  # 30 days on, past the change of the clocks


@pytest.mark.parametrize(
    ("one_step", "total", "after"),
    [
        (False, 100_000, "oro"),
        (False, 99_999, "plata"),
        (False, 29_999, "bronce"),
        (True, 99_999, "plata"),
        (True, 0, "plata"),
    ],
)
def test_a_review_keeps_the_tier_or_lands_where_the_program_says(one_step, total, after):
    tiers = ladder(one_step=one_step)
    term = tier_term(tiers, "oro", date(2027, 5, 3), MADRID)

    made = review(tiers, "oro", term=term, total=total, zone=MADRID)

    assert (made.before, made.after, made.total, made.threshold) == ("oro", after, total, 100_000)
    assert made.at == utc(2027, 12, 31, 23)
    assert made.term == next_term(tiers, after, term.until, MADRID)


def test_a_tier_that_left_the_ladder_becomes_the_one_that_is_reached():
    term = TierTerm(utc(2027, 12, 31, 23), utc(2027, 12, 31, 23), utc(2026, 12, 31, 23))

    made = review(ladder(), "diamante", term=term, total=30_000, zone=MADRID)

    assert made.after == "plata"


durations = st.builds(
    Duration, st.integers(1, 36), st.sampled_from([DurationUnit.DAYS, DurationUnit.MONTHS])
)


@given(
    window=st.one_of(st.just(CalendarYear()), durations),
    grace=st.builds(Duration, st.integers(0, 60), st.just(DurationUnit.DAYS)),
    one_step=st.booleans(),
    held=st.sampled_from(["plata", "oro"]),
    day=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    total=st.integers(0, 150_000),
)
def test_a_review_never_lifts_and_never_lands_below_what_was_reached(
    window, grace, one_step, held, day, total
):
    tiers = ladder(window, grace, one_step)
    term = tier_term(tiers, held, day, MADRID)
    assert term.counts_from < term.until <= term.review_at

    made = review(tiers, held, term=term, total=total, zone=MADRID)

    assert rank_of(tiers, made.after) <= rank_of(tiers, held)
    assert rank_of(tiers, made.after) >= min(
        rank_of(tiers, tier_for(tiers, total).id), rank_of(tiers, held)
    )
    kept = total >= tiers.levels[rank_of(tiers, held)].threshold
    assert (made.after == held) == kept
    # Time goes on: the next review is later, so that settling many of them ends.
    if made.term is not None:
        assert made.term.until > term.until
        assert made.term.review_at > term.review_at


def test_a_late_sale_puts_right_only_what_it_would_have_kept():
    tiers = ladder()
    dropped = Dropped(
        "oro", utc(2026, 3, 1), utc(2026, 12, 31, 23), utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)
    )

    assert dropped.reaches(utc(2026, 12, 28))
    assert not dropped.reaches(utc(2027, 1, 1))
    assert put_right(tiers, "plata", dropped, 100_000) == tiers.levels[2]
    assert put_right(tiers, "plata", dropped, 99_999) is None
    assert put_right(tiers, "oro", dropped, 100_000) is None
    assert put_right(tiers, "bronce", dropped, 99_999) == tiers.levels[1]  # it would have landed


def test_a_tier_of_a_year_stands_on_that_year_and_on_the_one_before():
    tiers = ladder(grace=THIRTY_DAYS)

    assert grounds(tiers, utc(2027, 12, 31, 23), utc(2027, 6, 1), MADRID) == (
        (utc(2025, 12, 31, 23), utc(2027, 1, 30, 23)),
        (utc(2026, 12, 31, 23), utc(2027, 12, 31, 23)),
    )


def test_a_rolling_tier_stands_on_the_window_that_reached_it_and_on_the_last_one():
    tiers = ladder(Duration(12, DurationUnit.MONTHS))
    reached = date(2027, 3, 1)
    term = tier_term(tiers, "plata", reached, MADRID)

    before, today = grounds(tiers, term.until, utc(2027, 10, 10, 12), MADRID)

    assert before == (utc(2026, 3, 1, 23), utc(2027, 3, 1, 23))
    assert today == (utc(2026, 10, 10, 22), utc(2027, 10, 10, 22))


@pytest.mark.parametrize(
    ("totals", "one_step", "after"),
    [
        ([(0, 0), (100_000, 99_999)], False, "plata"),
        ([(0, 0), (100_000, 20_000)], False, "bronce"),
        ([(0, 0), (100_000, 20_000)], True, "plata"),
        ([(120_000, 120_000), (100_000, 0)], False, None),  # the other window still carries it
        ([(0, 0), (150_000, 100_000)], False, None),
        ([(50_000, 50_000), (60_000, 10_000)], False, None),  # kept by landing softly, not by this
    ],
)
def test_a_return_drops_a_tier_at_once_when_it_takes_its_ground_away(totals, one_step, after):
    tiers = ladder(one_step=one_step, check=Check.AT_ONCE)

    fallen = falls_at_once(tiers, "oro", totals)

    assert (fallen.id if fallen else None) == after


def test_a_program_that_looks_at_the_end_of_the_term_drops_nobody_at_once():
    assert falls_at_once(ladder(), "oro", [(100_000, 0)]) is None


def test_a_review_is_a_day_of_the_programs_zone():
    term = tier_term(ladder(grace=NO_TIME), "plata", date(2027, 1, 1), MADRID)

    assert term.until - timedelta(hours=1) == utc(2027, 12, 31, 22)
