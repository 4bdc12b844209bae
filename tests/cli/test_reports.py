"""`fiel report` as it is used."""

from __future__ import annotations

import csv
import io

import pytest

from fiel.insights.reporting.registry import REPORTS
from tests.cli.conftest import Fiel


def test_without_a_name_all_reports_are_listed(cafe_sol: Fiel) -> None:
    listed = cafe_sol("report", "--json").json["data"]
    assert [each["name"] for each in listed] == list(REPORTS)
    assert "goals" in cafe_sol("report").out


def test_a_report_is_told_as_text_as_data_and_as_csv(cafe_sol: Fiel) -> None:
    told = cafe_sol("report", "goals")
    assert told.code == 0
    assert "Café Sol: Goals" in told.out
    assert "The program states no goals" in told.out
    assert "What the figures mean" in told.out

    content = cafe_sol("report", "goals", "--json").json
    assert (content["report"], content["goals"]) == ("goals", [])

    head = next(csv.reader(io.StringIO(cafe_sol("report", "goals", "--csv").out)))
    assert head[:3] == ["goal", "metric", "measure"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("weather",), 1, "weather"),
        (("goals", "--store", "centro"), 1, "store"),
        (("goals", "--from", "yesterday"), 2, "2026-03-31"),
        (("goals", "--from", "2026-02-02", "--to", "2026-02-01"), 1, "to"),
        (("goals", "--csv", "--table", "returns"), 1, "months"),
        (("goals", "--program", "cafe-luna"), 1, "cafe-luna"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(
    cafe_sol: Fiel, arguments: tuple[str, ...], code: int, said: str
) -> None:
    told = cafe_sol("report", *arguments)
    assert told.code == code
    assert said in told.err
