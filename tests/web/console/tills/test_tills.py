"""The console's pages about tills: devices let in and shut out, cashiers, and what waits."""

from __future__ import annotations

import re

import httpx
import pytest

from fiel.ledger.ids import new_id
from fiel.staff.tills.shifts import Purpose
from tests.api.tills import Till
from tests.web.stage import Stage


def code_on(page: str) -> str:
    match = re.search(r'id="pairing-code">([0-9A-Z-]+)<', page)
    assert match is not None, page[:400]
    return match[1]


def added(stage: Stage, name: str = "Caja 1", store: str = "centro") -> str:
    """Add a till as the manager does; its page's path."""
    made = stage.client("manager").submit(
        "/console/cafe-sol/tills/new/", {"name": name, "store": store}
    )
    assert made.status_code == 302, made.text
    return made.headers["location"]


def facts(stage: Stage, key: str) -> httpx.Response:
    return httpx.get(
        f"{stage.address}/till/facts",
        headers={"authorization": f"Bearer {key}", "accept-language": "en"},
    )


def test_a_till_is_added_let_in_by_its_code_once_and_shut_out(stage):
    manager = stage.client("manager")
    path = added(stage)
    code = code_on(manager.submit(f"{path}pair/").text)

    paired = httpx.post(f"{stage.address}/till/pair", json={"code": code.lower()})
    again = httpx.post(f"{stage.address}/till/pair", json={"code": code})

    assert (paired.status_code, again.status_code) == (201, 404)
    assert again.json()["code"] == "pairing_over"
    key = paired.json()["key"]
    told = facts(stage, key).json()
    assert (told["device"]["name"], told["device"]["store"]) == ("Caja 1", "centro")
    assert told["program"]["units"][0] == {"id": "points", "name": "points", "one": "point"}
    assert told["pays"]["worth"] == [1, 1]
    assert "Connected" in manager.get(path).text
    manager.submit(f"{path}revoke/")
    assert facts(stage, key).status_code == 401


