"""The key of a till: it needs a cashier, opens what a till needs, and goes as far as she may."""

from __future__ import annotations

import pytest

from fiel.staff.tills.cashiers import set_active
from fiel.staff.tills.devices import revoke_device
from fiel.staff.tills.shifts import Purpose
from tests.api.tills import Till, at_shop, now
from tests.support.program import CAFE_SOL
from tests.support.proof import proof_of

REWARDING = CAFE_SOL + (
    "rewards: [{id: cafe-gratis, kind: product, price: {points: 100}}]\n"
    "pay_with_points: {unit: points}\n"
    "offline: {overdraw: {points: 60}}\n"
)


@pytest.fixture
def cafe(opens_shop):
    return opens_shop(REWARDING)


@pytest.fixture
def till(cafe):
    return Till(cafe)


def problem(answer):
    return answer.status_code, answer.json()["code"]


def redemption(cafe, number="C-1", **told):
    return {
        "external_id": number, "member": cafe.members["ana"], "reward": "cafe-gratis",
        "capture": True,
    } | told  # fmt: skip


def test_the_key_of_a_till_does_nothing_without_a_cashier(cafe, till):
    eva = till.hires()

    assert problem(till.by(None).post("/sales", json=cafe.sale("1.00"))) == (401, "cashier_needed")
    assert till.by(eva).post("/sales", json=cafe.sale("1.00")).status_code == 201


def test_other_keys_need_no_cashier(cafe):
    assert cafe.http.post("/sales", json=cafe.sale("1.00")).status_code == 201


def test_the_sale_bears_the_tills_store_and_the_cashiers_name(cafe, till):
    eva = till.hires("Eva Núñez")
    cafe.enrols("ana")

    sold = till.by(eva).post(
        "/sales", json=cafe.sale("5.00", to="ana", store="elsewhere", cashier="Somebody")
    )

    assert (sold.status_code, sold.json()["store"]) == (201, "centro")

    async def facts(connection):
        rows = await connection.execute(
            "SELECT facts ->> 'cashier' FROM activity WHERE kind='sale'"
        )
        return await rows.fetchall()

    assert at_shop(cafe, facts) == [("Eva Núñez",)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/events"), ("GET", "/reports/kpis"), ("GET", "/program/versions"),
        ("POST", "/sales/batch"), ("POST", "/activities"), ("POST", "/gift-cards"),
    ],
)  # fmt: skip
def test_a_till_that_was_lost_opens_no_more_than_a_till_needs(till, method, path):
    eva = till.hires()

    assert problem(till.by(eva).request(method, path, json={})) == (403, "forbidden")


def test_marks_of_other_tills_of_who_left_and_of_approvals_are_none(cafe, till):
    eva, other = till.hires(), Till(cafe, name="Caja 2")
    foreign = cafe.caller(till.paired.secret, **{"fiel-cashier": other.mark(eva)})
    approving = cafe.caller(
        till.paired.secret, **{"fiel-cashier": till.mark(eva, Purpose.APPROVAL)}
    )
    assert problem(foreign.get("/rewards")) == (401, "cashier_needed")
    assert problem(approving.get("/rewards")) == (401, "cashier_needed")
    iris = till.hires("Iris", pin="2580")
    at_shop(cafe, lambda c: set_active(c, cafe.program_id, iris.id, active=False))

    assert problem(till.by(iris).get("/rewards")) == (401, "cashier_needed")


def test_what_a_member_set_aside_is_read_taken_and_handed_over_at_a_till(cafe, till):
    eva = till.hires(redeem_a_day={"points": 0})
    cafe.enrols("ana")
    cafe.sells("400.00", to="ana")
    first, second = (
        cafe.http.post("/redemptions", json=redemption(cafe, number, capture=False)).json()["id"]
        for number in ("P-1", "P-2")
    )
    at_till = till.by(eva)

    assert at_till.get(f"/redemptions/{first}").json()["status"] == "held"
    taken = at_till.post(f"/redemptions/{first}/capture", json={}).json()
    used = at_till.post(f"/redemption-codes/{taken['code']}/use", json={})
    assert (used.status_code, used.json()["status"]) == (200, "used")
    assert at_till.post(f"/redemptions/{second}/use", json={}).json()["status"] == "used"
    again = at_till.post(f"/redemption-codes/{taken['code']}/use", json={})
    assert problem(again) == (409, "already_used")
    assert cafe.balance("ana") == 200

    async def authors(connection):
        rows = await connection.execute(
            "SELECT kind, facts ->> 'author' FROM activity WHERE kind IN ('capture', 'use') "
            "ORDER BY id"
        )
        return await rows.fetchall()

    assert at_shop(cafe, authors) == [("capture", "Eva"), ("use", "Eva"), ("use", "Eva")]
    assert proof_of(cafe.database_url).ok


