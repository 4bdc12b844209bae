"""People at the door, in a real browser: password, authenticator app, passkey, invitation."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.web.console.staff.test_pages import asked_for
from tests.web.stage import (
    NARROW,
    PASSWORD,
    WIDE,
    Stage,
    barriers,
    is_as_wide_as_its_screen,
)

pytestmark = pytest.mark.browser

PUBLIC = ("login/", "password/reset/", "password/reset/done/", "signup/")
OWN = (
    "",
    "password/change/",
    "email/",
    "2fa/",
    "2fa/totp/activate/",
    "2fa/webauthn/add/",
    "sessions/",
)
CONSOLE = (
    "staff/", "staff/invite/", "staff/rules/", "staff/rights/", "keys/", "keys/new/", "approvals/",
    "audit/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(stage: Stage) -> None:
    """Attempts and second factors of other tests do not count."""
    with psycopg.connect(stage.database_url) as owner:
        owner.execute("DELETE FROM django_cache")
        owner.execute("DELETE FROM mfa_authenticator")


def sign_in(page: Page, address: str, email: str) -> None:
    page.goto(f"{address}/accounts/login/?next=/accounts/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form[action='/accounts/login/'] button[type=submit]").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.wait_for_load_state()


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    from allauth.mfa.totp.internal import auth

    counter = next(iter(auth.yield_hotp_counters_from_time()))
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


def with_fingerprint(page: Page) -> Any:
    """A device that keeps passkeys and knows its owner, as Chromium simulates one."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    return devtools


def confirm_password(page: Page) -> None:
    if "/reauthenticate/" in page.url:
        page.locator("#id_password").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)


def test_an_authenticator_app_and_its_recovery_codes_open_the_door(browsing: Stage) -> None:
    page = browsing.page(None, language="en")
    email = "manager@cafe-sol.example"
    sign_in(page, browsing.address, email)
    page.goto(f"{browsing.address}/accounts/2fa/totp/activate/")
    confirm_password(page)
    secret = page.locator("#key").inner_text()
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Set it up").click()
    page.wait_for_url("**/recovery-codes/")
    codes = re.findall(r"\d{8}", page.locator("#codes").inner_text())
    assert len(codes) == 10

    with psycopg.connect(browsing.database_url) as owner:
        (kept,) = owner.execute(
            "SELECT data::text FROM mfa_authenticator WHERE type = 'totp'"
        ).fetchone()
    assert secret not in kept

    for answer in ("000000", codes[0]):
        page.context.clear_cookies()
        sign_in(page, browsing.address, email)
        assert "/2fa/authenticate/" in page.url
        page.get_by_label("Code").fill(answer)
        page.locator("main form button[type=submit]").first.click()
        if answer == "000000":
            expect(page.get_by_text("The code is not right.")).to_be_visible()
            page.goto(f"{browsing.address}/accounts/")
            assert "/2fa/authenticate/" in page.url
    page.wait_for_url("**/accounts/")


@pytest.fixture
def at_a_name(browsing: Stage) -> Iterator[Stage]:
    """The stage by its name: a passkey is for one, and not for an address of numbers."""
    numbers = browsing.address
    browsing.address = numbers.replace("127.0.0.1", "localhost")
    yield browsing
    browsing.close_pages()
    browsing.address = numbers


def test_a_passkey_alone_opens_the_door_and_proves_who_it_is(at_a_name: Stage) -> None:
    address = at_a_name.address
    page = at_a_name.page(None, language="en")
    with_fingerprint(page)
    sign_in(page, address, "finance@cafe-sol.example")
    page.goto(f"{address}/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("What to call it").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes/")

    page.goto(f"{address}/accounts/2fa/webauthn/")
    expect(page.get_by_text("My laptop").first).to_be_visible()
    expect(page.get_by_text("Without a password")).to_be_visible()

    page.context.clear_cookies()
    page.goto(f"{address}/accounts/login/?next=/accounts/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{address}/accounts/sessions/")

    page.context.clear_cookies()
    sign_in(page, address, "finance@cafe-sol.example")
    assert "/2fa/authenticate/" in page.url
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{address}/accounts/")


def test_who_is_invited_joins_and_approves_what_another_asked_for(browsing: Stage) -> None:
    owner = browsing.page("owner", language="en")
    owner.goto(browsing.console("staff/invite/"))
    owner.get_by_label("E-mail").fill("ana@cafe-sol.example")
    owner.get_by_label("Role").select_option("manager")
    owner.get_by_role("button", name="Invite").click()
    link = owner.get_by_label("Link").input_value()
    before = browsing.shop.balance("berta")
    asked_for(browsing, 900, member="berta")

    ana = browsing.page(None, language="en")
    # The home page's figures take a while, and she does not wait for them.
    ana.route("**/console/cafe-sol/home/**", lambda route: route.fulfill(status=204))
    ana.goto(link)
    ana.get_by_label("Your name").fill("Ana")
    ana.get_by_label("Password", exact=True).fill("tres-tazas-de-te")
    ana.get_by_role("button", name="Join").click()
    ana.wait_for_url("**/console/cafe-sol/")
    ana.goto(browsing.console("approvals/"))
    ana.get_by_role("button", name="Approve").first.click()
    expect(ana.get_by_text("the points are booked")).to_be_visible()

    assert browsing.shop.balance("berta") - before == 900


def test_a_password_can_be_looked_at_while_it_is_typed(browsing: Stage) -> None:
    page = browsing.page(None, language="en")
    page.goto(f"{browsing.address}/accounts/login/")
    page.locator("#id_password").fill(PASSWORD)

    page.get_by_role("button", name="Show the password").click()

    assert page.locator("#id_password").get_attribute("type") == "text"


@pytest.mark.parametrize(
    ("viewport", "language"), [(WIDE, "es"), (NARROW, "en")], ids=["wide-es", "narrow-en"]
)
def test_no_page_keeps_anybody_out(
    browsing: Stage, viewport: dict[str, int], language: str
) -> None:
    asked_for(browsing, 5000)
    page = browsing.page(
        None, viewport=viewport, language=language, scheme="dark" if language == "es" else "light"
    )
    wrong = []

    def look(address: str) -> None:
        page.goto(address)
        confirm_password(page)
        found, fits = barriers(page), is_as_wide_as_its_screen(page)
        if found or not fits or page.locator("html").get_attribute("lang") != language:
            wrong.append((page.url, found, fits))

    for path in PUBLIC:
        look(f"{browsing.address}/accounts/{path}")
    sign_in(page, browsing.address, "owner@cafe-sol.example")
    for path in OWN:
        look(f"{browsing.address}/accounts/{path}")
    for path in CONSOLE:
        look(browsing.console(path))
    look(browsing.console(f"staff/{browsing.users['owner']}/"))

    assert wrong == []


def test_a_page_asks_for_little_script(browsing: Stage) -> None:
    page, sizes = browsing.page(None), []
    page.on(
        "response",
        lambda answer: sizes.append(len(answer.body())) if answer.url.endswith(".js") else None,
    )
    page.goto(f"{browsing.address}/accounts/login/")
    time.sleep(0.2)

    assert 0 < sum(sizes) < 100_000
