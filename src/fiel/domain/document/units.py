"""The description of `units`."""

from __future__ import annotations

from fractions import Fraction

from fiel.domain.document.days import DayOfYear, DurationOf
from fiel.domain.document.numbers import Ratio, Whole
from fiel.domain.document.shapes import (
    Either,
    Fields,
    ListOf,
    MappingOf,
    Record,
    Shape,
    defaulted,
    optional,
    required,
)
from fiel.domain.document.words import Choice, Identifier, TextsIn
from fiel.domain.language import N_
from fiel.domain.program import (
    KEEPS_ALIVE,
    Doing,
    ExpiresAfter,
    ExpiresByInactivity,
    ExpiresOnDay,
    Expiry,
    Negative,
    Returns,
    Rounding,
    RoundPer,
    Unit,
)
from fiel.domain.time import NO_TIME

_AFTER = optional(
    "after", DurationOf(is_zero_allowed=False), "Points end this long after they were earned."
)
_INACTIVITY = optional(
    "inactivity",
    DurationOf(is_zero_allowed=False),
    "Points end when the member did nothing that extends their life for this long.",
)
_EXTENDED_BY = defaulted(
    "extended_by",
    ListOf(Choice(Doing), most=len(Doing), least=1),
    tuple(doing for doing in Doing if doing in KEEPS_ALIVE),
    [doing.value for doing in Doing if doing in KEEPS_ALIVE],
    "With `inactivity`: what extends the life of points.",
)
_DAY = optional("day", DayOfYear(), "Points end at the end of this day of a year.")
_YEARS = defaulted(
    "years",
    Whole(0, 100),
    1,
    1,
    "With `day`: 0 is its first occurrence on or after the day of earning; 1 that of the next "
    "calendar year, and so on.",
)


def _expiry(fields: Fields) -> Expiry:
    if _EXTENDED_BY in fields and _INACTIVITY not in fields:
        raise fields.place(_EXTENDED_BY).refuse(
            "extended_without_inactivity",
            N_("“extended_by” only goes with “inactivity”."),
            N_("Remove “extended_by”, or write “inactivity”."),
        )
    if (after := fields[_AFTER]) is not None:
        return ExpiresAfter(after)
    if (inactivity := fields[_INACTIVITY]) is not None:
        return ExpiresByInactivity(inactivity, frozenset(fields[_EXTENDED_BY]))
    day = fields[_DAY]
    assert day is not None, "exactly one of the three keys stands"
    return ExpiresOnDay(month=day[0], day=day[1], years=fields[_YEARS])


EXPIRY: Shape[Expiry] = Either(
    "never",
    None,
    Record(
        "expiry",
        (_AFTER, _INACTIVITY, _EXTENDED_BY, _DAY, _YEARS),
        _expiry,
        one_of=(("after", "inactivity", "day"),),
        doc="When points that were earned together end. The end is the end of a day in the "
        "program's time zone; a month after 31 January is the last day of February.",
    ),
)

_NAME = defaulted("name", TextsIn(), {}, None, "What several are called. Left out: the id.")
_ONE = defaulted(
    "one",
    TextsIn(),
    {},
    None,
    "What a single one is called, where it does not follow from `name` by dropping its plural.",
)
_VALUE = optional(
    "value", Ratio(), "How much money one is worth when it pays, in the program's currency."
)
_ROUND = defaulted(
    "round", Choice(Rounding), Rounding.FLOOR, "floor", "How a fraction of one becomes whole."
)
_ROUND_PER = defaulted(
    "round_per",
    Choice(RoundPer),
    RoundPer.SALE,
    "sale",
    "Whether a rule's award is rounded once for the sale or for each of its lines.",
)
_EXPIRY = defaulted("expiry", EXPIRY, None, "never", "When they end.")
_GRACE = defaulted(
    "grace",
    DurationOf(),
    NO_TIME,
    "0 days",
    "How long points can be used that come back (from a cancelled redemption, a return) after "
    "they had already ended.",
)
_PENDING = defaulted(
    "pending", DurationOf(), NO_TIME, "0 days", "How long after earning they can first be used."
)
_NEGATIVE = defaulted(
    "negative",
    Choice(Negative),
    Negative.DEBT,
    "debt",
    "What a return does when the points it takes back are already spent: `debt` lets the balance "
    "go below zero, `clamp` takes what is there and books the rest as uncollected, "
    "`pending_only` takes back only what is still pending.",
)
_RETURNS = defaulted(
    "returns",
    Choice(Returns),
    Returns.RECOMPUTE,
    "recompute",
    "How a return finds what to take back: `recompute` decides the sale again without what came "
    "back, `proportional` takes the share of the value that came back.",
)


def _unit(fields: Fields) -> Unit:
    identifier = fields.cursor.key
    value: Fraction | None = fields[_VALUE]
    return Unit(
        id=identifier,
        name=fields[_NAME] or {fields.cursor.reading.locale: identifier},
        value=value,
        rounding=fields[_ROUND],
        round_per=fields[_ROUND_PER],
        expiry=fields[_EXPIRY],
        grace=fields[_GRACE],
        pending=fields[_PENDING],
        negative=fields[_NEGATIVE],
        returns=fields[_RETURNS],
        one=fields[_ONE],
    )


UNITS = required(
    "units",
    MappingOf(
        Record(
            "unit",
            (
                _NAME,
                _ONE,
                _VALUE,
                _ROUND,
                _ROUND_PER,
                _EXPIRY,
                _GRACE,
                _PENDING,
                _NEGATIVE,
                _RETURNS,
            ),
            _unit,
            doc="Something that members accumulate. The key is its id.",
        ),
        # These words mean something else beside the units that a rule gives or counts.
        Identifier(
            reserved=frozenset(
                {"per", "per_item", "reward", "spend", "visits", "restore_on_return", "every"}
            )
        ),
    ),
    "What members accumulate: points, stamps, money.",
)
