"""The descriptions of `tiers` and `referral`."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from fiel.domain.document.days import DurationOf
from fiel.domain.document.earning import LIMIT
from fiel.domain.document.levels import Level
from fiel.domain.document.nodes import Block
from fiel.domain.document.numbers import Amount, Ratio, Whole
from fiel.domain.document.reading import Cursor, Named, text_at
from fiel.domain.document.shapes import (
    Dynamic,
    Either,
    Fields,
    ListOf,
    Record,
    Shape,
    defaulted,
    optional,
    required,
)
from fiel.domain.document.words import Choice, Flag, Identifier, Reference, Text, TextsIn
from fiel.domain.language import N_
from fiel.domain.program import (
    CalendarYear,
    Check,
    Downgrade,
    Referral,
    TierBy,
    TierLevel,
    Tiers,
)
from fiel.domain.time import NO_TIME, Duration, DurationUnit

UNIT_AMOUNTS = Record(
    "amounts",
    (),
    lambda fields: fields.others(()),
    dynamic=Dynamic(Whole(1), "a unit's id", Named.UNIT, at_least_one=True),
    doc="So much of each unit.",
)


class _Threshold(Level):
    """Where a tier starts."""

    def counts_spend(self, cursor: Cursor) -> bool:
        level = cursor.parent
        ladder = level.parent.parent if level and level.parent else None
        if ladder is None or not isinstance(ladder.node, Block):
            return False
        return text_at(ladder.node, "by") in (None, "spend")


_CHECK = defaulted(
    "check",
    Choice(Check),
    Check.WINDOW_END,
    "window_end",
    "When a tier can be lost: `window_end` looks when its term and the grace are over, `at_once` "
    "also when a return takes back what reached it.",
)
_GRACE = defaulted(
    "grace", DurationOf(), NO_TIME, "0 days", "How much longer a member keeps a tier."
)
_ONE_STEP = defaulted(
    "one_step",
    Flag(),
    False,
    False,
    "Whether a member falls by one tier at a time, not to the one earned.",
)
DOWNGRADE: Shape[Downgrade | None] = Either(
    "never",
    None,
    Record(
        "downgrade",
        (_CHECK, _GRACE, _ONE_STEP),
        lambda fields: Downgrade(fields[_CHECK], fields[_GRACE], fields[_ONE_STEP]),
        doc="How a tier is lost by who no longer reaches it.",
    ),
)
_A_YEAR = Duration(12, DurationUnit.MONTHS)
WINDOW: Shape[Duration | CalendarYear] = Either(
    "calendar_year", CalendarYear(), DurationOf(is_zero_allowed=False)
)

_LEVEL_ID = required("id", Identifier(), "The id of the tier; conditions name it.")
_LEVEL_NAME = defaulted("name", TextsIn(), {}, None, "What people call it. Left out: the id.")
_LEVEL_FROM = required(
    "from", _Threshold(least=0), "What must be reached within the window; exactly it is enough."
)
_LEVEL_MULTIPLY = defaulted(
    "multiply",
    Ratio(1_000),
    Fraction(1),
    1,
    "The factor on what members of this tier earn by value.",
)
_LEVEL_PERKS = defaulted(
    "perks", ListOf(Text(63), most=50), (), None, "What else members of this tier have."
)
LEVEL = Record(
    "tier",
    (_LEVEL_ID, _LEVEL_NAME, _LEVEL_FROM, _LEVEL_MULTIPLY, _LEVEL_PERKS),
    lambda fields: TierLevel(
        id=fields[_LEVEL_ID],
        threshold=fields[_LEVEL_FROM],
        multiply=fields[_LEVEL_MULTIPLY],
        perks=fields[_LEVEL_PERKS],
        name=fields[_LEVEL_NAME],
    ),
    doc="One tier.",
)

_BY = defaulted("by", Choice(TierBy), TierBy.SPEND, "spend", "What a member climbs by.")
_UNIT = optional(
    "unit",
    Reference(Named.UNIT),
    "With `by: points`: the unit that counts. Left out: `points`, or the only unit.",
)
_WINDOW = defaulted(
    "window",
    WINDOW,
    _A_YEAR,
    "12 months",
    "What counts: the last so many months or days, or the calendar year.",
)
_DOWNGRADE = defaulted("downgrade", DOWNGRADE, None, "never", "How a tier is lost.")
_LEVELS = required("levels", ListOf(LEVEL, most=50, least=1), "The tiers, from the lowest up.")


def _tiers(fields: Fields) -> Tiers:
    levels = fields[_LEVELS]
    places = fields.place(_LEVELS)
    if levels[0].threshold != 0:
        places.refuse(
            "tier_first",
            N_("The first tier must start from 0, so that everybody has one."),
            N_("Write “from: 0” for “{tier}”, or add a tier below it."),
            tier=levels[0].id,
        )
    for lower, upper in pairwise(levels):
        if upper.threshold <= lower.threshold:
            places.refuse(
                "tier_order",
                N_("“{tier}” must start above “{lower}”."),
                N_("List the tiers from the lowest up, each with a higher “from”."),
                tier=upper.id,
                lower=lower.id,
            )
    return Tiers(
        by=fields[_BY],
        unit=_counted_unit(fields),
        window=fields[_WINDOW],
        downgrade=fields[_DOWNGRADE],
        levels=levels,
    )


def _counted_unit(fields: Fields) -> str | None:
    unit, units = fields[_UNIT], fields.cursor.reading.names.get(Named.UNIT, ())
    if fields[_BY] is not TierBy.POINTS:
        if unit is not None:
            raise fields.place(_UNIT).refuse(
                "unit_without_points",
                N_("“unit” only goes with “by: points”."),
                N_("Remove “unit”, or write “by: points”."),
            )
        return None
    if unit is not None:
        return unit
    if "points" in units or len(units) == 1:
        return "points" if "points" in units else units[0]
    raise fields.cursor.refuse(
        "missing_key",
        N_("The key “{key}” is missing."),
        N_("Say which unit counts: {what}."),
        key="unit",
        what=", ".join(units),
    )


TIERS = optional(
    "tiers",
    Record(
        "tiers",
        (_BY, _UNIT, _WINDOW, _DOWNGRADE, _LEVELS),
        _tiers,
        doc="The ladder that members climb.",
    ),
    "The tiers of the program.",
)

_REFERRER = required("referrer", UNIT_AMOUNTS, "What the member gets who brought a friend.")
_FRIEND = required("friend", UNIT_AMOUNTS, "What the friend gets.")
_AFTER = defaulted(
    "after",
    DurationOf(),
    NO_TIME,
    "0 days",
    "How long after the friend's purchase both are rewarded.",
)
_MIN_SPEND = defaulted(
    "min_spend",
    Amount(is_zero_allowed=True),
    0,
    "0",
    "What the friend must spend at least.",
)
_LIMIT = optional("limit", LIMIT, "How often a member is rewarded for friends.")
_LINK = optional(
    "link",
    Text(500),
    "The address where friends join, with `{code}` where the member's code goes.",
)


def _referral(fields: Fields) -> Referral:
    link = fields[_LINK]
    if link is not None and (not link.startswith("https://") or "{code}" not in link):
        raise fields.place(_LINK).refuse(
            "referral_link",
            N_("The link must begin with https:// and hold {place}."),
            N_("Write it as “https://shop.example/join?by={place}”."),
            place="{code}",
        )
    return Referral(
        referrer=fields[_REFERRER],
        friend=fields[_FRIEND],
        after=fields[_AFTER],
        min_spend=fields[_MIN_SPEND],
        limit=fields[_LIMIT],
        link=link,
    )


REFERRAL = optional(
    "referral",
    Record(
        "referral",
        (_REFERRER, _FRIEND, _AFTER, _MIN_SPEND, _LIMIT, _LINK),
        _referral,
        doc="What both sides get once a friend really bought.",
    ),
    "What members get for bringing friends.",
)
