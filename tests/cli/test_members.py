"""Why a member has a balance, on the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Fiel

SALES = """\
number,member,date,price
T-1,ana,2026-03-01T10:00:00+01:00,100.00
T-2,ana,2026-04-02T10:00:00+02:00,30.00
"""
FIRST_LOT = (
    "100 of 100 left: 100 points earned with sale T-1 (March 1, 2026); good until March 1, 2027"
)
SECOND_LOT = (
    "30 of 30 left: 30 points earned with sale T-2 (April 2, 2026); good until April 2, 2027"
)


@pytest.fixture
def ana(cafe_sol: Fiel, tmp_path: Path) -> Fiel:
    """The Café Sol, where Ana has bought twice."""
    members, sales = tmp_path / "members.csv", tmp_path / "sales.csv"
    members.write_text("number,name,phone\nana,Ana,+34600111222\n", encoding="utf-8")
    sales.write_text(SALES, encoding="utf-8")
    told = cafe_sol(
        "import", "members", members, "--map", "external_id=number", "--map", "name=name",
        "--map", "phone=phone", "--json",
    )  # fmt: skip
    assert told.code == 0, told.out + told.err
    told = cafe_sol(
        "import", "sales", sales, "--map", "external_id=number",
        "--map", "member.external_id=member", "--map", "occurred_at=date",
        "--map", "unit_price=price", "--json",
    )  # fmt: skip
    assert told.code == 0, told.out + told.err
    return cafe_sol


def test_a_balance_is_explained_in_plain_words(ana: Fiel) -> None:
    told = ana("member", "explain", "--program", "cafe-sol", "ana", "--at", "2026-04-30")

    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert lines[0] == "points"
    assert lines[1] == "  Can be used: 130 points"
    assert f"  • {FIRST_LOT}" in lines
    assert "      1 point for every €1.00 of €100.00" in lines


def test_the_same_as_data(ana: Fiel) -> None:
    told = ana("member", "explain", "ana", "--at", "2026-03-15", "--unit", "points", "--json").json

    points = told["units"]["points"]
    assert (points["balance"], [lot["external_id"] for lot in points["lots"]]) == (100, ["T-1"])


@pytest.mark.parametrize("name", ["ana", "+34600111222", "600 111 222"])
def test_a_member_is_found_by_any_name(ana: Fiel, name: str) -> None:
    assert ana("member", "explain", name, "--json").code == 0


def test_a_statement_runs_from_opening_to_closing(ana: Fiel) -> None:
    told = ana("member", "statement", "ana", "--from", "2026-04-01", "--to", "2026-04-30")

    assert told.out.splitlines() == [
        "From April 1, 2026 to April 30, 2026.",
        "",
        "points",
        "  At the beginning: 100",
        "  April 2, 2026  +30  30 points earned with sale T-2  = 130",
        "  Earned: +30",
        "  At the end: 130",
        f"    {FIRST_LOT}",
        f"    {SECOND_LOT}",
    ]


def test_a_statement_as_data(ana: Fiel) -> None:
    told = ana("member", "statement", "ana", "--from", "2026-03-01", "--to", "2026-04-30", "--json")

    points = told.json["units"]["points"]
    assert points["totals"] == {"earned": 130}
    assert (points["opening"]["balance"], points["closing"]["balance"]) == (0, 130)


def test_whom_nobody_is_cannot_be_explained(ana: Fiel) -> None:
    told = ana("member", "explain", "nobody", "--json")

    assert (told.code, told.json["code"]) == (1, "not_found")


def test_a_unit_that_is_none_is_refused(ana: Fiel) -> None:
    told = ana("member", "explain", "ana", "--unit", "stars", "--json")

    assert (told.code, told.json["code"]) == (1, "invalid")


def test_a_time_that_is_none_is_wrong_use(ana: Fiel) -> None:
    assert ana("member", "explain", "ana", "--at", "yesterday", "--json").code == 2
    assert ana("member", "statement", "ana", "--from", "2026-02-30").code == 2
