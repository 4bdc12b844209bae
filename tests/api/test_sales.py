"""Sales over HTTP."""

from __future__ import annotations

from tests.support.program import CAFE_SOL


def problem(answer) -> tuple[int, str, list[tuple[str, str]]]:
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, told["code"], [(e["field"], e["code"]) for e in told["errors"]]


def test_a_sale_earns_by_the_programs_rule_and_says_why(shop):
    shop.enrols("ana")

    sold = shop.sells("6.20", to="ana")

    assert sold["earned"] == {"points": 6}
    assert sold["explanation"] == [
        {"rule": "base", "unit": "points", "points": 6, "text": "1 punto por cada 1,00 € de 6,20 €"}
    ]
    assert shop.balance("ana") == 6


def test_a_sale_is_answered_as_the_contract_says(shop):
    ana = shop.enrols("ana")
    told = {
        "store": "centro",
        "channel": "pos",
        "shipping": "0.00",
        "coupons": [],
        "occurred_at": "2026-03-01T10:15:00+01:00",
    }
    line = {
        "sku": "CAP-01",
        "name": "Capuchino",
        "category": "cafe",
        "quantity": 2,
        "unit_price": "3.10",
        "discount": "0.00",
        "tax": "0.62",
        "cost": "1.60",
    }

    sold = shop.sells("0", to="ana", lines=[line], **told)

    ends = "2027-03-01T23:00:00Z"  # the end of 1 March in Madrid
    assert {name: sold[name] for name in sold if name not in ("id", "recorded_at")} == {
        "external_id": "T-1",
        "source": "",
        "member": ana,
        "occurred_at": "2026-03-01T09:15:00Z",
        "status": "completed",
        "store": "centro",
        "channel": "pos",
        "net": "6.20",
        "gross": "6.82",
        "earned": {"points": 6},
        "pending": {"points": 0},
        "spent": {"points": 0},
        "coupons": [],
        "program_version": 1,
        "explanation": [
            {
                "rule": "base",
                "unit": "points",
                "points": 6,
                "text": "1 punto por cada 1,00 € de 6,20 €",
            }
        ],
        "balances": {
            "points": {
                "available": 6,
                "pending": 0,
                "held": 0,
                "debt": 0,
                "lifetime": 6,
                "expiring": [{"points": 6, "at": ends}],
            }
        },
        "tier": None,
        "milestones": [],
        "rewards": [],
        "messages": [],
    }


