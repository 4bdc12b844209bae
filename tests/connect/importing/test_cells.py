"""Amounts, moments and days as people write them."""

from zoneinfo import ZoneInfo

import pytest

from fiel.connect.importing.cells import (
    DateOrder,
    comma_to_point,
    date_order,
    day_conversion,
    flag,
    has_decimal_comma,
    instant_conversion,
)

MADRID = ZoneInfo("Europe/Madrid")


@pytest.mark.parametrize(
    ("amounts", "comma"),
    [
        (["3,10", "1.234,50"], True),
        (["3,1", ""], True),
        (["3.10", "1,234.50"], False),
        (["1,50", "1.50"], False),  # both: as contradictory as it stands, nothing is changed
        (["3", "1200"], False),
        (["1,234"], False),  # a thousand and more, or one and a bit: not for us to say
        ([], False),
    ],
)
def test_a_decimal_comma_is_seen(amounts: list[str], comma: bool) -> None:
    assert has_decimal_comma(amounts) is comma


def test_a_decimal_comma_becomes_a_point() -> None:
    assert [comma_to_point(text) for text in ("3,10", "1.234,50", "-7")] == [
        "3.10", "1234.50", "-7",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (["2026-03-01", "01"], DateOrder.ISO),
        (["01/03/2026", "13/03/2026"], DateOrder.DAY_FIRST),
        (["1.3.2026 10:15", "25.12.2026 9:00"], DateOrder.DAY_FIRST),
        (["03/13/2026"], DateOrder.MONTH_FIRST),
        (["01/03/2026"], None),
    ],
)
def test_the_order_of_a_date_is_seen_where_it_can_be(
    days: list[str], order: DateOrder | None
) -> None:
    assert date_order(days) is order


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-01 10:15", "2026-03-01 10:15:00+01:00"),
        ("2026-07-01T10:15:30", "2026-07-01T10:15:30+02:00"),
        ("2026-07-01", "2026-07-01T00:00:00+02:00"),
        ("2026-03-01T10:15:00Z", "2026-03-01T10:15:00Z"),
        ("2026-03-01T10:15:00-05:00", "2026-03-01T10:15:00-05:00"),
        ("2026-03-01T10:15:00+0100", "2026-03-01T10:15:00+0100"),
        ("2026-03-29 01:59", "2026-03-29 01:59:00+01:00"),  # the night the clocks go forward
        ("2026-03-29 03:00", "2026-03-29 03:00:00+02:00"),
        ("mañana", "mañana"),
        ("2026-02-30 10:00", "2026-02-30 10:00:00"),
    ],
)
def test_a_moment_without_a_zone_is_read_in_the_programs(written: str, read: str) -> None:
    assert instant_conversion(DateOrder.ISO, MADRID)(written) == read


@pytest.mark.parametrize(
    ("order", "written", "read"),
    [
        (DateOrder.DAY_FIRST, "1/3/2026 9:05", "2026-03-01T09:05:00+01:00"),
        (DateOrder.MONTH_FIRST, "03/01/2026 21:05:30", "2026-03-01T21:05:30+01:00"),
        (DateOrder.DAY_FIRST, "01.03.2026", "2026-03-01T00:00:00+01:00"),
    ],
)
def test_a_day_may_stand_first_or_second(order: DateOrder, written: str, read: str) -> None:
    assert instant_conversion(order, MADRID)(written) == read


def test_a_birthday_loses_the_midnight_that_a_spreadsheet_adds() -> None:
    assert day_conversion(DateOrder.ISO)("1990-05-17 00:00:00") == "1990-05-17"
    assert day_conversion(DateOrder.DAY_FIRST)("17/5/1990") == "1990-05-17"


def test_yes_and_no_are_understood_and_anything_else_is_left_for_the_parser() -> None:
    assert [flag(word) for word in ("Sí", "yes", "1", "no", "0", "quizás")] == [
        True, True, True, False, False, "quizás",
    ]  # fmt: skip
