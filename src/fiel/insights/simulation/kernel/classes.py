"""Classes: rows for which all rules hold alike, so that the fold looks up what it must know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.layout import Bits, Small

ALL_TIERS = np.uint16(0xFFFF)
MOST_TIERS = 15


@dataclass(frozen=True, slots=True)
class Classes:
    """Of each row its class, and what each class has, by class and column."""

    codes: Small
    table: Bits


class Classing:
    """Puts rows into classes, one column after another."""

    def __init__(self, rows: int) -> None:
        self._codes: Small = np.zeros(rows, np.int32)
        self._count = 1
        self._columns: list[NDArray[np.uint16]] = []

    def everywhere(self, bits: int) -> None:
        """Add a column that is the same on all rows."""
        self._columns.append(np.full(self._count, bits, np.uint16))

    def add(self, column: Bits) -> None:
        """Add a column of bits by row."""
        seen = np.zeros(1 << 16, np.int32)
        _mark(column, seen)
        values = np.flatnonzero(seen).astype(np.uint16)
        if len(values) <= 1:
            self.everywhere(int(values[0]) if len(values) else 0)
            return
        numbers = np.zeros(1 << 16, np.int32)
        numbers[values] = np.arange(len(values), dtype=np.int32)
        room = self._count * len(values)
        found = np.zeros(room, np.int32)
        codes = self._codes.copy()
        _combine(codes, column, numbers, len(values), found)
        kept = np.flatnonzero(found)
        renumbered = np.zeros(room, np.int32)
        renumbered[kept] = np.arange(len(kept), dtype=np.int32)
        _renumber(codes, renumbered)
        before, place = np.divmod(kept, len(values))
        self._columns = [each[before] for each in self._columns]
        self._columns.append(values[place])
        self._codes, self._count = codes, len(kept)

    def made(self) -> Classes:
        """The classes of all rows."""
        table = np.ascontiguousarray(np.array(self._columns, np.uint16).reshape(-1, self._count).T)
        return Classes(self._codes, table)


def classes_of(rows: int, columns: Iterable[Bits | int]) -> Classes:
    """Put rows into classes by columns of bits, or bits that all rows have."""
    classing = Classing(rows)
    for column in columns:
        if isinstance(column, int):
            classing.everywhere(column)
        else:
            classing.add(column)
    return classing.made()


@compiled
def _mark(column: Bits, seen: Small) -> None:
    for row in range(len(column)):
        seen[column[row]] = 1


@compiled
def _combine(codes: Small, column: Bits, numbers: Small, count: int, found: Small) -> None:
    for row in range(len(codes)):
        code = codes[row] * count + numbers[column[row]]
        codes[row] = code
        found[code] = 1


@compiled
def _renumber(codes: Small, renumbered: Small) -> None:
    for row in range(len(codes)):
        codes[row] = renumbered[codes[row]]
