"""The description of `segments`: members of whom a condition holds."""

from __future__ import annotations

from fiel.domain.conditions import Scope
from fiel.domain.document.conditions import ConditionText
from fiel.domain.document.shapes import ListOf, Record, defaulted, required
from fiel.domain.document.words import Identifier, TextsIn
from fiel.domain.language import N_
from fiel.domain.program import Segment

# What begins so are the groups by recency, frequency and monetary value.
RFM_PREFIX = "rfm-"
RFM_GROUPS = tuple(
    RFM_PREFIX + group
    for group in (
        "champions", "loyal", "potential-loyal", "new", "promising", "need-attention",
        "about-to-sleep", "cannot-lose", "at-risk", "hibernating", "never-bought",
    )
)  # fmt: skip
MOST_SEGMENTS = 100

_ID = required(
    "id",
    Identifier(
        rf"^(?!{RFM_PREFIX})[a-z0-9]+(-[a-z0-9]+)*$",
        N_(
            "Use lower-case letters a–z, digits and “-” between them, up to 63; “rfm-” begins the "
            "ids of groups that exist anyway."
        ),
    ),
    'What rules name it by, as in `"vip" in member.segments`.',
)
_NAME = defaulted("name", TextsIn(), {}, None, "What people call it. Left out: the id.")
_WHERE = required(
    "where",
    ConditionText(Scope.SEGMENT),
    "Who is in it: a condition about the member at the end of a day.",
)

SEGMENTS = defaulted(
    "segments",
    ListOf(
        Record(
            "segment",
            (_ID, _NAME, _WHERE),
            lambda fields: Segment(id=fields[_ID], where=fields[_WHERE], name=fields[_NAME]),
            doc="Members of whom a condition holds. Who enters and who leaves is found out again "
            "and again; rules read it as `member.segments`.",
        ),
        most=MOST_SEGMENTS,
    ),
    (),
    None,
    "Groups of members that rules, reports and messages name.",
)
