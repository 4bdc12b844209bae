"""Rows: what conditions may read, of what happened and of its lines, as columns."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from fiel.domain.program import Program
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.kernel.days import days_and_minutes
from fiel.insights.simulation.kernel.layout import SALE, Numbers, Small
from fiel.insights.simulation.kernel.past import SHIPPING, Past, sums_by_sale
from fiel.insights.simulation.kernel.truth import Coded


class HappenedRows:
    """What happened of one kind, at its places in the past."""

    def __init__(self, past: Past, program: Program, kind: int) -> None:
        self.places: Small = (
            past.sales.event if kind == SALE else np.flatnonzero(past.kind == kind).astype(np.int32)
        )
        self._past = past
        self._program = program
        self._kind = kind

    def coded(self, name: str) -> Coded:
        """A column as numbers of its values."""
        past = self._past
        if name in past.people:
            column = past.people[name]
            return Coded(column.codes[past.member[self.places]], column.values)
        if self._kind == SALE and name in past.sales.columns:
            return past.sales.columns[name]
        if self._kind == SALE and name == "sale.items":
            return self._items()
        if name in past.others:
            column = past.others[name]
            return Coded(column.codes[self.places], column.values)
        amounts = self.amounts(name)
        if amounts is None:
            raise CannotFold("not_loaded", name)
        return _by_value(amounts)

    def amounts(self, name: str) -> NDArray[np.int64] | None:
        """A column of whole numbers as it is; None where it is none."""
        match name:
            case "sale.net" | "sale.gross":
                lines = self._past.lines
                return sums_by_sale(lines, lines.amounts[name.removeprefix("sale.")])
            case "member.spend" | "member.visits":
                return self._so_far(name)[self.places]
            case "member.joined_days":
                return self._joined_days()
            case _:
                return None

    def _items(self) -> Coded:
        lines = self._past.lines
        items = _by_value(sums_by_sale(lines, lines.quantities))
        return Coded(items.codes, tuple(_parts(n, lines.quantity_scale) for n in items.values))

    def _so_far(self, name: str) -> Numbers:
        """What members had spent, or how often they had come, before each thing that happened."""
        past = self._past
        if len(past.returns.event):
            raise CannotFold("reads_after_returns", name)
        added = np.zeros(len(past.at), np.int64)
        added[past.sales.event] = (
            sums_by_sale(past.lines, past.lines.amounts["net"])
            if name == "member.spend"
            else has_lines(past)
        )
        ended = np.cumsum(added)
        before = ended - added
        begun = past.begun[name.removeprefix("member.")]
        first = past.first[:-1]
        at_first = np.where(first < len(before), before[np.minimum(first, len(before) - 1)], 0)
        found: Numbers = before - at_first[past.member] + begun[past.member]
        return found

    def _joined_days(self) -> Numbers:
        past, zone = self._past, self._program.timezone
        day, _ = past.days_in(zone)
        joined, _ = days_and_minutes(past.joined_at, zone)
        found: Numbers = (day - joined[past.member]).astype(np.int64)[self.places]
        return found


class LineRows:
    """The lines of all sales; shipping is one."""

    def __init__(self, past: Past) -> None:
        self._past = past

    def coded(self, name: str) -> Coded:
        """A column as numbers of its values."""
        lines = self._past.lines
        if name == "line.quantity":
            found = _by_value(lines.quantities)
            return Coded(found.codes, tuple(_parts(n, lines.quantity_scale) for n in found.values))
        if name in lines.columns:
            return lines.columns[name]
        amounts = self.amounts(name)
        if amounts is None:
            raise CannotFold("not_loaded", name)
        return _by_value(amounts)

    def amounts(self, name: str) -> NDArray[np.int64] | None:
        """A column of whole numbers as it is; None where it is none."""
        return self._past.lines.amounts.get(name.removeprefix("line."))


def has_lines(past: Past) -> NDArray[np.int64]:
    """Of each sale, 1 where it has any line but shipping."""
    lines = past.lines
    counted = np.concatenate([np.zeros(1, np.int64), np.cumsum(lines.kind != SHIPPING)])
    told = counted[lines.first[1:]] > counted[lines.first[:-1]]
    return told.astype(np.int64)


def _by_value(amounts: Numbers) -> Coded:
    values, codes = np.unique(amounts, return_inverse=True)
    return Coded(codes.astype(np.int32), values.tolist())


def _parts(number: object, scale: int) -> int | Decimal:
    assert isinstance(number, int), "quantities are whole numbers of their parts"
    whole, rest = divmod(number, scale)
    return Decimal(number) / scale if rest else whole
