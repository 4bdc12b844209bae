"""Hard cases 51 and 52 in a real browser: the network is cut, the server gone, the clock moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.api.server import running_server
from tests.api.tills import at_shop
from tests.support.proof import proof_of
from tests.web.stage import WIDE, Stage, staged
from tests.web.till.counter import (
    finds,
    hires,
    keeps_page,
    lets_in,
    next_sale,
    opened,
    queue,
    sells,
    signs_in,
    waits_until_told,
)

pytestmark = pytest.mark.browser

PROGRAM = """\
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units: {points: {name: {es: puntos, en: points}, value: "0.01", expiry: never}}
earn: [{id: base, event: sale, give: {points: 1, per: "1.00"}}]
rewards:
  - {id: cafe-gratis, kind: product, name: {es: Café gratis, en: Free coffee}, price: {points: 50}}
  - {id: dto-5, kind: discount, name: {en: 5 off}, amount: "5.00", price: {points: 30}}
coupons: [{id: verano, kind: discount, percent: 10, code: VERANO-26}]
pay_with_points: {unit: points}
offline: {overdraw: {points: 60}}
"""


@pytest.fixture(scope="module")
def served_stage(databases) -> Iterator[Stage]:
    with staged(databases.new(), document=PROGRAM) as stage:
        yield stage


@pytest.fixture
def counter(stage: Stage, chromium: Browser) -> Iterator[tuple[Stage, BrowserContext, Page]]:
    """A device of its own, with a till on it that has seen Ana and Berta."""
    context = chromium.new_context(viewport=WIDE, locale="en")
    page = context.new_page()
    eva = hires(stage, name=f"Eva {datetime.now(UTC).timestamp()}")
    lets_in(page, stage, name="Caja 1")
    signs_in(page, eva)
    finds(page, "600111222", "Ana Ruiz")
    page.get_by_role("button", name="Clear").click()
    keeps_page(page)
    yield stage, context, page
    context.close()


def is_proved(url: str) -> bool:
    with ThreadPoolExecutor(1) as another_thread:
        return another_thread.submit(proof_of, url).result().ok


def points(stage: Stage, name: str = "ana") -> tuple[int, int]:
    member = stage.shop.http.get(f"/members/{stage.shop.members[name]}").json()
    told = member["balances"]["points"]
    return told["available"], told["debt"]


def sold(stage: Stage) -> int:
    """How many sales the ledger has."""

    async def count(connection):
        rows = await connection.execute("SELECT count(*) FROM activity WHERE kind = 'sale'")
        return (await rows.fetchone())[0]

    return at_shop(stage.shop, count)


def sells_to_ana(page: Page, amount: str) -> None:
    finds(page, "Ana", "Ana Ruiz")
    sells(page, amount)
    next_sale(page)


def hands_over_a_coffee(page: Page) -> None:
    finds(page, "Ana", "Ana Ruiz")
    page.get_by_role("button", name="Free coffee").click()
    page.get_by_role("button", name="Redeem", exact=True).click()
    expect(page.locator(".notice")).to_contain_text(re.compile("Hand it over|hand it over"))
    page.get_by_role("button", name="Clear").click()


def test_51_three_sales_and_a_reward_without_a_network_arrive_once_and_in_order(counter):
    stage, context, page = counter
    before, sales = points(stage), sold(stage)
    page.locator("#amount").fill("10.00")
    page.locator("#coupon").fill("verano-26")
    page.get_by_role("button", name="Use", exact=True).click()
    expect(page.locator(".pay output")).to_have_text("€9.00")
    context.set_offline(True)

    page.locator(".pay .huge").click()
    expect(page.locator(".pay .problem")).to_have_text("Coupons need the network.")
    assert queue(page, "waiting") == []  # nobody pays the full price and loses the coupon
    page.get_by_role("button", name="Clear").click()
    sells_to_ana(page, "10.00")
    hands_over_a_coffee(page)
    finds(page, "600111222", "Ana Ruiz")
    expect(page.locator(".customer .balances strong").first).to_have_text(str(before[0] - 50))
    page.get_by_role("button", name="Clear").click()
    sells_to_ana(page, "20.00")
    page.reload()
    page.wait_for_selector("html[data-till=open]")
    sells_to_ana(page, "30,00")
    other = context.new_page()
    opened(other, stage.address)
    page.get_by_role("button", name="Waiting").click()
    expect(page.locator(".tag.waiting")).to_have_count(4)
    assert (points(stage), sold(stage)) == (before, sales)
    assert max(item["tries"] for item in queue(page)) < 20  # it pauses between tries

    context.set_offline(False)
    other.evaluate("dispatchEvent(new Event('online'))")
    waits_until_told(page)

    assert points(stage) == (before[0] + 60 - 50, before[1])
    assert sold(stage) == sales + 3
    told = queue(page, "done")
    assert [item["kind"] for item in told] == ["sale", "redemption", "sale", "sale"]
    settled = [item["settled_at"] for item in told]
    assert settled == sorted(settled)
    assert all(item["offline"] for item in told)
    assert is_proved(stage.database_url)


def test_51_an_answer_that_never_arrived_doubles_nothing(counter):
    stage, _, page = counter
    before, sales = points(stage), sold(stage)
    lost: list[int] = []

    def lose_answer(route):
        # The server records the sale; its answer is lost on the way back, twice.
        answer = route.fetch()
        lost.append(answer.status)
        if len(lost) <= 2:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    page.route("**/v1/sales", lose_answer)
    finds(page, "Ana", "Ana Ruiz")
    sells(page, "40.00")
    expect(page.locator(".verdict.waits")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('online'))")
    waits_until_told(page)
    expect(page.locator(".verdict")).to_contain_text("recorded")

    assert lost[:3] == [201, 200, 200]
    assert points(stage)[0] == before[0] + 40
    assert sold(stage) == sales + 1

    # A discount whose answer is lost is taken off the sale all the same, as soon as it is told.
    lost.clear()
    page.route("**/v1/redemptions", lose_answer)
    next_sale(page)
    finds(page, "Ana", "Ana Ruiz")
    page.locator("#amount").fill("20.00")
    page.get_by_role("button", name="5 off").click()
    page.get_by_role("button", name="Redeem", exact=True).click()
    expect(page.locator(".to-pay output")).to_have_text("€15.00", timeout=20_000)
    assert lost == [201, 200, 200]
    assert points(stage)[0] == before[0] + 40 - 30


def test_52_a_reward_beyond_what_there_is_is_owed_within_the_limit_and_further_waits_for_a_manager(
    counter,
):
    stage, context, page = counter
    stage.shop.sells("100.00", to="ana")
    finds(page, "600111222", "Ana Ruiz")
    page.get_by_role("button", name="Clear").click()
    context.set_offline(True)
    # Meanwhile Ana spends elsewhere what this till believes that she has: 20 are left.
    left = 20
    taken = {"member": stage.shop.members["ana"], "unit": "points", "reason": "elsewhere"}
    answer = stage.shop.http.post("/adjustments", json=taken | {"points": left - points(stage)[0]})
    assert answer.status_code == 201, answer.text

    hands_over_a_coffee(page)
    hands_over_a_coffee(page)
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    waits_until_told(page)

    first, second = (item["answer"] for item in queue(page, "done") if item["kind"] == "redemption")
    assert (first["status"], first["overspent"]) == ("captured", {"points": 30})
    assert (second["status"], second["queued"]) == ("queued", "insufficient_points")
    assert points(stage) == (0, 30)
    page.get_by_role("button", name="Waiting").click()
    expect(page.get_by_text("A manager looks at these", exact=False)).to_be_visible()
    stage.shop.sells("200.00", to="ana")
    assert is_proved(stage.database_url)


def test_52_a_clock_that_was_moved_meanwhile_does_not_count_and_is_marked(counter):
    _, context, page = counter
    context.set_offline(True)
    moved = datetime.now(UTC) + timedelta(days=400)
    page.clock.set_fixed_time(moved)
    sells_to_ana(page, "10.00")
    # It was put right before the network came back.
    page.clock.set_fixed_time(datetime.now(UTC))
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    waits_until_told(page)

    (told,) = [item["answer"] for item in queue(page, "done") if item["offline"]]

    assert told["offline"]["clock"] == "server"
    recorded = datetime.fromisoformat(told["occurred_at"])
    assert abs(recorded - datetime.now(UTC)) < timedelta(minutes=2)


def test_52_a_clock_that_is_wrong_all_along_is_put_right_by_the_server_before(counter, chromium):
    stage, _, _ = counter
    context = chromium.new_context(viewport=WIDE, locale="en")
    page = context.new_page()
    off = timedelta(hours=-5)
    page.clock.install(time=datetime.now(UTC) + off)
    eva = hires(stage, name="Eva of the old clock")
    lets_in(page, stage, name="Caja vieja")
    signs_in(page, eva)
    finds(page, "600111222", "Ana Ruiz")
    page.get_by_role("button", name="Clear").click()
    context.set_offline(True)
    sells_to_ana(page, "10.00")
    context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    waits_until_told(page)

    (told,) = [item["answer"] for item in queue(page, "done")]

    assert told["offline"]["clock"] == "till"
    recorded = datetime.fromisoformat(told["occurred_at"])
    assert abs(recorded - datetime.now(UTC)) < timedelta(minutes=2)
    context.close()


def test_without_a_server_the_till_opens_takes_a_pin_and_sells_and_tells_it_all_later(
    databases, chromium
):
    """The server itself is stopped, and comes back at the same address."""
    url = databases.new()
    with staged(url, document=PROGRAM) as stage:
        port = int(httpx.URL(stage.address).port or 0)
        context = chromium.new_context(viewport=WIDE, locale="en")
        page = context.new_page()
        eva = hires(stage)
        lets_in(page, stage)
        signs_in(page, eva)
        finds(page, "600111222", "Ana Ruiz")
        page.get_by_role("button", name="Clear").click()
        keeps_page(page)
        before = points(stage)
        members = dict(stage.shop.members)

    page.reload()
    page.wait_for_selector("html[data-till=open]")
    page.get_by_role("button", name="Lock the till").click()
    signs_in(page, eva)
    sells_to_ana(page, "25.00")
    page.get_by_role("button", name="Enrol a new member").first.click()
    page.get_by_label("Phone").fill("600 777 888")
    page.get_by_label("Name").fill("Diana Sol")
    page.get_by_label("The customer wants to join").check()
    page.locator("dialog .primary").click()
    expect(page.locator(".customer h2")).to_have_text("Diana Sol")
    sells(page, "15.00")
    next_sale(page)
    page.close()  # the device is turned off, with all of it untold
    page = context.new_page()
    opened(page, f"http://127.0.0.1:{port}")
    page.get_by_role("button", name="Waiting").click()
    expect(page.locator(".tag.waiting")).to_have_count(3)

    with running_server(url, port=port) as address:
        key = stage.shop.key
        http = httpx.Client(base_url=f"{address}/v1", headers={"authorization": f"Bearer {key}"})
        page.get_by_role("button", name="Try now").click()
        waits_until_told(page)
        ana = http.get(f"/members/{members['ana']}").json()["balances"]["points"]
        (diana,) = http.get("/members", params={"phone": "+34600777888"}).json()["data"]
        http.close()
    assert ana["available"] == before[0] + 25
    assert (diana["name"], diana["balances"]["points"]["available"]) == ("Diana Sol", 15)
    assert is_proved(url)
    context.close()
