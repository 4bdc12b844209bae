"""The shelf of reports agrees with the reports there are."""

from __future__ import annotations

import pytest

from fiel.insights.reporting.registry import REPORTS, entry_of
from fiel.web.console.reports.shelf import BY_NAME


def test_every_report_is_on_the_shelf() -> None:
    assert set(BY_NAME) == set(REPORTS)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_can_be_narrowed_on_its_page_by_all_that_narrows_it(name: str) -> None:
    assert set(BY_NAME[name].narrows) == entry_of(name).options
