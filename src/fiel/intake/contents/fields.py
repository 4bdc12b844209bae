"""The kinds of field that request bodies are made of, each with its bounds.

A field that is not as it should be raises `PydanticCustomError` with a code of ours and the
English message id; `errors` puts it into the caller's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, NoReturn
from uuid import UUID

from pydantic import Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from fiel.domain.language import N_
from fiel.intake.contents.texts import is_keepable

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
EARLIEST_BIRTHDAY = date(1900, 1, 1)
LARGEST_QUANTITY = 10**9
LARGEST_MAJOR = 10**13
FINEST_PLACES = 6

_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def refuse(code: str, text: str, **parameters: object) -> NoReturn:
    """Refuse a field's value.

    Raises:
        PydanticCustomError: always; its type is the code, its template the message id.
    """
    # Pydantic fills the template itself; the id travels beside it to be translated.
    raise PydanticCustomError(_typed(code), "{msgid}", {"msgid": text, **parameters})


def _typed(code: str) -> str:  # PydanticCustomError wants a literal in its signature
    return code


def read_decimal(value: object) -> Decimal:
    """Read an exact number: a JSON number, or a string of plain digits."""
    if type(value) is str:
        if not _PLAIN_DECIMAL.fullmatch(value):
            refuse("format", N_("It must be a decimal number such as “12.50”."))
        return Decimal(value)
    if type(value) is int:
        if not -(10**30) < value < 10**30:
            refuse("too_large", N_("The number is too large."))
        return Decimal(value)
    if type(value) is Decimal:
        return value
    refuse("type", N_("It must be a number or a string of digits."))


def _number(
    *, positive: bool, below: int, places: int = FINEST_PLACES
) -> Callable[[object], Decimal]:
    most = Decimal(below)
    # A plain text of so few digits is within all bounds, but for zero.
    plain = re.compile(rf"[0-9]{{1,{len(str(below)) - 1}}}(?:\.[0-9]{{1,{places}}})?").fullmatch

    def read(value: object) -> Decimal:
        if type(value) is str and plain(value):
            number = Decimal(value)
            return number or check_zero()
        return check(read_decimal(value))

    def check_zero() -> Decimal:
        if positive:
            refuse("too_small", N_("It must be greater than 0."))
        return Decimal(0)

    def check(number: Decimal) -> Decimal:
        if not number:
            return check_zero()
        if number < 0:
            text = N_("It must be greater than 0.") if positive else N_("It cannot be less than 0.")
            refuse("too_small", text)
        if number >= most:
            refuse("too_large", N_("It must be less than {limit}."), limit=below)
        exponent = number.as_tuple().exponent
        assert isinstance(exponent, int), "NaN and infinities are not read"
        if exponent < -places and number != round(number, places):
            refuse("too_precise", N_("It can have at most {places} decimals."), places=places)
        return number

    return read


def _number_schema(*, positive: bool, description: str) -> Mapping[str, object]:
    bound = {"exclusiveMinimum": 0} if positive else {"minimum": 0}
    return {
        "anyOf": [
            {"type": "string", "pattern": r"^[0-9]{1,13}(\.[0-9]{1,6})?$"},
            {"type": "number", **bound},
        ],
        "description": description,
    }


Quantity = Annotated[
    Decimal,
    PlainValidator(_number(positive=True, below=LARGEST_QUANTITY)),
    WithJsonSchema(
        dict(_number_schema(positive=True, description="More than 0, at most 6 decimals."))
    ),
]
Price = Annotated[
    Decimal,
    PlainValidator(_number(positive=False, below=LARGEST_MAJOR)),
    WithJsonSchema(
        dict(_number_schema(positive=False, description="Of one unit; at most 6 decimals."))
    ),
]
# How many decimals an amount may have is its currency's business: `amounts` checks it.
Amount = Annotated[
    Decimal,
    PlainValidator(_number(positive=False, below=LARGEST_MAJOR)),
    WithJsonSchema(
        dict(
            _number_schema(
                positive=False, description="Money, with no more decimals than its currency."
            )
        )
    ),
]
PositiveAmount = Annotated[
    Decimal,
    PlainValidator(_number(positive=True, below=LARGEST_MAJOR)),
    WithJsonSchema(
        dict(
            _number_schema(
                positive=True, description="Money, with no more decimals than its currency."
            )
        )
    ),
]
Rate = Annotated[
    Decimal,
    PlainValidator(_number(positive=True, below=10**9, places=12)),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,12})?$"},
                {"type": "number", "exclusiveMinimum": 0},
            ],
            "description": "Program currency for one of the sale's.",
        }
    ),
]


def _read_points(value: object) -> int:
    number = read_decimal(value) if type(value) is not int else value
    if number != int(number) if number < 10**18 else True:
        refuse("format", N_("It must be a whole number."))
    whole = int(number)
    if whole < 1:
        refuse("too_small", N_("It must be greater than 0."))
    if whole >= 10**12:
        refuse("too_large", N_("It must be less than {limit}."), limit=10**12)
    return whole


def _read_signed_points(value: object) -> int:
    number = read_decimal(value) if type(value) is not int else value
    if not number:
        refuse("zero", N_("It cannot be 0."))
    return _read_points(number) if number > 0 else -_read_points(-number)


SignedPoints = Annotated[
    int,
    PlainValidator(_read_signed_points),
    WithJsonSchema(
        {
            "type": "integer",
            "exclusiveMinimum": -(10**12),
            "exclusiveMaximum": 10**12,
            "not": {"const": 0},
        }
    ),
]

Points = Annotated[
    int,
    PlainValidator(_read_points),
    WithJsonSchema({"type": "integer", "minimum": 1, "exclusiveMaximum": 10**12}),
]


def read_time(value: object) -> datetime:
    """Read an RFC 3339 time that says its zone, as a time in UTC."""
    if type(value) is not str:
        refuse("type", N_("It must be a time such as “2026-03-01T10:15:00+01:00”."))
    match = _PLAIN_TIME.fullmatch(value)
    if match is None:
        refuse("format", N_("It must be a time such as “2026-03-01T10:15:00+01:00”."))
    if match[1] is None:
        refuse("zone_missing", N_("The time must say its zone: end it with “Z” or “+01:00”."))
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        refuse("format", N_("There is no such day or time."))
    if moment < EARLIEST:
        refuse("too_early", N_("It cannot be before {day}."), day=EARLIEST.date())
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        refuse("too_late", N_("It is too far in the future."))


Time = Annotated[
    datetime,
    PlainValidator(read_time),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


def _read_day(value: object) -> date:
    if type(value) is not str or not _PLAIN_DAY.fullmatch(value):
        refuse("format", N_("It must be a day such as “1990-05-17”."))
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse("format", N_("There is no such day."))


Day = Annotated[
    date, PlainValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})
]

LATEST = datetime(9000, 1, 1, tzinfo=UTC)


def read_day_or_time(value: object) -> date | datetime:
    """Read a day such as "2026-03-01", or a time that says its zone."""
    if type(value) is str and _PLAIN_DAY.fullmatch(value):
        day = _read_day(value)
        if day < EARLIEST.date():
            refuse("too_early", N_("It cannot be before {day}."), day=EARLIEST.date())
        if day > LATEST.date():
            refuse("too_late", N_("It is too far in the future."))
        return day
    return read_moment(value)


def read_moment(value: object) -> datetime:
    """Read a time about which something is asked, not too far from any that happens."""
    moment = read_time(value)
    if moment > LATEST:
        refuse("too_late", N_("It is too far in the future."))
    return moment


Moment = Annotated[
    datetime,
    PlainValidator(read_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
DayOrTime = Annotated[
    date | datetime,
    PlainValidator(read_day_or_time),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
    ),
]

ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Source = Annotated[str, StringConstraints(max_length=100)]
ShortText = Annotated[str, StringConstraints(max_length=100)]
# Who stood at the till, as it names them. Not told is not there: bodies from before it could be
# told keep their fingerprints.
Cashier = Annotated[ShortText, Field(exclude_if=lambda told: not told)]
LongText = Annotated[str, StringConstraints(max_length=500)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=100)]

DEEPEST = 5
MOST_VALUES = 200
MOST_DIGITS = 40
LONGEST_KEY = 100
LONGEST_VALUE = 1000


def _read_values(value: object) -> dict[str, object]:
    if type(value) is not dict:
        refuse("type", N_("It must be an object of names and values."))
    left = _check_value(value, DEEPEST, MOST_VALUES)
    assert left >= 0, "checked while counting"
    return value


def _check_value(value: object, depth: int, left: int) -> int:
    """Check a free value and what is in it; answers how many more values there may be."""
    if left <= 0:
        refuse("too_many", N_("There can be at most {limit} values."), limit=MOST_VALUES)
    if isinstance(value, dict | list) and not depth:
        refuse("too_deep", N_("It is nested too deeply."))
    if isinstance(value, dict):
        for name in value:
            if not 0 < len(name) <= LONGEST_KEY:
                refuse("name", N_("A name must have 1 to {limit} characters."), limit=LONGEST_KEY)
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        left = _check_value(each, depth - 1, left - 1)
    _check_scalar(value)
    return left


def _check_scalar(value: object) -> None:
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        refuse("too_long", N_("It can have at most {limit} characters."), limit=LONGEST_VALUE)
    if isinstance(value, int | Decimal) and not -(10**15) < value < 10**15:
        refuse("too_large", N_("The number is too large."))
    if isinstance(value, Decimal) and (
        value.adjusted() < -30 or len(value.as_tuple().digits) > MOST_DIGITS
    ):
        refuse("too_precise", N_("The number has too many digits."))


Values = Annotated[
    dict[str, object],
    PlainValidator(_read_values),
    WithJsonSchema({"type": "object", "additionalProperties": True, "maxProperties": MOST_VALUES}),
]


def read_uuid(text: str) -> UUID | None:
    """The id that a text is, in its usual form; None for any other text."""
    if len(text) != 36:
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def _read_id(value: object) -> UUID:
    found = read_uuid(value) if type(value) is str else value
    if not isinstance(found, UUID):
        refuse("format", N_("It must be an id such as “018f3c1e-7b2a-7c4d-8e9f-0a1b2c3d4e5f”."))
    return found


Id = Annotated[UUID, PlainValidator(_read_id), WithJsonSchema({"type": "string", "format": "uuid"})]


def is_text(value: object, *, longest: int) -> bool:
    """Whether a value is a text that can be kept and is neither empty nor too long."""
    return isinstance(value, str) and 0 < len(value) <= longest and is_keepable(value)
