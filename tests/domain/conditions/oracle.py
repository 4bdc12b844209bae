"""The CEL runtime, asked about the same conditions and values."""

from __future__ import annotations

from cel_expr_python import cel

from fiel.domain.activity import Line, Sale
from fiel.domain.member import MemberFacts

_DOUBLE, _TEXT, _INT = cel.Type.DOUBLE, cel.Type.STRING, cel.Type.INT
ENVIRONMENT = cel.NewEnv(
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


def values_for_cel(line: Line, sale: Sale, member: MemberFacts) -> dict[str, object]:
    """What a condition reads, as CEL knows it: amounts in major units, as floats."""
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


def answer_of_cel(text: str, values: dict[str, object]) -> bool | None:
    """What the CEL runtime answers; None where it fails."""
    value = ENVIRONMENT.compile(text).eval(data=values)
    return value.value() if value.type() == cel.Type.BOOL else None
