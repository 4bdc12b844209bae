"""The description of `offline`: what tills may do while they have no network."""

from __future__ import annotations

from fiel.domain.document.numbers import Whole
from fiel.domain.document.reading import Named
from fiel.domain.document.shapes import Dynamic, Record, defaulted
from fiel.domain.program import Offline

_OVERDRAW = defaulted(
    "overdraw",
    Record(
        "overdraw",
        (),
        lambda fields: fields.others(()),
        dynamic=Dynamic(Whole(0), "a unit's id", Named.UNIT),
        doc="How far below zero a member may come by what a till granted without a network.",
    ),
    {},
    None,
    "How much a member may owe, in each unit, for what a till granted without a network. What "
    "goes further waits for a manager. Left out: everything that is not covered waits.",
)
_CLOCK = defaulted(
    "clock_minutes",
    Whole(1, 1440),
    10,
    10,
    "How far a till's clock may be off; what one that is further off tells counts when it comes.",
)

OFFLINE = defaulted(
    "offline",
    Record(
        "offline",
        (_OVERDRAW, _CLOCK),
        lambda fields: Offline(overdraw=fields[_OVERDRAW], clock_minutes=fields[_CLOCK]),
        doc="What tills may do while they have no network.",
    ),
    Offline(),
    None,
    "What tills may do while they have no network.",
)
