"""From a page's query to a question."""

from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict

from fiel.platform.schema import set_django_up
from fiel.web.console.reports.asking import Asking, presets_of, read_asking
from fiel.web.console.reports.shelf import BY_NAME


@pytest.fixture(autouse=True)
def django() -> None:
    set_django_up()


def read(query: str, name: str = "kpis", *, stores: tuple[str, ...] = ()) -> Asking:
    return read_asking(QueryDict(query), BY_NAME[name], stores)


def test_days_and_what_narrows_a_report_are_read() -> None:
    asking = read("from=2026-01-01&to=2026-03-31&every=week&tier=plata&colour=red")

    assert (asking.since, asking.until) == (date(2026, 1, 1), date(2026, 3, 31))
    assert asking.options == {"every": "week", "tier": "plata"}
    assert asking.query == "from=2026-01-01&to=2026-03-31&every=week&tier=plata"


def test_what_is_no_day_is_said_beside_its_field() -> None:
    asking = read("from=yesterday&to=2026-03-31")

    assert set(asking.problems) == {"from"}
    assert (asking.since, asking.until) == (None, date(2026, 3, 31))


def test_a_report_of_an_end_asks_for_no_beginning() -> None:
    asking = read("from=2026-01-01&to=2026-03-31", "liability")

    assert (asking.since, asking.until) == (None, date(2026, 3, 31))


@pytest.mark.parametrize("wanted", ["", "norte"])
def test_who_has_stores_of_her_own_asks_of_one_of_them(wanted: str) -> None:
    asking = read(f"store={wanted}", stores=("centro", "sur"))

    assert asking.options == {"store": "centro"}
    assert read("store=sur", stores=("centro", "sur")).options == {"store": "sur"}


def test_presets_keep_what_narrows_and_say_which_is_chosen() -> None:
    asking = read("from=2026-02-01&to=2026-02-28&tier=plata")
    presets = presets_of(asking, date(2026, 3, 15))

    assert [preset.is_chosen for preset in presets] == [False, True, False, False, False, False]
    assert presets[3].query == "from=2025-04-01&to=2026-03-15&tier=plata&every=month"
    assert presets[5].query == "from=2025-01-01&to=2025-12-31&tier=plata&every=month"


def test_presets_of_an_end_are_days() -> None:
    presets = presets_of(read("", "liability"), date(2026, 3, 15))

    assert [preset.query for preset in presets] == [
        "to=2026-03-15", "to=2026-02-28", "to=2025-12-31",
    ]  # fmt: skip
