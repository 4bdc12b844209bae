"""The clock of a sandbox: forward only, for everybody at once, and not for a live program."""

from __future__ import annotations

import time

import pytest

PROGRAM = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {expiry: {after: 1 month}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: cumple, event: birthday, give: {points: 100}}
"""


@pytest.fixture
def sandbox(opens_shop):
    """A sandbox that lives at noon of 1 March 2031."""
    shop = opens_shop(PROGRAM, sandbox=True)
    shop.lives_at("2031-03-01T12:00:00+01:00")
    return shop


def told_events(shop, count: int):
    """So many events; those that a transaction elsewhere holds up are waited for."""
    deadline = time.monotonic() + 20
    while True:
        found = shop.http.get("/events").json()["data"]
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.05)


def sets(shop, now: object, **more: object):
    return shop.http.post("/sandbox/clock", json={"now": now}, **more)


def test_the_clock_stands_still_where_it_was_set(sandbox):
    told = sandbox.http.get("/sandbox/clock").json()

    assert told == {"now": "2031-03-01T11:00:00Z", "is_set": True}
    sandbox.enrols("ana")
    assert sandbox.sells("5.00", to="ana")["occurred_at"] == "2031-03-01T11:00:00Z"


def test_before_it_is_set_a_sandbox_lives_by_the_time_on_the_wall(opens_shop):
    shop = opens_shop(PROGRAM, sandbox=True)

    assert shop.http.get("/sandbox/clock").json()["is_set"] is False


def test_a_live_program_refuses_a_clock(shop):
    for answer in (sets(shop, "2031-01-01T00:00:00Z"), shop.http.get("/sandbox/clock")):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    english = sets(shop, "2031-01-01T00:00:00Z", headers={"accept-language": "en"}).json()
    assert "--sandbox" in english["detail"]


def test_time_goes_forward_only(sandbox):
    back = sets(sandbox, "2031-03-01T11:59:59+01:00")

    assert (back.status_code, back.json()["code"]) == (422, "invalid")
    assert [(e["field"], e["code"]) for e in back.json()["errors"]] == [("now", "backwards")]
    assert sets(sandbox, "2031-03-01T12:00:00+01:00").status_code == 200  # where it stands


def test_a_sandbox_in_which_nothing_happened_may_begin_in_the_past(opens_shop):
    shop = opens_shop(PROGRAM, sandbox=True)

    assert sets(shop, "2020-01-01T12:00:00+01:00").status_code == 200
    shop.enrols("ana", birthday="1990-05-17")
    shop.lives_at("2020-05-17T00:00:00+02:00")
    assert shop.balance("ana") == 100


def test_one_in_which_something_happened_may_not(opens_shop):
    shop = opens_shop(PROGRAM, sandbox=True)
    shop.enrols("ana")

    answer = sets(shop, "2020-01-01T12:00:00+01:00")

    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [("now", "backwards")]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "now", "missing"),
        ({"now": "tomorrow"}, "now", "format"),
        ({"now": "2031-04-01T00:00:00"}, "now", "zone_missing"),
        ({"now": 1_900_000_000}, "now", "type"),
        ({"now": "9998-01-01T00:00:00Z"}, "now", "too_late"),
        ({"now": "2031-04-01T00:00:00Z", "speed": 2}, "speed", "unknown_field"),
    ],
)
def test_each_fault_is_named(sandbox, body, field, code):
    answer = sandbox.http.post("/sandbox/clock", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]


def test_only_who_manages_sets_it(sandbox):
    caller = sandbox.caller(sandbox.makes_key(["read", "till"]))

    answer = caller.post("/sandbox/clock", json={"now": "2032-01-01T00:00:00Z"})

    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    caller.close()


def test_everything_due_has_happened_when_it_answers(sandbox):
    sandbox.enrols("ana", birthday="1990-05-17")
    sandbox.sells("40.00", to="ana")

    sandbox.lives_at("2031-04-01T23:59:59+02:00")
    assert sandbox.balance("ana") == 40
    sandbox.lives_at("2031-06-01T12:00:00+02:00")

    assert sandbox.balance("ana") == 100
    events = told_events(sandbox, 4)
    assert [event["type"] for event in events] == [
        "member.created",
        "sale.recorded",
        "points.settled",
        "birthday.honoured",
    ]
    # Each is recorded at the midnight at which it happened.
    assert [event["timestamp"] for event in events[2:]] == [
        "2031-04-01T22:00:00Z",
        "2031-05-16T22:00:00Z",
    ]


def test_ten_years_in_which_little_happens_go_by_quickly(sandbox):
    sandbox.enrols("ana", birthday="1990-05-17")

    answer = sets(sandbox, "2041-03-01T12:00:00+01:00", timeout=30)

    assert answer.status_code == 200
    told = [event["type"] for event in told_events(sandbox, 21)]
    assert told.count("birthday.honoured") == 10


def test_keys_of_requests_keep_the_time_on_the_wall(sandbox):
    sandbox.enrols("ana")
    body = sandbox.sale("5.00", to="ana")
    key = {"Idempotency-Key": "k-1"}
    first = sandbox.http.post("/sales", json=body, headers=key)
    sandbox.lives_at("2031-12-01T12:00:00+01:00")

    again = sandbox.http.post("/sales", json=body, headers=key)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
