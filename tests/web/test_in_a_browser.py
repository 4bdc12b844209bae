"""A demo at a glance in a real browser: wide and narrow, by day and by night, for everybody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from fiel.connect.demo.doors import open_doors_of_demo
from fiel.connect.importing.reading import read_sale
from fiel.connect.importing.roads import sale_ask
from fiel.domain.document import read_document
from fiel.intake.recording import Recorder
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions
from tests.api.server import running_server
from tests.cli.conftest import CAFE_SOL
from tests.support.chromium import Witness, opened_chromium

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(scope="module")
def address(databases):
    """A running server with the Café Sol, after 53 weeks of a sale a week, each larger."""
    database_url = databases.new()
    # Playwright keeps a loop of its own in this thread.
    with ThreadPoolExecutor() as another_thread:
        another_thread.submit(asyncio.run, sell_a_year(database_url)).result()
    with running_server(database_url) as address:
        yield address


async def sell_a_year(database_url):
    document = read_document(CAFE_SOL)
    async with open_database(database_url) as database:
        async with database.owner() as owner:
            program_id = await open_program(owner, document, sandbox=True, now=NOW)
            async with program_transaction(owner, program_id):
                await publish(
                    owner, program_id, document,
                    source=CAFE_SOL, format="yaml", author="Ana", now=NOW,
                )  # fmt: skip
            await open_doors_of_demo(owner, program_id, now=NOW)
        contents = [
            {
                "external_id": f"T-{week}",
                "occurred_at": (NOW - timedelta(weeks=52 - week)).isoformat(),
                "lines": [{"quantity": 1, "unit_price": f"{1000 + 37 * week}.00"}],
            }
            for week in range(53)
        ]
        recorder = Recorder(database.connection, Versions())
        asks = [sale_ask(read_sale(content), NOW) for content in contents]
        outcomes = await recorder.record_all(program_id, asks)
        assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]


@pytest.fixture(scope="module")
def chromium():
    with opened_chromium() as browser:
        yield browser


@pytest.fixture(params=[WIDE, NARROW], ids=["wide", "narrow"])
def viewport(request):
    return request.param


@pytest.fixture
def look(chromium, address, viewport):
    """Open a page; its test fails when the page complains or asks anybody else for anything."""
    opened = []

    def look(*, scheme="light"):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme, locale="es-ES")
        page = context.new_page()
        opened.append((context, Witness(page)))
        page.goto(f"{address}/programs/cafe-sol/")
        return page

    yield look
    for context, witness in opened:
        context.close()
        assert (witness.faults, witness.strangers(address)) == ([], [])


def barriers(page):
    """What axe finds to keep somebody out, by the rules of WCAG 2.2 AA."""
    rules = {"runOnly": {"type": "tag", "values": WCAG_22_AA}}
    found = Axe().run(page, options=rules).response["violations"]
    return [(violation["id"], violation["help"]) for violation in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_screen_and_keeps_nobody_out(look, viewport, scheme):
    page = look(scheme=scheme)

    assert page.url.endswith("/programs/cafe-sol/")
    assert page.locator("h1").inner_text() == "Café Sol"
    assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
    assert barriers(page) == []


def test_a_bar_is_as_high_as_its_week(look):
    bars = look().locator(".chart rect")

    assert bars.count() == 53
    first, last = (bars.nth(week).bounding_box()["height"] for week in (0, 52))
    assert last / first == pytest.approx((1000 + 37 * 52) / 1000, rel=0.02)


def test_the_chart_can_be_read_without_a_mouse_and_without_seeing_it(look):
    page = look()

    faces = ["console", "till", "member's page"]
    for _ in ["to the content", "Fiel", "Español", "English", *faces, "the chart's list"]:
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert "2.924,00" in page.locator("details").inner_text()


def test_the_language_is_chosen_once_and_kept(look, address):
    page = look()
    assert page.locator("html").get_attribute("lang") == "es"

    page.get_by_role("link", name="English").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**language=en")
    page.goto(f"{address}/programs/cafe-sol/")

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_text("Sales by week").count() == 1
    assert barriers(page) == []