def test_the_same_sale_again_is_answered_the_same_and_earns_once(shop):
    shop.enrols("ana")
    body = shop.sale("50.00", to="ana")

    first = shop.http.post("/sales", json=body)
    again = shop.http.post("/sales", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert shop.balance("ana") == 50


def test_the_same_id_with_other_content_is_refused_and_changes_nothing(shop):
    shop.enrols("ana")
    shop.http.post("/sales", json=shop.sale("50.00", to="ana", external_id="T-1001"))

    answer = shop.http.post("/sales", json=shop.sale("60.00", to="ana", external_id="T-1001"))

    assert problem(answer) == (409, "external_id_reused", [("external_id", "reused")])
    assert shop.balance("ana") == 50


def test_the_same_id_from_another_source_is_another_sale(shop):
    shop.enrols("ana")

    shop.sells("50.00", to="ana", external_id="1", source="till-1")
    shop.sells("50.00", to="ana", external_id="1", source="till-2")

    assert shop.balance("ana") == 100


def test_a_sale_without_a_member_is_kept_and_earns_nothing(shop):
    sold = shop.sells("50.00")

    assert (sold["member"], sold["earned"], sold["net"]) == (None, {"points": 0}, "50.00")
    assert shop.http.get(f"/sales/{sold['id']}").json() == sold


def test_a_sale_is_read_as_it_was_answered(shop):
    shop.enrols("ana")

    sold = shop.sells("50.00", to="ana")

    assert shop.http.get(f"/sales/{sold['id']}").json() == sold


def test_a_sale_names_its_member_by_any_name(shop):
    shop.enrols("ana", phone="+34 600 111 222", email="Ana@example.com", card="4000 0012")

    for named in (
        {"external_id": "ana"},
        {"phone": "600111222"},
        {"email": "ana@EXAMPLE.com"},
        {"card": "40000012"},
    ):
        shop.sells("10.00", member=named)

    assert shop.balance("ana") == 40


def test_a_member_who_does_not_exist_is_not_found(shop):
    answer = shop.http.post("/sales", json=shop.sale("1.00", member={"external_id": "nobody"}))

    assert problem(answer) == (404, "not_found", [("member", "not_found")])


def test_a_quote_says_what_a_sale_would_earn_and_writes_nothing(shop):
    shop.enrols("ana")

    quoted = shop.http.post("/quotes", json=shop.sale("50.00", to="ana"))

    told = quoted.json()
    assert quoted.status_code == 200
    assert (told["id"], told["status"], told["earned"]) == (None, "quoted", {"points": 50})
    assert told["balances"]["points"]["available"] == 50
    assert shop.balance("ana") == 0


def test_each_sale_of_a_batch_has_its_own_result(shop):
    shop.enrols("ana")
    good = shop.sale("10.00", to="ana")
    bad = shop.sale("10.00", to="ana", lines=[{"quantity": 0, "unit_price": 1}])
    unknown = shop.sale("10.00", member={"external_id": "nobody"})

    answer = shop.http.post("/sales/batch", json={"sales": [good, bad, 7, unknown, good]})

    results = answer.json()["results"]
    assert answer.status_code == 200
    assert [result["status"] for result in results] == [201, 422, 422, 404, 200]
    assert results[1]["problem"]["errors"][0]["field"] == "lines[0].quantity"
    assert results[0]["sale"] == results[4]["sale"]
    assert shop.balance("ana") == 10


def test_a_batch_of_a_thousand_is_taken_and_one_more_is_not(shop):
    shop.enrols("ana")
    sales = [shop.sale("1.00", to="ana") for _ in range(1000)]

    taken = shop.http.post("/sales/batch", json={"sales": sales}, timeout=60)
    refused = shop.http.post("/sales/batch", json={"sales": [*sales, shop.sale("1.00")]})

    assert {result["status"] for result in taken.json()["results"]} == {201}
    assert problem(refused) == (422, "invalid", [("sales", "too_many")])
    assert shop.balance("ana") == 1000


def test_an_amount_finer_than_the_currency_is_refused(shop):
    answer = shop.http.post(
        "/sales", json=shop.sale("0", lines=[{"quantity": 1, "unit_price": 1, "tax": "0.001"}])
    )

    assert problem(answer) == (422, "invalid", [("lines[0].tax", "too_precise")])


def test_a_sum_that_overflows_is_refused(shop):
    line = {"quantity": "999999999", "unit_price": "9999999999999"}

    answer = shop.http.post("/sales", json=shop.sale("0", lines=[line]))

    status, code, errors = problem(answer)
    assert (status, code) == (422, "invalid")
    assert ("lines[0]", "too_large") in errors


def test_a_sale_more_than_a_day_ahead_is_refused(shop):
    answer = shop.http.post("/sales", json=shop.sale("1.00", occurred_at="2999-01-01T00:00:00Z"))

    assert problem(answer) == (422, "invalid", [("occurred_at", "too_late")])


def test_a_sale_that_brings_another_currency_brings_its_rate(shop):
    shop.enrols("ana")

    refused = shop.http.post("/sales", json=shop.sale("100.00", to="ana", currency="USD"))
    sold = shop.sells("100.00", to="ana", currency="USD", exchange_rate="0.92")

    assert problem(refused) == (422, "invalid", [("exchange_rate", "missing")])
    assert (sold["net"], sold["earned"]) == ("92.00", {"points": 92})
    assert (sold["currency"], sold["exchange_rate"]) == ("USD", "0.92")
    assert shop.http.get(f"/sales/{sold['id']}").json() == sold
    assert "exchange_rate" not in shop.sells("1.00", to="ana")


def test_a_gift_card_and_shipping_earn_nothing(shop):
    shop.enrols("ana")
    lines = [
        {"quantity": 1, "unit_price": "10.00"},
        {"quantity": 1, "unit_price": "50.00", "kind": "gift_card"},
        {"quantity": 1, "unit_price": "50.00", "category": "Tarjeta Regalo"},
    ]

    sold = shop.sells("0", to="ana", lines=lines, shipping="5.00")

    assert sold["earned"] == {"points": 10}


def test_points_do_not_pay_where_the_program_does_not_say_so(shop):
    shop.enrols("ana")
    payment = {"unit": "points", "points": 100}

    answer = shop.http.post("/sales", json=shop.sale("1.00", to="ana", points_payment=payment))

    assert problem(answer) == (422, "invalid", [("points_payment", "not_allowed")])


def test_an_activity_earns_by_its_rule(opens_shop):
    shop = opens_shop(
        CAFE_SOL
        + "  - {id: resena, event: activity, activity: review, give: {points: 20},"
        + " limit: {per_member: 1, every: month}}\n"
    )
    ana = shop.enrols("ana")
    review = {"external_id": "V-1", "member": ana, "type": "review", "properties": {"stars": 5}}

    first = shop.http.post("/activities", json=review)
    again = shop.http.post("/activities", json=review)
    second = shop.http.post("/activities", json=review | {"external_id": "V-2"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["earned"] == {"points": 20}
    assert second.json()["earned"] == {"points": 0}


def test_what_is_missing_to_the_nearest_reward_is_said(opens_shop):
    shop = opens_shop(
        CAFE_SOL
        + "rewards:\n"
        + "  - {id: cafe-gratis, kind: product, name: {es: un café gratis}, sku: CAP-01,"
        + " price: {points: 50}}\n"
    )
    shop.enrols("ana")

    assert shop.sells("6.20", to="ana")["messages"] == ["Te faltan 44 puntos para un café gratis"]
