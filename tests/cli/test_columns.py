"""The columns by command."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Fiel

SALES = "external_id,occurred_at,unit_price\nT-1,2026-03-01T10:00:00Z,10.00\n"


def test_columns_are_refreshed_made_anew_and_looked_at(cafe_sol: Fiel, tmp_path: Path) -> None:
    nothing = cafe_sol("columns", "status", "--json").json
    sales = tmp_path / "sales.csv"
    sales.write_text(SALES)
    assert cafe_sol("import", "sales", sales).code == 0

    first = cafe_sol("columns", "refresh", "--json").json
    second = cafe_sol("columns", "refresh", "--json").json
    anew = cafe_sol("columns", "rebuild", "--json").json
    status = cafe_sol("columns", "status", "--json").json

    assert nothing == {"program": "cafe-sol", "as_of": None, "rows": {}}
    assert (first["rows"]["sales"], first["rebuilt"]) == (1, True)
    assert (second["rows"], second["rebuilt"]) == (first["rows"], False)
    assert (anew["rows"], anew["rebuilt"]) == (first["rows"], True)
    assert first["as_of"] < second["as_of"] < anew["as_of"] == status["as_of"]
    assert "sales: 1" in cafe_sol("columns", "status").out
