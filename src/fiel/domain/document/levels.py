"""Levels to be reached: money where spend counts, else a whole number."""

from __future__ import annotations

from typing import override

from fiel.domain.document.numbers import Amount, Whole
from fiel.domain.document.reading import Cursor
from fiel.domain.document.shapes import JsonSchema, Read, Shape


class Level(Shape[int]):
    """How much must be reached: money where spend counts, else a whole number."""

    def __init__(self, *, least: int) -> None:
        self.least = least

    @override
    def read(self, cursor: Cursor) -> Read[int]:
        if self.counts_spend(cursor):
            return Amount(is_zero_allowed=not self.least).read(cursor)
        return Whole(self.least).read(cursor)

    def counts_spend(self, cursor: Cursor) -> bool:
        """Whether the level is one of money."""
        return cursor.sibling("of") == "spend"

    @override
    def schema(self) -> JsonSchema:
        return Amount(is_zero_allowed=not self.least).schema()

    @override
    def words(self) -> str:
        return "an amount of money where spend counts, else a whole number"
