"""No text is answered by anything but a condition or its problems, and none evaluates wildly."""

from __future__ import annotations

import contextlib

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fiel.domain.conditions import (
    CannotEvaluate,
    Condition,
    ConditionProblem,
    ConditionProblems,
    Scope,
    check_condition,
)
from fiel.domain.member import MemberFacts
from tests.domain.conditions.cast import (
    CAPPUCCINOS,
    EUR,
    REVIEW,
    TICKET,
    of_sale,
    with_attributes,
)
from tests.domain.conditions.writing import conditions

_WORDS = """line sale member activity .sku .net .tier .segments .attributes .x [ ] ( ) { } ? : , .
    ! -
    == != < <= > >= && || + - * / % in has( size( .exists(a, .map(a, .filter(a, .matches( "a" 'b'
    "[" 1 2.5 .5 1e300 1e-300 1e-999999999 9223372036854775807 0x1F 1u null true false a b"c"
    = & | and “ ” ñ 😀 " ' // @ # $ ` ; type( int( double( string( dyn( .all( timestamp(
    google.protobuf.Int32Value{ __result__ @result"""
_TOKENS = st.sampled_from([*_WORDS.split(), " ", "\t", "\n", "\x00", "\ud800", "\\"])


def _check(text: str, scope: Scope) -> None:
    problems: tuple[ConditionProblem, ...] = ()
    try:
        condition = check_condition(text, scope=scope, currency=EUR)
    except ConditionProblems as refused:
        problems = refused.problems
    else:
        _evaluate(condition, with_attributes(x=[1, "a"]))
        return

    assert problems
    for problem in problems:
        assert 0 <= problem.offset <= len(text)
        assert problem.text.format(**problem.parameters)


def _evaluate(condition: Condition, member: MemberFacts) -> None:
    with contextlib.suppress(CannotEvaluate):
        answer = condition.matches(CAPPUCCINOS, TICKET, member, REVIEW)
        assert answer is True or answer is False


@given(text=st.text(max_size=60), scope=st.sampled_from(Scope))
@example(text="1e-999999999 < 1.0", scope=Scope.MEMBER)
@example(text="`a-b`.c == 1", scope=Scope.MEMBER)
@example(text="line.`sku` == 'a'", scope=Scope.SALE)
@example(text=".member.visits > 1", scope=Scope.MEMBER)
@example(text="\u2028 == \x85", scope=Scope.MEMBER)
@settings(deadline=None)
def test_no_text_is_answered_by_anything_but_problems(text: str, scope: Scope) -> None:
    _check(text, scope)


@given(tokens=st.lists(_TOKENS, max_size=14), scope=st.sampled_from(Scope))
@settings(max_examples=200, deadline=None)
def test_no_row_of_tokens_is_answered_by_anything_but_problems(
    tokens: list[str], scope: Scope
) -> None:
    _check(" ".join(tokens), scope)
    _check("".join(tokens), scope)


_WILD = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.decimals(),
        st.text(max_size=5),
        st.just(10**500),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    text=conditions(),
    values=st.dictionaries(
        st.sampled_from(["age", "score", "flag", "mixed", "list", "address"]), _WILD
    ),
)
@settings(max_examples=200, deadline=None)
def test_no_value_is_answered_by_anything_but_yes_no_or_cannot(
    text: str, values: dict[str, object]
) -> None:
    _evaluate(of_sale(text), with_attributes(**values))
