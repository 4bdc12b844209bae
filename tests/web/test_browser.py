"""The first page in a real browser: on a phone and on a desk, by day and by night."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from fiel.connect.importing.roads import sale_ask
from fiel.domain.document import read_document
from fiel.intake.recording import Recorder
from fiel.ledger.scope import program_transaction
from fiel.platform.contents import read_sale
from fiel.platform.database import open_database
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions
from tests.api.server import running_server
from tests.cli.conftest import CAFE_SOL

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = os.environ.get("FIEL_CHROMIUM") or shutil.which("chromium")
        # As root, which containers often are, Chromium refuses to start with its sandbox.
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def page_address(database_url: str) -> Iterator[str]:
    """The page of the Café Sol, after a year of a sale a week."""
    # Playwright keeps a loop of its own in this thread.
    with ThreadPoolExecutor() as another_thread:
        another_thread.submit(asyncio.run, _sell_a_year(database_url)).result()
    with running_server(database_url) as address:
        yield f"{address}/programs/cafe-sol/"


async def _sell_a_year(url: str) -> None:
    document = read_document(CAFE_SOL)
    async with open_database(url) as database:
        async with database.owner() as owner:
            program_id = await open_program(owner, document, sandbox=True, now=NOW)
            async with program_transaction(owner, program_id):
                await publish(
                    owner, program_id, document,
                    source=CAFE_SOL, format="yaml", author="Ana", now=NOW,
                )  # fmt: skip
        contents = [
            {
                "external_id": f"T-{week}",
                "occurred_at": (NOW - timedelta(weeks=week)).isoformat(),
                "lines": [{"quantity": 1, "unit_price": f"{1000 + 37 * week}.00"}],
            }
            for week in range(53)
        ]
        recorder = Recorder(database.connection, Versions())
        asks = [sale_ask(read_sale(content), NOW) for content in contents]
        outcomes = await recorder.record_all(program_id, asks)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_screen_and_asks_nobody_else(
    browser: Browser, page_address: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-GB"
    )
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    page.goto(page_address)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("h1").inner_text() == "Café Sol"
    bars = page.locator(".chart rect")
    assert bars.count() == 53
    # The last week was the smallest, the first the largest.
    heights = [bars.nth(index).bounding_box() for index in (0, 52)]
    assert heights[0] is not None
    assert heights[1] is not None
    assert heights[0]["height"] > heights[1]["height"] > 0
    assert {address.split("/")[2] for address in asked} == {page_address.split("/")[2]}
    assert [text for text in said if "favicon" not in text and "404" not in text] == []
    context.close()


def test_the_language_is_changed_by_keyboard(browser: Browser, page_address: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(page_address)

    page.get_by_role("link", name="Español").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**language=es")

    assert page.locator("html").get_attribute("lang") == "es"
    assert page.get_by_text("Ventas por semana").count() == 1
    context.close()
