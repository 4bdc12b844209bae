"""Truth: on which rows a condition holds, by asking the condition's own code.

A condition is taken apart where it says "and", "or" and "not"; each part that is left is asked
once for each combination of what it reads, however many rows there are. What a part cannot
evaluate stands beside true and false as it does in the domain: false in one part is false in all,
though another cannot be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from fiel.domain.conditions import CannotEvaluate, Condition, Test
from fiel.domain.conditions.generate import function_of
from fiel.domain.conditions.tree import (
    Compare,
    Comparison,
    Every,
    Field,
    Literal,
    Node,
    Not,
    Some,
    names_read,
)
from fiel.domain.conditions.vocabulary import Kind

NO, YES, FAILS = 0, 1, 2
TIER = "member.tier"

type Answers = NDArray[np.int8]

# Combinations are numbered in one go while their number fits.
_MOST_COMBINATIONS = 1 << 62


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as numbers of its values: `values[codes]` is the column."""

    codes: NDArray[np.int32]
    values: Sequence[object]


class Rows(Protocol):
    """What happened, or its lines: columns by the dotted name of a field."""

    def coded(self, name: str) -> Coded:
        """A column as numbers of its values."""

    def amounts(self, name: str) -> NDArray[np.int64] | None:
        """A column of whole numbers as it is; None where it is none."""


@dataclass(slots=True)
class Facts:
    """Rows of two grains: of what happened, and of its lines."""

    happened: Rows
    lines: Rows
    of_line: Callable[[], NDArray[np.int32]]  # by line, the row of what it is a line of
    _kept: dict[tuple[object, str | None], _Found] = field(default_factory=dict)

    def by_line(self, condition: Condition, tier: str | None) -> Answers:
        """On which lines a condition holds for who holds a tier."""
        return self._spread(self._asked(condition, tier), lines=True)

    def by_event(self, condition: Condition, tier: str | None) -> Answers:
        """For which of what happened a condition holds that reads no line."""
        return self._spread(self._asked(condition, tier), lines=False)

    def _asked(self, condition: Condition, tier: str | None) -> _Found:
        if condition.tree is None:
            return self._part(condition.matches, condition.reads, tier)
        return self._of(condition.tree, tier)

    def _of(self, node: Node, tier: str | None) -> _Found:
        match node:
            case Not(part):
                found = self._of(part, tier)
                return _Found(found.grain, _NOT[found.answers])
            case Every(parts):
                return self._joined(parts, tier, decides=NO, otherwise=YES)
            case Some(parts):
                return self._joined(parts, tier, decides=YES, otherwise=NO)
            case _:
                reads = names_read(node)
                key = (node, tier if TIER in reads else None)
                if key not in self._kept:
                    self._kept[key] = self._compared(node) or self._part(
                        function_of(node), reads, tier
                    )
                return self._kept[key]

    def _joined(
        self, parts: Sequence[Node], tier: str | None, *, decides: int, otherwise: int
    ) -> _Found:
        """What parts come to: what decides in one of them, else what fails in one of them."""
        found = [self._of(part, tier) for part in parts]
        grain = max(each.grain for each in found)
        answers: Answers = np.array(otherwise, np.int8)
        for each in found:
            more = self._at(each, grain)
            fails = np.where((answers == FAILS) | (more == FAILS), FAILS, otherwise)
            is_decided = (answers == decides) | (more == decides)
            answers = np.where(is_decided, decides, fails).astype(np.int8)
        return _Found(grain, answers)

    def _compared(self, node: Node) -> _Found | None:
        """A whole number compared with one that the condition writes, without asking."""
        match node:
            case Compare(how, Field() as name, Literal(value)) if (
                name.type.kind in (Kind.AMOUNT, Kind.INTEGER)
                and isinstance(value, int | Fraction)
                and not isinstance(value, bool)
            ):
                grain = _grain_of(f"{name.root}.{name.name}")
                rows = self.lines if grain == _LINES else self.happened
                amounts = rows.amounts(f"{name.root}.{name.name}")
                if amounts is None:
                    return None
                return _Found(grain, _compare(how, amounts, value))
            case _:
                return None

    def _part(self, test: Test, reads: frozenset[str], tier: str | None) -> _Found:
        """Ask a part once for each combination of what it reads."""
        names = sorted({_column(name) for name in reads} - {TIER})
        grain = max((_grain_of(name) for name in names), default=_ONE)
        columns = [self._column(name, grain) for name in names]
        codes, combinations = _combined(columns)
        answers = np.array(
            [
                _ask(
                    test, tier, {n: c.values[p] for n, c, p in zip(names, columns, at, strict=True)}
                )
                for at in combinations
            ],
            np.int8,
        )
        return _Found(grain, answers[codes])

    def _column(self, name: str, grain: int) -> Coded:
        if _grain_of(name) == _LINES:
            return self.lines.coded(name)
        coded = self.happened.coded(name)
        if grain == _LINES:
            return Coded(coded.codes[self.of_line()], coded.values)
        return coded

    def _at(self, found: _Found, grain: int) -> Answers:
        if found.grain == _EVENTS and grain == _LINES:
            return found.answers[self.of_line()]
        return found.answers

    def _spread(self, found: _Found, *, lines: bool) -> Answers:
        return self._at(found, _LINES if lines else _EVENTS)


