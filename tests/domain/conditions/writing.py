"""Random well-typed conditions, and random values that floats hold exactly."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import strategies as st

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.conditions import ConditionProblems
from fiel.domain.conditions.cost import TOO_COSTLY, TOO_LARGE
from fiel.domain.member import MemberFacts
from tests.domain.conditions.cast import of_sale

WORDS = ["", "cafe", "tabaco", "vip", "madrid", "oro", "plata", "CAP-01", "ñandú"]
_QUARTERS = ["0.25", "0.5", "1.0", "2.75", "50.0", "100.5", "-3.25"]
_PATTERNS = ["^c", "a.e$", "[a-z]+", "^CAP-[0-9]+$", "ñ|oro", "^$"]

_DEPTH = 4


def _joined(form: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda made: form.format(*made))


def _one_of(*forms: str) -> st.SearchStrategy[str]:
    return st.sampled_from(forms)


def _lazily[**P](
    build: Callable[P, st.SearchStrategy[str]],
) -> Callable[P, st.SearchStrategy[str]]:
    """Build each strategy once, and only when it is drawn from: they refer to each other."""

    @cache
    def built(*arguments: Any) -> st.SearchStrategy[str]:
        return st.deferred(lambda: build(*arguments))

    return built


@_lazily
def literal_text() -> st.SearchStrategy[str]:
    return st.sampled_from([f'"{word}"' for word in WORDS])


@_lazily
def _text(depth: int) -> st.SearchStrategy[str]:
    plain = st.one_of(
        _one_of("line.sku", "line.name", "line.category", "sale.store", "member.tier"),
        literal_text(),
    )
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        _joined("({} + {})", _text(depth - 1), _text(depth - 1)),
        _joined("({} ? {} : {})", _boolean(depth - 1), _text(depth - 1), _text(depth - 1)),
        _joined("string({})", _integer(depth - 1)),
        _joined("member.segments[{}]", st.sampled_from(["0", "1", "7"])),
    )


@_lazily
def _integer(depth: int) -> st.SearchStrategy[str]:
    plain = st.one_of(
        _one_of("member.joined_days", "member.birthday_month", "member.visits"),
        _one_of("member.attributes.age", "member.attributes.absent"),
        st.integers(-12, 120).map(str),
        _one_of("9223372036854775807", "-9223372036854775808"),
    )
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        _joined("({} {} {})", _integer(depth - 1), _one_of("+", "-", "*"), _integer(depth - 1)),
        _joined("({} / {})", _integer(depth - 1), _one_of("2", "-3", "member.visits")),
        _joined("({} % {})", _integer(depth - 1), _one_of("2", "-3", "member.visits")),
        _joined("(-{})", _one_of("member.visits", "member.attributes.age")),
        _joined("size({})", st.one_of(_text(depth - 1), _texts(depth - 1))),
        _joined("int({})", _decimal(depth - 1)),
        _joined("int({})", _one_of('"12"', '"x"', '"-3"')),
        _joined("({} ? {} : {})", _boolean(depth - 1), _integer(depth - 1), _integer(depth - 1)),
    )


@_lazily
def _decimal(depth: int) -> st.SearchStrategy[str]:
    """Amounts, quantities, and floats of a member's attributes: doubles to CEL."""
    plain = st.one_of(
        _one_of("line.net", "line.gross", "line.margin", "sale.net", "member.spend"),
        _one_of("line.quantity", "line.unit_price", "sale.items", "member.attributes.score"),
        st.sampled_from(_QUARTERS),
    )
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        _joined("({} + {})", _decimal(depth - 1), _decimal(depth - 1)),
        _joined("({} - {})", _decimal(depth - 1), _decimal(depth - 1)),
        _joined("({} * {})", _decimal(depth - 1), _one_of("2.0", "0.5", "-3.0")),
        _joined("({} / {})", _decimal(depth - 1), _one_of("2.0", "0.25", "-4.0")),
        _joined("double({})", _one_of("member.visits", "7", '"2.5"', '"x"')),
        _joined("({} ? {} : {})", _boolean(depth - 1), _decimal(depth - 1), _decimal(depth - 1)),
    )


@_lazily
def _any() -> st.SearchStrategy[str]:
    return _one_of(
        "member.attributes.mixed",
        'member.attributes["mixed"]',
        "member.attributes.absent",
        "member.attributes.list[0]",
        "member.attributes.address.city",
        "member.attributes.mixed.city",
    )


@_lazily
def _texts(depth: int) -> st.SearchStrategy[str]:
    plain = st.one_of(
        st.just("member.segments"),
        st.lists(literal_text(), min_size=1, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
    )
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        _joined("({} + {})", _texts(depth - 1), _texts(depth - 1)),
        _joined("{}.filter(w, {})", plain, _about_word()),
        _joined('{}.map(w, w + "{}")', plain, st.sampled_from(WORDS)),
        _joined("{}.map(w, {}, w)", plain, _about_word()),
    )


@_lazily
def _about_word() -> st.SearchStrategy[str]:
    """A test of `w`, a text."""
    plain = st.one_of(
        _joined("w == {}", literal_text()),
        _joined("w.startsWith({})", literal_text()),
        _joined("w == {}", _any()),
        _joined("w < {}", _any()),
        _joined("w in [{}, {}]", literal_text(), literal_text()),
    )
    return st.one_of(plain, _joined("({} || {})", plain, _comparison(0)))


@_lazily
def _about_any(depth: int) -> st.SearchStrategy[str]:
    """A test of `x`, any value."""
    plain = st.one_of(
        _joined("x == {}", st.one_of(literal_text(), _integer(0), _decimal(0), _any())),
        _joined("x < {}", st.one_of(literal_text(), _integer(0), _decimal(0))),
        st.just("x == null"),
        st.just("x"),
    )
    return st.one_of(plain, _joined("({} && {})", plain, plain)) if depth > 0 else plain


