"""A journey through what was measured: home, a report, a month to close, an alert."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.database import TestDatabases
from tests.web.console.lived import YEAR, lived, raises_alert
from tests.web.stage import NARROW, WIDE, Stage, barriers, is_as_wide_as_its_screen

pytestmark = pytest.mark.browser
VIEWS = pytest.mark.parametrize(
    ("viewport", "language", "scheme"),
    [(WIDE, "es", "light"), (NARROW, "en", "dark")],
    ids=["wide-es-light", "narrow-en-dark"],
)
# How many of a canvas's pixels are not of its ground.
DRAWN = """canvas => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let drawn = 0;
  for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 0) drawn += 1;
  return drawn;
}"""


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[Stage]:
    with lived(databases.new()) as stage:
        # The cast joined before the months that are shown: a cohort of these begins with her.
        stage.shop.enrols("dora", name="Dora Sanz")
        stage.shop.sells("12.00", to="dora", store="centro")
        yield stage


@pytest.fixture
def shop(served: Stage, chromium: Browser) -> Iterator[Stage]:
    served.browser = chromium
    yield served
    served.close_pages()


def stands(page: Page) -> None:
    """The page is whole: nothing is awaited, it fits its screen, and keeps nobody out."""
    expect(page.locator(".skeleton")).to_have_count(0, timeout=60_000)
    page.wait_for_load_state("networkidle")
    assert is_as_wide_as_its_screen(page)
    assert barriers(page) == []


def drawn(page: Page) -> list[int]:
    """How much is drawn on each chart of the page."""
    expect(page.locator("figure[data-chart]:not([data-drawn])")).to_have_count(0)
    canvases = page.locator("figure[data-chart] canvas").all()
    assert canvases
    return [canvas.evaluate(DRAWN) for canvas in canvases]


@VIEWS
def test_home_shows_figures_with_their_course(
    shop: Stage, viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = shop.page("owner", viewport=viewport, language=language, scheme=scheme)
    page.goto(shop.console())
    stands(page)

    expect(page.locator(".tile")).to_have_count(8)
    assert min(drawn(page)) > 50


@VIEWS
def test_a_report_is_explored_by_mouse_and_by_keys(
    shop: Stage, viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = shop.page("owner", viewport=viewport, language=language, scheme=scheme)
    page.goto(shop.console("reports/"))
    stands(page)
    page.goto(shop.console(f"reports/kpis/?from={YEAR}-01-01&to={YEAR}-05-31&every=month"))
    stands(page)
    assert min(drawn(page)) > 500

    chart = page.locator("#table-sales figure")
    before = chart.locator("canvas").evaluate(DRAWN)
    chart.locator("select").select_option(index=1)
    expect(chart.locator("canvas")).to_have_count(1)
    assert chart.locator("canvas").evaluate(DRAWN) != before

    chart.locator(".chart-canvas").focus()
    page.keyboard.press("ArrowRight")
    expect(chart.locator("[aria-live]")).to_contain_text(f"{YEAR}")
    assert f"ene {YEAR}" in spoken(chart) if language == "es" else f"Jan {YEAR}" in spoken(chart)

    page.locator("#table-sales summary").click()
    expect(page.locator("#table-sales table")).to_be_visible()


def spoken(chart: object) -> str:
    text: str = chart.locator("[aria-live]").text_content()  # type: ignore[attr-defined]
    return text


@VIEWS
@pytest.mark.parametrize("name", ["cohorts", "roll-forward", "liability", "predictions"])
def test_each_kind_of_chart_is_drawn(
    shop: Stage, name: str, viewport: dict[str, int], language: str, scheme: str
) -> None:
    page = shop.page("owner", viewport=viewport, language=language, scheme=scheme)
    page.goto(shop.console(f"reports/{name}/"))
    stands(page)

    if name != "predictions":  # five months of three members foretell nothing
        assert min(drawn(page)) > 500
    else:
        expect(page.locator("[data-code]").first).to_be_visible()


def test_a_chart_follows_the_theme_of_the_page(shop: Stage) -> None:
    page = shop.page("owner", scheme="light")
    page.goto(shop.console("reports/roll-forward/"))
    stands(page)
    colour = "c => [...c.getContext('2d').getImageData(c.width / 2, 0, 1, c.height).data].join()"
    before = page.locator("#table-roll_forward canvas").evaluate(colour)
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
    page.wait_for_timeout(600)

    assert page.locator("#table-roll_forward canvas").evaluate(colour) != before


def test_a_month_is_closed_after_a_question(shop: Stage) -> None:
    page = shop.page("finance", viewport=NARROW, language="en")
    page.goto(shop.console("reports/month-end/"))
    stands(page)
    page.get_by_role("button", name="Close the month").click()
    question = page.get_by_role("dialog")
    assert question.get_by_role("button").all_inner_texts() == ["No", "Close the month"]
    question.get_by_role("button", name="Close the month").click()
    page.wait_for_url(f"**/reports/month-end/{YEAR}-05/")
    stands(page)

    assert min(drawn(page)) > 500


@VIEWS
def test_an_alert_is_read_with_its_course_and_closed(
    shop: Stage, viewport: dict[str, int], language: str, scheme: str
) -> None:
    alert = raises_alert(shop, subject="norte" if scheme == "light" else "centro")
    page = shop.page("owner", viewport=viewport, language=language, scheme=scheme)
    page.goto(shop.console("alerts/"))
    stands(page)
    page.locator(f"a[href$='{alert}/']").first.click()
    stands(page)
    page.locator("#note").fill("La calle estaba cortada.")
    page.locator("form[action$='/close/'] button").click()
    page.wait_for_url("**/alerts/")

    expect(page.locator(f"a[href$='{alert}/']")).to_have_count(0)
