"""What generated conditions call: values whose kind is known only when they are evaluated.

Values of attributes and properties come from JSON: text, booleans, null, integers, floats,
decimals, lists and maps. A float stands for the decimal that it prints as, so that 0.1 is 0.1.
An integer in Python is an integer of CEL; all other numbers are exact fractions.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TypeGuard

from fiel.domain.conditions.problems import CannotEvaluate
from fiel.domain.conditions.vocabulary import LARGEST_LIST
from fiel.domain.language import N_

type Exact = int | Fraction

_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**63 - 1
_MOST_DIGITS = 400  # more than a float can have, far from what would take time
_LARGEST_NUMBER = 10**_MOST_DIGITS
_MOST_BITS = 8_192

_INTEGER = re.compile(r"-?[0-9]{1,30}")
_DECIMAL = re.compile(r"-?[0-9]{1,100}(\.[0-9]{1,100})?([eE][+-]?[0-9]{1,2})?")

ABSENT = N_('"{name}" is not there.')
WRONG_KIND = N_("A value is of another kind than the condition expects.")
_OVERFLOW = N_("A number is too large.")
_TOO_MANY = N_("A list is too long.")
_DIVIDED_BY_ZERO = N_("A number is divided by zero.")


def integer(value: int) -> int:
    """An integer, where CEL's 64 bits hold it."""
    if _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER:
        return value
    raise CannotEvaluate(_OVERFLOW)


def exact(value: int | Decimal) -> Exact:
    """A number of a sale as an exact one that calculates with all others."""
    return value if isinstance(value, int) else Fraction(value)


