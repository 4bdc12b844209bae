"""What a file's columns can be for, and the guess from their headers."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Refusal


class Cell(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    AMOUNT = "amount"
    INSTANT = "instant"
    DAY = "day"
    FLAG = "flag"


class Part(StrEnum):
    """Where in a record the value goes."""

    HEAD = "head"
    MEMBER = "member"
    LINE = "line"
    CONSENTS = "consents"
    ATTRIBUTES = "attributes"


@dataclass(frozen=True, slots=True)
class Target:
    """One value that a column can bring; `headers` are the usual ones, in plain words."""

    name: str
    cell: Cell = Cell.TEXT
    part: Part = Part.HEAD
    required: bool = False
    headers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name of the value inside its part of the record."""
        return self.name.rpartition(".")[2]


_MEMBER = (
    "member", "member id", "member external id", "customer", "customer id", "household id",
    "client id", "socio", "id socio", "numero de socio", "n socio", "cliente", "id cliente",
    "codigo cliente", "codigo de cliente",
)  # fmt: skip
_MEMBER_PHONE = (
    "member phone", "telefono", "telefono socio", "movil", "phone", "mobile", "tel", "tlf", "tfno",
)  # fmt: skip
_MEMBER_EMAIL = ("member email", "correo", "correo electronico", "email", "e mail", "mail")
_MEMBER_CARD = ("member card", "tarjeta", "numero de tarjeta", "card", "card number")

_MEMBER_TARGETS = (
    Target("member.external_id", part=Part.MEMBER, headers=_MEMBER),
    Target("member.phone", part=Part.MEMBER, headers=_MEMBER_PHONE),
    Target("member.email", part=Part.MEMBER, headers=_MEMBER_EMAIL),
    Target("member.card", part=Part.MEMBER, headers=_MEMBER_CARD),
    Target("member.id", part=Part.MEMBER),
)

SALES = (
    Target(
        "external_id", required=True,
        headers=(
            "external id", "ticket", "ticket id", "ticket number", "receipt", "receipt id",
            "basket id", "basket", "order", "order id", "order number", "sale", "sale id",
            "transaction", "transaction id", "invoice", "numero de ticket", "n ticket", "recibo",
            "pedido", "numero de pedido", "venta", "id venta", "factura", "id",
        ),
    ),
    Target(
        "occurred_at", Cell.INSTANT, required=True,
        headers=(
            "occurred at", "date", "datetime", "date time", "timestamp", "time", "sold at",
            "created at", "transaction timestamp", "fecha", "fecha y hora", "fecha hora",
            "fecha venta", "fecha de venta", "fecha de la venta", "momento",
        ),
    ),
    *_MEMBER_TARGETS,
    Target("source", headers=("source", "origen")),
    Target("store", headers=("store", "store id", "shop", "branch", "tienda", "sucursal", "local")),
    Target("channel", headers=("channel", "canal")),
    Target("cashier", headers=("cashier", "cajero", "cajera", "cajero id", "operador de caja")),
    Target("currency", headers=("currency", "moneda", "divisa")),
    Target("exchange_rate", Cell.AMOUNT, headers=("exchange rate", "tipo de cambio")),
    Target("shipping", Cell.AMOUNT, headers=("shipping", "delivery", "envio", "gastos de envio")),
    Target("line", part=Part.LINE, headers=("line", "line number", "linea", "numero de linea")),
    Target(
        "sku", part=Part.LINE,
        headers=(
            "sku", "product id", "item id", "product code", "ean", "codigo", "codigo producto",
            "codigo de producto", "codigo de articulo", "referencia", "ref", "id producto",
        ),
    ),
    Target(
        "name", part=Part.LINE,
        headers=(
            "name", "product", "product name", "item", "description", "nombre", "producto",
            "articulo", "descripcion", "concepto",
        ),
    ),
    Target(
        "category", part=Part.LINE,
        headers=("category", "department", "family", "categoria", "familia", "seccion"),
    ),
    Target("kind", part=Part.LINE, headers=("kind", "line kind", "clase")),
    Target(
        "quantity", Cell.AMOUNT, Part.LINE,
        headers=("quantity", "qty", "units", "cantidad", "unidades", "uds", "cant"),
    ),
    Target(
        "unit_price", Cell.AMOUNT, Part.LINE, required=True,
        headers=(
            "unit price", "price", "net price", "amount", "net", "total", "sales value",
            "precio", "precio unitario", "precio sin iva", "importe", "importe sin iva", "neto",
            "base imponible",
        ),
    ),
    Target(
        "discount", Cell.AMOUNT, Part.LINE,
        headers=("discount", "line discount", "descuento", "dto", "rebaja"),
    ),
    Target("tax", Cell.AMOUNT, Part.LINE, headers=("tax", "vat", "iva", "impuesto", "impuestos")),
    Target("cost", Cell.AMOUNT, Part.LINE, headers=("cost", "coste", "costo")),
)  # fmt: skip

