"""What holds for every operation: keys, languages, problems, repeats, limits, isolation."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.program import CAFE_SOL

RIVAL = CAFE_SOL.replace("cafe-sol", "bar-luna").replace("Café Sol", "Bar Luna")
SALE = {"lines": [{"quantity": 1, "unit_price": "10.00"}]}


def code(answer) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize("key", [None, "fiel_unknown", "ñ", "x" * 1000])
def test_without_a_good_key_nothing_is_told(shop, key):
    headers = {b"authorization": b"Bearer " + key.encode()} if key else {}

    answer = shop.caller(None).get("/members", params={"card": "1"}, headers=headers)

    assert code(answer) == (401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("read", "POST", "/sales"),
        ("read", "POST", "/members"),
        ("till", "GET", "/program"),
        ("till", "POST", "/program/publish"),
        ("manage", "GET", "/events"),
    ],
)
def test_a_key_opens_only_what_its_scopes_name(shop, scope, method, path):
    caller = shop.caller(shop.makes_key([scope]))

    assert code(caller.request(method, path, json={})) == (403, "forbidden")


def test_a_revoked_key_is_refused_within_seconds(shop):
    assert shop.http.get("/program").status_code == 200

    shop.revokes_own_key()
    time.sleep(3.1)

    assert code(shop.http.get("/program")) == (401, "unauthorized")


def test_a_rival_sees_nothing(shop, opens_shop):
    rival = opens_shop(RIVAL)
    ana = shop.enrols("ana", phone="+34600111222")
    sale = shop.sells("10.00", to="ana")["id"]

    for path in (
        f"/members/{ana}",
        f"/members/{ana}/balances",
        f"/members/{ana}/lots",
        f"/members/{ana}/ledger",
        f"/sales/{sale}",
    ):
        assert code(rival.http.get(path)) == (404, "not_found")
    assert rival.http.get("/members", params={"phone": "+34600111222"}).json()["data"] == []
    assert rival.http.get("/events").json()["data"] == []
    assert code(rival.http.patch(f"/members/{ana}", json={"name": "x"})) == (404, "not_found")
    assert code(rival.http.post("/sales", json=SALE | {"member": ana})) == (404, "not_found")


def test_the_same_names_are_free_in_another_program(shop, opens_shop):
    rival = opens_shop(RIVAL)

    shop.enrols("ana", phone="+34600111222")
    rival.enrols("ana", phone="+34600111222")
    shop.sells("10.00", to="ana", external_id="T-1")
    rival.sells("20.00", to="ana", external_id="T-1")

    assert (shop.balance("ana"), rival.balance("ana")) == (10, 20)


@pytest.mark.parametrize(
    ("wish", "language", "detail"),
    [
        ("en", "en", "There is no such sale in this program."),
        ("pt-BR, en;q=0.5", "pt", "Essa venda não existe neste programa."),
        ("fr", "es", "Esa venta no existe en este programa."),
        (None, "es", "Esa venta no existe en este programa."),
    ],
)
def test_a_problem_is_told_in_the_callers_language_or_the_programs(shop, wish, language, detail):
    headers = {"accept-language": wish} if wish else {}

    answer = shop.http.get("/sales/0190b6a5-7c1e-7d53-8f0e-6d3c2b1a0f9e", headers=headers)

    assert answer.json()["detail"] == detail
    assert answer.headers["content-language"] == language


def test_a_problem_has_the_members_of_rfc_9457(shop):
    answer = shop.http.post(
        "/sales", json={"lines": []}, headers={"accept-language": "en", "x-request-id": "till-7"}
    )

    assert answer.json() == {
        "type": "urn:fiel:problem:invalid",
        "title": "The request is not valid",
        "status": 422,
        "code": "invalid",
        "detail": "Some fields are not valid.",
        "errors": [{"field": "lines", "code": "too_few", "detail": "There must be at least 1."}],
        "request_id": "till-7",
    }
    assert answer.headers["x-request-id"] == "till-7"


@pytest.mark.parametrize("path", ["/nothing", "/sales/not-an-id"])
def test_a_problem_names_the_request_as_its_header_does(shop, path):
    answer = shop.http.get(path)

    assert answer.json()["request_id"] == answer.headers["x-request-id"]


def test_every_answer_has_a_request_id_and_says_what_is_left(shop):
    first, second = (shop.http.get("/program") for _ in range(2))

    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["ratelimit-policy"] == '"key";q=600000;w=60'
    assert first.headers["ratelimit"].startswith('"key";r=599')


@pytest.mark.parametrize(
    ("content", "content_type", "expected"),
    [
        (b"{", "application/json", (422, "invalid")),
        (b"", "application/json", (422, "invalid")),
        (b"[]", "application/json", (422, "invalid")),
        (b"null", "application/json", (422, "invalid")),
        (b'"\xff"', "application/json", (422, "invalid")),
        (b'{"lines": NaN}', "application/json", (422, "invalid")),
        (b"[" * 50_000, "application/json", (422, "invalid")),
        (b'{"lines": [], "lines": []}', "application/json", (422, "invalid")),
        (rb'{"store": "\u0000", "lines": []}', "application/json", (422, "invalid")),
        (rb'{"store": "\ud800", "lines": []}', "application/json", (422, "invalid")),
        (b"lines=1", "application/x-www-form-urlencoded", (415, "unsupported_media_type")),
        (b"{}", "text/plain", (415, "unsupported_media_type")),
        (b" " * (2 * 1024 * 1024 + 1), "application/json", (413, "too_large")),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_fault(
    shop, content, content_type, expected
):
    answer = shop.http.post("/sales", content=content, headers={"content-type": content_type})

    assert code(answer) == expected


def test_a_body_that_never_ends_is_cut_off(shop):
    def endless():
        for _ in range(64):
            yield b" " * 65536

    answer = shop.http.post(
        "/sales", content=endless(), headers={"content-type": "application/json"}
    )

    assert code(answer) == (413, "too_large")


def test_a_compressed_body_is_refused(shop):
    answer = shop.http.post("/sales", content=b"x", headers={"content-encoding": "gzip"})

    assert code(answer) == (415, "unsupported_media_type")


def test_text_in_any_script_comes_back_as_it_was(shop):
    name = "Ana أنا アナ Ωmega 😀"
    ana = shop.http.post("/members", content=json.dumps({"name": name}),
                         headers={"content-type": "application/json"}).json()  # fmt: skip

    assert shop.http.get(f"/members/{ana['id']}").json()["name"] == name


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/sales/%00", (404, "not_found")),
        ("GET", "/sales/not-an-id", (404, "not_found")),
        ("GET", "/members/%ff%fe", (404, "not_found")),
        ("DELETE", "/sales", (405, "method_not_allowed")),
        ("PUT", "/members/0190b6a5-7c1e-7d53-8f0e-6d3c2b1a0f9e", (405, "method_not_allowed")),
        ("GET", "/members?phone=%00", (422, "invalid")),
        ("GET", "/members?phone=%ff", (422, "invalid")),
        ("GET", "/members?phone=1&phone=2", (422, "invalid")),
        ("GET", "/members?colour=red", (422, "invalid")),
        ("GET", "/events?limit=0", (422, "invalid")),
        ("GET", "/events?limit=501", (422, "invalid")),
        ("GET", "/events?limit=x", (422, "invalid")),
        ("GET", "/events?after=x", (422, "invalid")),
        ("GET", "/program/versions?cursor=x", (422, "invalid")),
    ],
)
def test_a_path_or_query_that_is_not_there_is_a_problem(shop, method, path, expected):
    assert code(shop.http.request(method, path)) == expected


def test_the_same_key_and_body_get_the_first_answer_again(shop):
    shop.enrols("ana")
    sale = SALE | {"member": shop.members["ana"]}
    key = {"idempotency-key": "k-1"}

    first = shop.http.post("/sales", json=sale, headers=key)
    again = shop.http.post("/sales", json=sale, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert first.json() == again.json()
    assert shop.balance("ana") == 10


def test_the_same_key_with_another_body_is_refused(shop):
    shop.enrols("ana")
    key = {"idempotency-key": "k-1"}
    shop.http.post("/sales", json=SALE, headers=key)

    answer = shop.http.post("/sales", json=SALE | {"store": "centro"}, headers=key)

    assert code(answer) == (422, "idempotency_key_reused")


def test_the_same_key_for_another_operation_is_refused(shop):
    key = {"idempotency-key": "k-1"}
    shop.http.post("/members", json={"name": "Ana"}, headers=key)

    answer = shop.http.post("/sales", json=SALE, headers=key)

    assert code(answer) == (422, "idempotency_key_reused")


def test_a_refusal_too_is_answered_again(shop):
    key = {"idempotency-key": "k-1"}
    sale = SALE | {"member": {"external_id": "ana"}}

    first = shop.http.post("/sales", json=sale, headers=key)
    shop.enrols("ana")
    again = shop.http.post("/sales", json=sale, headers=key)

    assert code(first) == code(again) == (404, "not_found")
    assert again.headers["idempotent-replayed"] == "true"


def test_of_many_at_once_with_one_key_one_is_done(shop):
    shop.enrols("ana")
    sale = SALE | {"member": shop.members["ana"]}

    def send(_):
        return shop.http.post("/sales", json=sale, headers={"idempotency-key": "k-1"})

    with ThreadPoolExecutor(8) as tills:
        answers = list(tills.map(send, range(16)))

    refused = [a for a in answers if a.status_code != 201]
    assert {code(answer) for answer in refused} <= {(409, "idempotency_in_progress")}
    assert len({a.json()["id"] for a in answers if a.status_code == 201}) == 1
    assert shop.balance("ana") == 10


def test_an_enrolment_without_a_name_is_made_once_by_its_key(shop):
    key = {"idempotency-key": "k-1"}

    answers = [shop.http.post("/members", json={"name": "Ana"}, headers=key) for _ in range(2)]

    assert answers[0].json()["id"] == answers[1].json()["id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a b"])
def test_an_idempotency_key_has_a_form(shop, key):
    answer = shop.http.post("/sales", json=SALE, headers={"idempotency-key": key})

    assert code(answer) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_events_come_in_order_and_the_cursor_goes_on(shop):
    shop.enrols("ana")
    shop.sells("1.00", to="ana")
    shop.sells("2.00", to="ana")

    first = shop.http.get("/events", params={"limit": 2}).json()
    rest = shop.http.get("/events", params={"after": first["next_cursor"]}).json()
    nothing = shop.http.get("/events", params={"after": rest["next_cursor"]}).json()

    told = first["data"] + rest["data"]
    assert [event["type"] for event in told] == ["member.created", "sale.recorded", "sale.recorded"]
    assert [event["member_sequence"] for event in told] == [1, 2, 3]
    assert [event["data"]["earned"]["points"] for event in told] == [0, 1, 2]
    assert nothing["data"] == []


def test_events_go_on_after_the_sequence_that_one_bears(shop):
    shop.enrols("ana")
    shop.sells("1.00", to="ana")

    told = shop.http.get("/events", params={"after": "0"}).json()["data"]
    rest = shop.http.get("/events", params={"after": told[0]["sequence"]}).json()["data"]
    far = shop.http.get("/events", params={"after": "9" * 30})

    assert [event["type"] for event in told] == ["member.created", "sale.recorded"]
    assert rest == told[1:]
    assert code(far) == (422, "invalid")
    assert far.json()["errors"][0]["field"] == "after"


def test_the_server_says_when_it_is_ready(server, shop):
    answer = shop.caller(None).get(f"{server}/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")