def as_decimal(value: Exact) -> int | Decimal:
    """A number with finitely many decimals as a Decimal, exactly."""
    if isinstance(value, int) or value.denominator == 1:
        return int(value)
    places = 0
    while (10**places) % value.denominator:
        places += 1
    digits = tuple(map(int, str(abs(value.numerator) * 10**places // value.denominator)))
    return Decimal((int(value < 0), digits, -places))


def number(value: object) -> Exact:
    """A number from JSON, exactly."""
    # By exact type: a bool is no number here, and looking a type up is much faster.
    reader = _READERS.get(type(value))
    if reader is None:
        raise CannotEvaluate(WRONG_KIND)
    return reader(value)


def _bounded(value: int) -> int:
    if -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER:
        return value
    raise CannotEvaluate(_OVERFLOW)


@lru_cache(maxsize=1_024)
def _written(value: float) -> Fraction:
    if not math.isfinite(value):
        raise CannotEvaluate(WRONG_KIND)
    return Fraction(repr(value))


def _of_decimal(value: Decimal) -> Fraction:
    if not value.is_finite():
        raise CannotEvaluate(WRONG_KIND)
    if abs(value.adjusted()) + len(value.as_tuple().digits) > _MOST_DIGITS:
        raise CannotEvaluate(_OVERFLOW)
    return Fraction(value)


def _of_fraction(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > _MOST_BITS:
        raise CannotEvaluate(_OVERFLOW)
    return value


_READERS: Mapping[type, Callable[..., Exact]] = {
    int: _bounded,
    float: _written,
    Decimal: _of_decimal,
    Fraction: _of_fraction,
}


def _is_number(value: object) -> bool:
    return type(value) in _READERS


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return isinstance(value, list | tuple)


def text(value: object) -> str:
    """A value that must be text."""
    if isinstance(value, str):
        return value
    raise CannotEvaluate(WRONG_KIND)


def boolean(value: object) -> bool:
    """A value that must be true or false."""
    if value is True or value is False:
        return value is True
    raise CannotEvaluate(WRONG_KIND)


def whole(value: object) -> int:
    """A value that must be an integer, as the place of an element in a list."""
    if type(value) is int:
        return value
    raise CannotEvaluate(WRONG_KIND)


# Comparisons


def equal(left: object, right: object) -> bool:
    """Whether two values are the same; values of different kinds are not.

    Lists and maps are compared through all that they hold, up to a size.
    """
    pairs: list[tuple[object, object]] = [(left, right)]
    seen = 0
    while pairs:
        one, other = pairs.pop()
        if _is_list(one) and _is_list(other):
            if len(one) != len(other):
                return False
            seen += len(one)
            inside: Iterable[tuple[object, object]] = zip(one, other, strict=True)
        elif isinstance(one, Mapping) and isinstance(other, Mapping):
            if one.keys() != other.keys():
                return False
            seen += len(one)
            inside = ((value, other[key]) for key, value in one.items())
        elif _is_same(one, other):
            continue
        else:
            return False
        if seen > LARGEST_LIST:
            raise CannotEvaluate(_TOO_MANY)
        pairs.extend(inside)
    return True


def _is_same(left: object, right: object) -> bool:
    if _is_number(left):
        return _is_number(right) and number(left) == number(right)
    if isinstance(left, str | bool) or left is None:
        return type(left) is type(right) and left == right
    return False


def _comparable(left: object, right: object) -> tuple[Exact | str, Exact | str]:
    if _is_number(left) and _is_number(right):
        return number(left), number(right)
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    return int(boolean(left)), int(boolean(right))


def less(left: object, right: object) -> bool:
    """Whether the left value comes before the right one."""
    one, other = _comparable(left, right)
    return one < other  # type: ignore[operator]  # both are numbers or both are text


def at_most(left: object, right: object) -> bool:
    """Whether the left value comes before the right one, or is the same."""
    one, other = _comparable(left, right)
    return one <= other  # type: ignore[operator]  # both are numbers or both are text


# Arithmetic


def over(left: Exact, right: Exact) -> Exact:
    """An exact quotient."""
    if right == 0:
        raise CannotEvaluate(_DIVIDED_BY_ZERO)
    if isinstance(left, int) and isinstance(right, int):
        return Fraction(left, right)
    return Fraction(left) / right


def whole_over(left: int, right: int) -> int:
    """A quotient of integers without its fraction."""
    if right == 0:
        raise CannotEvaluate(_DIVIDED_BY_ZERO)
    quotient = abs(left) // abs(right)
    return integer(quotient if (left < 0) == (right < 0) else -quotient)


def remainder(left: int, right: int) -> int:
    """What `whole_over` leaves; it has the sign of what is divided."""
    if right == 0:
        raise CannotEvaluate(_DIVIDED_BY_ZERO)
    left_over = abs(left) % abs(right)
    return -left_over if left < 0 else left_over


def plus(left: object, right: object) -> object:
    """A sum of numbers, or two texts or lists joined."""
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    if _is_list(left) and _is_list(right):
        return (*elements(left), *elements(right))
    return _calculated(left, right, lambda one, other: one + other)


def minus(left: object, right: object) -> object:
    """A difference of numbers."""
    return _calculated(left, right, lambda one, other: one - other)


def times(left: object, right: object) -> object:
    """A product of numbers."""
    return _calculated(left, right, lambda one, other: one * other)


def divided(left: object, right: object) -> object:
    """A quotient of numbers: without its fraction between integers, as in CEL."""
    one, other = number(left), number(right)
    if isinstance(one, int) and isinstance(other, int):
        return whole_over(one, other)
    return Fraction(over(one, other))


def remaining(left: object, right: object) -> object:
    """The remainder of integers."""
    return remainder(whole(left), whole(right))


def negative(value: object) -> object:
    """A number with its sign turned."""
    return minus(0, value)


def _calculated(left: object, right: object, calculate: Callable[[Exact, Exact], Exact]) -> Exact:
    one, other = number(left), number(right)
    result = calculate(one, other)
    if isinstance(one, int) and isinstance(other, int):
        return integer(whole(result))
    # A whole fraction must stay a fraction: as an integer it would divide without its fraction.
    return number(Fraction(result))


# Parts


def elements(value: object) -> Sequence[object]:
    """The elements of a list or the keys of a map."""
    if not isinstance(value, list | tuple | Mapping):
        raise CannotEvaluate(WRONG_KIND)
    if len(value) > LARGEST_LIST:
        raise CannotEvaluate(_TOO_MANY)
    return tuple(value) if isinstance(value, Mapping) else value


def item(of: object, key: object) -> object:
    """What a map has at a key, or a list at a place."""
    if isinstance(of, Mapping):
        if not isinstance(key, str) or key not in of:
            raise CannotEvaluate(ABSENT, name=key)
        return of[key]
    if not isinstance(of, list | tuple):
        raise CannotEvaluate(WRONG_KIND)
    place = whole(key)
    if not 0 <= place < len(of):
        raise CannotEvaluate(ABSENT, name=place)
    return of[place]


def has_key(of: object, key: str) -> bool:
    """Whether a map has a key."""
    if isinstance(of, Mapping):
        return key in of
    raise CannotEvaluate(WRONG_KIND)


def within(wanted: object, container: object) -> bool:
    """Whether a list has an element, or a map a key."""
    if isinstance(container, Mapping):
        return isinstance(wanted, str) and wanted in container
    return any(equal(wanted, element) for element in elements(container))


def size(value: object) -> int:
    """How many characters, elements or keys there are."""
    if isinstance(value, str | list | tuple | Mapping):
        return len(value)
    raise CannotEvaluate(WRONG_KIND)


# Conversions


def to_integer(value: object) -> int:
    """A number without its fraction, or the integer that a text writes."""
    if isinstance(value, str):
        if not _INTEGER.fullmatch(value):
            raise CannotEvaluate(WRONG_KIND)
        return integer(int(value))
    return integer(math.trunc(number(value)))


def to_number(value: object) -> Exact:
    """A number, or the number that a text writes."""
    if isinstance(value, str):
        if not _DECIMAL.fullmatch(value):
            raise CannotEvaluate(WRONG_KIND)
        return Fraction(value)
    return number(value)


def to_text(value: object) -> str:
    """A text, an integer or a boolean as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(integer(value))
    return text(value)


# Logic among parts that may not be evaluable: one that decides wins over one that fails.


def every(*parts: Callable[[], bool]) -> bool:
    """`&&`: false if any part is; else what failed fails; else true."""
    return not _decided(parts, lambda part: not part())


def some(*parts: Callable[[], bool]) -> bool:
    """`||`: true if any part is; else what failed fails; else false."""
    return _decided(parts, lambda part: part())


def all_hold(values: Sequence[object], test: Callable[[object], bool]) -> bool:
    """The macro `all`."""
    return not _decided(values, lambda value: not test(value))


def any_holds(values: Sequence[object], test: Callable[[object], bool]) -> bool:
    """The macro `exists`."""
    return _decided(values, test)


def _decided[T](values: Sequence[T], test: Callable[[T], bool]) -> bool:
    failure: Exception | None = None
    for value in values:
        try:
            if test(value):
                return True
        except (CannotEvaluate, KeyError) as error:
            failure = error
    if failure is not None:
        raise failure
    return False
