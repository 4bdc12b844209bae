from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from fiel.connect.webhooks.schedule import next_attempt

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


def after(number, *, since=timedelta(0), asked=None):
    return next_attempt(number, first_at=NOW - since, now=NOW, asked=asked)


@pytest.mark.parametrize(
    ("number", "seconds"),
    [(1, 5), (2, 15), (3, 45), (4, 135), (8, 10935), (9, 32805), (10, 43200), (99, 43200)],
)
def test_each_wait_is_three_times_the_last_up_to_half_a_day(number, seconds):
    waits = {(after(number) - NOW).total_seconds() for _ in range(50)}

    assert 0.8 * seconds <= min(waits) <= max(waits) <= 1.2 * seconds
    assert len(waits) > 1, "what failed together does not come back together"


def test_what_the_receiver_asks_for_is_waited_for_up_to_a_day():
    assert after(1, asked=timedelta(minutes=10)) == NOW + timedelta(minutes=10)
    assert after(1, asked=timedelta(days=30)) == NOW + timedelta(hours=24)
    assert after(10, asked=timedelta(seconds=1)) > NOW + timedelta(hours=9)


def test_after_three_days_it_is_given_up():
    assert after(14, since=timedelta(hours=71, minutes=59)) is not None
    assert after(14, since=timedelta(hours=72)) is None
