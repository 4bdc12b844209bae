"""Hard cases 35 to 38, 40 and 47: the same thing twice, and many things at once."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.scenarios.tills import at_once, statuses
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

BUDGETED = CAFE_SOL + (
    "  - {id: resena, event: activity, activity: review, give: {points: 50},\n"
    "     budget: {points: 1000}}\n"
)
ONCE_EACH = CAFE_SOL + (
    "  - {id: resena, event: activity, activity: review, give: {points: 50},\n"
    "     limit: {per_member: 1, every: program}}\n"
)


def test_35_the_same_key_and_body_is_answered_the_same(shop):
    shop.enrols("ana")
    body = shop.sale("50.00", to="ana")
    key = {"Idempotency-Key": "k-1"}

    first = shop.http.post("/sales", json=body, headers=key)
    again = shop.http.post("/sales", json=body, headers=key)

    assert (first.status_code, first.headers.get("idempotent-replayed")) == (201, None)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert first.json() == again.json()
    assert shop.balance("ana") == 50


def test_35_the_same_key_with_another_body_is_refused(shop):
    shop.enrols("ana")
    key = {"Idempotency-Key": "k-1"}
    shop.http.post("/sales", json=shop.sale("50.00", to="ana"), headers=key)

    other = shop.http.post("/sales", json=shop.sale("60.00", to="ana"), headers=key)

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert shop.balance("ana") == 50


@pytest.mark.parametrize("round_", range(5))
def test_35_while_the_first_is_under_way_the_others_conflict(shop, other_server, round_):
    shop.enrols("ana")
    body = shop.sale("50.00", to="ana")

    answers = at_once(shop, other_server, [body] * 12, headers=[{"Idempotency-Key": "k-1"}] * 12)

    assert set(statuses(answers)) <= {201, 409}
    assert all(
        answer.json()["code"] == "idempotency_in_progress"
        for answer in answers
        if answer.status_code == 409
    )
    made = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in made}) == 1
    assert len([answer for answer in made if "idempotent-replayed" not in answer.headers]) == 1
    assert shop.balance("ana") == 50


def test_36_who_did_not_hear_the_answer_asks_again_and_hears_the_first_result(shop):
    shop.enrols("ana")
    body = json.dumps(shop.sale("50.00", to="ana")).encode()
    head = (
        f"POST /v1/sales HTTP/1.1\r\nHost: cafe\r\nAuthorization: Bearer {shop.key}\r\n"
        f"Idempotency-Key: k-1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    url = urlsplit(shop.url)
    with socket.create_connection((url.hostname, url.port)) as line:
        line.sendall(head.encode() + body)
        line.recv(1)  # committed; the rest of the answer is lost with the connection

    again = shop.http.post("/sales", content=body, headers={"Idempotency-Key": "k-1"})

    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json()["earned"] == {"points": 50}
    assert shop.balance("ana") == 50


@pytest.mark.parametrize("round_", range(10))
def test_37_the_same_sale_from_many_tills_at_once_earns_once(shop, other_server, round_):
    shop.enrols("ana")
    body = shop.sale("50.00", to="ana")

    answers = at_once(
        shop, other_server, [body] * 20, headers=[{"Idempotency-Key": f"k-{n}"} for n in range(20)]
    )

    assert statuses(answers) == {201: 1, 200: 19}
    assert len({answer.content for answer in answers}) == 1
    assert shop.balance("ana") == 50
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize("round_", range(5))
def test_37_one_number_for_two_members_at_once_is_one_sale(shop, other_server, round_):
    for name in ("ana", "berta"):
        shop.enrols(name)
    body = shop.sale("50.00")
    bodies = [body | {"member": shop.members[name]} for name in ("ana", "berta") * 8]

    answers = at_once(shop, other_server, bodies)

    told = statuses(answers)
    assert (told[201], told[200], told[409]) == (1, 7, 8)
    assert sorted((shop.balance("ana"), shop.balance("berta"))) == [0, 50]
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize("round_", range(5))
def test_38_a_budget_of_1000_gives_20_of_30_awards_of_50(opens_shop, other_server, round_):
    shop = opens_shop(BUDGETED)
    names = [f"socio-{n}" for n in range(30)]
    for name in names:
        shop.enrols(name)
    bodies = [{"member": shop.members[name], "type": "review"} for name in names]

    answers = at_once(shop, other_server, bodies, "/activities")

    assert statuses(answers) == {201: 30}
    given = [answer.json()["earned"].get("points", 0) for answer in answers]
    assert (given.count(50), given.count(0)) == (20, 10)
    assert sum(shop.balance(name) for name in names) == 1000
    assert proof_of(shop.database_url).ok


def test_40_the_limit_of_one_member_is_not_anothers(opens_shop, other_server):
    shop = opens_shop(ONCE_EACH)
    for name in ("ana", "berta"):
        shop.enrols(name)
    bodies = [{"member": shop.members[name], "type": "review"} for name in ("ana", "berta") * 6]

    answers = at_once(shop, other_server, bodies, "/activities")

    assert statuses(answers) == {201: 12}
    assert (shop.balance("ana"), shop.balance("berta")) == (50, 50)
    assert proof_of(shop.database_url).ok


@pytest.mark.parametrize("round_", range(10))
def test_47_two_enrolments_at_once_with_one_phone_make_one_member(shop, other_server, round_):
    answers = at_once(
        shop,
        other_server,
        [{"phone": "+34600111222", "name": f"Ana {n}"} for n in range(12)],
        "/members",
    )

    assert statuses(answers) == {201: 1, 409: 11}
    (made,) = (answer.json()["id"] for answer in answers if answer.status_code == 201)
    assert {a.json()["member"] for a in answers if a.status_code == 409} == {made}
    found = shop.http.get("/members", params={"phone": "+34600111222"}).json()["data"]
    assert [member["id"] for member in found] == [made]


def test_sales_of_many_members_at_once_are_each_counted_once(shop, other_server):
    names = [f"socio-{n}" for n in range(10)]
    for name in names:
        shop.enrols(name)
    bodies = [shop.sale("1.00", to=names[n % 10]) for n in range(60)]

    for _ in range(3):  # everything is sent three times
        answers = at_once(shop, other_server, bodies)
        assert set(statuses(answers)) <= {200, 201}

    assert [shop.balance(name) for name in names] == [6] * 10
    assert proof_of(shop.database_url).ok