MEMBERS = (
    Target(
        "external_id", required=True,
        headers=("external id", "id", "code", "codigo", "crm id", *_MEMBER),
    ),
    Target(
        "name",
        headers=("name", "full name", "nombre", "nombre completo", "nombre y apellidos"),
    ),
    Target("email", headers=_MEMBER_EMAIL),
    Target("phone", headers=_MEMBER_PHONE),
    Target("card", headers=_MEMBER_CARD),
    Target(
        "birthday", Cell.DAY,
        headers=(
            "birthday", "birth date", "date of birth", "birthdate", "cumpleanos",
            "fecha de nacimiento", "fecha nacimiento", "nacimiento",
        ),
    ),
    Target(
        "joined_at", Cell.INSTANT,
        headers=(
            "joined at", "joined", "member since", "enrolled at", "created at", "alta",
            "fecha de alta", "fecha alta", "socio desde",
        ),
    ),
    Target("referred_by", headers=("referred by", "recomendado por", "padrino")),
    Target(
        "consents.email", Cell.FLAG, Part.CONSENTS,
        headers=("email consent", "accepts email", "acepta correo", "acepta email"),
    ),
    Target(
        "consents.sms", Cell.FLAG, Part.CONSENTS,
        headers=("sms consent", "accepts sms", "acepta sms"),
    ),
    Target(
        "consents.whatsapp", Cell.FLAG, Part.CONSENTS,
        headers=("whatsapp consent", "accepts whatsapp", "acepta whatsapp"),
    ),
)  # fmt: skip

BALANCES = (
    Target("external_id", headers=("external id", "id", "lot", "lote", "movimiento")),
    *_MEMBER_TARGETS,
    Target("unit", headers=("unit", "unidad")),
    Target(
        "points", Cell.AMOUNT, required=True,
        headers=("points", "balance", "amount", "puntos", "saldo", "cantidad", "sellos", "stamps"),
    ),
    Target(
        "earned_at", Cell.INSTANT, required=True,
        headers=(
            "earned at", "earned", "date", "starts at", "fecha", "acumulado", "ganado",
            "fecha de acumulacion", "obtenido",
        ),
    ),
    Target(
        "expires_at", Cell.DAY,
        headers=(
            "expires at", "expires", "expiry", "expiry date", "caduca", "caducidad",
            "fecha de caducidad", "vence", "vencimiento",
        ),
    ),
)  # fmt: skip

RETURNS = (
    Target(
        "external_id", required=True,
        headers=(
            "external id", "return", "return id", "return number", "refund", "refund id",
            "credit note", "devolucion", "id devolucion", "numero de devolucion",
            "n devolucion", "abono", "numero de abono", "id",
        ),
    ),
    Target(
        "sale_external_id", required=True,
        headers=(
            "sale external id", "sale", "sale id", "ticket", "ticket id", "ticket number",
            "receipt", "receipt id", "basket id", "order", "order id", "order number",
            "transaction id", "invoice", "numero de ticket", "n ticket", "recibo", "pedido",
            "numero de pedido", "venta", "id venta", "factura",
        ),
    ),
    Target(
        "occurred_at", Cell.INSTANT,
        headers=(
            "occurred at", "date", "datetime", "date time", "timestamp", "returned at", "fecha",
            "fecha y hora", "fecha hora", "fecha devolucion", "fecha de devolucion",
        ),
    ),
    Target("source", headers=("source", "origen")),
    Target("line", part=Part.LINE, headers=("line", "line number", "linea", "numero de linea")),
    Target(
        "quantity", Cell.AMOUNT, Part.LINE,
        headers=("quantity", "qty", "units", "cantidad", "unidades", "uds", "cant"),
    ),
    Target(
        "amount", Cell.AMOUNT,
        headers=("amount", "refunded", "total", "importe", "importe con iva", "importe devuelto"),
    ),
    Target("full", headers=("full", "whole", "completa", "entera", "total devuelto")),
    Target("reason", headers=("reason", "motivo", "causa")),
)  # fmt: skip

# Any column can be kept with the member under a name of the merchant's choice.
ATTRIBUTE_PREFIX = "attributes."


class Kind(StrEnum):
    """What a file holds."""

    MEMBERS = "members"
    SALES = "sales"
    RETURNS = "returns"
    BALANCES = "balances"


