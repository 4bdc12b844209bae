"""Webhook endpoints over HTTP: made, seen, changed, rotated, replayed, tried and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL
from tests.support.receiver import Receiver, running_receiver

ENDPOINTS = "/webhook-endpoints"
UNKNOWN = "0190b6a5-7c1e-7d53-8f0e-6d3c2b1a0f9e"
SHOP_URL = "https://cafe-sol.invalid/fiel"


@pytest.fixture
def shop(opens_shop) -> Shop:
    """The Café Sol's sandbox, whose webhooks may go to a receiver beside it."""
    opened: Shop = opens_shop(sandbox=True)
    return opened


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The receiver of the Café Sol."""
    with running_receiver() as one:
        yield one


def makes(shop, url=SHOP_URL, **told):
    answer = shop.http.post(ENDPOINTS, json={"url": url, **told})
    assert answer.status_code == 201, answer.text
    return answer.json()


def problems(answer):
    told = answer.json()
    return answer.status_code, [(error["field"], error["code"]) for error in told["errors"]]


def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(shop):
    made = makes(shop, types=["sale.*", "member.created"], description="Till in the centre")

    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert {name: made[name] for name in ("url", "types", "description", "enabled")} == {
        "url": SHOP_URL, "types": ["sale.*", "member.created"],
        "description": "Till in the centre", "enabled": True,
    }  # fmt: skip
    assert (made["waiting"], made["given_up"], made["disabled_because"]) == (0, 0, None)
    assert shop.http.get(f"{ENDPOINTS}/{made['id']}").json() == made
    assert shop.http.get(ENDPOINTS).json() == {"data": [made], "next_cursor": None}


def test_the_list_goes_on_where_it_stopped(shop):
    made = [makes(shop)["id"] for _ in range(3)]

    first = shop.http.get(ENDPOINTS, params={"limit": 2}).json()
    rest = shop.http.get(ENDPOINTS, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [each["id"] for each in first["data"] + rest["data"]] == made
    assert rest["next_cursor"] is None


def test_a_repeat_by_key_makes_one_endpoint_and_shows_its_secret_again(shop):
    key = {"Idempotency-Key": "w-1"}

    answers = [
        shop.http.post(ENDPOINTS, json={"url": SHOP_URL}, headers=key).json() for _ in range(2)
    ]

    assert answers[0] == answers[1]
    assert len(shop.http.get(ENDPOINTS).json()["data"]) == 1


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({}, ("url", "missing")),
        ({"url": 7}, ("url", "type")),
        ({"url": "shop"}, ("url", "format")),
        ({"url": "ftp://shop.example"}, ("url", "format")),
        ({"url": "https://ana:sol@shop.example"}, ("url", "format")),
        ({"url": f"https://shop.example/{'x' * 2000}"}, ("url", "too_long")),
        ({"url": "https://169.254.169.254/"}, ("url", "address")),
        ({"url": SHOP_URL, "types": []}, ("types", "too_few")),
        ({"url": SHOP_URL, "types": "sale.*"}, ("types", "type")),
        ({"url": SHOP_URL, "types": ["*"]}, ("types[0]", "format")),
        ({"url": SHOP_URL, "types": ["Sale"]}, ("types[0]", "format")),
        ({"url": SHOP_URL, "description": "x" * 501}, ("description", "too_long")),
        ({"url": SHOP_URL, "secret": "whsec_"}, ("secret", "unknown_field")),
    ],
)
def test_what_is_no_endpoint_is_refused(shop, body, problem):
    assert problems(shop.http.post(ENDPOINTS, json=body)) == (422, [problem])


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example/", "format"),
        ("https://127.0.0.1/", "address"),
        ("https://localhost/", "address"),
        ("https://[::1]/", "address"),
        ("https://10.0.0.8/", "address"),
    ],
)
def test_a_live_program_tells_nobody_in_the_clear_or_inside(opens_shop, url, code):
    shop = opens_shop()
    made = makes(shop)

    assert problems(shop.http.post(ENDPOINTS, json={"url": url})) == (422, [("url", code)])
    changed = shop.http.patch(f"{ENDPOINTS}/{made['id']}", json={"url": url})
    assert problems(changed) == (422, [("url", code)])


def test_there_can_be_fifty(shop):
    for _ in range(50):
        makes(shop)

    refused = shop.http.post(ENDPOINTS, json={"url": SHOP_URL})

    assert problems(refused) == (422, [("body", "too_many")])


def test_what_a_change_leaves_out_stays(shop):
    made = makes(shop, types=["sale.*"], description="Till")
    path = f"{ENDPOINTS}/{made['id']}"

    shop.http.patch(path, json={"description": "Door"})
    changed = shop.http.patch(path, json={"types": None}).json()

    assert (changed["url"], changed["types"], changed["description"]) == (SHOP_URL, None, "Door")
    assert "secret" not in changed


def test_a_disabled_endpoint_says_so_and_is_enabled_again(shop):
    made = makes(shop)
    path = f"{ENDPOINTS}/{made['id']}"

    disabled = shop.http.patch(path, json={"enabled": False}).json()
    again = shop.http.patch(path, json={"enabled": False}).json()
    enabled = shop.http.patch(path, json={"enabled": True}).json()

    assert (disabled["enabled"], disabled["disabled_because"]) == (False, "asked")
    assert again == disabled
    assert enabled == {name: value for name, value in made.items() if name != "secret"}


def test_a_deleted_endpoint_is_gone(shop):
    made = makes(shop)
    path = f"{ENDPOINTS}/{made['id']}"

    assert shop.http.delete(path).json() == {"id": made["id"], "deleted": True}

    assert shop.http.get(ENDPOINTS).json()["data"] == []
    for method, rest in ANY_OF_ONE:
        assert shop.http.request(method, path + rest[0], json=rest[1]).status_code == 404


ANY_OF_ONE = [
    ("GET", ("", None)),
    ("PATCH", ("", {})),
    ("DELETE", ("", None)),
    ("POST", ("/rotate", None)),
    ("POST", ("/replay", {"after": None})),
    ("GET", ("/deliveries", None)),
    ("POST", ("/test", None)),
]


@pytest.mark.parametrize(("method", "rest"), ANY_OF_ONE)
def test_another_programs_endpoint_is_not_there(shop, opens_shop, method, rest):
    rival = opens_shop(CAFE_SOL.replace("cafe-sol", "cafe-luna"))
    made = makes(shop)

    path = f"{ENDPOINTS}/{made['id']}{rest[0]}"
    answer = rival.http.request(method, path, json=rest[1])

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert rival.http.get(ENDPOINTS).json()["data"] == []
    assert shop.http.get(f"{ENDPOINTS}/{made['id']}").status_code == 200


@pytest.mark.parametrize("scope", ["read", "till"])
def test_only_whoever_runs_the_program_sees_or_makes_endpoints(shop, scope):
    other = shop.caller(shop.makes_key([scope]))
    made = makes(shop)

    assert other.get(ENDPOINTS).status_code == 403
    assert other.post(ENDPOINTS, json={"url": SHOP_URL}).status_code == 403
    for method, (rest, body) in ANY_OF_ONE:
        answer = other.request(method, f"{ENDPOINTS}/{made['id']}{rest}", json=body)
        assert answer.status_code == 403


def test_a_rotated_secret_is_shown_once_and_the_former_signs_for_a_day(shop, receiver):
    made = makes(shop, receiver.url)
    path = f"{ENDPOINTS}/{made['id']}"

    rotated = shop.http.post(f"{path}/rotate").json()
    shop.http.post(f"{path}/test")

    assert rotated["secret"] != made["secret"]
    until = datetime.fromisoformat(rotated["previous_secret_until"])
    in_a_day = datetime.now(UTC) + timedelta(hours=24)
    assert abs(until - in_a_day) < timedelta(minutes=1)
    assert "secret" not in shop.http.get(path).json()
    (message,) = receiver.received
    for secret in (made["secret"], rotated["secret"]):
        Webhook(secret).verify(message.content, message.headers)


def test_an_endpoint_can_be_tried_out(shop, receiver):
    made = makes(shop, receiver.url)

    tried = shop.http.post(f"{ENDPOINTS}/{made['id']}/test").json()

    (message,) = receiver.received
    assert Webhook(made["secret"]).verify(message.content, message.headers) == message.told
    assert (message.told["type"], message.told["data"]) == ("webhook.test", {})
    assert (tried["outcome"], tried["status"], tried["error"]) == ("delivered", 204, None)
    assert tried["webhook_id"] == message.id
    deliveries = shop.http.get(f"{ENDPOINTS}/{made['id']}/deliveries").json()
    assert deliveries == {"data": [tried], "next_cursor": None}


def test_a_trial_that_fails_says_why_and_changes_nothing(shop):
    made = makes(shop)
    path = f"{ENDPOINTS}/{made['id']}"

    tried = shop.http.post(f"{path}/test").json()

    assert (tried["outcome"], tried["status"], tried["error"]) == ("failed", None, "name")
    assert tried["next_attempt_at"] is None
    found = shop.http.get(path).json()
    assert (found["enabled"], found["waiting"], found["failing_since"]) == (True, 0, None)


def test_what_happens_is_told_and_can_be_told_again(shop, receiver):
    shop.enrols("ana")
    made = makes(shop, receiver.url, types=["sale.*"])
    path = f"{ENDPOINTS}/{made['id']}"
    for price in ("1.00", "2.00", "3.00"):
        shop.sells(price, to="ana")

    told = [message.told for message in receiver.waits_for(3)]

    sales = [e for e in shop.http.get("/events").json()["data"] if e["type"] == "sale.recorded"]
    assert told == sales
    after_the_first = shop.http.get("/events", params={"limit": 2}).json()["next_cursor"]
    assert shop.http.post(f"{path}/replay", json={"after": after_the_first}).status_code == 200
    again = [message.told for message in receiver.waits_for(5)][3:]
    assert again == sales[1:]

    everything = shop.http.post(f"{path}/replay", json={"after": None})
    assert everything.status_code == 200
    assert [m.told for m in receiver.waits_for(8)][5:] == sales


def test_attempts_are_listed_newest_first_in_parts(shop, receiver):
    shop.enrols("ana")
    made = makes(shop, receiver.url)
    path = f"{ENDPOINTS}/{made['id']}/deliveries"
    for _ in range(3):
        shop.sells("1.00", to="ana")
    receiver.waits_for(3)
    while len(shop.http.get(path).json()["data"]) < 3:
        pass

    first = shop.http.get(path, params={"limit": 2}).json()
    rest = shop.http.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    listed = [each["sequence"] for each in first["data"] + rest["data"]]
    assert listed == receiver.sequences[::-1]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("body", [{}, {"after": 7}, {"after": "x"}, {"before": None}])
def test_a_replay_asks_for_a_cursor_of_the_list_of_events(shop, body):
    made = makes(shop)

    answer = shop.http.post(f"{ENDPOINTS}/{made['id']}/replay", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_the_secret_is_in_no_list_and_no_answer_but_the_first(shop):
    made = makes(shop)
    path = f"{ENDPOINTS}/{made['id']}"

    answers = [
        shop.http.get(ENDPOINTS), shop.http.get(path), shop.http.patch(path, json={}),
        shop.http.post(f"{path}/replay", json={"after": None}), shop.http.get(f"{path}/deliveries"),
    ]  # fmt: skip

    assert all("whsec_" not in answer.text for answer in answers)


def test_an_unknown_endpoint_is_not_found(shop):
    for method, (rest, body) in ANY_OF_ONE:
        answer = shop.http.request(method, f"{ENDPOINTS}/{UNKNOWN}{rest}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
