"""The pages of reports over HTTP: who sees which, what they show, how they fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from fiel.insights.reporting.registry import REPORTS
from fiel.staff.roles import Role
from fiel.web.console.reports.shelf import BY_NAME
from tests.support.database import TestDatabases
from tests.web.console.lived import YEAR, deeds, lived, works_in
from tests.web.stage import Client, Stage

ACCOUNTS = {"liability", "roll-forward", "journal", "gift-cards"}
AT_ONCE = [name for name in REPORTS if not BY_NAME[name].is_long]


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[Stage]:
    with lived(databases.new()) as stage:
        yield stage


@pytest.fixture
def shop(served: Stage) -> Iterator[Stage]:
    yield served
    served.close_pages()


def report(client: Client, stage: Stage, path: str) -> str:
    """The part of a report's page that takes time; while it is not made, it is asked for again."""
    name, _, query = path.partition("?")
    for _attempt in range(10):
        answer = client.get(f"/console/{stage.slug}/reports/{name}/made/?{query}")
        assert answer.status_code == 200
        if "hx-get" not in answer.text:
            break
    return answer.text


def listed(client: Client, stage: Stage) -> set[str]:
    page = client.get(f"/console/{stage.slug}/reports/").text
    return set(re.findall(rf"/console/{stage.slug}/reports/([a-z-]+)/\"", page))


def test_the_shelf_shows_each_role_the_reports_that_are_for_it(shop: Stage) -> None:
    everything = {*REPORTS, "month-end"}

    assert listed(shop.client("owner"), shop) == everything
    assert listed(shop.client("finance"), shop) == everything
    assert listed(shop.client("marketer"), shop) == set(REPORTS) - ACCOUNTS
    assert shop.client("support").get(shop.console("reports/")).status_code == 403
    assert shop.client("cashier").get(shop.console("reports/")).status_code == 403


@pytest.mark.parametrize("name", AT_ONCE)
def test_every_report_can_be_read(shop: Stage, name: str) -> None:
    client = shop.client("owner")
    page = client.get(f"/console/{shop.slug}/reports/{name}/")
    body = report(client, shop, name)

    assert page.status_code == 200
    assert 'id="report"' in body
    assert "could not be made" not in body
    assert "hx-get" not in body


def test_a_long_report_is_made_as_a_job_and_its_result_waits(shop: Stage) -> None:
    client = shop.client("owner")
    assert "/reports/review/job/" in client.get(shop.console("reports/review/")).text

    started = client.submit(f"/console/{shop.slug}/reports/review/job/")
    job = started.headers["location"]
    for _ in range(120):
        page = client.get(job, headers={"HX-Request": "true"})
        if page.status_code == 204:
            break
        client.get(shop.console("reports/"))

    assert page.headers["HX-Redirect"] == job
    assert 'id="table-economics"' in client.get(job).text


def test_the_accounts_are_for_those_who_may_see_them(shop: Stage) -> None:
    client = shop.client("marketer")

    for path in ("liability/", "journal/made/", "roll-forward/csv/", "month-end/"):
        assert client.get(f"/console/{shop.slug}/reports/{path}").status_code == 403


def test_a_report_tells_the_numbers_of_the_ledger(shop: Stage) -> None:
    body = report(shop.client("owner"), shop, f"kpis?from={YEAR}-01-01&to={YEAR}-05-31&every=month")
    sales = re.search(r'id="table-sales".*?</section>', body, re.DOTALL)
    assert sales is not None

    # In January: 40.00 and 22.00 with a member, 15.50 without; in February 40.00 and 15.50.
    assert f"Jan {YEAR}" in sales[0]
    assert "€77.50" in sales[0]
    assert "€55.50" in sales[0]
    assert 'data-chart="' in sales[0]
    # Words for all agree with what is chosen, in languages in which they differ.
    page = shop.client("owner").get(shop.console("reports/kpis/")).text
    assert re.search(r'name="tier">\s*<option value="">All of them<', page)


def test_the_csv_is_that_of_the_api(shop: Stage) -> None:
    asked = {"from": f"{YEAR}-01-01", "to": f"{YEAR}-05-31", "table": "points"}
    page = shop.client("owner").get(shop.console("reports/kpis/csv/"), params=asked)
    api = shop.shop.http.get(
        "/reports/kpis", params=asked, headers={"accept": "text/csv", "accept-language": "en"}
    )

    assert page.headers["content-type"].startswith("text/csv")
    assert page.text == api.text
    assert ("report.exported", "report:kpis") in deeds(shop)


def test_a_table_that_a_report_has_not_is_not_found(shop: Stage) -> None:
    at = shop.console("reports/kpis/csv/")
    page = shop.client("owner").get(at, params={"table": "no-such"})
    assert page.status_code == 404


def test_what_a_report_cannot_be_asked_is_said_and_the_page_stays(shop: Stage) -> None:
    client = shop.client("owner")
    body = report(client, shop, f"kpis?from={YEAR - 1}-01-01&to={YEAR}-06-01&every=day")
    page = client.get(shop.console("reports/kpis/?from=never"))

    assert "100" in body
    assert 'role="alert"' in body
    assert page.status_code == 200
    assert "from-problem" in page.text


def test_who_works_in_one_store_is_told_of_that_store_alone(shop: Stage) -> None:
    works_in(shop, Role.MANAGER, "norte")
    client = shop.client("manager")
    try:
        assert listed(client, shop) == {"kpis", "cohorts"}
        for query in ("", "&store=centro"):
            body = report(client, shop, f"kpis?from={YEAR}-01-01&to={YEAR}-05-31{query}")
            # In January the store sold 37.50; 77.50 is that of all stores.
            assert "€37.50" in body
            assert "€77.50" not in body
        assert client.get(shop.console("reports/segments/")).status_code == 403
    finally:
        works_in(shop, Role.MANAGER)


def test_a_report_that_was_made_comes_with_its_page(shop: Stage) -> None:
    client = shop.client("owner")
    query = f"from={YEAR}-03-01&to={YEAR}-04-30"
    before = client.get(shop.console(f"reports/kpis/?{query}")).text
    report(client, shop, f"kpis?{query}")
    after = client.get(shop.console(f"reports/kpis/?{query}")).text
    anew = client.get(shop.console(f"reports/kpis/?{query}&fresh=1"), follow_redirects=True).text

    assert ("hx-get" in before, "hx-get" in after, "hx-get" in anew) == (True, False, True)


@pytest.mark.parametrize("path", ["reports/", "reports/kpis/", "reports/month-end/"])
def test_a_page_asks_the_database_little(shop: Stage, path: str) -> None:
    client = shop.client("owner")
    client.get(shop.console(path))
    with shop.queries() as counted:
        assert client.get(shop.console(path)).status_code == 200

    assert counted.count < 20, counted.statements
