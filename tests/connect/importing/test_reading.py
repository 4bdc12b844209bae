"""Files become the contents that the API would be sent."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fiel.connect.importing.columns import Kind
from fiel.connect.importing.contents import Record, records
from fiel.connect.importing.mapping import (
    MappingInvalid,
    Reading,
    RowsAre,
    Wishes,
    look_at,
    over,
    read_mapping,
    wishes,
)
from fiel.connect.importing.reading import read_member
from fiel.connect.importing.table import UnreadableFile
from fiel.domain.document import read_program
from fiel.domain.refusal import Invalid
from tests.support.program import CAFE_SOL

MADRID = ZoneInfo("Europe/Madrid")


def reading(path: Path, kind: Kind = Kind.SALES, wish: Wishes | None = None) -> Reading:
    return look_at(path, kind, wish or Wishes(), zone=MADRID)


def read(
    folder: Path, text: str, kind: Kind = Kind.SALES, wish: Wishes | None = None
) -> list[Record]:
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return list(records(reading(path, kind, wish)))


def test_a_row_is_a_sale_with_one_line(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Ticket;Fecha;Socio;Tienda;Código;Categoría;Cantidad;Precio;IVA\n"
        "T-1;01/03/2026 10:15;crm-77;centro;CAP-01;cafe;2;3,10;0,62\n"
        "T-2;13/03/2026 9:00;;centro;;;;1.200,00;\n",
    )

    assert found == [
        Record(
            2, 1,
            {
                "external_id": "T-1",
                "occurred_at": "2026-03-01T10:15:00+01:00",
                "member": {"external_id": "crm-77"},
                "store": "centro",
                "lines": [
                    {"sku": "CAP-01", "category": "cafe", "quantity": "2", "unit_price": "3.10",
                     "tax": "0.62"}
                ],
            },
        ),
        Record(
            3, 1,
            {
                "external_id": "T-2",
                "occurred_at": "2026-03-13T09:00:00+01:00",
                "store": "centro",
                "lines": [{"quantity": "1", "unit_price": "1200.00"}],
            },
        ),
    ]  # fmt: skip


def test_neighbouring_rows_of_one_ticket_are_the_lines_of_one_sale(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "ticket,fecha,socio,sku,precio\n"
        "T-1,2026-03-01 10:00,ana,CAP-01,3.10\n"
        "T-1,,,TAR-02,4.00\n"
        "T-2,2026-03-01 11:00,berta,CAP-01,3.10\n",
    )

    assert [(record.line, record.rows, len(record.content["lines"])) for record in found] == [  # type: ignore[arg-type]
        (2, 2, 2),
        (4, 1, 1),
    ]
    assert found[0].content["member"] == {"external_id": "ana"}


def test_a_sale_twice_in_the_same_words_stays_two_records(tmp_path: Path) -> None:
    row = "T-1,2026-03-01 10:00,ana,3.10\n"

    found = read(tmp_path, "ticket,fecha,socio,precio\n" + row + row)

    assert [record.content for record in found] == [found[0].content] * 2


def test_a_numbered_line_that_comes_twice_is_one_line(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "ticket,linea,fecha,precio\n"
        "T-1,1,2026-03-01 10:00,3.10\n"
        "T-1,1,2026-03-01 10:00,3.10\n"
        "T-1,2,2026-03-01 10:00,3.10\n",
    )

    assert [len(record.content["lines"]) for record in found] == [2]  # type: ignore[arg-type]
    assert found[0].problems == ()


def test_a_number_that_names_two_lines_is_a_problem(tmp_path: Path) -> None:
    (sale,) = read(
        tmp_path,
        "ticket,linea,fecha,precio\nT-1,1,2026-03-01,3.10\nT-1,1,2026-03-01,9.99\n",
    )

    assert [(problem.field, problem.code) for problem in sale.problems] == [
        ("line", "rows_disagree")
    ]


def test_rows_of_one_sale_that_name_two_members_are_a_problem(tmp_path: Path) -> None:
    (sale,) = read(
        tmp_path,
        "ticket,fecha,socio,precio\nT-1,2026-03-01,ana,3.10\nT-1,2026-03-01,berta,4.00\n",
    )

    assert [(problem.field, problem.parameters["line"]) for problem in sale.problems] == [
        ("member", "3")
    ]


def test_a_text_over_several_lines_does_not_upset_the_count(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'ticket,fecha,nombre,precio\n1,2026-03-01,"tarta\nde\nqueso",4\n\n2,2026-03-01,té,2\n',
    )

    assert [record.line for record in found] == [2, 6]


def test_a_row_that_is_no_row_is_told_and_its_neighbours_are_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "ticket,fecha,precio\n"
        "1,2026-03-01,4\n"
        "2,2026-03-01\n"
        '3,"2026-03-01"x,4\n'
        "4,2026-03-01,4,,\n"
        '5,"2026-03-01,4\n',
    )

    assert [(r.line, [p.code for p in r.problems]) for r in found] == [
        (2, []),
        (3, ["cells"]),
        (4, ["quotes"]),
        (5, []),
        (6, ["quotes"]),
    ]


def test_parquet_gives_the_same_contents_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "ventas.parquet"
    pq.write_table(
        pa.table(
            {
                "ticket": [1, 2],
                "fecha": pa.array(["2026-03-01T10:15", "2026-07-01T10:15"]).cast(
                    pa.timestamp("ns")
                ),
                "socio": ["ana", None],
                "cantidad": [2.0, 1.0],
                "precio": [3.1, 0.07],
                "iva": pa.array([Decimal("0.62"), None], pa.decimal128(10, 2)),
                "etiquetas": [["a"], []],
            }
        ),
        path,
    )

    assert [record.content for record in records(reading(path))] == [
        {
            "external_id": "1",
            "occurred_at": "2026-03-01 10:15:00.000000+01:00",
            "member": {"external_id": "ana"},
            "lines": [{"quantity": "2", "unit_price": "3.1", "tax": "0.62"}],
        },
        {
            "external_id": "2",
            "occurred_at": "2026-07-01 10:15:00.000000+02:00",
            "lines": [{"quantity": "1", "unit_price": "0.07"}],
        },
    ]


def test_a_moment_with_a_zone_in_parquet_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "ventas.parquet"
    when = [datetime(2026, 3, 1, 9, 15, tzinfo=UTC)]
    pq.write_table(pa.table({"ticket": ["1"], "fecha": when, "precio": [1]}), path)

    (sale,) = records(reading(path))

    assert sale.content["occurred_at"] == "2026-03-01 09:15:00.000000Z"


def test_members_come_with_consents_and_attributes(tmp_path: Path) -> None:
    (ana,) = read(
        tmp_path,
        "Código,Nombre,Correo,Fecha de nacimiento,Acepta WhatsApp,Favorito\n"
        "crm-77,Ana Ruiz,ana@example.com,17/05/1990,sí,latte\n",
        Kind.MEMBERS,
        Wishes(columns={"attributes.favourite": "Favorito"}),
    )

    assert ana.content == {
        "external_id": "crm-77",
        "name": "Ana Ruiz",
        "email": "ana@example.com",
        "birthday": "1990-05-17",
        "consents": {"whatsapp": True},
        "attributes": {"favourite": "latte"},
    }


def test_what_is_neither_yes_nor_no_is_asked_for_in_those_words() -> None:
    said = {"external_id": "crm-78", "consents": {"whatsapp": "quizá"}}

    with pytest.raises(Invalid) as refused:
        read_member(said, read_program(CAFE_SOL), datetime(2026, 3, 1, tzinfo=UTC))

    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("consents.whatsapp", "type")
    assert problem.text == "Write yes or no."


def test_a_value_can_be_set_for_every_row(tmp_path: Path) -> None:
    (sale,) = read(
        tmp_path,
        "ticket,fecha,precio\n1,2026-03-01,4\n",
        wish=Wishes(values={"store": "centro", "category": "cafe"}),
    )

    assert sale.content["store"] == "centro"
    assert sale.content["lines"] == [{"quantity": "1", "category": "cafe", "unit_price": "4"}]


def test_dates_that_can_be_read_two_ways_are_asked_about(tmp_path: Path) -> None:
    text = "ticket,fecha,precio\n1,01/03/2026,4\n"

    with pytest.raises(MappingInvalid):
        read(tmp_path, text)
    (sale,) = read(tmp_path, text, wish=wishes(dates="dmy"))

    assert sale.content["occurred_at"] == "2026-03-01T00:00:00+01:00"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ventas.csv", b""),
        ("ventas.csv", b"\n\n"),
        ("ventas.csv", b'"ticket,fecha\n1,2\n'),
        ("ventas.parquet", b"ticket,fecha\n"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(UnreadableFile):
        reading(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        reading(tmp_path / "nada.csv")


def test_a_mapping_file_says_what_a_person_would(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(
        "columns:\n  external_id: Nº\nvalues: {store: centro}\ndecimal_comma: true\nrows: line\n"
    )

    assert over(wishes(columns={"sku": "Ref"}), read_mapping(path)) == Wishes(
        columns={"external_id": "Nº", "sku": "Ref"},
        values={"store": "centro"},
        decimal_comma=True,
        rows=RowsAre.LINES,
    )


@pytest.mark.parametrize(
    "text",
    ["- a\n", "column: {}\n", "columns: 3\n", "dates: ymd\n", "a: [\n", "encoding: ebcdic\n"],
)
def test_a_mapping_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text)

    with pytest.raises(MappingInvalid):
        read_mapping(path)
