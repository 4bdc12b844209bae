"""Hard cases 1, 2, 4, 6 to 10, 13, 15, 42 to 45 and 48: what happens because time passes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.support.proof import proof_of

NEW_YEARS_DAY = "2031-01-01T12:00:00+01:00"


def document(
    units: str = "points: {expiry: {after: 12 months}}", more: str = "", zone: str = "Europe/Madrid"
) -> str:
    return (
        f"program: cafe-sol\nname: Café Sol\ncurrency: EUR\ntimezone: {zone}\n"
        f"units:\n  {units}\n"
        'earn:\n  - {id: base, event: sale, give: {points: 1, per: "1.00"}}\n' + more
    )


TIERS = (
    "tiers:\n  window: %s\n  downgrade: {%s}\n"
    "  levels: [{id: bronce, from: 0}, {id: plata, from: 500}, {id: oro, from: 1000}]\n"
)


@pytest.fixture
def opens(opens_shop):
    """Opens a sandbox at a moment, with Ana enrolled."""

    def open_one(source: str | None = None, at: str = NEW_YEARS_DAY, **ana: Any):
        shop = opens_shop(source or document(), sandbox=True)
        shop.lives_at(at)
        shop.enrols("ana", **ana)
        return shop

    return open_one


def gives(shop, points: int, expires_at: str | None = None, to: str = "ana") -> None:
    body: dict[str, Any] = {"member": shop.members[to], "points": points, "reason": "prueba"}
    if expires_at is not None:
        body["expires_at"] = expires_at
    answer = shop.http.post("/adjustments", json=body)
    assert answer.status_code == 201, answer.text


def spends(shop, points: int) -> None:
    gives(shop, -points)


def member(shop, name: str = "ana") -> dict[str, Any]:
    answer = shop.http.get(f"/members/{shop.members[name]}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def tier(shop) -> str:
    return str(member(shop)["tier"]["id"])


def events(shop, type_: str, count: int) -> list[dict[str, Any]]:
    """So many events of a type; those that a transaction elsewhere holds up are waited for."""
    deadline = time.monotonic() + 20
    while True:
        answer = shop.http.get("/events", params={"limit": 200})
        found = [event for event in answer.json()["data"] if event["type"] == type_]
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def test_01_what_expires_first_was_spent_first(opens):
    shop = opens()
    gives(shop, 100, "2031-01-31T23:00:00Z")  # A: to the end of 31 January
    gives(shop, 50, "2031-02-28T23:00:00Z")  # B: to the end of 28 February
    shop.lives_at("2031-01-10T12:00:00+01:00")
    spends(shop, 120)

    assert shop.balance("ana") == 30
    shop.lives_at("2031-02-01T12:00:00+01:00")
    assert shop.balance("ana") == 30  # nothing was left of A
    shop.lives_at("2031-03-01T12:00:00+01:00")
    assert shop.balance("ana") == 0
    assert proof_of(shop.database_url).ok


def test_02_what_was_earned_after_spending_does_not_expire_with_the_rest(opens):
    shop = opens()
    gives(shop, 100, "2031-01-31T23:00:00Z")
    spends(shop, 80)
    gives(shop, 50, "2031-06-30T22:00:00Z")

    shop.lives_at("2031-02-01T00:00:00+01:00")

    assert shop.balance("ana") == 50
    balance = member(shop)["balances"]["points"]
    assert (balance["debt"], balance["pending"]) == (0, 0)
    assert balance["expiring"] == [{"points": 50, "at": "2031-06-30T22:00:00Z"}]
    assert proof_of(shop.database_url).ok


def test_04_when_the_calendar_is_late_expired_points_are_gone_all_the_same(opens_shop):
    # The program is live and nobody goes through its calendar: the clock on the wall is enough.
    shop = opens_shop(document("points: {expiry: {after: 1 month}}"))
    shop.enrols("ana")
    sold = shop.sells("40.00", to="ana", occurred_at="2020-01-10T12:00:00Z")

    assert sold["earned"] == {"points": 40}
    assert shop.balance("ana") == 0
    refused = shop.http.post(
        "/adjustments", json={"member": shop.members["ana"], "points": -1, "reason": "prueba"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_points")


@pytest.mark.parametrize(
    ("year", "last_day"), [(2031, "2031-02-28"), (2032, "2032-02-29")], ids=["common", "leap"]
)
def test_06_a_month_after_31_january_is_the_end_of_february(opens, year, last_day):
    shop = opens(document("points: {expiry: {after: 1 month}}"), at=f"{year}-01-31T10:00:00+01:00")
    shop.sells("40.00", to="ana")

    shop.lives_at(f"{last_day}T23:59:59+01:00")
    assert shop.balance("ana") == 40
    shop.lives_at(f"{year}-03-01T00:00:00+01:00")
    assert shop.balance("ana") == 0


def test_every_day_counts_of_those_whose_six_months_begin_on_the_same_day(opens):
    # Six months before 28 to 31 August begin on 1 March: February has no more days.
    tiers = TIERS % ("6 months", "check: window_end")
    shop = opens(document(more=tiers), at="2031-08-01T12:00:00Z")
    for day, price in (("28", "300.00"), ("30", "150.00"), ("31", "60.00")):
        shop.lives_at(f"2031-08-{day}T12:00:00+02:00")
        shop.sells(price, to="ana")

    assert tier(shop) == "plata"  # 510.00
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize(
    ("day", "midnight"),
    [("2031-03-30", "2031-03-30T22:00:00Z"), ("2031-10-26", "2031-10-26T23:00:00Z")],
    ids=["the day the clocks go forward", "the day they go back"],
)
def test_07_a_day_ends_at_midnight_of_the_programs_zone(opens, day, midnight):
    source = document(f'points: {{expiry: {{day: "{day[5:]}", years: 0}}}}')
    shop = opens(source, at=f"{day}T01:00:00Z")
    shop.sells("40.00", to="ana")

    expiring = member(shop)["balances"]["points"]["expiring"]

    assert expiring == [{"points": 40, "at": midnight}]
    shop.lives_at(midnight.replace("00:00Z", "59:59Z").replace("T22", "T21").replace("T23", "T22"))
    assert shop.balance("ana") == 40
    shop.lives_at(midnight)
    assert shop.balance("ana") == 0


@pytest.mark.parametrize(
    ("day_of", "ends", "in_2030", "in_2031"),
    [
        ("store", "2031-12-31T23:00:00Z", 40, 0),
        ("program", "2032-12-31T23:00:00Z", 0, 40),
    ],
)
def test_08_new_years_eve_in_the_canaries_counts_in_the_year_that_is_set(
    opens, day_of, ends, in_2030, in_2031
):
    # 23:30 on 31 December 2030 in the Canaries is half past midnight of 2031 in Madrid.
    more = (
        "  - {id: una-al-ano, event: sale, give: {points: 1000},\n"
        "     limit: {per_member: 1, every: year}}\n"
        f"day_of: {day_of}\nstores: {{canarias: {{timezone: Atlantic/Canary}}}}\n"
        + TIERS
        % ("calendar_year", "one_step: false")
    )
    source = document('points: {expiry: {day: "12-31", years: 1}}', more)
    shop = opens(source, at="2031-01-01T00:00:00+01:00")
    shop.lives_at("2030-12-31T23:45:00Z")

    shop.sells("40.00", to="ana", store="canarias", occurred_at="2030-12-31T23:30:00Z")
    of_2030 = shop.sells("1.00", to="ana", store="centro", occurred_at="2030-12-31T12:00:00+01:00")
    of_2031 = shop.sells("1.00", to="ana", store="centro", occurred_at="2031-01-01T00:40:00+01:00")

    lots = shop.http.get(f"/members/{shop.members['ana']}/lots").json()["data"]
    assert [lot["ends_at"] for lot in lots if lot["points"] == 1040] == [ends]
    # The limit of one a year: the year of the sale in the Canaries has had its own.
    assert of_2030["earned"]["points"] == (1 if in_2030 else 1001)
    assert of_2031["earned"]["points"] == (1 if in_2031 else 1001)
    # The tier of 2031 counts what belongs to 2031: 1.00, or 41.00 with the one in the Canaries.
    missing = "459.00" if in_2031 else "499.00"
    assert member(shop)["tier"]["next"] == {"id": "plata", "missing": missing}
    assert proof_of(shop.database_url).ok


def test_09_an_adjustment_does_not_extend_the_life_of_points(opens):
    shop = opens(document("points: {expiry: {inactivity: 6 months}}"))
    shop.sells("40.00", to="ana")
    shop.lives_at("2031-05-01T12:00:00+02:00")
    gives(shop, 10)

    shop.lives_at("2031-07-01T23:59:59+02:00")
    assert shop.balance("ana") == 50
    shop.lives_at("2031-07-02T00:00:00+02:00")

    assert shop.balance("ana") == 0
    assert proof_of(shop.database_url).ok


def test_09_unless_the_program_says_that_it_does(opens):
    expiry = "{inactivity: 6 months, extended_by: [sale, adjustment]}"
    shop = opens(document(f"points: {{expiry: {expiry}}}"))
    shop.sells("40.00", to="ana")
    shop.lives_at("2031-05-01T12:00:00+02:00")
    gives(shop, 10)

    shop.lives_at("2031-11-01T23:59:59+01:00")
    assert shop.balance("ana") == 50
    shop.lives_at("2031-11-02T00:00:00+01:00")
    assert shop.balance("ana") == 0


def test_09_a_return_does_not_extend_the_life_of_points(opens):
    shop = opens(document("points: {expiry: {inactivity: 6 months}}"))
    sale = shop.sells("40.00", to="ana")
    shop.lives_at("2031-05-01T12:00:00+02:00")
    returned = shop.http.post(f"/sales/{sale['id']}/returns", json={"amount": "10.00"})
    assert returned.status_code == 201, returned.text

    shop.lives_at("2031-07-02T00:00:00+02:00")

    assert shop.balance("ana") == 0


def test_09_a_birthday_is_no_activity(opens):
    birthday = "  - {id: cumple, event: birthday, give: {points: 100}}\n"
    source = document("points: {expiry: {inactivity: 6 months}}", birthday)
    shop = opens(source, birthday="1990-05-17")
    shop.sells("40.00", to="ana")

    shop.lives_at("2031-06-01T12:00:00+02:00")
    assert shop.balance("ana") == 140
    shop.lives_at("2031-07-02T00:00:00+02:00")
    assert shop.balance("ana") == 0


def test_10_a_shorter_rule_leaves_the_lots_their_dates(opens):
    shop = opens()
    shop.sells("40.00", to="ana")

    shop.publishes(document("points: {expiry: {after: 1 month}}"))
    shop.sells("2.00", to="ana")

    expiring = member(shop)["balances"]["points"]["expiring"]
    assert expiring == [
        {"points": 2, "at": "2031-02-01T23:00:00Z"},
        {"points": 40, "at": "2032-01-01T23:00:00Z"},
    ]
    shop.lives_at("2031-06-01T12:00:00+02:00")
    assert shop.balance("ana") == 40


def test_13_pending_points_can_be_used_after_their_days(opens):
    shop = opens(document("points: {pending: 14 days}"))
    shop.sells("100.00", to="ana")
    assert member(shop)["balances"]["points"]["pending"] == 100

    shop.lives_at("2031-01-15T23:59:59+01:00")
    assert shop.balance("ana") == 0
    shop.lives_at("2031-01-16T00:00:00+01:00")

    assert shop.balance("ana") == 100
    assert member(shop)["balances"]["points"]["pending"] == 0
    assert len(events(shop, "points.settled", 1)) == 1
    assert proof_of(shop.database_url).ok


BIRTHDAY_OF_GOLD = (
    "  - {id: cumple, event: birthday, give: {points: 100}, where: 'member.tier == \"oro\"'}\n"
)


def test_15_at_midnight_rewards_come_before_tiers(opens):
    # On 1 January Ana loses her gold, and it is her birthday: it is still given in gold.
    source = document("points: {}", BIRTHDAY_OF_GOLD + TIERS % ("calendar_year", "one_step: false"))
    shop = opens(source, at="2030-06-01T12:00:00+02:00", birthday="1990-01-01")
    shop.sells("1000.00", to="ana")
    shop.lives_at("2031-06-01T12:00:00+02:00")
    assert tier(shop) == "oro"  # kept for 2031 by what counted in 2030
    before = shop.balance("ana")

    shop.lives_at("2032-01-01T00:00:00+01:00")

    assert tier(shop) == "bronce"
    assert shop.balance("ana") - before == 100


def test_15_the_order_is_the_same_when_a_sale_comes_before_the_calendar(opens_shop):
    # Live, and late: the sale of 1 January settles Ana before the calendar honours her birthday.
    source = document("points: {}", BIRTHDAY_OF_GOLD + TIERS % ("calendar_year", "one_step: false"))
    shop = opens_shop(source, sandbox=True)
    shop.lives_at("2030-06-01T12:00:00+02:00")
    shop.enrols("ana", birthday="1990-01-01")
    shop.sells("1000.00", to="ana")
    shop.lives_at("2031-12-31T23:59:59+01:00")
    before = shop.balance("ana")

    sold = shop.sells("1.00", to="ana", occurred_at="2031-12-31T23:59:59+01:00")
    shop.lives_at("2032-01-01T00:05:00+01:00")

    assert sold["tier"]["id"] == "oro"
    assert tier(shop) == "bronce"
    assert shop.balance("ana") - before == 101


def test_42_a_late_sale_puts_right_the_tier_that_was_lost_for_want_of_it(opens):
    source = document(more=TIERS % ("calendar_year", "one_step: false"))
    shop = opens(source, at="2029-06-01T12:00:00+02:00")
    shop.sells("1000.00", to="ana")
    since = member(shop)["tier"]["since"]
    shop.lives_at("2030-06-01T12:00:00+02:00")
    shop.sells("800.00", to="ana")
    shop.lives_at("2031-01-01T00:00:00+01:00")
    assert tier(shop) == "plata"

    shop.lives_at("2031-01-05T12:00:00+01:00")
    late = shop.sells("200.00", to="ana", occurred_at="2030-12-28T12:00:00+01:00")

    assert late["tier"]["id"] == "oro"
    assert late["tier"]["since"] == since
    assert late["tier"]["until"] == "2031-12-31T23:00:00Z"
    assert len(events(shop, "tier.changed", 4)) == 4  # enrolled, climbed, lost, put right
    assert proof_of(shop.database_url).ok


def test_42_a_late_sale_that_is_not_enough_puts_nothing_right(opens):
    source = document(more=TIERS % ("calendar_year", "one_step: false"))
    shop = opens(source, at="2029-06-01T12:00:00+02:00")
    shop.sells("1000.00", to="ana")
    shop.lives_at("2030-06-01T12:00:00+02:00")
    shop.sells("800.00", to="ana")
    shop.lives_at("2031-01-05T12:00:00+01:00")

    late = shop.sells("199.99", to="ana", occurred_at="2030-12-28T12:00:00+01:00")

    assert late["tier"]["id"] == "plata"


def test_43_spending_points_never_lowers_a_tier_earned_by_purchases(opens):
    shop = opens(document(more=TIERS % ("calendar_year", "one_step: false")))
    shop.sells("1000.00", to="ana")

    spends(shop, 1000)
    shop.lives_at("2032-01-01T00:00:00+01:00")

    assert tier(shop) == "oro"


def test_44_a_threshold_is_reached_at_exactly_its_value(opens):
    shop = opens(document(more=TIERS % ("12 months", "one_step: false")))

    assert shop.sells("499.99", to="ana")["tier"]["id"] == "bronce"
    assert shop.sells("0.01", to="ana")["tier"]["id"] == "plata"


def test_44_and_kept_at_exactly_its_value(opens):
    source = document(more=TIERS % ("calendar_year", "one_step: false"))
    shop = opens(source)
    shop.sells("500.00", to="ana")
    shop.lives_at("2032-06-01T12:00:00+02:00")
    shop.sells("500.00", to="ana")

    shop.lives_at("2033-01-01T00:00:00+01:00")

    assert tier(shop) == "plata"


def test_45_grace_keeps_the_tier_and_one_step_lands_softly(opens):
    source = document(more=TIERS % ("12 months", "grace: 30 days, one_step: true"))
    shop = opens(source)
    shop.sells("1000.00", to="ana")  # oro to the end of 1 January 2032
    assert member(shop)["tier"]["until"] == "2032-01-01T23:00:00Z"

    shop.lives_at("2032-01-31T23:59:59+01:00")
    assert tier(shop) == "oro"  # thirty days of grace
    shop.lives_at("2032-02-01T00:00:00+01:00")

    now = member(shop)["tier"]
    assert (now["id"], now["since"]) == ("plata", "2032-01-31T23:00:00Z")
    assert now["until"] == "2033-01-01T23:00:00Z"
    shop.lives_at("2033-02-01T00:00:00+01:00")
    assert tier(shop) == "bronce"
    assert proof_of(shop.database_url).ok


def test_45_a_sale_inside_the_grace_keeps_the_tier(opens):
    source = document(more=TIERS % ("12 months", "grace: 30 days, one_step: true"))
    shop = opens(source)
    shop.sells("1000.00", to="ana")
    shop.lives_at("2031-08-01T12:00:00+02:00")
    shop.sells("900.00", to="ana")
    shop.lives_at("2032-01-20T12:00:00+01:00")

    shop.sells("100.00", to="ana")
    shop.lives_at("2032-02-01T00:00:00+01:00")

    assert tier(shop) == "oro"
    assert member(shop)["tier"]["until"] == "2033-01-01T23:00:00Z"


BIRTHDAY = "  - {id: cumple, event: birthday, give: {points: 100}}\n"


@pytest.mark.parametrize(("leap_day", "day"), [("feb-28", "02-28"), ("mar-1", "03-01")])
def test_48_who_is_born_on_29_february_is_honoured_every_year(opens, leap_day, day):
    source = document("points: {}", BIRTHDAY + f"leap_day: {leap_day}\n")
    shop = opens(source, birthday="1996-02-29")

    shop.lives_at("2031-02-27T23:59:59+01:00")
    assert shop.balance("ana") == 0
    shop.lives_at(f"2031-{day}T00:00:00+01:00")
    assert shop.balance("ana") == 100
    shop.lives_at("2031-12-31T12:00:00+01:00")
    assert shop.balance("ana") == 100
    shop.lives_at("2032-02-29T00:00:00+01:00")
    assert shop.balance("ana") == 200
    assert [event["data"]["earned"] for event in events(shop, "birthday.honoured", 2)] == [
        {"points": 100},
        {"points": 100},
    ]


def test_48_changing_the_date_does_not_earn_again(opens):
    shop = opens(document("points: {}", BIRTHDAY), birthday="1990-03-10")
    shop.lives_at("2031-03-10T12:00:00+01:00")
    assert shop.balance("ana") == 100

    shop.http.patch(f"/members/{shop.members['ana']}", json={"birthday": "1990-06-20"})
    shop.lives_at("2031-12-31T12:00:00+01:00")

    assert shop.balance("ana") == 100


def test_anniversaries_are_honoured_from_the_first_on(opens):
    anniversary = "  - {id: aniversario, event: anniversary, give: {points: 50}}\n"
    shop = opens(document("points: {}", anniversary), at="2028-02-29T23:30:00+01:00")

    shop.lives_at("2029-02-27T12:00:00+01:00")
    assert shop.balance("ana") == 0
    shop.lives_at("2029-02-28T00:00:00+01:00")
    assert shop.balance("ana") == 50
    shop.lives_at("2032-03-01T00:00:00+01:00")
    assert shop.balance("ana") == 200  # 2029, 2030, 2031, 2032


def test_27_a_return_drops_a_tier_at_once_where_the_program_says_so(opens):
    source = document(more=TIERS % ("calendar_year", "check: at_once"))
    shop = opens(source)
    shop.sells("900.00", to="ana")
    sale = shop.sells("100.00", to="ana")
    assert tier(shop) == "oro"

    returned = shop.http.post(f"/sales/{sale['id']}/returns", json={"amount": "1.00"})

    assert returned.status_code == 201, returned.text
    assert tier(shop) == "plata"
    assert len(events(shop, "tier.changed", 4)) == 4  # enrolled, twice up, down
    assert proof_of(shop.database_url).ok


def test_27_or_at_the_end_of_the_term(opens):
    source = document(more=TIERS % ("calendar_year", "check: window_end"))
    shop = opens(source)
    sale = shop.sells("1000.00", to="ana")

    shop.http.post(f"/sales/{sale['id']}/returns", json={"amount": "1.00"})

    assert tier(shop) == "oro"
    shop.lives_at("2032-01-01T00:00:00+01:00")
    assert tier(shop) == "plata"


def test_what_is_missing_to_the_next_tier_is_counted_in_the_window_of_today(opens):
    shop = opens(document(more=TIERS % ("calendar_year", "one_step: false")))
    shop.sells("200.00", to="ana")
    assert member(shop)["tier"]["next"] == {"id": "plata", "missing": "300.00"}

    shop.lives_at("2032-01-01T00:00:00+01:00")

    assert member(shop)["tier"]["next"] == {"id": "plata", "missing": "500.00"}


def test_every_server_sees_the_clock_with_the_next_request(opens, other_server):
    shop = opens()
    with shop.caller(shop.key) as elsewhere:
        elsewhere.base_url = f"{other_server}/v1"
        for day in range(2, 8):
            shop.lives_at(f"2031-01-0{day}T12:00:00+01:00")
            assert elsewhere.get("/sandbox/clock").json()["now"] == f"2031-01-0{day}T11:00:00Z"


def test_a_program_that_begins_to_let_tiers_fall_gives_everybody_a_whole_term(opens):
    ladder = TIERS.replace("  downgrade: {%s}\n", "") % "12 months"
    shop = opens(document(more=ladder))
    shop.sells("1000.00", to="ana")
    shop.lives_at("2034-03-01T12:00:00+01:00")
    assert (tier(shop), member(shop)["tier"]["until"]) == ("oro", None)

    shop.publishes(document(more=TIERS % ("12 months", "one_step: false")))
    shop.lives_at("2034-03-01T12:01:00+01:00")

    assert member(shop)["tier"]["until"] == "2035-03-01T23:00:00Z"
    shop.lives_at("2035-03-02T00:00:00+01:00")
    assert tier(shop) == "bronce"
    assert proof_of(shop.database_url).ok
