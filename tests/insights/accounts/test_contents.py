"""Closed months as plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from fiel.domain.document import read_program
from fiel.insights.accounts.cards import Cards
from fiel.insights.accounts.closed import Books, ClosedMonth
from fiel.insights.accounts.contents import month_content

TWO_UNITS = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos}
  stamps: {name: sellos}
earn: [{id: base, event: sale, give: {points: 1, per: "1.00"}}]
"""


@pytest.mark.parametrize("found", [("points", "stamps", "a"), ("a", "stamps", "points")])
def test_units_are_told_in_the_order_of_the_document_and_then_what_it_has_dropped(found):
    closing = Books({unit: {"earned": 1} for unit in found}, (), {}, {}, Cards())
    closed = ClosedMonth(
        date(2026, 1, 1), datetime(2026, 2, 2, tzinfo=UTC), "Berta", 1, "",
        Books({}, (), {}, {}, Cards()), closing, (), (),
    )  # fmt: skip

    told = month_content(closed, read_program(TWO_UNITS))

    assert [each["unit"] for each in told["units"]] == ["points", "stamps", "a"]
