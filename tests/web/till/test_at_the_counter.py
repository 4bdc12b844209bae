"""A cashier's day in a real browser, in both languages, on a desk, a tablet and a phone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.web.stage import NARROW, WIDE, barriers, is_as_wide_as_its_screen
from tests.web.till.counter import (
    finds,
    hires,
    is_scanned,
    lets_in,
    next_sale,
    opened,
    pairing_code,
    queue,
    sells,
    signs_in,
    waits_until_told,
)

pytestmark = pytest.mark.browser

TABLET = {"width": 820, "height": 1180}


def is_sound(page: Page) -> None:
    """Nobody is kept out, and nothing hangs over the edge."""
    page.wait_for_timeout(150)
    assert barriers(page) == []
    assert is_as_wide_as_its_screen(page)


def points(stage, name="ana"):
    return stage.shop.balance(name)


def gift_card(stage, amount):
    """The code of a gift card with so much on it."""
    return stage.shop.http.post("/gift-cards", json={"amount": amount}).json()["code"]


def balance_of(stage, card):
    return stage.shop.http.get(f"/gift-cards/{card}").json()["balance"]


def pays_by_card(page, card):
    """A gift card is typed, and all that it has pays, as far as it is wanted."""
    page.locator("#coupon").fill(card)
    page.locator("#coupon").press("Enter")
    expect(page.locator("#by-card")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Pay with it").click()


@pytest.mark.parametrize(
    ("language", "viewport", "scheme"),
    [
        ("es", WIDE, "light"),
        ("en", NARROW, "dark"),
        ("es", NARROW, "light"),
        ("en", TABLET, "dark"),
    ],
)
def test_a_day_at_the_till(browsing, language, viewport, scheme):
    stage = browsing
    name = f"elsa-{language}-{viewport['width']}"
    phone = f"600{viewport['width']:04d}{len(scheme)}{'es' in language:d}"
    stage.shop.enrols(name, name="Elsa Vega", phone=f"+34{phone}")
    stage.shop.sells("50.00", to=name)
    hires(stage, f"Olga {name}")
    eva = hires(stage, f"Eva {name}")
    page = stage.page(None, viewport=viewport, language=language, scheme=scheme)
    opened(page, stage.address)
    is_sound(page)
    lets_in(page, stage, name="Caja 1")
    expect(page.locator(".people")).to_be_visible()
    is_sound(page)
    signs_in(page, eva)
    is_sound(page)

    # Found by phone; what it earns and what she can have stands there before it is recorded.
    page.locator("#find").fill(phone)
    expect(page.locator("#found li")).to_have_count(1)
    is_sound(page)
    page.locator("#found li").click()
    expect(page.locator(".customer h2")).to_have_text("Elsa Vega")
    page.locator("#amount").fill("12,50")
    expect(page.locator(".earned")).to_contain_text("12")
    is_sound(page)
    before = points(stage, name)
    sells(page, "12,50")
    expect(page.locator(".slip .why")).to_be_visible()
    is_sound(page)
    assert points(stage, name) == before + 12
    next_sale(page)

    # A coffee for points, handed over at once.
    finds(page, phone, "Elsa Vega")
    page.locator(".reward").first.click()
    is_sound(page)
    page.locator(".confirm .primary").click()
    expect(page.locator(".notice.good")).to_be_visible()
    assert points(stage, name) == before + 12 - 20

    # A part paid with points, to the cent.
    page.locator("#amount").fill("5.00")
    page.locator("#by-points").fill("0.17")
    expect(page.locator(".to-pay output")).to_contain_text("4")
    page.locator(".pay .huge").click()
    expect(page.locator(".slip")).to_contain_text("0,17" if language == "es" else "0.17")
    # 17 points paid 0.17; 4.83 of money earn 4.
    assert points(stage, name) == before + 12 - 20 - 17 + 4
    next_sale(page)

    # Lines, and one of them comes back.
    finds(page, phone, "Elsa Vega")
    page.locator(".tabs button").nth(1).click()
    for article, quantity, price in (("Cappuccino", "2", "3.10"), ("Croissant", "1", "2.40")):
        page.locator("#line-name").fill(article)
        page.locator("#line-quantity").fill(quantity)
        page.locator("#line-price").fill(price)
        page.locator(".line-form button").click()
    expect(page.locator(".lines li")).to_have_count(2)
    is_sound(page)
    page.locator(".pay .huge").click()
    expect(page.locator(".slip")).to_be_visible()
    after_lines = points(stage, name)
    next_sale(page)
    page.locator(".bar nav button").nth(1).click()
    expect(page.locator(".rows > li").first).to_be_visible()
    is_sound(page)
    page.locator(".row-actions").first.locator("button").nth(1).click()
    is_sound(page)
    page.locator(".tabs button").nth(1).click()
    page.locator("#back-1").fill("1")
    page.locator(".card > .primary").click()
    expect(page.locator(".verdict")).to_be_visible()
    is_sound(page)
    # 8.60 earned 8; 6.20 are left, which earn 6.
    assert points(stage, name) == after_lines - 2
    page.locator(".card > .primary").click()

    page.locator(".bar nav button").nth(2).click()
    expect(page.locator(".list-screen h1")).to_be_visible()
    is_sound(page)
    assert queue(page, "waiting", "refused") == []


def test_somebody_is_enrolled_in_seconds_and_buys(browsing):
    stage = browsing
    page = stage.page(None, viewport=NARROW, language="en")
    cashier = hires(stage, "Iris")
    lets_in(page, stage)
    signs_in(page, cashier)

    page.locator("#find").fill("611 222 333")
    page.get_by_role("button", name="Enrol a new member").last.click()
    expect(page.get_by_label("Phone")).to_have_value("611 222 333")
    page.get_by_label("Name").fill("Diana Sol")
    is_sound(page)
    page.get_by_label("The customer wants to join").check()
    page.locator("dialog .primary").click()

    expect(page.locator(".customer h2")).to_have_text("Diana Sol")
    sells(page, "20.00")
    (found,) = stage.shop.http.get("/members?phone=%2B34611222333").json()["data"]
    assert found["balances"]["points"]["available"] == 30  # 10 of them to welcome her
    assert found["consents"] == {"program": True, "whatsapp": False, "sms": False}


def test_what_a_scanner_types_finds_the_member_and_spoils_no_field(browsing):
    stage = browsing
    page = stage.page(None, language="en")
    cashier = hires(stage, "Nora")
    lets_in(page, stage)
    signs_in(page, cashier)
    page.locator("#amount").fill("9.90")
    page.locator("#amount").focus()

    # As fast as a scanner types, whatever else this machine has to do.
    is_scanned(page, "4000001")

    expect(page.locator(".customer h2")).to_have_text("Carla Mora")
    expect(page.locator("#amount")).to_have_value("9.90")


def test_a_limit_asks_for_somebody_who_may_approve(stage, chromium):
    # A browser tells of every refusal on its console; here one is wanted.
    page = chromium.new_context(viewport=WIDE, locale="en").new_page()
    eva = hires(stage, "Eva with a limit", return_a_day=0, redeem_a_day={"points": 0})
    card = gift_card(stage, "4.00")
    hires(stage, "Olga", pin="2580", may_approve=True)
    lets_in(page, stage)
    signs_in(page, eva)
    finds(page, "600111222", "Ana Ruiz")
    sells(page, "30.00")
    earned = points(stage)
    next_sale(page)
    page.get_by_role("button", name="Today").click()
    page.get_by_role("button", name="Return", exact=True).first.click()
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("approval")
    assert barriers(page) == []

    expect(page.locator("dialog #pin")).to_be_focused()
    page.keyboard.type("2580")
    page.locator("dialog .primary").click()

    expect(page.locator(".verdict")).to_be_visible()
    assert points(stage) == earned - 30
    assert [item["kind"] for item in queue(page, "done")] == ["sale", "return"]
    page.get_by_role("button", name="Done").click()

    # A sale that is refused gives the gift card back what it paid; approved, it pays once.
    stage.shop.enrols("limo", name="Limo Paz", phone="+34600444555")
    stage.shop.sells("50.00", to="limo")
    finds(page, "600444555", "Limo Paz")
    page.locator("#amount").fill("10.00")
    page.locator("#by-points").fill("0.10")
    pays_by_card(page, card)
    expect(page.locator(".to-pay output")).to_have_text("€5.90")
    page.locator(".pay .huge").click()
    expect(page.get_by_role("dialog")).to_contain_text("approval")
    waits_until_told(page)
    assert [balance_of(stage, card), points(stage, "limo")] == ["4.00", 60]
    expect(page.locator("dialog #pin")).to_be_focused()
    page.keyboard.type("2580")
    page.locator("dialog .primary").click()
    expect(page.locator(".slip")).to_contain_text("€5.90")
    # 9.90 of money earn 9.
    assert [balance_of(stage, card), points(stage, "limo")] == ["0.00", 60 - 10 + 9]

    # Of 3.00 that come back, 3 points paid 0.03: the card gets the rest, however late it is told.
    cut: list[str] = []

    def cuts_once(route):
        if "fiel-approval" in route.request.headers and not cut:
            cut.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/returns", cuts_once)
    next_sale(page)
    page.get_by_role("button", name="Today").click()
    page.get_by_role("button", name="Return", exact=True).first.click()
    page.get_by_role("button", name="An amount").click()
    page.locator("#back-amount").fill("3.00")
    page.get_by_role("button", name="Take back", exact=True).click()
    expect(page.locator("dialog #pin")).to_be_focused()
    page.keyboard.type("2580")
    page.locator("dialog .primary").click()
    expect(page.locator(".verdict.waits")).to_be_visible()
    page.get_by_role("button", name="Give €2.97 back").click(timeout=20_000)
    expect(page.locator(".confirm")).to_have_count(0)
    assert balance_of(stage, card) == "2.97"
    page.context.close()


def test_the_merchants_own_software_hands_a_sale_over(browsing):
    stage = browsing
    page = stage.page(None, language="en")
    cashier = hires(stage, "Pau")
    lets_in(page, stage)
    signs_in(page, cashier)

    page.evaluate(
        """location.hash = "#sale?ref=T-9001&member=" + encodeURIComponent("+34600111333")
           + "&lines=" + encodeURIComponent(JSON.stringify(
             [{name: "Cappuccino", sku: "CAP-01", quantity: 2, price: "3.10"}]))"""
    )

    expect(page.locator(".customer h2")).to_have_text("Berta Gil")
    expect(page.locator(".to-pay output")).to_have_text("€6.20")
    page.locator(".pay .huge").click()
    expect(page.locator(".slip")).to_be_visible()
    (sold,) = stage.shop.http.get("/sales?external_id=T-9001").json()["data"]
    assert (sold["gross"], sold["member"]) == ("6.20", stage.shop.members["berta"])
    assert sold["earned"]["stamps"] == 2


def test_any_sale_comes_back_by_its_lines_and_a_gift_card_gets_its_part(browsing):
    stage = browsing
    card = gift_card(stage, "5.00")
    nil, ona = hires(stage, "Nil"), hires(stage, "Ona")
    page = stage.page(None, viewport=NARROW, language="en", scheme="dark")
    lets_in(page, stage)
    signs_in(page, nil)
    finds(page, "600111333", "Berta Gil")
    before = points(stage, "berta")
    page.locator(".tabs button").nth(1).click()
    for article, quantity, price in (("Cappuccino", "2", "3.10"), ("Croissant", "1", "2.40")):
        page.locator("#line-name").fill(article)
        page.locator("#line-quantity").fill(quantity)
        page.locator("#line-price").fill(price)
        page.locator(".line-form button").click()
    pays_by_card(page, card)
    expect(page.locator(".to-pay output")).to_have_text("€3.60")
    page.locator(".pay .huge").click()
    expect(page.locator(".slip")).to_contain_text("€3.60")
    is_sound(page)
    assert [balance_of(stage, card), points(stage, "berta")] == ["0.00", before + 8]
    number = page.locator(".bars").get_attribute("aria-label").removeprefix("Sale ")

    # Another till of another store reads the receipt, and takes one of the two back.
    other = stage.page(None, viewport=TABLET, language="en")
    lets_in(other, stage, name="Caja 9", store="norte")
    signs_in(other, ona)
    other.locator("#find").fill(number)
    other.locator("#find").press("Enter")
    other.get_by_role("button", name="Articles").click()
    other.locator("#back-0").fill("1")
    is_sound(other)
    other.get_by_role("button", name="Take back", exact=True).click()
    other.get_by_role("button", name="Give €3.10 back").click()
    expect(other.locator(".confirm")).to_have_count(0)
    is_sound(other)
    # 5.50 are left, which earn 5.
    assert [balance_of(stage, card), points(stage, "berta")] == ["3.10", before + 5]
    other.get_by_role("button", name="Done").click()

    # Found by the member, it says what is left; all of that comes back.
    other.get_by_role("button", name="Today").click()
    other.get_by_role("button", name="Take goods back").click()
    other.locator("#find-sale").fill("600111333")
    other.locator("#find-sale").press("Enter")
    is_sound(other)
    other.get_by_role("button", name="Choose").first.click()
    other.get_by_role("button", name="Articles").click()
    expect(other.locator(".card .lines")).to_contain_text("1 of 2")
    other.get_by_role("button", name="All of it").click()
    expect(other.locator(".verdict-amount")).to_have_text("€5.50")
    other.get_by_role("button", name="Take back", exact=True).click()
    other.get_by_role("button", name="Give €1.90 back").click()
    expect(other.locator(".confirm")).to_have_count(0)
    assert [balance_of(stage, card), points(stage, "berta")] == ["5.00", before]


def test_prices_with_tax_are_taken_apart_to_the_cent(browsing):
    stage = browsing
    stage.client("owner").submit(
        "/console/cafe-sol/tills/settings/", {"tax_percent": "21", "sender": ""}
    )
    page = stage.page(None, language="en")
    cashier = hires(stage, "Rosa")
    lets_in(page, stage)
    signs_in(page, cashier)

    sells(page, "10.00")

    sold = queue(page, "done")[-1]["answer"]
    assert (Decimal(sold["gross"]), Decimal(sold["net"])) == (Decimal("10.00"), Decimal("8.26"))
    stage.client("owner").submit(
        "/console/cafe-sol/tills/settings/", {"tax_percent": "0", "sender": ""}
    )


def test_a_lost_sign_in_keeps_the_sale_and_a_new_code_lets_the_device_in_anew(stage, chromium):
    page = chromium.new_context(viewport=WIDE, locale="en").new_page()
    eva = hires(stage, "Mara")
    lets_in(page, stage)
    signs_in(page, eva)
    page.locator("#amount").fill("7.70")
    page.get_by_role("button", name="Lock the till").click()
    expect(page.locator("#pin")).to_be_visible()
    page.reload()
    signs_in(page, eva)
    expect(page.locator("#amount")).to_have_value("7.70")

    page.goto(f"{stage.address}/till/#code={pairing_code(stage, name='Caja 2')}")
    page.reload()
    expect(page.locator(".where")).to_contain_text("Caja 2")
    page.context.close()