def test_a_gift_card_is_read_and_pays_at_a_till(cafe, till):
    at_till = till.by(till.hires())
    code = cafe.http.post("/gift-cards", json={"amount": "20.00"}).json()["code"]
    payment = {"external_id": "P-1", "source": "T-1001", "amount": "12.00"}

    paid = [at_till.post(f"/gift-cards/{code}/charge", json=payment) for _ in range(2)]
    back = at_till.post(
        f"/gift-cards/{code}/refund",
        json={"external_id": "P-1", "source": "undone", "amount": "12.00",
              "charge": paid[0].json()["id"]},
    )  # fmt: skip

    assert [answer.status_code for answer in (*paid, back)] == [201, 200, 201]
    assert at_till.get(f"/gift-cards/{code}").json()["balance"] == "20.00"


def test_a_revoked_till_is_out(cafe, till):
    eva = till.hires()
    at_shop(cafe, lambda c: revoke_device(c, cafe.program_id, till.paired.device.id, now=now()))

    assert problem(till.by(eva).get("/rewards")) == (401, "unauthorized")


def test_a_kept_mark_sends_what_was_done_without_a_network_and_nothing_else(cafe, till):
    eva = till.hires()
    kept = till.by(eva, purpose=Purpose.KEPT)
    marked = {"offline": {"till": "Caja 1"}}

    assert problem(kept.get("/rewards")) == (401, "cashier_needed")
    assert problem(kept.post("/sales", json=cafe.sale("1.00"))) == (401, "cashier_needed")
    assert kept.post("/sales", json=cafe.sale("1.00") | marked).status_code == 201


def test_a_cashier_redeems_so_many_points_a_day_and_more_with_somebodys_approval(cafe, till):
    eva = till.hires(redeem_a_day={"points": 150})
    olga = till.hires("Olga", pin="2580", may_approve=True)
    cafe.enrols("ana")
    cafe.sells("400.00", to="ana")
    first = till.by(eva).post("/redemptions", json=redemption(cafe))
    again = till.by(eva).post("/redemptions", json=redemption(cafe))
    assert (first.status_code, again.status_code) == (201, 200)

    beyond = till.by(eva).post("/redemptions", json=redemption(cafe, "C-2"))

    assert problem(beyond) == (409, "cashier_limit")
    told = beyond.json()
    assert (told["kind"], told["unit"], told["most"], told["used"]) == (
        "redeemed", "points", 150, 100,
    )  # fmt: skip
    assert cafe.balance("ana") == 300
    approved = till.by(eva, approved_by=olga).post("/redemptions", json=redemption(cafe, "C-2"))
    assert approved.status_code == 201, approved.text
    by_herself = till.by(eva, approved_by=eva).post("/redemptions", json=redemption(cafe, "C-3"))
    assert problem(by_herself) == (401, "cashier_needed")
    assert proof_of(cafe.database_url).ok


def test_what_a_cashier_cancels_she_may_redeem_again(cafe, till):
    eva = till.hires(redeem_a_day={"points": 100})
    cafe.enrols("ana")
    cafe.sells("400.00", to="ana")
    made = till.by(eva).post("/redemptions", json=redemption(cafe)).json()
    till.by(eva).post(f"/redemptions/{made['id']}/cancel")

    assert till.by(eva).post("/redemptions", json=redemption(cafe, "C-2")).status_code == 201


def test_points_that_pay_count_as_well_and_a_refused_sale_does_not(cafe, till):
    eva = till.hires(redeem_a_day={"points": 150})
    cafe.enrols("ana")
    cafe.sells("120.00", to="ana")

    def pays(points, number):
        payment = {"unit": "points", "points": points}
        sale = cafe.sale("10.00", to="ana", points_payment=payment, external_id=number)
        return till.by(eva).post("/sales", json=sale)

    assert problem(pays(140, "P-1")) == (409, "insufficient_points")
    assert pays(100, "P-2").status_code == 201
    assert pays(100, "P-2").status_code == 200
    assert problem(pays(60, "P-3")) == (409, "cashier_limit")
    assert pays(20, "P-4").status_code == 201


