"""A reward that a member sets aside on her page is handed over at the till, once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from fiel.web.ui.qr import qr_svg
from tests.support.proof import proof_of
from tests.web.portal.cast import HOME, signed_in
from tests.web.stage import NARROW, Stage, barriers, is_as_wide_as_its_screen
from tests.web.till.counter import hires, is_scanned, lets_in, signs_in

pytestmark = pytest.mark.browser


@pytest.fixture
def till(stage: Stage, chromium: Browser) -> Iterator[Page]:
    """A till on a phone, with a cashier; its console may tell of what the server refuses."""
    context = chromium.new_context(viewport=NARROW, locale="en")
    page = context.new_page()
    cashier = hires(stage, f"Eva {datetime.now(UTC).timestamp()}")
    lets_in(page, stage)
    signs_in(page, cashier)
    yield page
    context.close()


def sets_aside(stage: Stage, name: str, reward: str = "cafe-gratis") -> str:
    """A member presses "Get it"; what her page shows as a QR."""
    phone = signed_in(stage, name)
    got = phone.submit(f"{HOME}rewards/{reward}/get/", {"request": str(uuid4())})
    place = got.headers["location"]
    shown = f"fiel:redemption:{place.rstrip('/').rsplit('/', 1)[1]}"
    assert qr_svg(shown) in phone.get(place).text
    return shown


def redemption(stage: Stage, shown: str) -> dict[str, object]:
    told: dict[str, object] = stage.shop.http.get(
        f"/redemptions/{shown.removeprefix('fiel:redemption:')}"
    ).json()
    return told


def types(page: Page, text: str) -> None:
    """Into the one field, with Enter at its end."""
    page.locator("#find").fill(text)
    page.locator("#find").press("Enter")


def is_proven(stage: Stage) -> bool:
    with ThreadPoolExecutor() as another_thread:
        return another_thread.submit(proof_of, stage.database_url).result().ok


def test_what_a_member_set_aside_is_handed_over_once(stage, till):
    shop = stage.shop
    shop.enrols("gala", name="Gala Pons", phone="+34600777111")
    shop.sells("600.00", to="gala")
    before = shop.balance("gala")
    shown, given_up = sets_aside(stage, "gala"), sets_aside(stage, "gala")
    dialog = till.get_by_role("dialog")

    # Read: what it is, and whose; she stands at the till by it.
    types(till, shown)
    expect(dialog).to_contain_text("Gala Pons")
    expect(dialog).to_contain_text("20 points")
    assert barriers(till) == []
    assert is_as_wide_as_its_screen(till)
    assert redemption(stage, shown)["status"] == "held"
    dialog.get_by_role("button", name="Hand it over").click()
    expect(dialog).to_contain_text("Handed over.")
    expect(dialog.get_by_role("button", name="Hand it over")).to_have_count(0)
    dialog.locator(".wide").click()
    expect(till.locator(".customer h2")).to_have_text("Gala Pons")
    assert redemption(stage, shown)["status"] == "used"
    assert shop.balance("gala") == before - 40  # one that was handed over, one that is aside

    # Again, by a scanner, while she stands there: it says what became of it, and no more.
    is_scanned(till, shown)
    expect(dialog).to_contain_text("It was used before")
    expect(dialog.get_by_role("button", name="Hand it over")).to_have_count(0)
    dialog.locator(".wide").click()

    # Cancelled on her phone while the till shows it.
    is_scanned(till, given_up)
    expect(dialog.get_by_role("button", name="Hand it over")).to_be_visible()
    cancelled = f"{HOME}redemptions/{given_up.removeprefix('fiel:redemption:')}/cancel/"
    signed_in(stage, "gala").submit(cancelled)
    dialog.get_by_role("button", name="Hand it over").click()
    expect(dialog).to_contain_text("It was cancelled")
    expect(dialog.get_by_role("button", name="Hand it over")).to_have_count(0)
    dialog.locator(".wide").click()
    assert shop.balance("gala") == before - 20

    # A discount goes into the sale as its coupon.
    is_scanned(till, sets_aside(stage, "gala", "dto-5"))
    dialog.get_by_role("button", name="Take it off this sale").click()
    expect(dialog).to_have_count(0)
    till.locator("#amount").fill("12.00")
    expect(till.locator(".to-pay output")).to_have_text("€7.00")
    till.locator(".pay .huge").click()
    expect(till.locator(".slip")).to_be_visible()
    # 7.00 are left to pay, which earn half as much again on her tier.
    assert shop.balance("gala") == before - 20 - 500 + 10

    # What was handed over is listed with the day's sales, by who did it.
    till.get_by_role("button", name="Today").click()
    handed = till.locator(".rows > li").filter(has_text="Gala Pons")
    expect(handed).to_have_count(3)
    cashier = till.locator(".who span").inner_text()
    assert [cashier in row for row in handed.all_inner_texts()] == [True] * 3
    assert is_proven(stage)


def test_a_pick_up_code_is_used_once_and_needs_the_network(stage, till):
    shop = stage.shop
    shop.enrols("hugo", name="Hugo Rey", phone="+34600777222")
    shop.sells("100.00", to="hugo")
    paid = shop.http.post(
        "/redemptions",
        json={
            "external_id": "H-1", "member": shop.members["hugo"], "reward": "cafe-gratis",
            "capture": True,
        },
    ).json()  # fmt: skip
    aside = sets_aside(stage, "hugo")
    dialog = till.get_by_role("dialog")

    types(till, paid["code"].lower())
    hand_over = dialog.get_by_role("button", name="Hand it over")
    expect(hand_over).to_be_visible()
    hand_over.click()
    expect(dialog).to_contain_text("Hugo Rey")
    expect(dialog).to_contain_text("Handed over.")
    dialog.locator(".wide").click()
    assert redemption(stage, paid["id"])["status"] == "used"

    is_scanned(till, paid["code"])
    hand_over.click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.locator(".wide").click()

    till.context.set_offline(True)
    expect(till.locator(".offline")).to_be_visible()
    is_scanned(till, aside)
    expect(till.locator(".notice.bad")).to_contain_text("network")
    expect(dialog).to_have_count(0)
    till.context.set_offline(False)
    assert redemption(stage, aside)["status"] == "held"
    assert is_proven(stage)
