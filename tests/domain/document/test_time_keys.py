"""What a document says about time: whose day it is, leap days, inactivity, falling at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fiel.domain.activity import Sale
from fiel.domain.document import read_document, read_program
from fiel.domain.program import Check, DayOf, Doing, LeapDay, Store
from fiel.domain.tiers import counts_at
from fiel.programs.words import rules_text
from tests.domain.document.faults import HEAD, RULE, only, told

STORES = "day_of: store\nstores:\n  canarias: {timezone: Atlantic/Canary}\n"
TIERS = "tiers:\n  downgrade: {check: at_once}\n  levels: [{id: a, from: 0}, {id: b, from: 5}]\n"


def test_stores_can_have_days_of_their_own():
    program = read_program(HEAD + STORES + RULE)

    assert program.day_of is DayOf.STORE
    assert program.stores == {"canarias": Store(ZoneInfo("Atlantic/Canary"))}
    assert program.zone_of("canarias") == ZoneInfo("Atlantic/Canary")
    assert program.zone_of("centro") == program.timezone


def test_left_out_every_day_is_the_programs():
    program = read_program(HEAD + STORES.replace("day_of: store\n", "") + RULE)

    assert program.day_of is DayOf.PROGRAM
    assert program.zone_of("canarias") == program.timezone


@pytest.mark.parametrize(
    ("day_of", "counted"),
    [
        ("store", datetime(2026, 12, 31, 22, 30, tzinfo=UTC)),  # 23:30 of the year's last day
        ("program", datetime(2026, 12, 31, 23, 30, tzinfo=UTC)),  # 00:30 of the next year
    ],
)
def test_a_sale_at_half_past_eleven_in_the_canaries_counts_on_the_day_that_is_set(day_of, counted):
    program = read_program(HEAD + STORES.replace("day_of: store", f"day_of: {day_of}") + RULE)
    sold_at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    sale = Sale(sold_at, "canarias", "", (), 0, 0, 0, 0)

    assert counts_at(program, sale) == counted
    assert counts_at(program, replace(sale, store="centro")) == sold_at


def test_leap_day():
    assert read_program(HEAD + RULE).leap_day is LeapDay.FEB_28
    assert read_program(HEAD + RULE + "leap_day: mar-1\n").leap_day is LeapDay.MAR_1


def test_what_extends_the_life_of_points():
    source = HEAD.replace("stamps: {}", "stamps: {expiry: {inactivity: 6 months%s}}") + RULE

    left_out = read_document(source % "").program.units["stamps"].expiry
    told = read_document(source % ", extended_by: [return]").program.units["stamps"].expiry

    assert left_out.extended_by == {Doing.SALE, Doing.ACTIVITY, Doing.REDEMPTION}
    assert told.extended_by == {Doing.RETURN}


def test_a_tier_can_be_lost_at_once():
    assert read_program(HEAD + RULE + TIERS).tiers.downgrade.check is Check.AT_ONCE


@pytest.mark.parametrize(
    ("source", "line", "path", "words"),
    [
        (
            HEAD + "day_of: store\n" + RULE,
            8,
            "day_of",
            (
                "Days are counted by store, and no store is named."
                " Name the stores whose zone differs under “stores”, or write “day_of: program”."
            ),
        ),
        (
            HEAD + "day_of: shop\n" + RULE,
            8,
            "day_of",
            "“shop” is not one of the words that can stand here. Known here: program, store.",
        ),
        (
            HEAD + "stores:\n  canarias: {timezone: Atlantic/Canaries}\n" + RULE,
            9,
            "stores.canarias.timezone",
            "“Atlantic/Canaries” is no time zone. Did you mean “Atlantic/Canary”?",
        ),
        (
            HEAD + "leap_day: feb-29\n" + RULE,
            8,
            "leap_day",
            "“feb-29” is not one of the words that can stand here. Did you mean “feb-28”?",
        ),
        (
            HEAD.replace("stamps: {}", "stamps: {expiry: {after: 1 year, extended_by: [sale]}}"),
            7,
            "units.stamps.expiry.extended_by",
            (
                "“extended_by” only goes with “inactivity”."
                " Remove “extended_by”, or write “inactivity”."
            ),
        ),
        (
            HEAD.replace(
                "stamps: {}", "stamps: {expiry: {inactivity: 1 year, extended_by: [sales]}}"
            ),
            7,
            "units.stamps.expiry.extended_by[0]",
            "“sales” is not one of the words that can stand here. Did you mean “sale”?",
        ),
        (
            HEAD + RULE + TIERS.replace("at_once", "atonce"),
            11,
            "tiers.downgrade.check",
            "“atonce” is not one of the words that can stand here. Did you mean “at_once”?",
        ),
    ],
)
def test_each_fault_is_named(source, line, path, words):
    assert told(only(source)) == (line, path, words)


def test_the_rules_say_what_is_out_of_the_ordinary():
    units = HEAD.replace(
        "stamps: {}", "stamps: {expiry: {inactivity: 6 months, extended_by: [sale, return]}}"
    )
    birthday = "  - {id: cumple, event: birthday, give: {stamps: 1}}\n"
    source = units + STORES + "leap_day: mar-1\n" + RULE + birthday + TIERS

    text = rules_text(read_program(source), "en")

    assert "expire after 6 months without any of these: a purchase, a return." in text
    assert "Days are counted by the clock of the store you buy in." in text
    assert "29 February is celebrated on 1 March" in text
    assert "If a return takes back what reached it, you go down at once." in text
