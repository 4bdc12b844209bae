"""How a file is to be read: what the person said, and what looking at it adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import StrEnum
from itertools import islice, pairwise
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from fiel.connect.importing.cells import DateOrder, date_order, has_decimal_comma
from fiel.connect.importing.columns import (
    Cell,
    Kind,
    UnknownColumn,
    find_target,
    guessed_columns,
    require_columns,
)
from fiel.connect.importing.csv_table import open_csv
from fiel.connect.importing.encodings import ENCODINGS
from fiel.connect.importing.table import Table, UnreadableFile
from fiel.domain.language import N_
from fiel.domain.refusal import Refusal

_ROWS_LOOKED_AT = 10_000


class MappingInvalid(Refusal):
    """The mapping says something that cannot be."""

    code = "invalid_mapping"


class RowsAre(StrEnum):
    """What one row of a sales file is."""

    SALES = "sale"
    LINES = "line"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person said about the file; all that is left open is found by looking."""

    columns: Mapping[str, str] = field(default_factory=dict)  # target → header
    # target → the same for every row; empty: nothing brings it, whatever a column is called
    values: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    delimiter: str | None = None
    decimal_comma: bool | None = None
    dates: DateOrder | None = None
    rows: RowsAre | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, and how it is read."""

    kind: Kind
    path: Path
    table: Table
    columns: Mapping[str, int]  # target → index of its column
    values: Mapping[str, str]
    decimal_comma: bool
    dates: DateOrder
    rows: RowsAre
    zone: tzinfo

    def described(self) -> dict[str, object]:
        """What was decided, as plain data for a person or a program to check."""
        headers = self.table.headers
        return {
            **self.table.details,
            "columns": {target: headers[index] for target, index in self.columns.items()},
            "values": dict(self.values),
            "decimal_comma": self.decimal_comma,
            "dates": str(self.dates),
            **({"rows": str(self.rows)} if self.kind is Kind.SALES else {}),
        }

    def header_of(self, target: str) -> str | None:
        """The header of the column that brings a value."""
        index = self.columns.get(target)
        return None if index is None else self.table.headers[index]


def read_mapping(path: Path) -> Wishes:
    """Read a mapping file, YAML or JSON.

    Raises:
        MappingInvalid: it is no mapping, or says something unknown.
    """
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise MappingInvalid(
            N_("The mapping file {file} cannot be read: {reason}."),
            file=str(path),
            reason=" ".join(str(error).split()),
        ) from error
    if not isinstance(content, dict):
        raise MappingInvalid(N_("The mapping file needs a list of columns under the key columns."))
    known = ("columns", "values", "encoding", "delimiter", "decimal_comma", "dates", "rows")
    for key in content:
        if key not in known:
            raise MappingInvalid(
                N_("The mapping has no key {key}; its keys are {keys}."),
                key=str(key),
                keys=", ".join(known),
            )
    return wishes(
        columns={str(k): str(v) for k, v in _section(content, "columns").items()},
        values={str(k): str(v) for k, v in _section(content, "values").items()},
        encoding=content.get("encoding"),
        delimiter=content.get("delimiter"),
        decimal_comma=content.get("decimal_comma"),
        dates=content.get("dates"),
        rows=content.get("rows"),
    )


def wishes(
    *,
    columns: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal_comma: bool | None = None,
    dates: str | None = None,
    rows: str | None = None,
) -> Wishes:
    """Check what the person said.

    Raises:
        MappingInvalid: a value is not one of those that can be chosen.
    """
    if encoding is not None:
        _one_of("encoding", encoding, ENCODINGS)
    if dates is not None:
        _one_of("dates", dates, [str(order) for order in DateOrder])
    if rows is not None:
        _one_of("rows", rows, [str(choice) for choice in RowsAre])
    if delimiter is not None and len(delimiter) != 1:
        raise MappingInvalid(N_("A delimiter is one sign, such as a comma or a semicolon."))
    return Wishes(
        columns or {},
        values or {},
        encoding,
        delimiter,
        decimal_comma,
        DateOrder(dates) if dates else None,
        RowsAre(rows) if rows else None,
    )


def over(wish: Wishes, base: Wishes) -> Wishes:
    """What the command line says, over what a mapping file says."""
    return replace(
        base,
        columns={**base.columns, **wish.columns},
        values={**base.values, **wish.values},
        **{
            name: value
            for name in ("encoding", "delimiter", "decimal_comma", "dates", "rows")
            if (value := getattr(wish, name)) is not None
        },
    )


def look_at(path: Path, kind: Kind, wish: Wishes, *, zone: tzinfo) -> Reading:
    """Open a file and decide how it is read.

    Raises:
        Refusal: the file cannot be read, or lacks a column.
    """
    table = open_table(path, wish)
    for target in wish.values:
        if find_target(kind, target) is None:
            raise UnknownColumn(N_("There is no value {target} to set."), target=target)
    columns = {
        target: index
        for target, index in guessed_columns(kind, table.headers, wish.columns).items()
        if target not in wish.values
    }
    values = {target: value for target, value in wish.values.items() if value}
    require_columns(kind, table.headers, columns, values)
    sample = [
        cells for _, cells in islice(table.rows(), _ROWS_LOOKED_AT) if isinstance(cells, list)
    ]
    cells_of = _cells_of(kind, columns, sample)
    comma = wish.decimal_comma
    return Reading(
        kind=kind,
        path=path,
        table=table,
        columns=columns,
        values=values,
        decimal_comma=has_decimal_comma(cells_of(Cell.AMOUNT)) if comma is None else comma,
        dates=wish.dates or _date_order([*cells_of(Cell.INSTANT), *cells_of(Cell.DAY)]),
        rows=wish.rows or _rows_are(columns, sample),
        zone=zone,
    )


def open_table(path: Path, wish: Wishes) -> Table:
    """A file as rows under headers, by its ending.

    Raises:
        Refusal: there is no such file, or it cannot be read.
    """
    if not path.is_file():
        raise UnreadableFile(N_("There is no file {file}."), file=str(path))
    if path.suffix.casefold() in (".parquet", ".pq"):
        # Loaded for who needs it: it takes longer than most commands run.
        from fiel.connect.importing.parquet_table import open_parquet  # noqa: PLC0415

        return open_parquet(path)
    return open_csv(path, encoding=wish.encoding, delimiter=wish.delimiter)


def _cells_of(
    kind: Kind, columns: Mapping[str, int], sample: Sequence[list[str]]
) -> Callable[[Cell], Iterable[str]]:
    def cells(cell: Cell) -> Iterable[str]:
        for target, index in columns.items():
            found = find_target(kind, target)
            if found is not None and found.cell is cell:
                yield from (row[index].strip() for row in sample)

    return cells


def _date_order(days: Sequence[str]) -> DateOrder:
    order = date_order(days)
    if order is None:
        raise MappingInvalid(
            N_(
                "The dates could start with the day or with the month."
                " Say which with --dates dmy or --dates mdy."
            )
        )
    return order


def _rows_are(columns: Mapping[str, int], sample: Sequence[list[str]]) -> RowsAre:
    """Rows are lines when they are numbered, or neighbours share their sale and differ."""
    if "line" in columns:
        return RowsAre.LINES
    own = columns.get("external_id")
    if own is None:
        return RowsAre.SALES
    for row, following in pairwise(sample):
        if row[own] == following[own] and row != following:
            return RowsAre.LINES
    return RowsAre.SALES


def _section(content: Mapping[str, object], key: str) -> Mapping[object, object]:
    section = content.get(key) or {}
    if not isinstance(section, dict):
        raise MappingInvalid(N_("The key {key} of the mapping needs names and values."), key=key)
    return section


def _one_of(key: str, value: object, choices: Sequence[str]) -> None:
    if value not in choices:
        raise MappingInvalid(
            N_("{key} cannot be {value}; it is one of {choices}."),
            key=key,
            value=str(value),
            choices=", ".join(choices),
        )
