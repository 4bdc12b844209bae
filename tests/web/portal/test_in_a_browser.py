"""The member's pages as a member meets them: on a phone, on a laptop, with the network cut."""

from __future__ import annotations

import re

import pytest

from fiel.web.portal.guest import COOKIE
from tests.support.letterbox import mail_server, text_of
from tests.web.portal.cast import HOME, session_of
from tests.web.stage import NARROW, WIDE, barriers, is_as_wide_as_its_screen

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def letters():
    """A real mail server that the pages send by."""
    from django.test import override_settings

    with mail_server() as box:
        options = {"host": "localhost", "port": box.port}
        with override_settings(MAILERS={"default": {"OPTIONS": options}}):
            yield box


def is_open_to_all(page):
    """Nobody is kept out, and nothing hangs over the edge."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # the dock covers nothing there
    assert barriers(page) == []
    assert is_as_wide_as_its_screen(page)


@pytest.mark.parametrize(
    ("viewport", "language"), [(NARROW, "es"), (WIDE, "en")], ids=["phone-es", "laptop-en"]
)
def test_somebody_joins_looks_redeems_shares_and_leaves(browsing, letters, viewport, language):
    stage = browsing
    inviter = stage.shop.http.get(f"/members/{stage.shop.members['ana']}").json()
    contact = f"ines-{language}@example.com"
    page = stage.page(None, viewport=viewport, language=language)

    page.goto(f"{stage.address}{HOME}?ref={inviter['referral_code']}")
    assert page.locator("html").get_attribute("lang") == language
    is_open_to_all(page)
    page.fill("#contact", contact)
    page.press("#contact", "Enter")
    page.wait_for_url("**/code/")
    is_open_to_all(page)
    code = re.search(r"\d{6}", text_of(letters.letter_to(contact)))[0]
    page.locator("#code").press_sequentially(code)  # with the sixth digit it goes by itself
    page.wait_for_url("**/about-you/")
    is_open_to_all(page)
    page.fill("#id_name", "Inés")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/card/?new")
    is_open_to_all(page)

    [ines] = stage.shop.http.get("/members", params={"email": contact}).json()["data"]
    stage.shop.http.post(
        "/sales",
        json={
            "external_id": f"S-{language}", "member": ines["id"],
            "lines": [{"sku": "CAP-01", "quantity": 4, "unit_price": "6.00"}],
        },
    )  # fmt: skip
    for path in ("", "why/", "history/", "wallet/", "me/", "me/leave/"):
        page.goto(f"{stage.address}{HOME}{path}")
        is_open_to_all(page)

    page.goto(f"{stage.address}{HOME}rewards/")
    is_open_to_all(page)
    page.click("#cafe-gratis button")
    page.click("dialog .btn-primary")
    page.wait_for_url("**/redemptions/**")
    is_open_to_all(page)
    redemption = page.url.rstrip("/").rsplit("/", 1)[1]
    assert stage.shop.http.post(f"/redemptions/{redemption}/use", json={}).status_code == 200
    page.wait_for_selector("[data-waits]", state="detached", timeout=15_000)  # it sees it itself

    page.goto(f"{stage.address}{HOME}friends/")
    is_open_to_all(page)
    assert ines["referral_code"] in page.locator("a[href^='https://wa.me/']").get_attribute("href")

    page.goto(f"{stage.address}{HOME}me/leave/")
    page.check("[name=sure]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/join/")
    found = stage.shop.http.get("/members", params={"email": contact}).json()["data"]
    assert found == []


def test_the_card_is_held_out_with_the_network_cut_and_gone_after_signing_out(browsing):
    stage = browsing
    page = stage.page(None, viewport=NARROW, language="en")
    cookie = {"name": COOKIE, "value": session_of(stage), "url": f"{stage.address}{HOME}"}
    page.context.add_cookies([cookie])
    page.goto(f"{stage.address}{HOME}")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.wait_for_function(
        "path => caches.match(path).then((kept) => kept !== undefined)", arg=f"{HOME}card/"
    )
    drawn = page.request.get(f"{stage.address}{HOME}card/").text()
    code = re.search(r'fill="#000" d="([^"]+)"', drawn)[1]
    witness = stage._open[-1][1]

    page.context.set_offline(True)
    for path in ("card/", "", "rewards/"):
        page.goto(f"{stage.address}{HOME}{path}")
        assert page.locator("svg.qr path[fill='#000']").get_attribute("d") == code
        assert page.locator(".offline-note").is_visible()
    is_open_to_all(page)
    page.context.set_offline(False)
    witness.faults.clear()  # what could not be asked for meanwhile

    page.goto(f"{stage.address}{HOME}me/")
    page.click("form[action$='sign-out/'] button")
    page.wait_for_url("**/join/")
    page.wait_for_function(
        "path => caches.match(path).then((kept) => kept === undefined)", arg=f"{HOME}card/"
    )


def test_pages_are_dark_where_the_phone_is(browsing):
    stage = browsing
    page = stage.page(None, viewport=NARROW, language="es", scheme="dark")
    cookie = {"name": COOKIE, "value": session_of(stage), "url": f"{stage.address}{HOME}"}
    page.context.add_cookies([cookie])
    for path in ("", "rewards/", "me/", "friends/", "me/leave/"):
        page.goto(f"{stage.address}{HOME}{path}")
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
        is_open_to_all(page)
