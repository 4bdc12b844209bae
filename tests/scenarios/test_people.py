"""Hard cases 11, 46 and 49, and what else moves between people."""

from __future__ import annotations

import json
import logging
from typing import Any

import psycopg
import pytest

from tests.scenarios.people import adjusts, erases, lots, merges, person, transfers, unmerges
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

TIERED = CAFE_SOL + (
    "  - {id: resena, event: activity, activity: review, give: {points: 20},\n"
    "     limit: {per_member: 1, every: program}}\n"
    "tiers:\n  by: spend\n  window: 10 years\n"
    "  levels: [{id: bronce, from: 0}, {id: plata, from: 250}]\n"
)
JANUARY, MARCH = "2026-01-10T12:00:00+01:00", "2026-03-10T12:00:00+01:00"
TO_JANUARY, TO_MARCH = "2027-01-10T23:00:00Z", "2027-03-10T23:00:00Z"

TRACES = ("Carla", "Núñez", "nunez", "600555666", "crm-77", "1990-05-17")


@pytest.fixture
def two(opens_shop):
    """Ana, who bought for 100 in January, and Berta, who bought for 200 in March."""
    shop = opens_shop(TIERED)
    shop.enrols("ana", phone="+34600111222", email="ana@example.com")
    shop.enrols("berta", phone="+34600333444")
    shop.sells("100.00", to="ana", occurred_at=JANUARY)
    shop.sells("200.00", to="berta", occurred_at=MARCH)
    return shop


def proved(shop) -> bool:
    proof = proof_of(shop.database_url)
    assert proof.differences == []
    return proof.ok


def test_11_a_transfer_keeps_the_dates_of_the_lots(shop):
    for name in ("ana", "berta"):
        shop.enrols(name)
    shop.sells("100.00", to="ana", occurred_at=JANUARY)
    shop.sells("50.00", to="ana", occurred_at=MARCH)

    answer = transfers(shop, 120, "ana", "berta", external_id="X-1", reason="regalo")
    again = transfers(shop, 120, "ana", "berta", external_id="X-1", reason="regalo")

    told = answer.json()
    assert (answer.status_code, again.status_code) == (201, 200), answer.text
    assert again.json() == told
    assert [(lot["points"], lot["ends_at"]) for lot in told["lots"]] == [
        (100, TO_JANUARY), (20, TO_MARCH),
    ]  # fmt: skip
    assert told["from"]["balances"]["points"]["available"] == 30
    assert told["to"]["balances"]["points"]["available"] == 120
    assert lots(shop, "ana") == [(30, TO_MARCH)]
    assert lots(shop, "berta") == [(100, TO_JANUARY), (20, TO_MARCH)]
    assert proved(shop)


def test_46_a_merge_brings_the_lots_with_both_dates(two):
    merged = merges(two, "ana", into="berta")

    assert merged.status_code == 200, merged.text
    assert merged.json()["moved"] == {"points": 100}
    assert two.balance("berta") == 300
    assert lots(two, "berta") == [(100, TO_JANUARY), (200, TO_MARCH)]
    assert merged.json()["member"]["tier"]["id"] == "plata"
    assert proved(two)


def test_46_old_ids_lead_to_the_survivor(two):
    merges(two, "ana", into="berta")

    assert person(two, "ana")["id"] == two.members["berta"]
    for name in ({"phone": "+34600111222"}, {"email": "ana@example.com"}, {"external_id": "ana"}):
        [found] = two.http.get("/members", params=name).json()["data"]
        assert found["id"] == two.members["berta"]
        two.sells("10.00", member=name)
    two.sells("10.00", to="ana")
    assert two.balance("berta") == 340
    assert two.balance("ana") == 340  # the same person
    assert proved(two)


def test_46_a_merge_can_be_undone(two):
    merges(two, "ana", into="berta")
    two.sells("10.00", to="ana")  # what is earned together stays with the survivor

    parted = unmerges(two, "ana")

    assert parted.status_code == 200, parted.text
    assert parted.json()["moved"] == {"points": 100}
    assert lots(two, "ana") == [(100, TO_JANUARY)]
    assert two.balance("berta") == 210
    assert person(two, "ana")["id"] == two.members["ana"]
    assert person(two, "ana")["phone"] == "+34600111222"
    assert [person(two, name)["tier"]["id"] for name in ("ana", "berta")] == ["bronce", "bronce"]
    [found] = two.http.get("/members", params={"phone": "+34600111222"}).json()["data"]
    assert found["id"] == two.members["ana"]
    two.sells("5.00", member={"phone": "+34600111222"})
    assert (two.balance("ana"), two.balance("berta")) == (105, 210)
    assert proved(two)


