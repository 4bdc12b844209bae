"""The coupons that a sale brings, as they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fiel.domain.activity import Sale
from fiel.domain.codes import normal_code
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem

FIELD = "coupons"


@dataclass(frozen=True, slots=True)
class CouponsTold:
    """The codes that came with a sale, which cart it was, and the sale before points paid."""

    codes: Sequence[str]
    cart: str | None
    sale: Sale


def refuse_same_twice(codes: Sequence[str]) -> list[FieldProblem]:
    """The problems of codes that stand in a list twice, however they are written."""
    seen: dict[str, int] = {}
    problems = []
    for index, code in enumerate(codes):
        if seen.setdefault(normal_code(code), index) != index:
            text = N_("The same coupon stands there twice.")
            problems.append(FieldProblem(f"{FIELD}[{index}]", "twice", text))
    return problems
