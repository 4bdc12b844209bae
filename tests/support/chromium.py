"""A real browser for tests that look at pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect, sync_playwright

# A machine with other work is slow, which is no fault of a page's.
MILLISECONDS = 60_000


@contextmanager
def opened_chromium() -> Iterator[Browser]:
    """Chromium: the machine's own, or the one that Playwright brought.

    While it lives, nothing else can run a loop in this thread: open it for one module.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        # Root has no sandbox to put pages in; what is opened here is our own.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        expect.set_options(timeout=MILLISECONDS)
        yield browser
        browser.close()


class Witness:
    """Keeps what a page complains about, and whom it asks for anything."""

    def __init__(self, page: Page) -> None:
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", lambda request: self._miss(request.url, request.failure or ""))

    def _miss(self, url: str, why: str) -> None:
        # What was still on its way when the person went elsewhere is nobody's fault.
        if why != "net::ERR_ABORTED":
            self.faults.append(url)

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(text)

    def strangers(self, address: str) -> list[str]:
        """What was asked of anybody but the server at an address."""
        return [url for url in self.asked if not url.startswith((address, "data:"))]
