"""Gift cards: money that is paid in parts and comes back to the same card."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.rewards.gift_cards import withdraw_gift_card
from tests.api.conftest import opens_shop, server, shop
from tests.support.proof import proof_of

__all__ = ["opens_shop", "server", "shop"]


def issue(shop, amount="50.00", **told):
    answer = shop.http.post("/gift-cards", json={"amount": amount, **told})
    assert answer.status_code == 201, answer.text
    return answer.json()


def charge(shop, card, amount, **told):
    return shop.http.post(f"/gift-cards/{card['code']}/charge", json={"amount": amount, **told})


def refund(shop, card, amount, **told):
    return shop.http.post(f"/gift-cards/{card['code']}/refund", json={"amount": amount, **told})


def balance(shop, card):
    return shop.http.get(f"/gift-cards/{card['code']}").json()["balance"]


def refusal(answer):
    told = answer.json()
    return answer.status_code, told["code"], [error["field"] for error in told["errors"]]


def test_a_card_is_paid_with_in_parts_and_tells_what_moved_it(shop):
    card = issue(shop)

    first = charge(shop, card, "20.00", external_id="P-1")
    second = charge(shop, card, "12.35", external_id="P-2")
    back = refund(shop, card, "5.00", charge="P-1", external_id="D-1")

    assert [answer.status_code for answer in (first, second, back)] == [201, 201, 201]
    assert [answer.json()["balance"] for answer in (first, second, back)] == [
        "30.00",
        "17.65",
        "22.65",
    ]
    told = shop.http.get(f"/gift-cards/{card['code']}").json()
    assert (told["amount"], told["balance"], told["status"]) == ("50.00", "22.65", "active")
    assert [(entry["kind"], entry["amount"], entry["balance"]) for entry in told["entries"]] == [
        ("refund", "5.00", "22.65"),
        ("charge", "12.35", "17.65"),
        ("charge", "20.00", "30.00"),
        ("issue", "50.00", "50.00"),
    ]
    assert told["entries"][0]["charge"] == first.json()["id"]


def test_more_than_the_card_has_is_refused_with_what_is_left(shop):
    card = issue(shop, "10.00")
    charge(shop, card, "4.00")

    refused = charge(shop, card, "6.01")

    assert (refused.status_code, refused.json()["code"]) == (409, "insufficient_balance")
    assert (refused.json()["balance"], refused.json()["requested"]) == ("6.00", "6.01")
    assert charge(shop, card, "6.00").json()["balance"] == "0.00"


def test_never_more_goes_back_than_was_paid(shop):
    card = issue(shop)
    paid = charge(shop, card, "20.00").json()
    charge(shop, card, "10.00")

    assert refusal(refund(shop, card, "20.01", charge=paid["id"])) == (
        422,
        "over_returned",
        ["amount"],
    )
    assert refund(shop, card, "15.00", charge=paid["id"]).status_code == 201
    assert refusal(refund(shop, card, "5.01", charge=paid["id"]))[1] == "over_returned"
    assert refusal(refund(shop, card, "15.01"))[1] == "over_returned"
    assert refund(shop, card, "15.00").json()["balance"] == "50.00"
    assert refusal(refund(shop, card, "0.01"))[1] == "over_returned"


def test_what_is_sent_again_moves_nothing_again_and_is_answered_the_same(shop):
    card = issue(shop)
    first = charge(shop, card, "20.00", external_id="P-1")
    charge(shop, card, "1.00")

    again = charge(shop, card, "20.0", external_id="P-1")

    assert (again.status_code, again.json()) == (200, first.json())
    assert refusal(charge(shop, card, "21.00", external_id="P-1")) == (
        409,
        "external_id_reused",
        ["external_id"],
    )
    assert refusal(charge(shop, issue(shop), "20.00", external_id="P-1"))[1] == "external_id_reused"
    assert refund(shop, card, "2.00", external_id="P-1").status_code == 201  # of another kind
    assert refund(shop, card, "2.00", external_id="P-1").status_code == 200
    assert balance(shop, card) == "31.00"


def test_a_card_that_is_issued_again_is_the_same_card(shop):
    body = {"amount": "50.00", "external_id": "V-1"}
    first = shop.http.post("/gift-cards", json=body)
    again = shop.http.post("/gift-cards", json=body)
    other = shop.http.post("/gift-cards", json=body | {"amount": "60.00"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert refusal(other)[:2] == (409, "external_id_reused")


def test_the_same_key_charges_once(shop):
    card = issue(shop)
    key = {"Idempotency-Key": "k-1"}
    path = f"/gift-cards/{card['code']}/charge"

    answers = [shop.http.post(path, json={"amount": "5.00"}, headers=key) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert balance(shop, card) == "45.00"


def test_a_code_is_read_however_it_is_typed(shop):
    card = issue(shop)
    typed = card["code"].lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert shop.http.get(f"/gift-cards/{typed}").json()["id"] == card["id"]


def test_a_code_that_is_wrong_by_a_character_is_told_to_look_mistyped(shop):
    code = issue(shop)["code"]
    wrong = code[:-1] + ("A" if code[-1] != "A" else "C")

    answer = shop.http.get(f"/gift-cards/{wrong}", headers={"accept-language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["mistyped"] is True
    assert "mistyped" in answer.json()["detail"]


def test_the_last_day_of_a_card_is_one_of_the_programs_zone(shop):
    assert issue(shop, expires="2999-12-31")["expires_at"] == "2999-12-31T23:00:00Z"


def test_a_card_whose_time_is_over_pays_no_more_and_takes_money_back(shop):
    soon = datetime.now(UTC) + timedelta(seconds=1.5)
    card = issue(shop, expires_at=soon.isoformat())
    assert charge(shop, card, "5.00").status_code == 201

    time.sleep(1.6)

    assert refusal(charge(shop, card, "5.00"))[:2] == (409, "gift_card_expired")
    assert refund(shop, card, "5.00").json()["balance"] == "50.00"
    assert shop.http.get(f"/gift-cards/{card['code']}").json()["status"] == "expired"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.001"}, "amount"),
        ({"amount": "ten"}, "amount"),
        ({}, "amount"),
        ({"amount": "1", "kind": "any"}, "kind"),
        ({"amount": "1", "kind": "single_purpose"}, "tax_rate"),
        ({"amount": "1", "tax_rate": "21"}, "tax_rate"),
        ({"amount": "1", "kind": "single_purpose", "tax_rate": "-1"}, "tax_rate"),
        ({"amount": "1", "expires": "2020-01-01"}, "expires"),
        ({"amount": "1", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        (
            {"amount": "1", "expires": "2030-01-01", "expires_at": "2030-01-01T00:00:00Z"},
            "expires_at",
        ),
        ({"amount": "1", "expires": "9999-12-31"}, "expires"),
        ({"amount": "1", "expires_at": "9999-12-31T23:59:59Z"}, "expires_at"),
        ({"amount": "1", "colour": "red"}, "colour"),
    ],
)
def test_a_card_that_cannot_be_is_refused_at_its_field(shop, body, field):
    answer = shop.http.post("/gift-cards", json=body)

    assert refusal(answer) == (422, "invalid", [field])


def test_who_is_not_there_cannot_be_given_a_card(shop):
    answer = shop.http.post(
        "/gift-cards", json={"amount": "1", "member": {"external_id": "nobody"}}
    )

    assert refusal(answer) == (404, "not_found", ["member"])


def test_what_a_payment_names_must_be_there(shop):
    card, other = issue(shop), issue(shop)
    paid = charge(shop, other, "5.00", external_id="P-1").json()

    assert refusal(charge(shop, card, "1.00", sale="T-1")) == (404, "not_found", ["sale"])
    for named in ("nothing", paid["id"], "P-1", other["id"]):
        charge(shop, card, "5.00")
        assert refusal(refund(shop, card, "1.00", charge=named)) == (404, "not_found", ["charge"])
    sold = shop.sells("5.00")
    assert charge(shop, card, "5.00", sale=sold["id"]).json()["sale"] == sold["id"]


def test_single_purpose_cards_keep_their_tax(shop):
    card = issue(shop, kind="single_purpose", tax_rate="10.5")

    assert (card["kind"], card["tax_rate"]) == ("single_purpose", "10.5")


def test_a_card_can_belong_to_a_member(shop):
    ana = shop.enrols("ana")

    assert issue(shop, member={"external_id": "ana"})["member"] == ana


def test_the_rival_sees_nothing(shop, opens_shop):
    card = issue(shop)
    rival = opens_shop(shop.document.replace("cafe-sol", "cafe-luna"))

    for path in ("charge", "refund"):
        answer = rival.http.post(f"/gift-cards/{card['code']}/{path}", json={"amount": "1.00"})
        assert refusal(answer)[:2] == (404, "not_found")
    assert rival.http.get(f"/gift-cards/{card['code']}").status_code == 404
    assert balance(shop, card) == "50.00"
    assert proof_of(shop.database_url).ok


def test_a_card_that_was_withdrawn_neither_pays_nor_takes_money_back(shop):
    card = issue(shop)
    charge(shop, card, "5.00")

    withdraws(shop, card)

    assert refusal(charge(shop, card, "1.00"))[:2] == (409, "gift_card_cancelled")
    assert refusal(refund(shop, card, "1.00"))[:2] == (409, "gift_card_cancelled")
    told = shop.http.get(f"/gift-cards/{card['code']}").json()
    assert (told["status"], told["balance"]) == ("cancelled", "0.00")
    assert [entry["kind"] for entry in told["entries"]] == ["cancel", "charge", "issue"]
    assert proof_of(shop.database_url).ok


def withdraws(shop, card):
    async def withdraw():
        async with (
            open_database(shop.database_url, connections=1) as database,
            database.connection() as connection,
            program_transaction(connection, shop.program_id),
        ):
            now = datetime.now(UTC)
            await withdraw_gift_card(
                connection, shop.program_id, card["code"], now=now, even_used=True
            )

    asyncio.run(withdraw())