def test_46_what_was_spent_meanwhile_stays_spent(two):
    merges(two, "ana", into="berta")
    adjusts(two, "berta", -130)  # January's 100, and 30 of March's

    parted = unmerges(two, "ana")

    assert parted.json()["moved"] == {}
    assert (two.balance("ana"), two.balance("berta")) == (0, 170)
    assert proved(two)


def test_46_a_merge_undone_can_be_made_again(two):
    for _ in range(2):
        assert merges(two, "ana", into="berta").status_code == 200
        assert two.balance("berta") == 300
        assert unmerges(two, "ana").status_code == 200
        assert (two.balance("ana"), two.balance("berta")) == (100, 200)
    assert proved(two)


def test_46_limits_are_added_up(two):
    def reviews(name):
        told = {"member": two.members[name], "type": "review"}
        return two.http.post("/activities", json=told).json()["earned"]["points"]

    assert reviews("ana") == 20
    merges(two, "ana", into="berta")
    assert reviews("berta") == 0
    unmerges(two, "ana")
    assert reviews("berta") == 20
    assert proved(two)


def test_46_a_debt_follows_and_is_paid(two):
    sale = two.sells("70.00", to="ana", occurred_at=MARCH)
    adjusts(two, "ana", -170)
    back = two.http.post(f"/sales/{sale['id']}/returns", json={"full": True})
    assert back.status_code == 201, back.text
    assert person(two, "ana")["balances"]["points"]["debt"] == 70

    merged = merges(two, "ana", into="berta")

    assert merged.json()["debt"] == {"points": 70}
    assert two.balance("berta") == 130
    assert proved(two)


def test_46_a_chain_leads_to_its_end_and_comes_apart_again(two):
    two.enrols("carla")
    merges(two, "ana", into="berta")
    merges(two, "berta", into="carla")

    assert {person(two, name)["id"] for name in ("ana", "berta", "carla")} == {two.members["carla"]}
    assert two.balance("carla") == 300
    cannot = unmerges(two, "ana")
    assert (cannot.status_code, cannot.json()["code"]) == (409, "not_merged")
    assert unmerges(two, "berta").status_code == 200
    assert person(two, "ana")["id"] == two.members["berta"]
    assert (two.balance("berta"), two.balance("carla")) == (300, 0)
    assert proved(two)


def test_46_a_return_of_an_old_sale_takes_back_from_the_survivor(two):
    sale = two.sells("40.00", to="ana", occurred_at=MARCH)
    merges(two, "ana", into="berta")

    back = two.http.post(f"/sales/{sale['id']}/returns", json={"full": True})

    assert back.status_code == 201, back.text
    assert back.json()["reversed"] == {"points": 40}
    assert two.balance("berta") == 300
    assert lots(two, "berta") == [(100, TO_JANUARY), (200, TO_MARCH)]
    assert proved(two)
    assert unmerges(two, "ana").json()["moved"] == {"points": 100}
    assert proved(two)


def test_what_was_held_follows_the_merge_when_it_is_released(opens_shop):
    shop = opens_shop(CAFE_SOL + "rewards:\n  - {id: cafe, kind: product, price: {points: 50}}\n")
    for name in ("ana", "berta"):
        shop.enrols(name)
    shop.sells("60.00", to="ana")
    held = shop.http.post("/redemptions", json={"member": shop.members["ana"], "reward": "cafe"})
    assert held.status_code == 201, held.text
    merges(shop, "ana", into="berta")
    assert shop.balance("berta") == 10

    released = shop.http.post(f"/redemptions/{held.json()['id']}/cancel")

    assert released.status_code == 200, released.text
    assert shop.balance("berta") == 60
    assert proved(shop)


def test_what_is_read_of_a_survivor_tells_of_the_merge(two):
    merges(two, "ana", into="berta")
    unmerges(two, "ana")
    merges(two, "ana", into="berta")
    transfers(two, 30, "ana", "berta")  # one person: refused, and nothing is moved
    for path in ("ledger", "lots", "balances", "statement", "referrals"):
        answer = two.http.get(f"/members/{two.members['ana']}/{path}")
        assert answer.status_code == 200, answer.text
    told = two.http.get("/events", params={"limit": 500}).json()["data"]
    types = [event["type"] for event in told]
    assert (types.count("member.merged"), types.count("member.unmerged")) == (4, 2)
    entries = two.http.get(f"/members/{two.members['ana']}/ledger").json()["data"]
    assert [entry["from"] for entry in entries if entry["kind"] == "merge"] == ["transit"] * 2


def test_the_same_merge_again_changes_nothing(two):
    first, again = (merges(two, "ana", into="berta") for _ in range(2))

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["moved"] == {}
    assert two.balance("berta") == 300


