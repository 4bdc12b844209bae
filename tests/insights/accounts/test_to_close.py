"""Which month can be closed next."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, cast

from fiel.insights.accounts.closed import ClosedMonth
from fiel.insights.accounts.to_close import months_to_close


def closed(month: date) -> ClosedMonth:
    books = cast(Any, None)  # what they said decides nothing here
    return ClosedMonth(
        month, datetime(2026, 6, 1, tzinfo=UTC), "Ana", 1, "1:1:", books, books, (), ()
    )


def test_before_the_first_closing_any_of_the_last_twelve_whole_months_can_be() -> None:
    found = months_to_close([], date(2026, 3, 15))

    assert found.following is None
    assert found.months[0] == date(2026, 2, 1)
    assert found.months[-1] == date(2025, 3, 1)
    assert len(found.months) == 12


def test_after_a_closing_only_the_month_that_follows_can_be() -> None:
    found = months_to_close(
        [closed(date(2025, 12, 1)), closed(date(2025, 11, 1))], date(2026, 3, 1)
    )

    assert (found.months, found.following) == ((date(2026, 1, 1),), date(2026, 1, 1))


def test_a_month_that_is_not_over_cannot_be_closed() -> None:
    last_day = months_to_close([closed(date(2026, 1, 1))], date(2026, 2, 28))
    day_after = months_to_close([closed(date(2026, 1, 1))], date(2026, 3, 1))

    assert (last_day.months, last_day.following) == ((), date(2026, 2, 1))
    assert day_after.months == (date(2026, 2, 1),)
