"""Google's CEL runtime is the oracle: what it answers, the generated Python answers."""

from __future__ import annotations

from hypothesis import given, settings

from fiel.domain.activity import Line, Sale
from fiel.domain.conditions import CannotEvaluate
from fiel.domain.member import MemberFacts
from tests.domain.conditions.cast import of_sale
from tests.domain.conditions.oracle import answer_of_cel, values_for_cel
from tests.domain.conditions.writing import conditions, lines, members, sales


def _our_answer(text: str, line: Line, sale: Sale, member: MemberFacts) -> bool | None:
    try:
        return of_sale(text).matches(line, sale, member, None)
    except CannotEvaluate:
        return None


@given(text=conditions(), line=lines(), sale=sales(), member=members())
@settings(max_examples=200, deadline=None)
def test_a_condition_answers_what_cel_answers_and_fails_where_cel_fails(
    text: str, line: Line, sale: Sale, member: MemberFacts
) -> None:
    expected = answer_of_cel(text, values_for_cel(line, sale, member))

    assert _our_answer(text, line, sale, member) == expected