@pytest.mark.parametrize(
    ("gone", "into", "code", "status"),
    [
        ("ana", "ana", "invalid", 422),
        ("berta", "ana", "already_merged", 409),  # ana leads to berta
        ("ana", "carla", "already_merged", 409),
        ("nobody", "ana", "not_found", 404),
        ("berta", "nobody", "not_found", 404),
    ],
)
def test_a_merge_that_cannot_be_is_refused(two, gone, into, code, status):
    two.enrols("carla")
    two.members["nobody"] = "01a00000-0000-7000-8000-000000000000"
    if code == "already_merged":
        merges(two, "ana", into="berta")

    refused = merges(two, gone, into=into)

    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert proved(two)


def test_who_stands_alone_cannot_be_parted(two):
    refused = unmerges(two, "ana")

    assert (refused.status_code, refused.json()["code"]) == (409, "not_merged")


def test_49_the_person_is_gone_and_the_sums_are_unchanged(two, caplog):
    caplog.set_level(logging.DEBUG)
    key = {"Idempotency-Key": "k-49"}
    body = {
        "external_id": "crm-77", "name": "Carla Núñez", "email": "carla.nunez@example.com",
        "phone": "+34600555666", "attributes": {"apodo": "Carlita"}, "birthday": "1990-05-17",
    }  # fmt: skip
    enrolled = two.http.post("/members", json=body, headers=key)
    two.members["carla"] = enrolled.json()["id"]
    two.http.post(
        "/activities",
        json={"member": two.members["carla"], "type": "review",
              "properties": {"text": "Carla Núñez: riquísimo"}},
    )  # fmt: skip
    two.sells("30.00", member={"phone": "+34600555666"})
    adjusts(two, "carla", 5, reason="Carla Núñez se quejó")
    before = sums(two)
    told = everything_kept(two)
    for trace in TRACES:
        assert [place for place, text in told if trace in text], f"{trace} is kept somewhere"

    gone = erases(two, "carla")

    assert (gone.status_code, gone.json()["status"]) == (200, "erased"), gone.text
    assert erases(two, "carla").status_code == 200
    told = everything_kept(two)
    for trace in TRACES:
        assert [place for place, text in told if trace in text] == [], trace
        assert trace not in caplog.text
    assert sums(two) == before
    assert proved(two)
    assert two.http.get(f"/members/{two.members['carla']}").status_code == 404
    spent = two.http.post("/sales", json=two.sale("1.00", to="carla"))
    assert (spent.status_code, spent.json()["code"]) == (404, "not_found")
    replayed = two.http.post("/members", json=body, headers=key)
    assert (replayed.status_code, replayed.json()["code"]) == (404, "not_found")
    anew = two.http.post("/members", json=body)
    assert anew.status_code == 201, anew.text
    assert anew.json()["id"] != two.members["carla"]
    assert anew.json()["balances"]["points"]["available"] == 0
    assert proved(two)


def test_49_erasing_reaches_everybody_who_was_merged(two):
    merges(two, "ana", into="berta")

    assert erases(two, "ana").status_code == 200

    told = everything_kept(two)
    assert [place for place, text in told if "600111222" in text or "600333444" in text] == []
    assert two.http.get(f"/members/{two.members['berta']}").status_code == 404
    assert proved(two)


def test_49_who_is_not_there_cannot_be_erased(two):
    two.members["nobody"] = "01a00000-0000-7000-8000-000000000000"

    assert erases(two, "nobody").status_code == 404


def test_49_only_a_manager_erases(two):
    till = two.caller(two.makes_key(["read", "till"]))

    refused = till.delete(f"/members/{two.members['ana']}")

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def sums(shop) -> list[Any]:
    with psycopg.connect(shop.database_url) as owner:
        return owner.execute(
            "SELECT unit, debit, credit, sum(points)::bigint FROM transfer GROUP BY 1, 2, 3 "
            "ORDER BY 1, 2, 3"
        ).fetchall()


def everything_kept(shop) -> list[tuple[str, str]]:
    """Every value of every row of every table, with the column it stands in."""
    found = []
    with psycopg.connect(shop.database_url) as owner:
        columns = owner.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        ).fetchall()
        for table, column in columns:
            rows = owner.execute(
                f"SELECT CASE WHEN pg_typeof(\"{column}\")::text = 'bytea' "
                f'THEN encode("{column}"::text::bytea, \'escape\') ELSE "{column}"::text END, '
                f'to_json("{column}")::text FROM "{table}"'
            ).fetchall()
            for text, as_json in rows:
                found.append((f"{table}.{column}", text or ""))
                if text and text.startswith("\\x"):
                    plain = bytes.fromhex(text[2:]).decode("utf-8", "replace")
                    found.append((f"{table}.{column}", plain))
                if as_json and "\\u" in as_json:
                    found.append((f"{table}.{column}", str(json.loads(as_json))))
    return found