def test_a_cashier_takes_so_much_back_a_day(cafe, till):
    eva = till.hires(return_a_day=1500)
    olga = till.hires("Olga", pin="2580", may_approve=True)
    cafe.enrols("ana")
    sale = cafe.sells("20.00", to="ana")
    path = f"/sales/{sale['id']}/returns"

    assert till.by(eva).post(path, json={"external_id": "R-1", "amount": "10.00"}).is_success
    assert till.by(eva).post(path, json={"external_id": "R-1", "amount": "10.00"}).is_success
    beyond = till.by(eva).post(path, json={"external_id": "R-2", "full": True})

    assert problem(beyond) == (409, "cashier_limit")
    assert (beyond.json()["unit"], beyond.json()["used"]) == ("EUR", 1000)
    assert till.by(eva).post(path, json={"external_id": "R-3", "amount": "5.00"}).is_success
    assert problem(till.by(eva).post(f"/sales/{sale['id']}/cancel")) == (409, "cashier_limit")
    assert till.by(eva, approved_by=olga).post(f"/sales/{sale['id']}/cancel").is_success
    assert proof_of(cafe.database_url).ok


def test_a_till_returns_a_sale_by_name_and_waits_for_none(cafe, till):
    eva = till.hires()
    cafe.enrols("ana")
    sale = cafe.sells("20.00", to="ana")
    body = {"external_id": "R-1", "sale_external_id": sale["external_id"], "full": True}

    assert till.by(eva).post("/returns", json=body).status_code == 201
    missing = body | {"external_id": "R-2", "sale_external_id": "nowhere"}
    assert problem(till.by(eva).post("/returns", json=missing)) == (404, "not_found")


def test_a_return_without_a_network_counts_when_it_comes_where_the_clock_is_wrong(cafe, till):
    eva = till.hires()
    cafe.enrols("ana")
    sale = cafe.sells("20.00", to="ana")
    body = {
        "external_id": "R-1", "full": True, "occurred_at": "2031-03-01T10:00:00Z",
        "offline": {"till": "Caja 1", "sent_at": "2031-03-01T12:00:00Z"},
    }  # fmt: skip

    path = f"/sales/{sale['id']}/returns"
    first = till.by(eva, purpose=Purpose.KEPT).post(path, json=body)
    again = till.by(eva).post(
        path, json=body | {"offline": {"till": "Caja 1", "sent_at": "2031-03-01T13:00:00Z"}}
    )

    assert (first.status_code, again.status_code) == (201, 200)


def test_52_what_a_till_gave_beyond_the_cashiers_limit_waits_for_a_manager(cafe, till):
    eva = till.hires(redeem_a_day={"points": 50})
    cafe.enrols("ana")
    cafe.sells("400.00", to="ana")
    body = redemption(cafe, offline={"till": "Caja 1"})
    late = till.by(eva, purpose=Purpose.KEPT)

    told = late.post("/redemptions", json=body).json()
    assert (told["status"], told["queued"]) == ("queued", "cashier_limit")
    again = late.post("/redemptions", json=body).json()
    assert (again["status"], again["queued"]) == ("queued", "cashier_limit")
    assert cafe.balance("ana") == 400

    approved = cafe.http.post(f"/redemptions/{told['id']}/approve")

    assert (approved.status_code, approved.json()["status"]) == (200, "captured")
    assert cafe.balance("ana") == 300
    assert proof_of(cafe.database_url).ok


def test_52_what_somebody_gave_who_has_left_waits_for_a_manager_and_her_sales_count(cafe, till):
    eva = till.hires()
    cafe.enrols("ana")
    cafe.sells("400.00", to="ana")
    at_shop(cafe, lambda c: set_active(c, cafe.program_id, eva.id, active=False))
    late, marked = till.by(eva, purpose=Purpose.KEPT), {"offline": {"till": "Caja 1"}}

    assert late.post("/sales", json=cafe.sale("10.00", to="ana") | marked).status_code == 201
    told = late.post("/redemptions", json=redemption(cafe) | marked).json()

    assert (told["status"], told["queued"]) == ("queued", "cashier_limit")
    assert cafe.balance("ana") == 410