TARGETS: Mapping[Kind, tuple[Target, ...]] = {
    Kind.MEMBERS: MEMBERS,
    Kind.SALES: SALES,
    Kind.RETURNS: RETURNS,
    Kind.BALANCES: BALANCES,
}


class ColumnsMissing(Refusal):
    """The file lacks a column that the import cannot do without."""

    code = "missing_columns"


class UnknownColumn(Refusal):
    """The mapping names a column that the file, or a value that the import, does not have."""

    code = "unknown_column"


def find_target(kind: Kind, name: str) -> Target | None:
    """The target of that name; for members also any attribute."""
    for target in TARGETS[kind]:
        if target.name == name:
            return target
    if kind is Kind.MEMBERS and name.startswith(ATTRIBUTE_PREFIX) and name != ATTRIBUTE_PREFIX:
        return Target(name, part=Part.ATTRIBUTES)
    return None


def plain_header(header: str) -> str:
    """A header without accents, capitals and punctuation: "Nº Ticket" → "n ticket"."""
    decomposed = unicodedata.normalize("NFKD", header.replace("º", "").replace("ª", ""))
    kept = (sign for sign in decomposed.casefold() if not unicodedata.combining(sign))
    words = "".join(sign if sign.isalnum() else " " for sign in kept)
    return " ".join(words.split())


def guessed_columns(kind: Kind, headers: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    """Which column brings what: as told, and for the rest by the headers' names.

    Raises:
        UnknownColumn: a column was named that is not there, or a target that does not exist.
        ColumnsMissing: a required value has no column.
    """
    columns = _told_columns(kind, headers, told)
    taken = set(columns.values())
    plain = [plain_header(header) for header in headers]
    for target in TARGETS[kind]:
        if target.name in told:
            continue
        own_name = plain_header(target.name)
        for wanted in (own_name, *target.headers):
            index = next((i for i, name in enumerate(plain) if name == wanted), None)
            if index is not None and index not in taken:
                columns[target.name] = index
                taken.add(index)
                break
    return columns


def require_columns(
    kind: Kind, headers: Sequence[str], columns: Mapping[str, int], constants: Mapping[str, str]
) -> None:
    """Refuse a file that lacks a column for a required value.

    Raises:
        ColumnsMissing: names what is missing, what was found, and the nearest header.
    """
    present = {*columns, *constants}
    missing = [target for target in TARGETS[kind] if target.required and target.name not in present]
    problems = [_missing(target, headers, columns) for target in missing]
    if kind is Kind.BALANCES and not any(name.startswith("member.") for name in present):
        problems.append(_missing(_MEMBER_TARGETS[0], headers, columns))
    if problems:
        raise ColumnsMissing(
            N_("The file has no column for {targets}. Its columns are: {headers}."),
            problems=problems,
            targets=", ".join(problem.field for problem in problems),
            headers=", ".join(headers),
        )


def _told_columns(kind: Kind, headers: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for name, header in told.items():
        if find_target(kind, name) is None:
            known = [target.name for target in TARGETS[kind]]
            raise UnknownColumn(
                N_(
                    "There is no value {target} to map a column to. {suggestion}"
                    "The values are: {targets}."
                ),
                target=name,
                suggestion=_suggestion(name, known),
                targets=", ".join(known),
            )
        if header not in headers:
            raise UnknownColumn(
                N_("The file has no column {header}. {suggestion}Its columns are: {headers}."),
                header=header,
                suggestion=_suggestion(header, headers),
                headers=", ".join(headers),
            )
        if headers.count(header) > 1:
            raise UnknownColumn(
                N_("The file has several columns {header}; give each its own name."), header=header
            )
        columns[name] = headers.index(header)
    return columns


def _missing(target: Target, headers: Sequence[str], columns: Mapping[str, int]) -> FieldProblem:
    free = {plain_header(h): h for i, h in enumerate(headers) if i not in columns.values()}
    wanted = (plain_header(target.name), *target.headers)
    near = next(
        (free[found[0]] for name in wanted if (found := get_close_matches(name, free, 1, 0.75))),
        None,
    )
    if near is not None:
        return FieldProblem(
            target.name, "missing_column",
            N_("No column brings it. If it is {header}, add --map {target}={quoted}."),
            {"header": near, "target": target.name, "quoted": f'"{near}"'},
        )  # fmt: skip
    return FieldProblem(
        target.name, "missing_column",
        N_("No column brings it. Say which one does with --map {target}=COLUMN."),
        {"target": target.name},
    )  # fmt: skip


def _suggestion(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, 1, 0.6)
    return f"→ {near[0]}? " if near else ""
