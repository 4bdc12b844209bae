"""From nothing to a published program, as a newcomer does it: on a laptop and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.server import running_server
from tests.support.chromium import Witness, opened_chromium
from tests.support.database import TestDatabases, empty_all_tables
from tests.web.stage import NARROW, PASSWORD, WIDE, barriers, is_as_wide_as_its_screen

SALES = "Ticket;Fecha;Cliente;Importe;Coste\n" + "".join(
    f"T-{month}-{day};2026-{month:02d}-{day:02d};c{day % 9};{3 + day % 5},50;1,20\n"
    for month in range(1, 7)
    for day in range(1, 29)
)
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[tuple[str, str]]:
    url = databases.new()
    with running_server(url) as address:
        yield address, url


@pytest.fixture(scope="module")
def chromium(served: tuple[str, str]) -> Iterator[Browser]:
    with opened_chromium() as browser:
        yield browser


class Newcomer:
    """Somebody at a browser, who notices what keeps people out of a page."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    def is_on(self, pattern: str) -> None:
        """The page is where it should be, open to everybody, and not wider than the screen."""
        self.page.wait_for_url(pattern, timeout=90_000)
        expect(self.page.locator(".skeleton")).to_have_count(0, timeout=30_000)
        assert barriers(self.page) == [], pattern
        assert is_as_wide_as_its_screen(self.page), pattern

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.address}/console/cafe-sol/{path}")
        self.is_on(f"**/{path}")

    def sends(self, form: str = "main form") -> None:
        self.page.click(f"{form} button[type=submit]")


@pytest.mark.parametrize(
    ("viewport", "language"), [(WIDE, "es"), (NARROW, "en")], ids=["laptop-es", "phone-en"]
)
def test_a_newcomer_publishes_a_program(
    served: tuple[str, str], chromium: Browser, tmp_path: Path, viewport, language: str
) -> None:
    address, url = served
    empty_all_tables(url)
    file = tmp_path / "ventas.csv"
    file.write_text(SALES, encoding="utf-8")
    context = chromium.new_context(viewport=viewport, locale=language)
    page = context.new_page()
    witness, newcomer = Witness(page), Newcomer(page, address)
    page.goto(address)

    becomes_owner(newcomer)
    answers(newcomer)
    brings_sales(newcomer, file)
    sees_what_it_brings(newcomer)
    waits_for_a_date_and_thinks_again(newcomer)
    publishes(newcomer)
    tries_a_variant(newcomer)

    assert (witness.faults, witness.strangers(address)) == ([], [])
    context.close()


def becomes_owner(newcomer: Newcomer) -> None:
    newcomer.is_on("**/start/")
    page = newcomer.page
    page.fill("#id_name", "Ana Ruiz")
    page.fill("#id_email", "ana@cafe-sol.example")
    page.fill("#id_password1", PASSWORD)
    newcomer.sends()
    newcomer.is_on("**/start/new/")


def answers(newcomer: Newcomer) -> None:
    page = newcomer.page
    page.click("a[href='?model=points']")
    newcomer.is_on("**/start/new/?model=points")
    page.fill("#id_name", "Café Sol")
    page.select_option("#id_sells", "coffee")
    page.select_option("#id_timezone", "America/Mexico_City")
    expect(page.locator("#id_currency")).to_have_value("MXN")
    page.select_option("#id_timezone", "Europe/Madrid")
    expect(page.locator("#id_currency")).to_have_value("EUR")
    expect(page.locator("[data-taxes] button")).to_have_count(4)  # 21, 10, 4 and none
    page.click("[data-taxes] button:nth-child(2)")
    expect(page.locator("#id_tax")).to_have_value("10")
    page.fill("#id_ticket", "5,50")
    page.fill("#id_margin", "70")
    page.select_option("#id_visits", "weekly")
    newcomer.sends()
    expect(page.locator("#id_aim_error")).to_be_visible()  # one answer was forgotten
    expect(page.locator("#id_ticket")).to_have_value("5,50")
    page.select_option("#id_aim", "purchase_frequency")
    newcomer.sends()
    newcomer.is_on("**/console/cafe-sol/start/")


def brings_sales(newcomer: Newcomer, file: Path) -> None:
    page = newcomer.page
    page.click("a[href$='/start/sales/']")
    newcomer.is_on("**/start/sales/")
    page.set_input_files("input[type=file]", file)
    newcomer.sends("form[enctype]")
    newcomer.is_on("**/start/sales/*/")
    page.click("button[value=bring]")
    page.wait_for_url("**/jobs/*/")
    expect(page.locator(".figure-big").first).to_have_text("168", timeout=60_000)
    newcomer.is_on("**/jobs/*/")
    page.click("a[href$='/start/result/']")


def sees_what_it_brings(newcomer: Newcomer) -> None:
    newcomer.is_on("**/start/result/")
    page = newcomer.page
    newcomer.sends("form[action$='/simulate/']")
    page.wait_for_selector("figure[data-drawn]", timeout=120_000)
    newcomer.is_on("**/jobs/*/")
    page.click("a[href$='/versions/publish/']")
    newcomer.is_on("**/versions/publish/")


def waits_for_a_date_and_thinks_again(newcomer: Newcomer) -> None:
    page = newcomer.page
    page.click("button[value=later]")
    newcomer.is_on("**/versions/")
    page.click("form[action*='/waiting/'] button")
    page.click("dialog .btn-primary")
    expect(page.locator("form[action*='/waiting/']")).to_have_count(0)


def publishes(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.goes_to("versions/publish/")
    page.click("button[value=now]")
    page.click("dialog .btn-primary")
    newcomer.is_on("**/launch/")
    expect(page.locator("#published .done")).to_have_count(1)
    newcomer.goes_to("versions/2/")
    newcomer.goes_to("review/")


def tries_a_variant(newcomer: Newcomer) -> None:
    page = newcomer.page
    newcomer.goes_to("simulation/")
    page.click("main details > summary")
    page.select_option("#path-0", "earn.base.give.points")
    expect(page.locator("#values-0")).to_have_value("1,2,3")  # proposed
    page.select_option("#id_behaviour", "eager:50")
    newcomer.sends()
    page.wait_for_selector("#title-variants", timeout=120_000)
    newcomer.is_on("**/jobs/*/")
