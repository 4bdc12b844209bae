"""Returns of a file come in by the same road as everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Fiel
from tests.cli.test_imports import MEMBERS, figures, points, refused_rows, written

SALES = """\
Ticket;Fecha;Socio;Línea;Cantidad;Precio
T-1;13/03/2026 10:15;ana;1;2;10,99
T-1;13/03/2026 10:15;ana;2;1;40,00
T-2;14/03/2026 10:15;ana;1;1;20,00
"""
RETURNS = """\
Devolución;Ticket;Fecha;Línea;Cantidad;Importe;Completa
R-1;T-1;20/03/2026 10:00;1;1;;
R-1;T-1;20/03/2026 10:00;2;1;;
R-2;T-1;21/03/2026 10:00;;;10,99;
R-3;T-2;21/03/2026 10:00;;;;sí
"""


@pytest.fixture
def shop(cafe_sol: Fiel, tmp_path: Path) -> Fiel:
    """The Café Sol with Ana, who has 10 points for joining."""
    cafe_sol("import", "members", written(tmp_path, "socios.csv", MEMBERS))
    return cafe_sol


def test_returns_of_a_file_take_back_what_their_goods_earned(
    shop: Fiel, tmp_path: Path, database_url: str
) -> None:
    shop("import", "sales", written(tmp_path, "ventas.csv", SALES))
    assert points(database_url)["ana"] == 10 + 61 + 20
    file = written(tmp_path, "devoluciones.csv", RETURNS)

    answer = shop("import", "returns", file, "--json")
    again = shop("import", "returns", file, "--json")

    assert (answer.code, figures(answer)) == (0, (3, 0, 0))
    assert (again.code, figures(again)) == (0, (0, 3, 0))
    assert points(database_url)["ana"] == 10
    assert shop("audit", "--json").json["ok"] is True


def test_a_file_of_returns_may_come_before_its_sales(
    shop: Fiel, tmp_path: Path, database_url: str
) -> None:
    first = shop("import", "returns", written(tmp_path, "devoluciones.csv", RETURNS), "--json")
    shop("import", "sales", written(tmp_path, "ventas.csv", SALES))

    assert (first.code, figures(first)) == (0, (3, 0, 0))
    assert points(database_url)["ana"] == 10
    assert shop("audit", "--json").json["ok"] is True


def test_a_row_that_cannot_be_is_refused_with_its_reason(
    shop: Fiel, tmp_path: Path, database_url: str
) -> None:
    shop("import", "sales", written(tmp_path, "ventas.csv", SALES))
    file = written(
        tmp_path,
        "devoluciones.csv",
        "Devolución;Ticket;Línea;Cantidad;Importe\n"
        "R-1;T-1;1;3;\nR-2;T-1;dos;1;\nR-3;T-1;;;\nR-4;T-2;;;5,00\n",
    )

    answer = shop("import", "returns", file, "--json")

    assert (answer.code, figures(answer)) == (1, (1, 0, 3))
    rows = refused_rows(tmp_path / "devoluciones.csv.refused.csv")
    assert sorted((row["line"], row["code"]) for row in rows) == [
        ("2", "over_returned"),
        ("3", "type"),
        ("4", "one_of"),
    ]
    assert points(database_url)["ana"] == 10 + 61 + 15