_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_MACROS = ("exists", "all", "exists_one")


@_lazily
def _comparison(depth: int) -> st.SearchStrategy[str]:
    sign = st.sampled_from(_COMPARISONS)
    sides = st.one_of(
        st.tuples(_text(depth).map(_no_tier), _text(depth).map(_no_tier)),
        st.tuples(_integer(depth), _integer(depth)),
        st.tuples(_decimal(depth), _decimal(depth)),
        st.tuples(_any(), st.one_of(literal_text(), _integer(0), _decimal(0), _any())),
    )
    return st.tuples(sides, sign).map(lambda made: f"{made[0][0]} {made[1]} {made[0][1]}")


def _no_tier(text: str) -> str:
    """Tiers have no order here, though CEL would compare their names."""
    return "line.category" if text == "member.tier" else text


@_lazily
def _boolean(depth: int) -> st.SearchStrategy[str]:
    plain = st.one_of(
        _comparison(0),
        _joined("{} == {}", _any(), _one_of("null", "true", "false")),
        _joined("member.tier {} {}", _one_of("==", "!="), literal_text()),
        _joined("has(member.attributes.{})", _one_of("mixed", "absent", "mixed.city")),
        _joined('"{}" in member.attributes', _one_of("mixed", "absent")),
        _one_of("true", "false", "member.attributes.flag"),
    )
    if depth <= 0:
        return plain
    less = depth - 1
    macro = _one_of(*_MACROS)
    logical = _boolean(less)
    return st.one_of(
        plain,
        _comparison(less),
        _joined("!({})", logical),
        _joined("({} && {})", logical, logical),
        _joined("({} || {})", logical, logical),
        _joined("({} && {} && {})", logical, logical, logical),
        _joined("({} ? {} : {})", logical, logical, logical),
        _joined("{} in {}", _text(less), _texts(less)),
        _joined("{} in [{}, {}]", _decimal(less), _decimal(0), _decimal(0)),
        _joined("{} in [{}, {}]", _integer(less), _integer(0), _integer(0)),
        _joined("{} in member.attributes.{}", literal_text(), _one_of("list", "mixed")),
        _joined("{} == {}", _texts(less), _texts(less)),
        _joined("member.attributes.list == [{}, {}]", literal_text(), literal_text()),
        _joined("{}.{}({})", _text(less), _one_of("startsWith", "endsWith", "contains"), _text(0)),
        _joined('{}.matches("{}")', _text(less), st.sampled_from(_PATTERNS)),
        _joined("{}.{}(w, {})", _texts(0), macro, _about_word()),
        _joined("member.attributes.list.{}(x, {})", macro, _about_any(less)),
    )


def conditions() -> st.SearchStrategy[str]:
    """The text of a condition that may read a line, its sale and the member."""
    return st.integers(0, _DEPTH).flatmap(_boolean).filter(_is_within_limits)


def _is_within_limits(text: str) -> bool:
    try:
        of_sale(text)
    except ConditionProblems as refused:
        if refused.problems[0].text in (TOO_LARGE, TOO_COSTLY):
            return False
        raise
    return True


def _amounts() -> st.SearchStrategy[int]:
    return st.integers(-40, 4_000).map(lambda quarter: quarter * 25)


def _quarters() -> st.SearchStrategy[Decimal]:
    return st.integers(0, 40).map(lambda quarter: Decimal(quarter) / 4)


def lines() -> st.SearchStrategy[Line]:
    word = st.sampled_from(WORDS)
    return st.builds(
        Line,
        number=st.just(1),
        sku=word,
        name=word,
        category=word,
        kind=st.just(LineKind.GOODS),
        quantity=st.one_of(st.integers(0, 9), _quarters()),
        unit_price=_quarters(),
        net=_amounts(),
        gross=_amounts(),
        margin=_amounts(),
    )


def sales() -> st.SearchStrategy[Sale]:
    return st.builds(
        Sale,
        occurred_at=st.just(datetime(2026, 3, 1, tzinfo=UTC)),
        store=st.sampled_from(WORDS),
        channel=st.just("pos"),
        lines=st.just(()),
        shipping=st.just(0),
        net=_amounts(),
        gross=_amounts(),
        items=st.one_of(st.integers(0, 9), _quarters()),
    )


def _json(depth: int = 1) -> st.SearchStrategy[object]:
    plain: st.SearchStrategy[object] = st.one_of(
        st.sampled_from(WORDS),
        st.booleans(),
        st.none(),
        st.integers(-3, 60),
        st.integers(-8, 400).map(lambda quarter: quarter / 4),
    )
    if depth == 0:
        return plain
    return st.one_of(
        plain,
        st.lists(plain, max_size=3),
        st.dictionaries(st.sampled_from(["city", "vip"]), plain, max_size=2),
    )


def members() -> st.SearchStrategy[MemberFacts]:
    attributes = st.fixed_dictionaries(
        {},
        optional={
            "age": st.integers(-5, 99),
            "score": st.integers(-8, 400).map(lambda quarter: quarter / 4),
            "flag": st.booleans(),
            "mixed": _json(),
            "list": st.lists(_json(0), max_size=3),
            "address": st.fixed_dictionaries({}, optional={"city": st.sampled_from(WORDS)}),
        },
    )
    return st.builds(
        MemberFacts,
        tier=st.sampled_from([None, "oro", "plata"]),
        joined_days=st.integers(0, 4_000),
        birthday_month=st.integers(0, 12),
        segments=st.lists(st.sampled_from(WORDS), max_size=3).map(tuple),
        attributes=attributes,
        spend=_amounts(),
        visits=st.integers(0, 99),
    )
