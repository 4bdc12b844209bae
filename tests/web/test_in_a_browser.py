"""The first page in a real browser: wide and narrow, in Spanish and English, for everybody."""

import json
import os
import shutil
import subprocess
import sys

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.cli.conftest import CAFE_SOL
from tests.support.serving import FIEL, serving

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def address(databases, tmp_path_factory):
    """A running server with the Café Sol, where Ana has bought for 1,500 €."""
    database_url = databases.new()
    with serving(database_url) as address:
        environment = {**os.environ, "DATABASE_URL": database_url}
        document = tmp_path_factory.mktemp("cafe") / "cafe-sol.yaml"
        document.write_text(CAFE_SOL)
        fiel(environment, "program", "apply", str(document), "--sandbox", "--yes")
        made = fiel(
            environment, "key", "create", "--program", "cafe-sol", "--scopes", "till,manage"
        )
        ana_buys(address, made["key"])
        yield address


def fiel(environment, *arguments):
    """Run a command and read its result."""
    done = subprocess.run(
        [sys.executable, "-c", FIEL, *arguments, "--json"],
        env=environment, check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def ana_buys(address, key):
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{address}/v1", headers=headers) as till:
        till.post("/members", json={"external_id": "ana", "name": "Ana"}).raise_for_status()
        sale = {
            "external_id": "T-1",
            "member": {"external_id": "ana"},
            "occurred_at": "2026-03-02T10:00:00+01:00",
            "lines": [{"quantity": 1, "unit_price": "1500.00"}],
        }
        till.post("/sales", json=sale).raise_for_status()


# No longer than this module: while it lives, no other test can run a loop of its own.
@pytest.fixture(scope="module")
def chromium():
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        # Root has no sandbox to put pages in; what is opened here is our own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def page(request, chromium):
    """A page that fails its test when it logs an error or asks for something that is not there."""
    context = chromium.new_context(viewport=request.param, locale="es-ES")
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    yield page
    context.close()
    assert faults == []


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def barriers(page):
    """What axe finds to keep somebody out, by the rules of WCAG 2.2 AA."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}})
    return [(violation["id"], violation["help"]) for violation in found.response["violations"]]


def test_the_page_shows_the_sales_to_everybody_and_on_any_screen(address, page):
    page.goto(address)

    assert page.url == f"{address}/programs/cafe-sol/"
    assert page.locator("h1").inner_text() == "Café Sol"
    assert "1.500 puntos" in page.locator("main").inner_text()
    assert page.get_by_role("img").locator("rect").count() == 1
    assert fits(page)
    assert barriers(page) == []


def test_the_chart_can_be_read_without_a_mouse_and_without_seeing_it(address, page):
    page.goto(address)

    for _ in range(len(["Fiel", "Español", "English", "Português", "the chart's list"])):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert "1.500,00" in page.locator("details").inner_text()


def test_the_language_is_chosen_once_and_kept(address, page):
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == "es"

    page.get_by_role("link", name="English").click()
    page.goto(address)

    assert page.locator("html").get_attribute("lang") == "en"
    assert "1,500 points" in page.locator("main").inner_text()
    assert barriers(page) == []


def test_the_pages_of_the_api_need_nothing_from_elsewhere(address, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{address}/v1/docs")
    page.get_by_text("/v1/sales", exact=True).wait_for()

    assert [url for url in asked if not url.startswith((address, "data:"))] == []
