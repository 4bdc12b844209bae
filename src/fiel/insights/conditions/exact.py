"""Exact numbers of columns: a whole number over another, with the largest that it can be.

Engines differ in how they divide, round and overflow, so nothing here does any of it: a number is
calculated in 64 bits where it must fit, else in 38 digits, and what could need more is refused
before it is asked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import ibis

from fiel.insights.conditions.problems import CannotCompile

type Whole = int | ibis.expr.types.NumericValue

LARGEST_INTEGER = 2**63 - 1
_LARGEST_KEPT = 10**38 - 1
_LARGEST_QUOTIENT = 2**50  # up to here a quotient of floats, rounded, is the exact one


@dataclass(frozen=True, slots=True)
class Exact:
    """`whole` over `denominator`, which is above zero; `most` bounds |whole|, `below` the other.

    A number that is null cannot be evaluated.
    """

    whole: Whole
    most: int
    denominator: Whole = 1
    below: int = 1

    @property
    def constant(self) -> Fraction | None:
        """The number, where it is known without any row."""
        if isinstance(self.whole, int) and isinstance(self.denominator, int):
            return Fraction(self.whole, self.denominator)
        return None


def constant(value: int | Fraction) -> Exact:
    """A number that the text of a condition writes."""
    exact = Fraction(value)
    return Exact(exact.numerator, abs(exact.numerator), exact.denominator, exact.denominator)


def column(value: ibis.Value, *, most: int, most_major: int) -> Exact:
    """A column of integers up to `most`, or of decimals up to `most_major`.

    Raises:
        CannotCompile: it has floats or no numbers.
    """
    dtype = value.type()
    if dtype.is_integer():
        whole = value if dtype.is_int64() else value.cast("int64")
        return Exact(whole, most)
    if dtype.is_decimal() and dtype.scale is not None:
        scale = 10**dtype.scale
        largest = most_major * scale
        raised = value * ibis.literal(Decimal(scale), type=f"decimal({dtype.scale + 1},0)")
        return Exact(_narrowed(raised, largest), largest, scale, scale)
    raise CannotCompile(f"{dtype} holds no exact numbers")


def plus(one: Exact, other: Exact, *, sign: int = 1) -> Exact:
    """A sum, or with the sign −1 a difference."""
    left, right, denominator, below = _together(one, other)
    most = left.most + right.most
    if isinstance(left.whole, int) and isinstance(right.whole, int):
        return Exact(left.whole + sign * right.whole, most, denominator, below)
    first, second = _wide_enough(left, most), _wide_enough(right, most)
    return Exact(first + second if sign > 0 else first - second, most, denominator, below)


def times(one: Exact, other: Exact) -> Exact:
    """A product."""
    whole, most = _product((one.whole, one.most), (other.whole, other.most))
    denominator, below = _product((one.denominator, one.below), (other.denominator, other.below))
    return Exact(whole, most, denominator, below)


def over(one: Exact, other: Exact) -> Exact:
    """A quotient; null where it is divided by zero."""
    if isinstance(other.whole, int):
        if other.whole == 0:
            raise CannotCompile("nothing can be divided by zero")
        turned = 1 / Fraction(other.whole)
        by = Exact(turned.numerator, abs(turned.numerator), turned.denominator, turned.denominator)
        return times(times(one, by), Exact(other.denominator, other.below))
    divisor = other.whole
    above = ibis.cases((divisor > 0, divisor), (divisor < 0, -divisor))
    turned_whole = times(one, Exact(other.denominator, other.below))
    whole = turned_whole.whole
    signed = ibis.cases(
        (divisor > 0, _expression(whole)), (divisor < 0, _expression(_negated(whole)))
    )
    denominator, below = _product(
        (turned_whole.denominator, turned_whole.below), (above, other.most)
    )
    return Exact(signed, turned_whole.most, denominator, below)


def negative(of: Exact) -> Exact:
    """A number with its sign turned."""
    return Exact(_negated(of.whole), of.most, of.denominator, of.below)


def integer(of: Exact) -> Exact:
    """A whole number within 64 bits; null beyond."""
    assert of.denominator == 1, "integers have no denominator"
    if isinstance(of.whole, int):
        if -LARGEST_INTEGER - 1 <= of.whole <= LARGEST_INTEGER:
            return Exact(of.whole, abs(of.whole))
        return Exact(ibis.null("int64"), 0)
    if of.most <= LARGEST_INTEGER:
        return of
    fits = (of.whole >= _wide(-LARGEST_INTEGER - 1)) & (of.whole <= _wide(LARGEST_INTEGER))
    return Exact(ibis.cases((fits, of.whole)).cast("int64"), LARGEST_INTEGER + 1)


def truncated(of: Exact) -> Exact:
    """A number without its fraction."""
    known = of.constant
    if known is not None:
        return integer(constant(math.trunc(known)))
    if of.denominator == 1:
        return integer(of)
    divisor = of.denominator
    least = divisor if isinstance(divisor, int) else 1
    if of.most // least > _LARGEST_QUOTIENT or of.most > LARGEST_INTEGER:
        raise CannotCompile("a quotient is too large to be exact")
    if of.below > LARGEST_INTEGER:
        raise CannotCompile("a divisor is too large to be exact")
    whole, divided_by = _expression(of.whole), _expression(divisor)
    exact = (whole - whole % divided_by) / divided_by
    return Exact(exact.cast("float64").round().cast("int64"), of.most // least)


def whole_over(one: Exact, other: Exact) -> Exact:
    """A quotient of integers without its fraction; null where it is divided by zero."""
    return truncated(over(one, other))


def remainder(one: Exact, other: Exact) -> Exact:
    """What `whole_over` leaves; it has the sign of what is divided."""
    if isinstance(one.whole, int) and isinstance(other.whole, int):
        if other.whole == 0:
            raise CannotCompile("nothing can be divided by zero")
        return constant(
            int(math.fmod(one.whole, other.whole))
            if abs(one.whole) < 2**53
            else one.whole - other.whole * math.trunc(Fraction(one.whole, other.whole))
        )
    if max(one.most, other.most) > LARGEST_INTEGER:
        raise CannotCompile("a remainder is too large to be exact")
    divisor = _expression(other.whole)
    left = _expression(one.whole) % divisor.nullif(ibis.literal(0, type="int64"))
    return Exact(left, one.most)


def compared(sign: str, one: Exact, other: Exact) -> ibis.expr.types.BooleanValue:
    """Whether `one sign other`, as in `==` or `<`."""
    left, right, _, _ = _together(one, other)
    most = max(left.most, right.most)
    first, second = _wide_enough(left, most), _wide_enough(right, most)
    answer = _SIGNS[sign](first, second)
    return ibis.literal(answer) if isinstance(answer, bool) else answer


_SIGNS = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


def chosen(test: ibis.expr.types.BooleanValue, then: Exact, otherwise: Exact) -> Exact:
    """One number where `test` is true, the other where it is false, else null."""
    left, right, denominator, below = _together(then, otherwise)
    most = max(left.most, right.most)
    first = _expression(_wide_enough(left, most))
    second = _expression(_wide_enough(right, most))
    return Exact(ibis.cases((test, first), (~test, second)), most, denominator, below)


def as_decimal(of: Exact) -> ibis.expr.types.DecimalValue:
    """A number with finitely many decimals as one of 38 digits, 17 of them behind the point."""
    if (known := of.constant) is not None:
        if abs(known) >= 10**20 or (known * 10**17).denominator != 1:
            raise CannotCompile("a number has too many digits")
        return ibis.literal(Decimal(int(known * 10**17)).scaleb(-17), type="decimal(38,17)")
    if not isinstance(of.denominator, int):
        raise CannotCompile("a quotient has no end")
    places = 0
    while (10**places) % of.denominator:
        places += 1
        if places > 9:
            raise CannotCompile("a number has too many decimals")
    digits = len(str(of.most))
    if digits > 20 or isinstance(of.whole, int):
        raise CannotCompile("a number has too many digits")
    raised = 10**places // of.denominator
    product, _ = _product((of.whole, of.most), (raised, raised))
    whole = _expression(product)
    if places == 0:
        return whole.cast("decimal(38,17)")
    shifted = whole.cast(f"decimal(29,{places})") * ibis.literal(
        Decimal(1).scaleb(-places), type=f"decimal({places + 1},{places})"
    )
    return shifted.cast("decimal(38,17)")


# Whole numbers


def _together(one: Exact, other: Exact) -> tuple[Exact, Exact, Whole, int]:
    """Two numbers over the same denominator, and that."""
    if isinstance(one.denominator, int) and isinstance(other.denominator, int):
        shared = math.lcm(one.denominator, other.denominator)
        return (
            _raised(one, shared // one.denominator),
            _raised(other, shared // other.denominator),
            shared,
            shared,
        )
    left, left_most = _product((one.whole, one.most), (other.denominator, other.below))
    right, right_most = _product((other.whole, other.most), (one.denominator, one.below))
    denominator, below = _product((one.denominator, one.below), (other.denominator, other.below))
    return Exact(left, left_most), Exact(right, right_most), denominator, below


def _raised(of: Exact, factor: int) -> Exact:
    whole, most = _product((of.whole, of.most), (factor, factor))
    return Exact(whole, most)


def _product(one: tuple[Whole, int], other: tuple[Whole, int]) -> tuple[Whole, int]:
    (left, left_most), (right, right_most) = one, other
    most = left_most * right_most
    if isinstance(left, int) and isinstance(right, int):
        return left * right, most
    if isinstance(left, int) and left == 1:
        return right, most
    if isinstance(right, int) and right == 1:
        return left, most
    if most <= LARGEST_INTEGER and not (_is_wide(left) or _is_wide(right)):
        return left * right, most
    if most > _LARGEST_KEPT:
        raise CannotCompile("a number has more than 38 digits")
    return _wide(left, left_most) * _wide(right, right_most), most


def _wide_enough(of: Exact, most: int) -> Whole:
    """A whole number kept so wide that a result up to `most` fits."""
    if isinstance(of.whole, int) and abs(of.whole) <= LARGEST_INTEGER:
        return of.whole if most <= LARGEST_INTEGER else _wide(of.whole)
    if most > _LARGEST_KEPT:
        raise CannotCompile("a number has more than 38 digits")
    return of.whole if most <= LARGEST_INTEGER else _wide(of.whole)


def _wide(whole: Whole, most: int = _LARGEST_KEPT) -> ibis.expr.types.DecimalValue:
    dtype = f"decimal({min(len(str(most)), 38)},0)"
    if isinstance(whole, int):
        return ibis.literal(Decimal(whole), type=dtype)
    return whole.cast(dtype)


def _is_wide(whole: Whole) -> bool:
    return not isinstance(whole, int) and whole.type().is_decimal()


def _narrowed(whole: ibis.Value, most: int) -> ibis.Value:
    return whole.cast("int64" if most <= LARGEST_INTEGER else "decimal(38,0)")


def _expression(whole: Whole) -> ibis.Value:
    if not isinstance(whole, int):
        return whole
    return ibis.literal(whole, type="int64") if abs(whole) <= LARGEST_INTEGER else _wide(whole)


def _negated(whole: Whole) -> Whole:
    return -whole
