"""Month-end: a month is closed by whoever may, once, and stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.database import TestDatabases
from tests.web.console.lived import YEAR, deeds, lived
from tests.web.stage import Stage


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[Stage]:
    with lived(databases.new()) as stage:
        yield stage


@pytest.fixture
def shop(served: Stage) -> Iterator[Stage]:
    yield served
    served.close_pages()


def test_a_month_is_closed_by_finance_and_told_as_it_was_closed(shop: Stage) -> None:
    client = shop.client("finance")
    page = client.get(shop.console("reports/month-end/")).text
    assert f'value="{YEAR}-05"' in page
    assert f'value="{YEAR}-06"' not in page  # it is not over

    closed = client.submit(f"/console/{shop.slug}/reports/month-end/", {"month": f"{YEAR}-04"})
    assert closed.headers["location"].endswith(f"/reports/month-end/{YEAR}-04/")
    month = client.get(closed.headers["location"])

    assert month.status_code == 200
    assert "Finance" in month.text
    # Until April Ana had 40 four times and Berta 22 twice.
    assert "204" in month.text
    assert ("month.closed", f"month:{YEAR}-04") in deeds(shop)
    assert f'value="{YEAR}-05"' in client.get(shop.console("reports/month-end/")).text


def test_months_are_closed_one_after_the_other(shop: Stage) -> None:
    client = shop.client("owner")
    path = f"/console/{shop.slug}/reports/month-end/"
    for month in (f"{YEAR}-01", f"{YEAR}-06", "nonsense"):
        refused = client.submit(path, {"month": month}, follow_redirects=True)
        assert refused.url.path == path
        assert "alert-warning" in refused.text

    assert client.get(shop.console(f"reports/month-end/{YEAR}-01/")).status_code == 404


@pytest.mark.parametrize(("role", "status"), [("marketer", 403), ("manager", 403)])
def test_who_may_not_close_months_does_not(shop: Stage, role: str, status: int) -> None:
    client = shop.client(role)
    answer = client.submit(f"/console/{shop.slug}/reports/month-end/", {"month": f"{YEAR}-05"})

    assert answer.status_code == status
