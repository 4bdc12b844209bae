"""Coupons in plain sentences."""

from __future__ import annotations

import pytest

from fiel.domain.document import read_program
from fiel.programs.words import rules_in_words
from tests.domain.document.faults import HEAD

TOLD = {
    '{id: dto, name: Ven, kind: discount, amount: "5.00", valid: 30 days, min_spend: "20.00"}': (
        "Ven: €5.00 off a purchase. For purchases of €20.00 or more. You have 30 days to use it. "
        "Each code can be used 1 time. It cannot be used together with other coupons."
    ),
    "{id: diez, kind: discount, percent: 10, code: SOL-10, per_member: 2, stack: true}": (
        "diez: 10% off a purchase. The code is SOL-10. Each member can use it 2 times. "
        "It can be used together with other coupons."
    ),
    "{id: cafe, kind: product, sku: CAP-01, uses: 500, members_only: true}": (
        "cafe: one “CAP-01” free. Only for members. Each code can be used 500 times. "
        "It cannot be used together with other coupons."
    ),
    "{id: p, kind: points, give: {points: 50}, when: {to: 2026-12-31}}": (
        "p: 50 puntos. Until December 31, 2026, included. Each code can be used 1 time. "
        "It cannot be used together with other coupons."
    ),
}


@pytest.mark.parametrize("source", TOLD)
def test_a_coupon_is_told_whole(source):
    program = read_program(f"{HEAD}coupons:\n  - {source}\n")

    (section,) = [each for each in rules_in_words(program, "en") if each.title == "Coupons"]

    assert section.paragraphs == (TOLD[source],)
