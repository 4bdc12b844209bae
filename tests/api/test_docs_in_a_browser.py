"""The documentation page in a real browser."""

from __future__ import annotations

import pytest

from tests.support.chromium import Witness, opened_chromium

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    with opened_chromium() as browser:
        yield browser


def test_the_page_shows_every_operation_and_asks_nobody_else(server, chromium):
    page = chromium.new_page()
    witness = Witness(page)

    page.goto(f"{server}/v1/docs")
    page.get_by_text("Record a sale", exact=True).wait_for()
    page.get_by_text("Record a sale", exact=True).click()
    page.get_by_text("Try it out").first.wait_for()

    assert witness.faults == []
    assert witness.strangers(server) == []
    page.close()
