"""A counter with a till on it: a page of a real browser that was let in, and who stands there."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from fiel.staff.tills.cashiers import Cashier, Terms, add_cashier
from fiel.staff.tills.devices import add_device, start_pairing
from tests.api.tills import at_shop, now
from tests.web.stage import Stage


def hires(stage: Stage, name: str = "Eva", *, pin: str = "4071", **terms: Any) -> Cashier:
    """Make a cashier of the stage's shop."""
    return at_shop(
        stage.shop,
        lambda connection: add_cashier(
            connection, stage.shop.program_id, Terms(name, **terms), pin=pin, now=now()
        ),
    )


def pairing_code(stage: Stage, *, name: str = "Caja 1", store: str = "centro") -> str:
    """Make a till of the stage's shop; the code that lets a device in."""

    async def make(connection: Any) -> str:
        program_id = stage.shop.program_id
        device = await add_device(connection, program_id, name=name, store=store, now=now())
        pairing = await start_pairing(connection, program_id, device.id, now=now())
        return pairing.code

    return at_shop(stage.shop, make)


def opened(page: Page, address: str) -> None:
    """Open the till's page, and wait until its script has drawn it."""
    page.goto(f"{address}/till/")
    page.wait_for_selector("html[data-till=open]")


def lets_in(page: Page, stage: Stage, **told: str) -> None:
    """Pair the page as a till: the code is typed."""
    opened(page, stage.address)
    page.locator("#code").fill(pairing_code(stage, **told))
    page.locator(".alone .primary").click()
    expect(page.locator("#code")).to_have_count(0)


def signs_in(page: Page, cashier: Cashier, pin: str = "4071") -> None:
    """A cashier is chosen where there are several, and types her PIN."""
    chosen = page.locator(".people").get_by_role("button", name=cashier.name)
    expect(chosen.or_(page.locator("#pin")).first).to_be_visible()
    if page.locator("#pin").count() == 0:
        chosen.click()
    expect(page.locator("#pin")).to_be_focused()
    page.keyboard.type(pin)
    page.locator(".pin .primary").click()
    expect(page.locator("#amount")).to_be_visible()


def finds(page: Page, text: str, name: str) -> None:
    """A member is found by what is typed, and put into the sale."""
    page.locator("#find").fill(text)
    page.get_by_role("option", name=name).click()
    expect(page.locator(".customer h2")).to_have_text(name)


def sells(page: Page, amount: str) -> None:
    """An amount is typed, and the sale is recorded."""
    page.locator("#amount").fill(amount)
    page.locator(".pay .huge").click()
    expect(page.locator(".slip")).to_be_visible()


def next_sale(page: Page) -> None:
    """The receipt is put away."""
    page.locator(".done .primary").click()
    expect(page.locator("#amount")).to_be_visible()


def is_scanned(page: Page, text: str) -> None:
    """By a scanner that types, wherever the cursor stands."""
    page.evaluate(
        """(told) => [...told, "Enter"].forEach((key) => document.activeElement.dispatchEvent(
             new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})))""",
        text,
    )


def queue(page: Page, *states: str) -> list[dict[str, Any]]:
    """What the till keeps of what it did, oldest first; in these states."""
    kept: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((done, failed) => {
          const opening = indexedDB.open("fiel-till");
          opening.onerror = () => failed(opening.error);
          opening.onsuccess = () => {
            const asked = opening.result.transaction("queue").objectStore("queue").getAll();
            asked.onsuccess = () => { opening.result.close(); done(asked.result); };
          };
        })"""
    )
    return [item for item in kept if not states or item["state"] in states]


def waits_until_told(page: Page, *, seconds: float = 30) -> None:
    """Nothing waits any more."""
    deadline = time.monotonic() + seconds
    while waiting := queue(page, "waiting"):
        assert time.monotonic() < deadline, f"these wait still: {waiting}"
        page.wait_for_timeout(100)


def keeps_page(context: BrowserContext | Page) -> None:
    """The service worker has kept the page."""
    page = context if isinstance(context, Page) else context.pages[0]
    page.wait_for_function("() => navigator.serviceWorker.controller !== null", timeout=20_000)


def texts(found: Iterable[str]) -> list[str]:
    """Texts with single spaces."""
    return [" ".join(text.split()) for text in found]
