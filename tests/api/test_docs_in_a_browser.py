"""The documentation page in a real browser."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

pytestmark = pytest.mark.browser


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


def test_the_page_shows_every_operation_and_asks_nobody_else(server, chromium):
    page = chromium.new_page()
    faults, asked = [], []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{server}/v1/docs")
    page.get_by_text("Record a sale", exact=True).wait_for()
    page.get_by_text("Record a sale", exact=True).click()
    page.get_by_text("Try it out").first.wait_for()

    assert faults == []
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
    page.close()