def test_a_cashier_is_added_signs_in_and_leaves(stage):
    manager = stage.client("manager")
    path = added(stage, "Caja 2")
    code = code_on(manager.submit(f"{path}pair/").text)
    key = httpx.post(f"{stage.address}/till/pair", json={"code": code}).json()["key"]
    made = manager.submit(
        "/console/cafe-sol/tills/cashiers/new/",
        {"name": "Iris", "pin": "4071", "stores": "centro", "redeem_points": "150",
         "return_a_day": "60.00"},
    )  # fmt: skip
    assert made.status_code == 302, made.text
    (iris,) = [each for each in facts(stage, key).json()["cashiers"] if each["name"] == "Iris"]

    def signs_in(pin):
        return httpx.post(
            f"{stage.address}/till/sign-in",
            json={"cashier": iris["id"], "pin": pin},
            headers={"authorization": f"Bearer {key}"},
        )

    assert (signs_in("4072").status_code, signs_in("4072").json()["left"]) == (403, 3)
    shift = signs_in("4071").json()["shift"]
    headers = {"authorization": f"Bearer {key}", "fiel-cashier": shift}
    found = httpx.get(f"{stage.address}/till/members?q=ana", headers=headers).json()["data"]
    assert [(each["name"], each["hint"]) for each in found] == [("Ana Ruiz", "… 222")]
    assert httpx.get(f"{stage.address}/till/members?q=ana").status_code == 401
    assert "0 / 150 points" in manager.get("/console/cafe-sol/tills/cashiers/").text
    manager.submit(f"/console/cafe-sol/tills/cashiers/{iris['id']}/active/", {"active": "no"})
    assert signs_in("4071").status_code == 404
    assert httpx.get(f"{stage.address}/till/members?q=ana", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("told", "field"),
    [({"pin": "1234"}, "pin"), ({"name": ""}, "name"), ({"redeem_points": "-1"}, "redeem_points")],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(stage, told, field):
    answer = stage.client("manager").submit(
        "/console/cafe-sol/tills/cashiers/new/", {"name": "Olga", "pin": "2580"} | told
    )

    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in answer.text
    assert told.get("name", "Olga") in answer.text


def test_what_a_till_handed_over_beyond_the_limit_is_approved_or_turned_down(stage):
    till = Till(stage.shop, name="Caja 3")
    eva = till.hires("Eva of till 3", redeem_a_day={"points": 1})
    late = till.by(eva, purpose=Purpose.KEPT)

    def hands_over(number):
        body = {
            "external_id": number, "member": stage.shop.members["ana"], "reward": "cafe-gratis",
            "offline": {"till": "Caja 3"},
        }  # fmt: skip
        return late.post("/redemptions", json=body).json()

    first, second = hands_over("Q-1"), hands_over("Q-2")
    assert (first["status"], second["status"]) == ("queued", "queued")
    manager = stage.client("manager")
    page = manager.get("/console/cafe-sol/tills/waiting/").text
    assert page.count("Eva of till 3") == 2
    before = stage.shop.balance("ana")

    for each, what in ((first, "approve"), (second, "refuse")):
        form = {"request_id": str(new_id())}
        for _ in range(2):  # as an impatient finger does
            path = f"/console/cafe-sol/tills/waiting/{each['id']}/{what}/"
            assert manager.submit(path, form).status_code == 302
    assert "alert-danger" not in manager.get("/console/cafe-sol/tills/waiting/").text
    counted = f"/console/cafe-sol/tills/waiting/{first['id']}/refuse/"
    assert manager.submit(counted).status_code == 404

    states = [
        stage.shop.http.get(f"/redemptions/{each['id']}").json()["status"]
        for each in (first, second)
    ]
    assert states == ["captured", "cancelled"]
    assert stage.shop.balance("ana") == before - 20
    assert "Eva of till 3" not in manager.get("/console/cafe-sol/tills/waiting/").text


def test_settings_of_all_tills_reach_them(stage):
    owner = stage.client("owner")
    leads_there = [owner.get("/console/cafe-sol/tills/").text.count('/tills/settings/"')]
    owner.submit(
        "/console/cafe-sol/tills/settings/", {"tax_percent": "21", "sender": "https://pos.example/"}
    )
    leads_there.append(owner.get("/console/cafe-sol/tills/").text.count('/tills/settings/"'))
    # Its rules count before tax: the owner is told until somebody has said how much there is.
    assert leads_there == [2, 1]
    wrong = owner.submit("/console/cafe-sol/tills/settings/", {"tax_percent": "x", "sender": ""})

    path = added(stage, "Caja 4")
    code = code_on(owner.submit(f"{path}pair/").text)
    told = httpx.post(f"{stage.address}/till/pair", json={"code": code}).json()["facts"]
    assert told["settings"] == {
        "tax_percent": "21.00", "tax_missing": False, "sender": "https://pos.example",
    }  # fmt: skip
    assert (wrong.status_code, "id_tax_percent_error" in wrong.text) == (200, True)
    owner.submit("/console/cafe-sol/tills/settings/", {"tax_percent": "0", "sender": ""})


@pytest.mark.parametrize("path", ["tills/", "tills/cashiers/", "tills/waiting/", "tills/new/"])
@pytest.mark.parametrize("role", ["marketer", "support", "finance", "cashier"])
def test_who_may_not_manage_tills_is_told(stage, path, role):
    assert stage.client(role).get(f"/console/cafe-sol/{path}").status_code == 403


def of_the_page(queries) -> int:
    # Whoever delivers webhooks looks around in between.
    return sum(calls for text, calls in queries.statements if "webhook" not in text)


def test_lists_take_as_many_statements_with_one_row_as_with_three(stage):
    manager = stage.client("manager")
    counts = []
    for names in (("A",), ("B", "C")):
        for name in names:
            added(stage, f"Count {name}")
            Till(stage.shop, name=f"Paired {name}").hires(f"Cashier {name}")
        manager.get("/console/cafe-sol/tills/")
        with stage.queries() as tills:
            manager.get("/console/cafe-sol/tills/")
        with stage.queries() as cashiers:
            manager.get("/console/cafe-sol/tills/cashiers/")
        counts.append((of_the_page(tills), of_the_page(cashiers)))
    assert counts[0] == counts[1]
    assert max(counts[0]) < 20


def test_codes_are_not_tried_without_end(stage):
    answers = {
        httpx.post(f"{stage.address}/till/pair", json={"code": "0000-0000-0000"}).status_code
        for _ in range(30)
    }

    assert answers == {404, 429}
