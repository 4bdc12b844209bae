"""Google's CEL runtime is the oracle: what it answers, the generated Python answers."""

from __future__ import annotations

from cel_expr_python import cel
from hypothesis import given, settings

from fiel.domain.activity import Line, Sale
from fiel.domain.conditions import CannotEvaluate
from fiel.domain.member import MemberFacts
from tests.domain.conditions.cast import of_sale
from tests.domain.conditions.writing import conditions, lines, members, sales

_DOUBLE, _TEXT, _INT = cel.Type.DOUBLE, cel.Type.STRING, cel.Type.INT
_ORACLE = cel.NewEnv(
    variables={
        **{f"line.{name}": _TEXT for name in ("sku", "name", "category")},
        **{
            f"line.{name}": _DOUBLE for name in ("quantity", "unit_price", "net", "gross", "margin")
        },
        **{f"sale.{name}": _DOUBLE for name in ("net", "gross", "items")},
        **{f"sale.{name}": _TEXT for name in ("store", "channel")},
        "member.tier": _TEXT,
        **{f"member.{name}": _INT for name in ("joined_days", "birthday_month", "visits")},
        "member.segments": cel.Type.List(_TEXT),
        "member.attributes": cel.Type.Map(_TEXT, cel.Type.DYN),
        "member.spend": _DOUBLE,
    }
)


def _values(line: Line, sale: Sale, member: MemberFacts) -> dict[str, object]:
    return {
        "line.sku": line.sku,
        "line.name": line.name,
        "line.category": line.category,
        "line.quantity": float(line.quantity),
        "line.unit_price": float(line.unit_price),
        "line.net": line.net / 100,
        "line.gross": line.gross / 100,
        "line.margin": line.margin / 100,
        "sale.net": sale.net / 100,
        "sale.gross": sale.gross / 100,
        "sale.items": float(sale.items),
        "sale.store": sale.store,
        "sale.channel": sale.channel,
        "member.tier": member.tier or "",
        "member.joined_days": member.joined_days,
        "member.birthday_month": member.birthday_month,
        "member.visits": member.visits,
        "member.segments": list(member.segments),
        "member.attributes": dict(member.attributes),
        "member.spend": member.spend / 100,
    }


def _answer_of_cel(text: str, values: dict[str, object]) -> bool | None:
    value = _ORACLE.compile(text).eval(data=values)
    return value.value() if value.type() == cel.Type.BOOL else None


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
    expected = _answer_of_cel(text, _values(line, sale, member))

    assert _our_answer(text, line, sale, member) == expected