_ONE, _EVENTS, _LINES = range(3)
_NOT = np.array([YES, NO, FAILS], np.int8)


@dataclass(frozen=True, slots=True)
class _Found:
    """Answers for one row alone, for each of what happened, or for each line."""

    grain: int
    answers: Answers


def _grain_of(name: str) -> int:
    return _LINES if name.startswith("line") else _EVENTS


def _column(name: str) -> str:
    """The column that a field is in: attributes and properties are one column each."""
    return ".".join(name.split(".")[:2])


def _combined(columns: Sequence[Coded]) -> tuple[NDArray[np.int64], list[tuple[int, ...]]]:
    """Number the combinations that occur; the places of their values in the columns."""
    if not columns:
        return np.zeros((), np.int64), [()]
    sizes = [max(1, len(column.values)) for column in columns]
    together = columns[0].codes.astype(np.int64)
    room = sizes[0]
    for column, size in zip(columns[1:], sizes[1:], strict=True):
        room *= size
        if room >= _MOST_COMBINATIONS:
            raise OverflowError("a condition reads more combinations than can be numbered")
        together = together * size + column.codes
    if len(columns) == 1:
        return together, [(place,) for place in range(len(columns[0].values))]
    found, codes = np.unique(together, return_inverse=True)
    places = []
    for number in found.tolist():
        at, rest = [], number
        for size in reversed(sizes):
            rest, place = divmod(rest, size)
            at.append(place)
        places.append(tuple(reversed(at)))
    return codes.reshape(together.shape), places


def _ask(test: Test, tier: str | None, values: Mapping[str, object]) -> int:
    roots: dict[str, SimpleNamespace] = {
        root: SimpleNamespace() for root in ("line", "sale", "member", "activity")
    }
    roots["member"].tier = tier
    for name, value in values.items():
        root, _, attribute = name.partition(".")
        setattr(roots[root], attribute, value)
    line, sale, member, activity = (cast("Any", each) for each in roots.values())
    try:
        return YES if test(line, sale, member, activity) else NO
    except CannotEvaluate:
        return FAILS


def _compare(how: Comparison, amounts: NDArray[np.int64], value: int | Fraction) -> Answers:
    """Compare whole numbers with a fraction: with the whole numbers on its two sides."""
    below, above = value.__floor__(), value.__ceil__()
    match how:
        case Comparison.EQUAL:
            told = amounts == below if below == above else np.zeros(len(amounts), np.bool_)
        case Comparison.DIFFERENT:
            told = amounts != below if below == above else np.ones(len(amounts), np.bool_)
        case Comparison.LESS:
            told = amounts < above
        case Comparison.AT_MOST:
            told = amounts <= below
        case Comparison.MORE:
            told = amounts > below
        case Comparison.AT_LEAST:
            told = amounts >= above
    return told.astype(np.int8)
