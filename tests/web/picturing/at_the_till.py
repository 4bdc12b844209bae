"""A day at the till, a view at a time."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.web.stage import Stage
from tests.web.till.counter import finds, hires, next_sale, opened, pairing_code, signs_in


def views_of_till(stage: Stage, page: Page, label: str) -> Iterator[str]:
    """Go through the till; the name of each view, when it stands on the page."""
    cashier = hires(stage, f"Iker {label}")
    opened(page, stage.address)
    yield "pair"
    page.locator("#code").fill(pairing_code(stage, name=f"Caja {label}"))
    page.locator(".alone .primary").click()
    expect(page.locator(".people")).to_be_visible()
    yield "sign-in"
    page.locator(".people").get_by_role("button", name=cashier.name).click()
    yield "pin"
    signs_in(page, cashier)
    yield "sell"
    page.locator("#find").fill("ana")
    expect(page.locator("#found li").first).to_be_visible()
    yield "found"
    page.locator("#find").fill("nadie 699")
    page.wait_for_timeout(400)
    yield "found-nobody"
    finds(page, "600111222", "Ana Ruiz")
    page.locator("#amount").fill("12,50")
    expect(page.locator(".earned")).to_contain_text("12")
    yield "member"
    page.locator(".pay .huge").click()
    expect(page.locator(".slip")).to_be_visible()
    yield "receipt"
    next_sale(page)
    finds(page, "600111222", "Ana Ruiz")
    page.locator(".reward").first.click()
    yield "redeeming"
    page.keyboard.press("Escape")
    page.locator(".tabs button").nth(1).click()
    yield "lines"
    page.locator(".bar nav button").nth(1).click()
    expect(page.locator(".rows > li").first).to_be_visible()
    yield "today"
    page.locator(".row-actions").first.locator("button").nth(1).click()
    yield "returning"
    page.locator(".bar nav button").nth(2).click()
    expect(page.locator(".list-screen h1")).to_be_visible()
    yield "waiting"
