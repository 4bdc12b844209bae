"""Columns find their place by their headers, in Spanish and in English."""

import pytest

from fiel.connect.importing.columns import (
    TARGETS,
    ColumnsMissing,
    Kind,
    UnknownColumn,
    guessed_columns,
    plain_header,
    require_columns,
)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (
            ["Nº Ticket", "Fecha", "Socio", "Artículo", "Cantidad", "Precio", "Dto."],
            ["external_id", "occurred_at", "member.external_id", "name", "quantity",
             "unit_price", "discount"],
        ),
        (
            ["basket_id", "transaction_timestamp", "household_id", "product_id", "quantity",
             "sales_value"],
            ["external_id", "occurred_at", "member.external_id", "sku", "quantity", "unit_price"],
        ),
        (
            ["external_id", "occurred_at", "member.phone", "unit_price"],
            ["external_id", "occurred_at", "member.phone", "unit_price"],
        ),
    ],
)  # fmt: skip
def test_the_headers_of_a_till_are_understood(headers: list[str], found: list[str]) -> None:
    columns = guessed_columns(Kind.SALES, headers, {})

    assert sorted(columns.items(), key=lambda item: item[1]) == list(
        zip(found, range(len(headers)), strict=True)
    )


def test_what_is_said_goes_before_what_is_guessed() -> None:
    columns = guessed_columns(Kind.SALES, ["Ticket", "Pedido"], {"external_id": "Pedido"})

    assert columns == {"external_id": 1}


def test_a_missing_column_is_refused_with_what_was_found_and_a_suggestion() -> None:
    headers = ["ticket", "fechas", "precio"]
    columns = guessed_columns(Kind.SALES, headers, {})

    with pytest.raises(ColumnsMissing) as refusal:
        require_columns(Kind.SALES, headers, columns, {})

    assert refusal.value.parameters == {
        "targets": "occurred_at",
        "headers": "ticket, fechas, precio",
    }
    (problem,) = refusal.value.problems
    assert (problem.field, problem.parameters["header"]) == ("occurred_at", "fechas")


def test_a_value_said_for_every_row_needs_no_column() -> None:
    headers = ["ticket", "precio"]
    columns = guessed_columns(Kind.SALES, headers, {})

    require_columns(Kind.SALES, headers, columns, {"occurred_at": "2026-03-01"})


def test_balances_need_to_say_whose_they_are() -> None:
    headers = ["puntos", "fecha"]
    columns = guessed_columns(Kind.BALANCES, headers, {})

    with pytest.raises(ColumnsMissing) as refusal:
        require_columns(Kind.BALANCES, headers, columns, {})

    assert [problem.field for problem in refusal.value.problems] == ["member.external_id"]


def test_a_mapping_to_a_column_that_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownColumn) as refusal:
        guessed_columns(Kind.SALES, ["Tiquet", "Fecha"], {"external_id": "Ticket"})

    assert "Tiquet" in str(refusal.value.parameters["suggestion"])


def test_a_mapping_to_a_value_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownColumn) as refusal:
        guessed_columns(Kind.SALES, ["Ticket"], {"extrenal_id": "Ticket"})

    assert "external_id" in str(refusal.value.parameters["suggestion"])


def test_a_name_that_the_file_has_twice_cannot_be_chosen() -> None:
    with pytest.raises(UnknownColumn):
        guessed_columns(Kind.SALES, ["Ticket", "Ticket"], {"external_id": "Ticket"})


def test_any_column_can_be_kept_with_the_member() -> None:
    columns = guessed_columns(
        Kind.MEMBERS, ["codigo", "Color favorito"], {"attributes.colour": "Color favorito"}
    )

    assert columns == {"external_id": 0, "attributes.colour": 1}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_usual_header_is_written_plainly_so_that_it_can_be_found(kind: Kind) -> None:
    for target in TARGETS[kind]:
        assert [plain_header(header) for header in target.headers] == list(target.headers)
