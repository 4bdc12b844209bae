"""A day with offers, in a real browser: on a laptop in Spanish and on a phone in English."""

import pytest
from playwright.sync_api import expect

from tests.web.stage import NARROW, WIDE, barriers, is_as_wide_as_its_screen

pytestmark = pytest.mark.browser
VIEWS = pytest.mark.parametrize(
    ("viewport", "language", "scheme"),
    [(WIDE, "es", "light"), (NARROW, "en", "dark")],
    ids=["wide-es-light", "narrow-en-dark"],
)


def is_sound(page):
    """The figures have come, nothing hangs over the edge, and nobody is kept out."""
    expect(page.locator("main .skeleton")).to_have_count(0, timeout=60_000)
    page.wait_for_timeout(300)  # what has come fades in
    assert page.locator("h1").count() == 1
    assert is_as_wide_as_its_screen(page)
    assert barriers(page) == []


@VIEWS
def test_a_marketer_makes_codes_sells_a_card_and_tries_a_segment(
    browsing, viewport, language, scheme
):
    stage = browsing
    stage.shop.sells("90.00", to="ana")
    for told in ({"hold_minutes": 600}, {"capture": True}):
        stage.shop.http.post(
            "/redemptions",
            json={"member": stage.shop.members["ana"], "reward": "cafe-gratis", **told},
        )
    page = stage.page("owner", viewport=viewport, language=language, scheme=scheme)

    page.goto(stage.console("rewards/"))
    is_sound(page)
    page.locator("a[href$='/rewards/cafe-gratis/']").first.click()
    is_sound(page)
    page.locator("form[action$='/capture/'] button").first.click()
    page.wait_for_selector(".alert-success")
    is_sound(page)

    page.goto(stage.console("coupons/"))
    is_sound(page)
    page.locator("[data-opens='#make']").click()
    page.locator("#id_count").fill("3")
    assert barriers(page) == []
    page.locator("#make form button[type=submit]").click()
    page.wait_for_url("**/coupons/batches/**")
    is_sound(page)
    page.locator("tbody a").first.click()
    page.wait_for_url("**/coupons/-/look/**")
    is_sound(page)

    page.goto(stage.console("gift-cards/"))
    page.locator("[data-opens='#issue']").click()
    page.locator("#issue #id_amount").fill("25")
    assert barriers(page) == []
    page.locator("#issue form button[type=submit]").click()
    page.wait_for_selector("#code")
    page.locator("#id_charge-amount").fill("10")
    page.locator("form[action$='/charge/'] button").click()
    page.wait_for_selector(".alert-success")
    is_sound(page)

    page.goto(stage.console("promotions/"))
    is_sound(page)
    page.locator("a[href$='/promotions/bienvenido/']").first.click()
    is_sound(page)

    page.goto(stage.console("segments/"))
    is_sound(page)
    page.goto(stage.console("segments/habituales/"))
    is_sound(page)
    page.goto(stage.console("segments/-/try/"))
    page.locator("[data-at=':add']").click()
    page.locator("[data-at='0:attribute']").select_option("member.frequency")
    page.locator("[data-at='0:operator']").select_option("at_least")
    page.locator("[data-at='0:value']").fill("2")
    page.wait_for_selector("#found .figure-big", timeout=60_000)
    is_sound(page)
