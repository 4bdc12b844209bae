"""Reports as plain values: tables whose columns say what their numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What a column's cells are.

    MONEY is minor units of the program's currency, rounded half up when it is told; PERCENT counts
    hundredths (75 is 75 %); a cell that is None cannot be said.
    """

    TEXT = "text"
    COUNT = "count"
    POINTS = "points"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Say:
    """A text for a person: a message id and what fills its places."""

    msgid: str
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Called:
    """What a thing is called in each language; `locale` is the program's own."""

    names: Mapping[str, str]
    locale: str


type Cell = str | int | float | Decimal | Fraction | date | datetime | Say | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `label` is a message id."""

    id: str
    label: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells in the order of the columns; `title` is a message id."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """What cannot be said and what is needed for it, what is assumed, or what to know."""

    code: str
    text: Say


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure means; `name` and `text` are message ids."""

    id: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """What is known about a time, told in tables.

    `since` and `until` are days of the program's zone, both included; `as_of` is the moment up to
    which everything recorded was read.
    """

    name: str
    title: str
    since: date | None
    until: date | None
    as_of: datetime | None
    tables: tuple[Table, ...]
    statements: tuple[Statement, ...] = ()
    definitions: tuple[Definition, ...] = ()
