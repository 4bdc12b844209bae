"""Files of members, sales, returns and balances come in by the same road as everything else."""

from __future__ import annotations

import csv
from pathlib import Path

import psycopg
import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.cli.conftest import Answer, Fiel

MEMBERS = (
    "Código,Nombre,Teléfono,Socio desde\nana,Ana,600111222,2026-01-01\nberta,Berta,,2026-01-01\n"
)
SALES = """\
Ticket;Fecha;Socio;Precio
T-1;01/03/2026 10:15;ana;6,20
T-2;13/03/2026 11:00;berta;310,00
T-3;14/03/2026 12:00;berta;10,00
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def shop(cafe_sol: Fiel, tmp_path: Path) -> Fiel:
    """The Café Sol, with Ana and Berta."""
    answer = cafe_sol("import", "members", written(tmp_path, "socios.csv", MEMBERS), "--json")
    assert figures(answer) == (2, 0, 0)
    return cafe_sol


def figures(answer: Answer) -> tuple[int, int, int]:
    told = answer.json
    return told["accepted"], told["repeated"], told["refused"]


def points(database_url: str) -> dict[str, int]:
    with psycopg.connect(database_url) as owner:
        rows = owner.execute(
            "SELECT m.external_id, a.available_in - a.available_out FROM account a "
            "JOIN member m ON m.id = a.member_id"
        ).fetchall()
    return dict(rows)


def refused_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_sales_of_a_file_earn_by_the_rules(shop: Fiel, tmp_path: Path, database_url: str) -> None:
    answer = shop("import", "sales", written(tmp_path, "ventas.csv", SALES), "--json")

    assert answer.code == 0
    assert figures(answer) == (3, 0, 0)
    # Ana: 10 for joining, 6 for 6.20. Berta: 10, 310, and as plata 1.5 times 10.
    assert points(database_url) == {"ana": 16, "berta": 335}
    assert shop("audit", "--json").json["ok"] is True


def test_importing_again_changes_nothing(shop: Fiel, tmp_path: Path, database_url: str) -> None:
    file = written(tmp_path, "ventas.csv", SALES)
    shop("import", "sales", file)
    before = points(database_url)

    again = shop("import", "sales", file, "--json")

    assert (again.code, figures(again)) == (0, (0, 3, 0))
    assert points(database_url) == before


def test_members_again_are_repeated_and_others_with_their_id_are_refused(
    shop: Fiel, tmp_path: Path
) -> None:
    again = shop("import", "members", written(tmp_path, "otra.csv", MEMBERS), "--json")
    other = written(tmp_path, "mal.csv", "Código,Nombre\nana,Ana María\n")

    assert figures(again) == (0, 2, 0)
    refused = shop("import", "members", other, "--json")
    assert (refused.code, figures(refused)) == (1, (0, 0, 1))
    assert refused.json["refused_by_code"] == {"reused": 1}


def test_a_parquet_file_says_the_same_as_a_csv_file(
    shop: Fiel, tmp_path: Path, database_url: str
) -> None:
    text = "ticket,fecha,socio,precio\nT-1,2026-03-01T10:15:00,ana,6.20\n"
    as_csv = written(tmp_path, "ventas.csv", text)
    as_parquet = tmp_path / "ventas.parquet"
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(as_csv), as_parquet)

    assert figures(shop("import", "sales", as_parquet, "--json")) == (1, 0, 0)
    assert points(database_url)["ana"] == 16


def test_each_refused_row_is_told_with_its_line_column_code_and_reason(
    shop: Fiel, tmp_path: Path, database_url: str
) -> None:
    file = written(
        tmp_path,
        "ventas.csv",
        "Ticket,Fecha,Socio,Cantidad,Precio\n"
        "T-1,2026-03-01 10:00,ana,1,6.20\n"
        "T-2,2026-03-01 10:00,nadie,1,6.20\n"
        "T-3,2026-03-01 10:00,ana,-1,6.20\n"
        "T-4,mañana,ana,1,6.20\n"
        "T-5,2026-03-01 10:00,ana\n"
        "T-1,2026-03-01 10:00,ana,1,6.20\n"
        "T-1,2026-03-01 10:00,ana,1,9.99\n",
    )

    answer = shop("import", "sales", file, "--rows", "sale", "--json")

    assert (answer.code, figures(answer)) == (1, (1, 1, 5))
    rows = sorted(refused_rows(Path(answer.json["report"])), key=lambda row: int(row["line"]))
    assert [(row["line"], row["column"], row["code"]) for row in rows] == [
        ("3", "Socio", "not_found"),
        ("4", "Cantidad", "too_small"),
        ("5", "Fecha", "format"),
        ("6", "", "cells"),
        ("8", "Ticket", "reused"),
    ]
    assert all(row["reason"] for row in rows)
    assert points(database_url)["ana"] == 16


def test_a_file_without_refusals_leaves_no_report(shop: Fiel, tmp_path: Path) -> None:
    answer = shop("import", "sales", written(tmp_path, "ventas.csv", SALES), "--json")

    assert answer.json["report"] is None
    assert sorted(path.name for path in tmp_path.glob("*.refused.csv")) == []


def test_lines_of_one_ticket_are_one_sale(shop: Fiel, tmp_path: Path, database_url: str) -> None:
    file = written(
        tmp_path,
        "lineas.csv",
        "ticket,fecha,socio,sku,precio\n"
        "T-1,2026-03-01 10:00,ana,CAP-01,0.50\n"
        "T-1,2026-03-01 10:00,ana,TAR-02,0.50\n"
        "T-1,2026-03-01 10:00,ana,TEA-03,0.50\n",
    )

    answer = shop("import", "sales", file, "--json")

    assert answer.json["reading"]["rows"] == "line"
    # Rounded once for the sale: 1 for 1.50, not 0 for each line.
    assert points(database_url)["ana"] == 11


def test_many_hands_come_to_the_same(shop: Fiel, tmp_path: Path, database_url: str) -> None:
    rows = "".join(
        f"T-{i},2026-03-{1 + i // 100:02d} 10:00,{('ana', 'berta', 'nadie')[i % 3]},2.00\n"
        for i in range(600)
    )
    file = written(tmp_path, "ventas.csv", "ticket,fecha,socio,precio\n" + rows)

    answer = shop("import", "sales", file, "--processes", "2", "--json")

    assert (answer.code, figures(answer)) == (1, (400, 0, 200))
    assert len(refused_rows(Path(answer.json["report"]))) == 200
    # Ana: 10 and 2 for each of 200. Berta too; from the 150th on she is plata and earns 3.
    assert points(database_url)["ana"] == points(database_url)["berta"] == 10 + 300 + 50 * 3
    again = shop("import", "sales", file, "--processes", "3", "--json")
    assert figures(again) == (0, 400, 200)
    assert shop("audit", "--json").json["ok"] is True


def test_a_missing_column_is_told_with_what_was_found(shop: Fiel, tmp_path: Path) -> None:
    file = written(tmp_path, "ventas.csv", "ticket,cuando,precio\nT-1,2026-03-01,4\n")

    answer = shop("import", "sales", file, "--json")

    assert (answer.code, answer.json["code"]) == (1, "missing_columns")
    assert [error["field"] for error in answer.json["errors"]] == ["occurred_at"]
    assert "ticket, cuando, precio" in answer.json["detail"]
    mended = shop("import", "sales", file, "--map", "occurred_at=cuando", "--json")
    assert figures(mended) == (1, 0, 0)


def test_a_broken_encoding_is_told_by_line_and_byte(shop: Fiel, tmp_path: Path) -> None:
    path = tmp_path / "ventas.csv"
    path.write_bytes("ticket,fecha,precio\ncafé,2026-03-01,4\n".encode() + b"t\xe9,2026-03-01,4\n")

    answer = shop("import", "sales", path, "--json")

    assert (answer.code, answer.json["code"]) == (1, "broken_encoding")
    assert answer.json["line"] == 3


def test_balances_keep_their_dates_and_importing_again_changes_nothing(
    shop: Fiel, tmp_path: Path, database_url: str
) -> None:
    file = written(
        tmp_path,
        "saldos.csv",
        "socio,puntos,fecha,caduca\nana,100,2026-02-10,2027-06-30\nana,50,2026-03-10,\n"
        "berta,7,2026-03-10,nunca\n",
    )

    first = shop("import", "balances", file, "--json")
    again = shop("import", "balances", file, "--json")

    assert (figures(first), figures(again)) == ((3, 0, 0), (0, 3, 0))
    assert points(database_url) == {"ana": 160, "berta": 17}
    with psycopg.connect(database_url) as owner:
        lots = owner.execute(
            "SELECT points, starts_at::text, nullif(ends_at, 'infinity')::text FROM lot "
            "WHERE points <> 10 ORDER BY points",
        ).fetchall()
    # Midnight in Madrid: the end of 30 June, and a year after the end of 10 March.
    assert lots == [
        (7, "2026-03-09 23:00:00+00", None),
        (50, "2026-03-09 23:00:00+00", "2027-03-10 23:00:00+00"),
        (100, "2026-02-09 23:00:00+00", "2027-06-30 22:00:00+00"),
    ]
    assert shop("audit", "--json").json["ok"] is True


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ("nadie,5,2026-01-01,", "member", "not_found"),
        ("ana,5.5,2026-01-01,", "points", "format"),
        ("ana,0,2026-01-01,", "points", "too_small"),
        ("ana,-5,2026-01-01,", "points", "format"),
        ("ana,9999999999999,2026-01-01,", "points", "too_large"),
        ("ana,5,2099-01-01,", "earned_at", "too_late"),
        ("ana,5,1999-01-01,", "earned_at", "too_early"),
        ("ana,5,2026-01-01,2025-01-01", "expires_at", "too_early"),
        ("ana,5,2026-01-01,pronto", "expires_at", "format"),
        (",5,2026-01-01,", "member", "missing"),
    ],
)
def test_a_balance_that_cannot_be_is_refused(
    shop: Fiel, tmp_path: Path, row: str, field: str, code: str
) -> None:
    file = written(tmp_path, "saldos.csv", f"socio,puntos,fecha,caduca\n{row}\n")

    answer = shop("import", "balances", file, "--json")

    assert answer.code == 1
    assert [(one["field"], one["code"]) for one in answer.json["first_refused"]] == [(field, code)]


def test_the_rival_sees_nothing_of_an_import(shop: Fiel, document: Path, tmp_path: Path) -> None:
    rival = tmp_path / "rival.yaml"
    rival.write_text(document.read_text(encoding="utf-8").replace("cafe-sol", "cafe-luna"))
    shop("program", "apply", rival, "--sandbox", "--yes")
    file = written(tmp_path, "ventas.csv", SALES)

    answer = shop("import", "sales", file, "--program", "cafe-luna", "--json")

    assert answer.json["refused_by_code"] == {"not_found": 3}
    assert figures(shop("import", "sales", file, "--program", "cafe-sol", "--json")) == (3, 0, 0)
