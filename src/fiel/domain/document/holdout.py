"""The description of `holdout`: members who are kept out to measure what a program does."""

from __future__ import annotations

from decimal import Decimal

from fiel.domain.document.numbers import Number
from fiel.domain.document.shapes import Record, Shape, optional, required

# So many must be left for whom the program is.
MOST_PERCENT = 90

_SHARE = required(
    "share",
    Number(0, MOST_PERCENT),
    "How many of a hundred members are kept out. Who they are follows from the member's id and "
    "never changes; a greater share adds members and loses none.",
)

SHARE: Shape[Decimal] = Record(
    "holdout",
    (_SHARE,),
    lambda fields: fields[_SHARE],
    doc="A share of the members, drawn by lot, for whom something is not: what they do without it "
    "shows what it does. Written in a program, they earn nothing at all; in a rule, nothing by it.",
)
HOLDOUT = optional(
    "holdout", SHARE, "Members who earn nothing, to measure the program by. Left out: nobody."
)
RULE_HOLDOUT = optional(
    "holdout",
    SHARE,
    "Members for whom the rule is not, to measure the promotion by. Left out: nobody.",
)
