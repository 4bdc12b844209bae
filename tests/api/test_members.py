"""Members over HTTP."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.program import CAFE_SOL


def enrol(shop, **told):
    return shop.http.post("/members", json=told)


def test_a_member_is_enrolled_and_read_as_the_contract_says(shop):
    berta = enrol(shop, name="Berta").json()
    answer = enrol(
        shop,
        external_id="crm-77",
        name="Ana Ruiz",
        email="ana@example.com",
        phone="+34600111222",
        birthday="1990-05-17",
        consents={"email": True, "whatsapp": True},
        attributes={"favourite": "latte", "size": 1.50},
        referred_by=berta["referral_code"].lower(),
    )

    ana = answer.json()
    assert answer.status_code == 201
    assert ana.pop("referral_code").startswith("ANA-")
    assert ana.pop("joined_at").endswith("Z")
    member_id = ana.pop("id")
    assert ana == {
        "external_id": "crm-77",
        "status": "active",
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "phone": "+34600111222",
        "card": None,
        "birthday": "1990-05-17",
        "consents": {"email": True, "whatsapp": True},
        "attributes": {"favourite": "latte", "size": 1.5},
        "referred_by": berta["id"],
        "tier": None,
        "balances": {
            "points": {
                "available": 0,
                "pending": 0,
                "held": 0,
                "debt": 0,
                "lifetime": 0,
                "expiring": [],
            }
        },
    }
    assert shop.http.get(f"/members/{member_id}").json() == answer.json()


def test_joining_earns_what_the_program_gives_for_it(opens_shop):
    shop = opens_shop(CAFE_SOL + "  - {id: bienvenida, event: enrolment, give: {points: 10}}\n")

    answer = enrol(shop, external_id="ana")

    assert answer.json()["balances"]["points"]["available"] == 10


def test_a_new_member_stands_on_the_first_tier(opens_shop):
    shop = opens_shop(
        CAFE_SOL
        + "tiers:\n  by: spend\n  window: 12 months\n  levels:\n"
        + "    - {id: bronce, from: 0}\n    - {id: plata, from: 300, multiply: 1.5}\n"
    )

    shop.enrols("ana")
    tier = shop.sells("100.00", to="ana")["tier"]

    assert (tier["id"], tier["next"]) == ("bronce", {"id": "plata", "missing": "200.00"})


def test_the_same_enrolment_again_is_answered_the_same(shop):
    first = enrol(shop, external_id="crm-77", phone="600111222")
    again = enrol(shop, external_id="crm-77", phone="600111222")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_same_external_id_with_another_person_is_refused(shop):
    ana = enrol(shop, external_id="crm-77", name="Ana").json()["id"]

    answer = enrol(shop, external_id="crm-77", name="Berta")

    assert (answer.status_code, answer.json()["code"]) == (409, "external_id_reused")
    assert answer.json()["id"] == ana


@pytest.mark.parametrize(
    ("field", "first", "again"),
    [
        ("phone", "+34600111222", "600 111 222"),
        ("email", "ana@example.com", "ANA@example.com"),
        ("card", "4000 0012", "40000012"),
    ],
)
def test_who_is_enrolled_already_is_named(shop, field, first, again):
    ana = enrol(shop, **{field: first}).json()["id"]

    answer = enrol(shop, **{field: again})

    told = answer.json()
    assert (answer.status_code, told["code"], told["member"]) == (409, "member_exists", ana)
    assert [(e["field"], e["code"]) for e in told["errors"]] == [(field, "taken")]
    assert "{" not in told["detail"]


def test_two_enrolments_at_once_with_one_phone_make_one_member(shop):
    with ThreadPoolExecutor(8) as tills:
        answers = list(tills.map(lambda _: enrol(shop, phone="+34600111222"), range(8)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    named = {a.json()["id" if a.status_code == 201 else "member"] for a in answers}
    assert len(named) == 1


def test_two_enrolments_at_once_of_one_person_have_one_answer(shop):
    told = {"external_id": "crm-77", "name": "Ana", "phone": "+34600111222"}
    with ThreadPoolExecutor(8) as tills:
        answers = list(tills.map(lambda _: enrol(shop, **told), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.text for answer in answers}) == 1


def test_a_referral_code_that_nobody_has_is_refused(shop):
    answer = enrol(shop, referred_by="ANA-222")

    assert answer.status_code == 422
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [
        ("referred_by", "unknown")
    ]


@pytest.mark.parametrize(
    "sought",
    [
        {"external_id": "ana"},
        {"phone": "+34 600 111 222"},
        {"phone": "600111222"},
        {"email": "Ana@Example.com"},
        {"card": "4000 0012"},
        {"card": "4000 0012", "limit": 1},
    ],
)
def test_a_member_is_found_by_any_name(shop, sought):
    ana = shop.enrols("ana", phone="+34600111222", email="ana@example.com", card="40000012")

    found = shop.http.get("/members", params=sought).json()

    assert [member["id"] for member in found["data"]] == [ana]
    assert found["next_cursor"] is None


@pytest.mark.parametrize("sought", [{"external_id": "nobody"}, {"phone": "12"}, {"email": "x"}])
def test_whom_nobody_is_an_empty_list(shop, sought):
    assert shop.http.get("/members", params=sought).json()["data"] == []


@pytest.mark.parametrize("sought", [{}, {"card": "1", "phone": "2"}])
def test_a_member_is_sought_by_exactly_one_name(shop, sought):
    answer = shop.http.get("/members", params=sought)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_change_keeps_what_it_does_not_name(shop):
    ana = shop.enrols(
        "ana", phone="+34600111222", consents={"email": True}, attributes={"a": 1, "b": 2}
    )

    answer = shop.http.patch(
        f"/members/{ana}",
        json={"phone": None, "consents": {"sms": True}, "attributes": {"a": None, "c": 3}},
    )

    told = answer.json()
    assert answer.status_code == 200
    assert (told["name"], told["phone"]) == ("Ana", None)
    assert told["consents"] == {"email": True, "sms": True}
    assert told["attributes"] == {"b": 2, "c": 3}


def test_a_null_forgets_whatever_it_names(shop):
    known = {"email": "ana@example.com", "birthday": "1990-05-17"}
    maps = {"consents": {"email": True}, "attributes": {"a": 1}}
    ana = shop.enrols("ana", **known, **maps)

    answer = shop.http.patch(f"/members/{ana}", json=dict.fromkeys(("name", *known, *maps)))

    assert answer.status_code == 200, answer.text
    told = shop.http.get(f"/members/{ana}").json()
    assert (told["name"], told["email"], told["birthday"]) == ("", None, None)
    assert (told["consents"], told["attributes"]) == ({}, {})


def test_what_a_change_gives_up_another_may_have(shop):
    ana = shop.enrols("ana", phone="+34600111222")
    shop.http.patch(f"/members/{ana}", json={"phone": "+34600333444"})

    berta = shop.enrols("berta", phone="+34600111222")

    found = shop.http.get("/members", params={"phone": "+34600111222"}).json()
    assert [member["id"] for member in found["data"]] == [berta]


def test_a_change_cannot_take_what_another_has(shop):
    ana = shop.enrols("ana", phone="+34600111222")
    berta = shop.enrols("berta")

    answer = shop.http.patch(f"/members/{berta}", json={"phone": "600111222"})

    told = answer.json()
    assert (answer.status_code, told["code"], told["member"]) == (409, "member_exists", ana)


def test_lots_stand_in_the_order_in_which_they_are_spent(shop):
    ana = shop.enrols("ana")
    for day in ("2026-03-10", "2026-03-01", "2026-03-05"):
        shop.sells("10.00", to="ana", occurred_at=f"{day}T10:00:00Z")

    first = shop.http.get(f"/members/{ana}/lots", params={"limit": 2}).json()
    rest = shop.http.get(
        f"/members/{ana}/lots", params={"limit": 2, "cursor": first["next_cursor"]}
    ).json()

    ends = [lot["ends_at"][:10] for lot in first["data"] + rest["data"]]
    assert ends == ["2027-03-01", "2027-03-05", "2027-03-10"]
    assert rest["next_cursor"] is None
    assert {lot["left"] for lot in first["data"]} == {10}


def test_the_ledger_tells_every_transfer_newest_first(shop):
    ana = shop.enrols("ana")
    sold = [shop.sells(price, to="ana")["id"] for price in ("1.00", "2.00", "3.00")]

    told, cursor = [], None
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = shop.http.get(f"/members/{ana}/ledger", params=params).json()
        told += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert [entry["activity"] for entry in told] == sold[::-1]
    assert [(e["from"], e["to"], e["points"]) for e in told] == [
        ("issued", "available", 3),
        ("issued", "available", 2),
        ("issued", "available", 1),
    ]


def test_a_balance_is_told_as_it_was_and_as_it_will_be(shop):
    ana = shop.enrols("ana")
    shop.sells("10.00", to="ana", occurred_at="2026-03-01T10:00:00Z")
    shop.sells("5.00", to="ana", occurred_at="2026-03-10T10:00:00Z")

    def balance(at):
        answer = shop.http.get(f"/members/{ana}/balances", params={"at": at}).json()
        return answer["balances"]["points"]["available"]

    assert balance("2026-02-28T00:00:00Z") == 0
    assert balance("2026-03-01T10:00:00Z") == 10
    assert balance("2026-03-11T00:00:00+01:00") == 15
    assert balance("2027-03-01T22:59:59Z") == 15  # the last second of 1 March in Madrid
    assert balance("2027-03-01T23:00:00Z") == 5
    assert balance("2027-03-10T23:00:00Z") == 0
