"""Matching: for which of what happened, and on which lines, the rules of a program hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fiel.domain.conditions import Condition
from fiel.domain.deciding.prepared import Giver, Multiplier
from fiel.domain.program import Program
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.kernel.classes import ALL_TIERS, Classes, classes_of
from fiel.insights.simulation.kernel.counting import Counted, line_by_line, merged
from fiel.insights.simulation.kernel.days import Span, openings
from fiel.insights.simulation.kernel.layout import (
    ACTIVITY,
    ANNIVERSARY,
    BIRTHDAY,
    ENROLMENT,
    SALE,
    Bits,
)
from fiel.insights.simulation.kernel.past import GIFT_CARD, GOODS, SHIPPING, Past
from fiel.insights.simulation.kernel.rows import HappenedRows, LineRows
from fiel.insights.simulation.kernel.truth import TIER, YES, Answers, Facts

# What is kept for the programs that follow: of more, memory would run out before time is saved.
_MOST_MATCHED, _MOST_CLASSES = 2, 12
_NOWHERE = 0
_EVERYWHERE = int(ALL_TIERS)
_EVENTS = {
    SALE: "sale",
    ACTIVITY: "activity",
    ENROLMENT: "enrolment",
    BIRTHDAY: "birthday",
    ANNIVERSARY: "anniversary",
}


@dataclass(frozen=True, slots=True)
class Matched:
    """Of all that happened and of its lines the class, and which rules hold for each class.

    Rules are numbered by their place in the document, tiers are the bits.
    """

    classes: NDArray[np.int32]
    holds: Bits
    lines: Counted
    holds_on: Bits


class Matcher:
    """Asks conditions of one past, and remembers what they answered.

    Variants of a program mostly share their conditions: only numbers differ.
    """

    def __init__(self, past: Past) -> None:
        self._past = past
        self._facts: dict[tuple[int, object], tuple[Facts, HappenedRows]] = {}
        self._classes: dict[object, Classes] = {}
        self._matched: dict[object, Matched] = {}

    def match(
        self,
        program: Program,
        span: Span,
        givers: Sequence[Giver],
        multipliers: Sequence[Multiplier],
    ) -> Matched:
        """Find for which of what happened and on which lines rules hold."""
        rules: list[Giver | Multiplier | None] = [None] * len(program.earn)
        speaking: list[Giver | Multiplier] = [*givers, *multipliers]
        for rule in speaking:
            for name in rule.where.reads if rule.where else ():
                if "." not in name:
                    raise CannotFold("condition", rule.id)
            rules[rule.position] = rule
        tiers = (None, *(level.id for level in (program.tiers.levels if program.tiers else ())))
        is_by_line = any(giver.per_line for giver in givers)
        key = (program.timezone, tiers, is_by_line, tuple(
            (rule and (_of_event(rule), _of_line(rule)), earn.event)
            for rule, earn in zip(rules, program.earn, strict=True)
        ))  # fmt: skip
        if key not in self._matched:
            codes, holds = self._all_events(program, span, rules, tiers)
            facts, _ = self._facts_of(program, SALE)
            lines = self._lines(rules, tiers, facts)
            counted = self._counted(lines, givers, is_by_line=is_by_line)
            _keep(self._matched, key, Matched(codes, holds, counted, lines.table), _MOST_MATCHED)
        return self._matched[key]

    def _all_events(
        self,
        program: Program,
        span: Span,
        rules: Sequence[Giver | Multiplier | None],
        tiers: Sequence[str | None],
    ) -> tuple[NDArray[np.int32], Bits]:
        """The class of everything that happened, and which rules hold for each class."""
        codes = np.zeros(len(self._past.kind), np.int32)
        tables = []
        count = 0
        for kind, event in _EVENTS.items():
            of_kind = [
                rule if rule is not None and program.earn[place].event == event else None
                for place, rule in enumerate(rules)
            ]
            facts, rows = self._facts_of(program, kind)
            found = self._events(program, span, kind, of_kind, tiers, facts, rows)
            codes[rows.places] = found.codes + count
            tables.append(found.table)
            count += len(found.table)
        return codes, np.concatenate(tables)

    def _counted(self, lines: Classes, givers: Sequence[Giver], *, is_by_line: bool) -> Counted:
        """The lines as the rules of a program count them."""
        if is_by_line:
            return line_by_line(self._past, lines.codes)
        places = [giver.position for giver in givers]
        return merged(self._past, lines.codes, lines.table[:, places].any(axis=1))

    def _facts_of(self, program: Program, kind: int) -> tuple[Facts, HappenedRows]:
        key = (kind, program.timezone)
        if key not in self._facts:
            rows = HappenedRows(self._past, program, kind)
            lines = self._past.lines
            facts = Facts(rows, LineRows(self._past), lambda: lines.sale)
            self._facts[key] = facts, rows
        return self._facts[key]

    def _events(
        self,
        program: Program,
        span: Span,
        kind: int,
        rules: Sequence[Giver | Multiplier | None],
        tiers: Sequence[str | None],
        facts: Facts,
        rows: HappenedRows,
    ) -> Classes:
        key = (kind, program.timezone, tiers, tuple(_of_event(rule) for rule in rules))
        if key not in self._classes:
            days, minutes = self._past.days_in(program.timezone)
            at = days[rows.places], minutes[rows.places]

            def columns() -> Iterator[Bits | int]:
                for rule in rules:
                    if rule is None:
                        yield _NOWHERE
                        continue
                    bits: Bits | int = _EVERYWHERE
                    if rule.where is not None and not rule.by_line:
                        bits = _bits(facts.by_event, rule.where, tiers, len(rows.places))
                    if rule.schedule is not None:
                        bits = _where(openings(rule.schedule, *at, span), bits)
                    if rule.activity is not None:
                        told = rows.coded("activity.type")
                        matching = np.array([v == rule.activity for v in told.values], np.bool_)
                        bits = _where(matching[told.codes], bits)
                    yield bits

            _keep(self._classes, key, classes_of(len(rows.places), columns()), _MOST_CLASSES)
        return self._classes[key]

    def _lines(
        self,
        rules: Sequence[Giver | Multiplier | None],
        tiers: Sequence[str | None],
        facts: Facts,
    ) -> Classes:
        key = ("lines", tiers, tuple(_of_line(rule) for rule in rules))
        if key not in self._classes:
            lines = self._past.lines

            def columns() -> Iterator[Bits | int]:
                for rule in rules:
                    if rule is None:
                        yield _NOWHERE
                        continue
                    bits: Bits | int = _EVERYWHERE
                    if rule.where is not None and rule.by_line:
                        bits = _bits(facts.by_line, rule.where, tiers, len(lines.kind))
                    if isinstance(rule, Giver):
                        bits = _where(self._earning(rule), bits)
                    yield bits

            _keep(self._classes, key, classes_of(len(lines.kind), columns()), _MOST_CLASSES)
        return self._classes[key]

    def _earning(self, giver: Giver) -> NDArray[np.bool_]:
        """The lines that may earn by a rule: goods, and what it names besides."""
        lines = self._past.lines
        earning: NDArray[np.bool_] = lines.kind == GOODS
        if giver.only_goods:
            return earning
        if giver.gift_cards:
            earning = lines.kind != SHIPPING
        elif giver.named:
            category = lines.columns["line.category"]
            named = np.array(
                [value != "" and value in giver.named for value in category.values], np.bool_
            )
            earning |= (lines.kind == GIFT_CARD) & named[category.codes]
        if giver.shipping:
            earning = earning | (lines.kind == SHIPPING)
        return earning


def _keep[Found](kept: dict[object, Found], key: object, found: Found, most: int) -> None:
    """Keep what was found, and let go what was found first where it is too much."""
    while len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = found


def _bits(
    ask: Callable[[Condition, str | None], Answers],
    condition: Condition,
    tiers: Sequence[str | None],
    rows: int,
) -> Bits:
    """A bit for each tier under which a condition holds, by row."""
    if TIER not in condition.reads:
        holds = np.broadcast_to(ask(condition, None) == YES, rows)
        return np.where(holds, ALL_TIERS, np.uint16(0))
    bits = np.zeros(rows, np.uint16)
    for place, tier in enumerate(tiers):
        bits |= (np.broadcast_to(ask(condition, tier) == YES, rows) << np.uint16(place)).astype(
            np.uint16
        )
    return bits


def _where(told: NDArray[np.bool_], bits: Bits | int) -> Bits:
    return np.where(told, np.uint16(bits) if isinstance(bits, int) else bits, np.uint16(0))


def _of_event(rule: Giver | Multiplier | None) -> object:
    """What says for which of what happened a rule holds."""
    if rule is None:
        return None
    where = None if rule.by_line else rule.where
    return (where, rule.schedule, rule.activity)


def _of_line(rule: Giver | Multiplier | None) -> object:
    """What says on which lines a rule holds."""
    if rule is None:
        return None
    where = rule.where if rule.by_line else None
    if not isinstance(rule, Giver):
        return (where,)
    return (where, rule.only_goods, rule.gift_cards, rule.shipping, rule.named)
