"""Returns over the API: what is asked, what is answered, what is refused."""

from __future__ import annotations

import pytest

from tests.api.test_sales import problem

NOBODY = "019aa000-0000-7000-8000-000000000000"


def test_a_return_is_answered_with_all_that_it_did(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana", external_id="T-1")

    answer = shop.http.post(
        f"/sales/{sale['id']}/returns",
        json={
            "external_id": "R-1",
            "occurred_at": "2026-03-01T10:00:00+01:00",
            "lines": [{"line": 1, "quantity": "0.50"}],
            "reason": "rota",
        },
    )

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told == {
        "id": told["id"],
        "status": "applied",
        "external_id": "R-1",
        "source": "",
        "sale": sale["id"],
        "sale_external_id": "T-1",
        "sale_status": "partly_returned",
        "member": shop.members["ana"],
        "occurred_at": "2026-03-01T09:00:00Z",
        "recorded_at": told["recorded_at"],
        "lines": [{"line": 1, "quantity": "0.5"}],
        "amount": None,
        "full": False,
        "cancelled": False,
        "reason": "rota",
        "net": "25.00",
        "gross": "25.00",
        "reversed": {"points": 25},
        "restored": {"points": 0},
        "uncollected": {"points": 0},
        "program_version": 1,
        "explanation": told["explanation"],
        "balances": told["balances"],
        "tier": None,
        "milestones": [],
        "withdrawn": [],
    }
    assert [line["points"] for line in told["explanation"]] == [-25]
    assert told["balances"]["points"]["available"] == 25


def test_a_sale_tells_its_returns(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    assert "returns" not in shop.http.get(f"/sales/{sale['id']}").json()

    made = [
        shop.http.post(f"/sales/{sale['id']}/returns", json=told).json()
        for told in ({"amount": "20.00", "external_id": "R-1"}, {"full": True})
    ]

    told = shop.http.get(f"/sales/{sale['id']}").json()
    assert told["status"] == "returned"
    assert told["returns"] == [
        {
            "id": each["id"],
            "external_id": each["external_id"],
            "occurred_at": each["occurred_at"],
            "gross": each["gross"],
        }
        for each in made
    ]


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        ({}, [("body", "one_of")]),
        ({"amount": "1.00", "full": True}, [("body", "one_of")]),
        ({"full": False}, [("full", "choice")]),
        ({"lines": []}, [("lines", "too_few")]),
        ({"lines": [{"line": 0, "quantity": 1}]}, [("lines[0].line", "too_small")]),
        ({"lines": [{"line": 2, "quantity": 1}]}, [("lines[0].line", "not_found")]),
        ({"lines": [{"line": 1}]}, [("lines[0].quantity", "missing")]),
        ({"lines": [{"line": 1, "quantity": 0}]}, [("lines[0].quantity", "too_small")]),
        ({"amount": "0.00"}, [("amount", "too_small")]),
        ({"amount": "-1"}, [("amount", "too_small")]),
        ({"amount": "0.005"}, [("amount", "too_precise")]),
        ({"full": True, "occurred_at": "2999-01-01T00:00:00Z"}, [("occurred_at", "too_late")]),
        ({"full": True, "store": "centro"}, [("store", "unknown_field")]),
    ],
)
def test_what_is_wrong_with_a_return_is_named(shop, body, problems):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")

    answer = shop.http.post(f"/sales/{sale['id']}/returns", json=body)

    assert problem(answer) == (422, "invalid", problems)
    assert shop.balance("ana") == 50


@pytest.mark.parametrize("path", ["returns", "cancel"])
def test_a_sale_that_is_not_there_cannot_come_back(shop, path):
    answer = shop.http.post(f"/sales/{NOBODY}/{path}", json={"full": True})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_sale_of_another_program_is_not_there(opens_shop):
    shop = opens_shop()
    sale = shop.sells("50.00", external_id="T-1")
    rival = opens_shop(shop.document.replace("cafe-sol", "cafe-luna"))

    assert rival.http.post(f"/sales/{sale['id']}/returns", json={"full": True}).status_code == 404
    assert rival.http.get("/sales", params={"external_id": "T-1"}).json()["data"] == []
    parked = rival.http.post("/returns", json={"sale_external_id": "T-1", "full": True})
    assert parked.json()["status"] == "parked"
    assert shop.http.get(f"/sales/{sale['id']}").json()["status"] == "completed"


def test_a_sale_is_found_by_its_name(shop):
    sale = shop.sells("50.00", external_id="T-1")

    found = shop.http.get("/sales", params={"external_id": "T-1"}).json()

    assert found["data"] == [sale]
    assert shop.http.get("/sales", params={"external_id": "T-2"}).json()["data"] == []
    assert shop.http.get("/sales").status_code == 422


def test_a_return_with_the_same_key_is_answered_the_same(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana")
    key, path = {"Idempotency-Key": "k-1"}, f"/sales/{sale['id']}/returns"

    first = shop.http.post(path, json={"amount": "20.00"}, headers=key)
    again = shop.http.post(path, json={"amount": "20.00"}, headers=key)
    other = shop.http.post(path, json={"amount": "30.00"}, headers=key)

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert shop.balance("ana") == 30


def test_a_return_needs_the_scope_till(shop):
    sale = shop.sells("50.00")
    reader = shop.caller(shop.makes_key(("read",)))

    assert reader.post(f"/sales/{sale['id']}/returns", json={"full": True}).status_code == 403
    assert reader.get("/sales", params={"external_id": "x"}).status_code == 200
