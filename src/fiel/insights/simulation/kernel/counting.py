"""Counting: the lines of sales as rules count them, those that are alike as one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.layout import Numbers, Small
from fiel.insights.simulation.kernel.past import Lines, Past

_NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Counted:
    """Lines of what happened: where those of each begin and end, their classes and amounts."""

    first: Small
    end: Small
    classes: Small
    net: Numbers
    gross: Numbers
    margin: Numbers
    quantities: Numbers
    most: int  # lines that anything has


def line_by_line(past: Past, classes: Small) -> Counted:
    """All lines as they are: so they count where points are rounded line by line."""
    first, end = _places(past)
    first[past.sales.event], end[past.sales.event] = past.lines.first[:-1], past.lines.first[1:]
    net, gross, margin, quantities = _amounts(past.lines)
    return Counted(first, end, classes, net, gross, margin, quantities, _most(first, end))


def merged(past: Past, classes: Small, counts: NDArray[np.bool_]) -> Counted:
    """The lines of a sale that are of one class as one line, without those of no rule's classes.

    Rules ask for sums of amounts above zero alone, and for sums of quantities: so these are added.
    """
    lines = past.lines
    first, end = _places(past)
    amounts = _amounts(lines)
    # What is not written takes no memory.
    put = [np.empty(len(each), np.int64) for each in amounts]
    put_classes = np.empty(len(classes), np.int32)
    count = _merge(
        lines.first, past.sales.event, classes, counts, *amounts, first, end, put_classes, *put
    )
    net, gross, margin, quantities = (each[:count] for each in put)
    return Counted(
        first, end, put_classes[:count], net, gross, margin, quantities, _most(first, end)
    )


def _most(first: Small, end: Small) -> int:
    return int((end - first).max(initial=0))


def _places(past: Past) -> tuple[Small, Small]:
    count = len(past.kind)
    return np.zeros(count, np.int32), np.zeros(count, np.int32)


def _amounts(lines: Lines) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    gross, margin = (lines.amounts.get(name, _NOTHING) for name in ("gross", "margin"))
    return lines.amounts["net"], gross, margin, lines.quantities


@compiled
def _merge(
    lines: Numbers,
    events: Small,
    classes: Small,
    counts: NDArray[np.bool_],
    net: Numbers,
    gross: Numbers,
    margin: Numbers,
    quantities: Numbers,
    first: Small,
    end: Small,
    put_classes: Small,
    put_net: Numbers,
    put_gross: Numbers,
    put_margin: Numbers,
    put_quantities: Numbers,
) -> int:
    """Put the lines of each sale together; how many are left."""
    last = 0
    for sale in range(len(events)):
        begin = last
        for line in range(lines[sale], lines[sale + 1]):
            class_ = classes[line]
            if not counts[class_]:
                continue
            at = begin
            while at < last and put_classes[at] != class_:
                at += 1
            if at == last:
                last += 1
                put_classes[at] = class_
                put_net[at] = put_quantities[at] = 0
                if len(gross):
                    put_gross[at] = 0
                if len(margin):
                    put_margin[at] = 0
            put_net[at] += max(net[line], 0)
            put_quantities[at] += quantities[line]
            if len(gross):
                put_gross[at] += max(gross[line], 0)
            if len(margin):
                put_margin[at] += max(margin[line], 0)
        first[events[sale]], end[events[sale]] = begin, last
    return last
