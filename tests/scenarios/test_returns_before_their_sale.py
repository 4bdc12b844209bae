"""Hard case 23: the return arrives before its sale, waits for it, and counts once."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest

from fiel.intake.asking import Ask
from fiel.intake.contents.sales import SaleBody
from fiel.intake.parking import apply_left_over
from fiel.intake.recording import Recorder
from fiel.intake.sales import understood_sale
from fiel.platform.database import open_database
from fiel.programs.versions import Versions
from tests.scenarios.returning import account, has
from tests.scenarios.tills import at_once, statuses
from tests.support.proof import proof_of


def returns(shop, sale="T-1", **told):
    """A return by the name of its sale."""
    return shop.http.post("/returns", json={"sale_external_id": sale, **told})


def finds(shop, sale="T-1", **told):
    """The sale of a name."""
    answer = shop.http.get("/sales", params={"external_id": sale, **told})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_23_a_return_waits_for_its_sale_and_leaves_what_the_orderly_one_does(shop):
    for name in ("ana", "berta"):
        shop.enrols(name)

    parked = returns(shop, external_id="R-1", amount="20.00")
    shop.sells("50.00", to="ana", external_id="T-1")
    orderly = shop.sells("50.00", to="berta", external_id="T-2")
    shop.http.post(f"/sales/{orderly['id']}/returns", json={"amount": "20.00"})

    assert (parked.status_code, parked.json()["status"]) == (201, "parked")
    assert parked.json()["reversed"] == {"points": 0}
    assert account(shop, "ana") == account(shop, "berta") == has(available=30)
    (sale,) = finds(shop)
    assert (sale["status"], [each["external_id"] for each in sale["returns"]]) == (
        "partly_returned",
        ["R-1"],
    )
    assert proof_of(shop.database_url).ok


def test_23_a_return_that_waits_counts_once_however_often_it_is_told(shop):
    shop.enrols("ana")

    first = returns(shop, external_id="R-1", amount="20.00")
    again = returns(shop, external_id="R-1", amount="20")
    other = returns(shop, external_id="R-1", amount="30.00")
    elsewhere = returns(shop, "T-9", external_id="R-1", amount="20.00")
    shop.sells("50.00", to="ana", external_id="T-1")
    applied = returns(shop, external_id="R-1", amount="20.00")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert [(a.status_code, a.json()["code"]) for a in (other, elsewhere)] == [
        (409, "external_id_reused")
    ] * 2
    assert (applied.status_code, applied.json()["status"]) == (200, "applied")
    assert applied.json()["id"] == first.json()["id"]
    assert shop.balance("ana") == 30


def test_23_several_returns_wait_in_the_order_in_which_they_came(shop):
    shop.enrols("ana")
    for number in (1, 2, 3):
        returns(shop, external_id=f"R-{number}", amount="20.00")

    shop.sells("50.00", to="ana", external_id="T-1")

    (sale,) = finds(shop)
    assert [each["external_id"] for each in sale["returns"]] == ["R-1", "R-2"]
    refused = returns(shop, external_id="R-3", amount="20.00")
    assert (refused.status_code, refused.json()["code"]) == (422, "over_returned")
    assert shop.balance("ana") == 10


def test_23_the_source_is_part_of_both_names(shop):
    shop.enrols("ana")
    returns(shop, source="web", external_id="R-1", full=True)

    shop.sells("50.00", to="ana", external_id="T-1")
    assert shop.balance("ana") == 50
    shop.sells("30.00", to="ana", external_id="T-1", source="web")

    assert shop.balance("ana") == 50
    assert finds(shop, source="web")[0]["status"] == "returned"
    assert finds(shop, source="shop") == []


def test_23_a_return_of_a_sale_that_is_there_is_applied_at_once(shop):
    shop.enrols("ana")
    sale = shop.sells("50.00", to="ana", external_id="T-1")

    told = returns(shop, external_id="R-1", amount="20.00").json()

    assert (told["status"], told["sale"], told["reversed"]) == (
        "applied",
        sale["id"],
        {"points": 20},
    )
    again = shop.http.post(
        f"/sales/{sale['id']}/returns", json={"external_id": "R-1", "amount": "20.00"}
    )
    assert (again.status_code, again.json()) == (200, told)


def test_23_with_the_same_key_the_first_answer_comes_again(shop):
    shop.enrols("ana")
    key = {"Idempotency-Key": "k-1"}
    body = {"sale_external_id": "T-1", "amount": "20.00"}
    first = shop.http.post("/returns", json=body, headers=key)
    shop.sells("50.00", to="ana", external_id="T-1")

    again = shop.http.post("/returns", json=body, headers=key)

    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert again.json() == first.json()
    assert shop.balance("ana") == 30


@pytest.mark.parametrize("round_", range(8))
def test_23_sale_and_return_at_the_same_moment_never_miss_each_other(shop, other_server, round_):
    shop.enrols("ana")
    sale = shop.sale("50.00", to="ana", external_id="T-1")
    back = {"sale_external_id": "T-1", "external_id": "R-1", "amount": "20.00"}

    with ThreadPoolExecutor(2) as doors:
        sold = doors.submit(at_once, shop, other_server, [sale] * 3)
        returned = doors.submit(at_once, shop, other_server, [back] * 3, "/returns")

    assert set(statuses([*sold.result(), *returned.result()])) <= {200, 201}
    assert shop.balance("ana") == 30
    assert proof_of(shop.database_url).ok


def test_23_the_same_return_from_many_tills_at_once_waits_once(shop, other_server):
    shop.enrols("ana")
    body = {"sale_external_id": "T-1", "external_id": "R-1", "amount": "20.00"}

    answers = at_once(shop, other_server, [body] * 12, "/returns")
    shop.sells("50.00", to="ana", external_id="T-1")

    assert statuses(answers) == {201: 1, 200: 11}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert shop.balance("ana") == 30


def test_23_what_a_crash_left_waiting_is_applied_later(shop):
    shop.enrols("ana")
    returns(shop, external_id="R-1", amount="20.00")
    asyncio.run(_sell_and_be_cut_off(shop, "50.00", "T-1"))
    assert shop.balance("ana") == 50

    asyncio.run(_look_for_what_was_left(shop))

    assert shop.balance("ana") == 30
    assert proof_of(shop.database_url).ok


def test_23_a_sale_that_is_told_again_finds_what_a_crash_left_waiting(shop):
    shop.enrols("ana")
    returns(shop, external_id="R-1", amount="20.00")
    asyncio.run(_sell_and_be_cut_off(shop, "50.00", "T-1"))

    again = shop.http.post("/sales", json=shop.sale("50.00", to="ana", external_id="T-1"))

    assert again.status_code == 200
    assert shop.balance("ana") == 30


async def _sell_and_be_cut_off(shop, price: str, number: str) -> None:
    """Record a sale, and never come to what waited for it."""
    body = SaleBody.model_validate(
        {"external_id": number, "member": shop.members["ana"],
         "lines": [{"quantity": 1, "unit_price": price}]}
    )  # fmt: skip
    ask = Ask(
        "sale",
        UUID(shop.members["ana"]),
        partial(understood_sale, body),
        datetime.now(UTC),
        external_id=number,
    )
    async with open_database(shop.database_url, connections=2) as database:
        await Recorder(database.posting, Versions()).record(shop.program_id, ask)


async def _look_for_what_was_left(shop) -> None:
    async with open_database(shop.database_url, connections=2) as database:
        await apply_left_over(database.posting, Versions(), shop.program_id, now=datetime.now(UTC))
