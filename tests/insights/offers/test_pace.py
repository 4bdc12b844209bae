"""How quickly something goes, and when it is gone, in numbers that fit on a hand."""

from datetime import date, timedelta
from fractions import Fraction

from fiel.insights.offers.pace import Pace, by_week, pace_of

TODAY = date(2026, 3, 31)  # a Tuesday


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_the_pace_is_that_of_the_last_four_weeks() -> None:
    pace = pace_of({ago(60): 500, ago(27): 4, ago(0): 4}, TODAY)

    assert pace == Pace(Fraction(2))  # 8 in 28 days
    assert pace.ends_on(5, TODAY) == TODAY + timedelta(days=17)  # 5 at 2 a week


def test_what_began_lately_has_the_pace_since_then_of_a_week_at_least() -> None:
    assert pace_of({ago(13): 3, ago(2): 3}, TODAY).a_week == 3  # 6 in 14 days
    assert pace_of({ago(0): 5}, TODAY).a_week == 5  # one day is no pace


def test_what_nobody_wants_is_never_gone_and_what_is_gone_is_gone_today() -> None:
    assert pace_of({}, TODAY).a_week is None
    assert pace_of({ago(90): 9}, TODAY).ends_on(3, TODAY) is None
    assert Pace(Fraction(1)).ends_on(0, TODAY) == TODAY
    assert Pace(Fraction(1)).ends_on(None, TODAY) is None
    assert Pace(Fraction(1, 100)).ends_on(10_000, TODAY) is None


def test_weeks_begin_on_mondays_and_the_running_one_is_the_last() -> None:
    weeks = by_week({ago(0): 1, ago(1): 2, ago(2): 4}, TODAY, weeks=2)

    assert weeks == [(date(2026, 3, 23), 4), (date(2026, 3, 30), 3)]
