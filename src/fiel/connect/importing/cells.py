"""Reading cells: amounts, moments and days as people write them in files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from enum import StrEnum

type Conversion = Callable[[str], str]

_DAY_FIRST_OR_MONTH_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]|$)")
_COMMA_AT_THE_END = re.compile(r"-?\d{1,3}(?:\.?\d{3})*,\d{1,2}")
_POINT_AT_THE_END = re.compile(r"-?[\d,]*\.\d{1,2}")
_TRUE = frozenset({"1", "true", "t", "yes", "y", "si", "sí", "s", "x", "verdadero", "sim"})
_FALSE = frozenset({"0", "false", "f", "no", "n", "falso", "não", "nao"})


class DateOrder(StrEnum):
    """In which order the numbers of a day stand."""

    ISO = "iso"  # 2026-03-01
    DAY_FIRST = "dmy"  # 01/03/2026
    MONTH_FIRST = "mdy"  # 03/01/2026


def has_decimal_comma(amounts: Iterable[str]) -> bool:
    """Whether amounts are written as "1.234,50": some clearly are, and none as "1,234.50"."""
    found = False
    for amount in amounts:
        if _COMMA_AT_THE_END.fullmatch(amount):
            found = True
        elif _POINT_AT_THE_END.fullmatch(amount):
            return False
    return found


def date_order(days: Iterable[str]) -> DateOrder | None:
    """In which order days are written; None when they could be read either way."""
    either = False
    for day in days:
        match = _DAY_FIRST_OR_MONTH_FIRST.match(day)
        if match is None:
            continue
        if int(match[1]) > 12:
            return DateOrder.DAY_FIRST
        if int(match[2]) > 12:
            return DateOrder.MONTH_FIRST
        either = True
    return None if either else DateOrder.ISO


def comma_to_point(amount: str) -> str:
    """Write an amount that has a decimal comma with a point: "1.234,50" → "1234.50"."""
    return amount.replace(".", "").replace(",", ".")


def day_conversion(order: DateOrder) -> Conversion:
    """How a day becomes YYYY-MM-DD; what is no day is left as it is, for the parser to refuse."""
    if order is DateOrder.ISO:
        return _plain_day

    def convert(cell: str) -> str:
        return _iso_day(cell, order)

    return convert


def instant_conversion(order: DateOrder, zone: tzinfo) -> Conversion:
    """How a moment gets its zone: one that has none is read in the program's.

    A day alone is its first instant. What is no moment is left as it is.
    """
    offsets: dict[str, str] = {}

    def convert(cell: str) -> str:
        if order is not DateOrder.ISO:
            cell = _iso_day(cell, order)
        if len(cell) < 10 or cell[-1] == "Z" or _has_offset(cell):
            return cell
        if len(cell) == 10:
            cell += "T00:00:00"
        elif len(cell) == 16:
            cell += ":00"
        hour = cell[:13]
        offset = offsets.get(hour)
        if offset is None:
            offset = _offset(cell, zone)
            if offset is None:
                return cell
            offsets[hour] = offset
        return cell + offset

    return convert


def flag(cell: str) -> bool | str:
    """A yes or a no in Spanish, English or Portuguese; anything else as it stands."""
    word = cell.casefold()
    if word in _TRUE:
        return True
    return False if word in _FALSE else cell


def _has_offset(cell: str) -> bool:
    return (cell[-6:-5] in ("+", "-") and len(cell) > 16) or cell[-5:-4] == "+"


def _offset(cell: str, zone: tzinfo) -> str | None:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return moment.replace(tzinfo=zone).isoformat()[-6:]


def _plain_day(cell: str) -> str:
    """Spreadsheets write days with a midnight behind them."""
    return cell[:10] if cell[10:19] in (" 00:00:00", "T00:00:00") else cell


def _iso_day(cell: str, order: DateOrder) -> str:
    match = _DAY_FIRST_OR_MONTH_FIRST.match(cell)
    if match is None:
        return cell
    first, second, year = match.groups()
    day, month = (first, second) if order is DateOrder.DAY_FIRST else (second, first)
    rest = cell[match.end(3) :]
    clock = rest[1:]
    if len(clock.partition(":")[0]) == 1:
        clock = "0" + clock  # 9:05
    return f"{year}-{month:0>2}-{day:0>2}" + (f"T{clock}" if clock else "")
