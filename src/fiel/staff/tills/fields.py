"""What is told of tills and cashiers, read and refused field by field."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid

LONGEST = 60
SHORTEST_PIN, LONGEST_PIN = 4, 8
_RUNS = ("01234567890", "09876543210")


def read_name(name: str) -> str:
    """A name, with single spaces.

    Raises:
        Invalid: it is empty or too long.
    """
    name = " ".join(name.split())
    if not name:
        raise _invalid("name", "too_short", N_("It cannot be empty."))
    return read_text("name", name)


def read_text(field: str, text: str) -> str:
    """A short text that may be empty.

    Raises:
        Invalid: it is too long.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise _invalid(field, "too_long", N_("It can have at most {limit} characters."), LONGEST)
    return text


def read_pin(pin: str) -> str:
    """A PIN of a few digits that is not the first one tries.

    Raises:
        Invalid: it has other signs, is too short or too long, or is all too easy.
    """
    if not (pin.isascii() and pin.isdigit()):
        raise _invalid("pin", "format", N_("A PIN has digits only."))
    if len(pin) < SHORTEST_PIN:
        raise _invalid(
            "pin", "too_short", N_("It must have at least {limit} digits."), SHORTEST_PIN
        )
    if len(pin) > LONGEST_PIN:
        raise _invalid("pin", "too_long", N_("It can have at most {limit} digits."), LONGEST_PIN)
    if len(set(pin)) == 1 or any(pin in run for run in _RUNS):
        raise _invalid("pin", "choice", N_("It is too easy to guess; take another one."))
    return pin


def read_most(field: str, most: int | None) -> int | None:
    """A limit of a day; None for none.

    Raises:
        Invalid: it is below zero or beyond all sense.
    """
    if most is not None and most < 0:
        raise _invalid(field, "too_small", N_("It cannot be below zero."))
    if most is not None and most > 10**12:
        raise _invalid(field, "too_large", N_("It can be at most {limit}."), 10**12)
    return most


def read_percent(text: str) -> Decimal:
    """A tax rate in percent, to the hundredth; a comma is read as a point.

    Raises:
        Invalid: it is no number from 0 to below 100.
    """
    try:
        percent = Decimal(text.strip().replace(",", ".") or "0")
    except InvalidOperation:
        raise _invalid("tax_percent", "type", N_("Write a percentage, such as 21.")) from None
    if not percent.is_finite() or not 0 <= percent < 100 or percent != round(percent, 2):
        raise _invalid("tax_percent", "type", N_("Write a percentage, such as 21."))
    return round(percent, 2)


def read_origin(text: str) -> str:
    """The origin of a web page, such as https://pos.example; empty for none.

    Raises:
        Invalid: it is no origin.
    """
    text = text.strip().rstrip("/")
    if not text:
        return ""
    told = urlsplit(text)
    if told.scheme not in ("https", "http") or not told.netloc or told.path or told.query:
        raise _invalid(
            "sender", "format", N_("Write where the page comes from, such as https://pos.example.")
        )
    return read_text("sender", text)


def _invalid(field: str, code: str, text: str, limit: int | None = None) -> Invalid:
    told = {} if limit is None else {"limit": limit}
    return Invalid(
        N_("Some fields are not valid."), problems=[FieldProblem(field, code, text, told)]
    )
