"""The figure that an alert is about, day by day."""

from __future__ import annotations

from datetime import date, timedelta

from fiel.insights.alerts.courses import course_of
from fiel.insights.columns.opening import columns_of_arrow
from tests.insights.impact.shop import rows_of

UNTIL = date(2026, 3, 31)


def test_the_course_of_a_store_counts_its_sales_from_its_first_day_on() -> None:
    days = [UNTIL - timedelta(days=number) for number in (0, 0, 2, 3)]
    sold = [{"sale": n, "store": "centro", "day": day} for n, day in enumerate(days, 1)]
    elsewhere = [{"sale": 9, "store": "norte", "day": UNTIL}]
    with columns_of_arrow({"sales": rows_of("sales", [*sold, *elsewhere])}) as columns:
        course = course_of(columns, "store", "centro", until=UNTIL)

    assert course is not None
    assert course.values == (1.0, 1.0, 0.0, 2.0)
    assert (course.days[0], course.days[-1]) == (date(2026, 3, 28), UNTIL)


def test_what_is_no_figure_of_days_has_no_course() -> None:
    with columns_of_arrow({}) as columns:
        assert course_of(columns, "cashier", "iker", until=UNTIL) is None
        assert course_of(columns, "store", "centro", until=UNTIL) is None
