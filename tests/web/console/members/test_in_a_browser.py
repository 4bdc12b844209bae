"""A day at the desk with members, in a real browser: find, look, give, merge, erase."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.stage import NARROW, WIDE, Stage, barriers, is_as_wide_as_its_screen

pytestmark = pytest.mark.browser


def _reads_to_the_end(page: Page) -> None:
    """Let every part of a story come: whoever leaves before breaks them off."""
    page.locator("#outlook + div").scroll_into_view_if_needed()
    # What a forecast stands on is loaded once for a process.
    expect(page.locator(".skeleton")).to_have_count(0, timeout=120_000)


def _is_good(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    assert barriers(page) == [], page.url
    assert is_as_wide_as_its_screen(page), page.url


@pytest.mark.parametrize(
    ("viewport", "language", "scheme"),
    [(WIDE, "en", "light"), (NARROW, "es", "dark")],
    ids=["wide-en-light", "narrow-es-dark"],
)
def test_a_day_at_the_desk(
    browsing: Stage, viewport: dict[str, int], language: str, scheme: str
) -> None:
    shop, twin = browsing.shop, f"berta-{language}"
    shop.enrols(twin, name="Bertita Gil")
    shop.sells("4.00", to=twin)
    page = browsing.page("owner", viewport=viewport, language=language, scheme=scheme)

    # Find her while typing.
    page.goto(browsing.console("members/"))
    _is_good(page)
    page.locator("#q").press_sequentially("600 111 222", delay=20)
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    _is_good(page)
    page.get_by_role("link", name="Ana Ruiz").click()

    # Her story: the parts come by themselves, and narrow.
    expect(page.locator("h1")).to_have_text("Ana Ruiz")
    expect(page.locator("#timeline li").first).to_be_visible()
    page.locator("details summary", has_text=re.compile("lot")).first.click()
    _reads_to_the_end(page)
    _is_good(page)
    before = shop.balance("ana")

    # Give points with a reason.
    page.locator(".page-head .actions a.btn").nth(1).click()
    page.locator("[name=points]").fill("15")
    page.locator("[name=reason]").fill("Waited long")
    _is_good(page)
    page.locator("form.card button[type=submit]").click()
    expect(page.locator("#timeline li").first).to_contain_text("Waited long")
    assert shop.balance("ana") == before + 15

    # Redeem for her, look at it, and cancel it.
    _reads_to_the_end(page)
    page.locator(".page-head .actions a.btn").first.click()
    _is_good(page)
    page.get_by_role("button", name="cafe-gratis").click()
    expect(page.locator("#code")).to_be_visible()
    _is_good(page)
    page.locator(".page-head .actions button").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator(".page-head .actions button")).to_have_count(0)
    assert shop.balance("ana") == before + 15

    # A purchase of hers.
    page.goto(browsing.console(f"members/{shop.members['ana']}/"))
    _reads_to_the_end(page)
    page.locator("#timeline strong a[href*='/sales/']").first.click()
    _is_good(page)

    # Two who are one: see what will be, merge, and part them again.
    page.goto(browsing.console(f"members/{shop.members[twin]}/merge/"))
    page.locator("#q").press_sequentially("berta", delay=20)
    page.locator("#found a", has_text="Berta Gil").click()
    _is_good(page)
    page.locator("main form button[type=submit]").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator("h1")).to_have_text("Berta Gil")
    _reads_to_the_end(page)
    page.locator("form[action$='/unmerge/'] button").click()
    page.locator("dialog .btn-primary").click()
    expect(page.locator("h1")).to_have_text("Bertita Gil")
    _reads_to_the_end(page)

    # Erase takes the word.
    page.goto(browsing.console(f"members/{shop.members[twin]}/erase/"))
    _is_good(page)
    word = page.locator("label[for=id_typed]").inner_text().split()[1]
    page.locator("[name=typed]").fill(word)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).not_to_contain_text("Bertita")


def test_a_file_is_looked_at_on_a_phone(browsing: Stage) -> None:
    page = browsing.page("owner", viewport=NARROW, language="es")
    page.goto(browsing.console("members/import/"))
    _is_good(page)
    page.locator("[name=file]").set_input_files(
        {"name": "socios.csv", "mimeType": "text/csv",
         "buffer": "Nº socio;Nombre;Tlf\nz-1;Zoe Gil;600444001\nz-2;Malo;12\n".encode()}
    )  # fmt: skip
    page.locator("form.card button[type=submit]").click()
    _is_good(page)
    page.locator("[name='column-external_id']").select_option("Nº socio")
    page.locator("button[value=bring]").click()
    expect(page.locator(".figure-big").first).to_have_text("1", timeout=120_000)
    _is_good(page)
