"""Numbers and amounts of documents, read exactly: no float takes part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import override

from fiel.domain.document.nodes import Scalar, ScalarKind
from fiel.domain.document.reading import Cursor, Unreadable
from fiel.domain.document.shapes import JsonSchema, Read, Shape, kind_of
from fiel.domain.language import N_
from fiel.domain.money import LARGEST_AMOUNT_MINOR, Currency

LARGEST_WHOLE = 10**12

_DECIMAL = re.compile(r"[-+]?[0-9]{1,20}(\.[0-9]{1,20})?")


def number_at(cursor: Cursor) -> Decimal:
    """The exact number that is expected here, written as a number or as a text.

    Raises:
        Unreadable: something else stands here.
    """
    node = cursor.node
    if isinstance(node, Scalar) and node.kind in (ScalarKind.NUMBER, ScalarKind.TEXT):
        text = node.text.strip()
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
    raise cursor.refuse(
        "number",
        N_("A number is expected here, not {found}."),
        N_("Write digits with a point before the decimals: 12 or 12.50."),
        found=kind_of(node),
    )


def plain_number(number: Decimal) -> str:
    """A number as a document writes it, without zeros that say nothing: "1.5", "10"."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _refuse_bounds(
    cursor: Cursor, least: Decimal | int | None, most: Decimal | int | None, *, above: bool = False
) -> Unreadable:
    if above:
        return cursor.refuse(
            "bounds",
            N_("The number must be more than {least} and at most {most}."),
            least=Decimal(least or 0),
            most=Decimal(most or LARGEST_WHOLE),
        )
    return cursor.refuse(
        "bounds",
        N_("The number must be from {least} to {most}."),
        least=Decimal(least or 0),
        most=Decimal(most or LARGEST_WHOLE),
    )


@dataclass(frozen=True)
class Whole(Shape[int]):
    """A whole number."""

    least: int = 0
    most: int = LARGEST_WHOLE

    @override
    def read(self, cursor: Cursor) -> Read[int]:
        number = number_at(cursor)
        if number != int(number):
            raise cursor.refuse(
                "whole",
                N_("A whole number is expected here, not {found}."),
                N_("Remove the decimals."),
                found=kind_of(cursor.node),
            )
        if not self.least <= number <= self.most:
            raise _refuse_bounds(cursor, self.least, self.most)
        return int(number), int(number)

    @override
    def schema(self) -> JsonSchema:
        return {
            "anyOf": [
                {"type": "integer", "minimum": self.least, "maximum": self.most},
                {"type": "string", "pattern": r"^[0-9]+$"},
            ]
        }

    @override
    def words(self) -> str:
        return f"a whole number from {self.least}" if self.least else "a whole number"


@dataclass(frozen=True)
class Number(Shape[Decimal]):
    """An exact number; more than `least` where `above`, else at least it."""

    least: int = 0
    most: int = LARGEST_WHOLE
    above: bool = True

    @override
    def read(self, cursor: Cursor) -> Read[Decimal]:
        number = number_at(cursor)
        too_little = number <= self.least if self.above else number < self.least
        if too_little or number > self.most:
            raise _refuse_bounds(cursor, self.least, self.most, above=self.above)
        return number, int(number) if number == int(number) else plain_number(number)

    @override
    def schema(self) -> JsonSchema:
        bound = "exclusiveMinimum" if self.above else "minimum"
        return {
            "anyOf": [
                {"type": "number", bound: self.least, "maximum": self.most},
                {"type": "string", "pattern": DECIMAL_PATTERN},
            ]
        }

    @override
    def words(self) -> str:
        bound = f"more than {self.least}" if self.above else f"from {self.least}"
        return f"a number {bound}" + (f", at most {self.most}" if self.most < 10**6 else "")


DECIMAL_PATTERN = r"^[0-9]+(\.[0-9]+)?$"


@dataclass(frozen=True)
class Ratio(Shape[Fraction]):
    """An exact number above zero that other numbers are multiplied by."""

    most: int = 1_000_000

    @override
    def read(self, cursor: Cursor) -> Read[Fraction]:
        number, plain = Number(0, self.most).read(cursor)
        return Fraction(number), plain

    @override
    def schema(self) -> JsonSchema:
        return Number(0, self.most).schema()

    @override
    def words(self) -> str:
        return Number(0, self.most).words()


@dataclass(frozen=True)
class Amount(Shape[int]):
    """An amount of money in the program's currency, kept in minor units."""

    is_zero_allowed: bool = False

    @override
    def read(self, cursor: Cursor) -> Read[int]:
        number = number_at(cursor)
        money: Currency = cursor.reading.currency
        places = -int(number.normalize().as_tuple().exponent) if number else 0
        if places > money.decimals:
            raise cursor.refuse(
                "currency_decimals",
                N_("{currency} has {decimals} decimals; {found} has more."),
                N_("Write at most {decimals} decimals."),
                currency=money.code,
                decimals=money.decimals,
                found=kind_of(cursor.node),
            )
        if number < 0 or (number == 0 and not self.is_zero_allowed):
            raise cursor.refuse(
                "amount_positive",
                N_("The amount must be more than zero, not {found}."),
                found=kind_of(cursor.node),
            )
        minor = money.minor(number)
        if minor > LARGEST_AMOUNT_MINOR:
            raise cursor.refuse(
                "amount_too_large", N_("The amount is too large: {found}."),
                found=kind_of(cursor.node),
            )  # fmt: skip
        return minor, money.decimal(minor)

    @override
    def schema(self) -> JsonSchema:
        bound = "minimum" if self.is_zero_allowed else "exclusiveMinimum"
        return {
            "anyOf": [
                {"type": "number", bound: 0},
                {"type": "string", "pattern": DECIMAL_PATTERN},
            ]
        }

    @override
    def words(self) -> str:
        return "an amount of money"
