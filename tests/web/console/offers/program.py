"""The Café Sol with coupons, budgets and promotions that come, run and are over."""

from __future__ import annotations

from tests.web.program import STAGE_PROGRAM
from tests.web.stage import Queries

MOST = 20


def asked_by(queries: Queries) -> int:
    """How many statements a page sent; whoever delivers webhooks sends its own now and then."""
    return sum(calls for text, calls in queries.statements if "webhook" not in text)


OFFERS_PROGRAM = (
    STAGE_PROGRAM.replace(
        'price: {points: 20}, cost: "0.80", stock: 100}',
        'price: {points: 20}, cost: "0.80", stock: 100, budget: "40.00"}',
    ).replace(
        "  - {id: sello, event: sale",
        """  - {id: verano, event: sale, multiply: 3, when: {from: 2026-06-01, to: 2026-06-30}}
  - {id: reyes, event: sale, give: {points: 5}, when: {from: 2031-01-05, to: 2031-01-06}}
  - {id: bienvenido, event: sale, give: {points: 7}, budget: {points: 70}, holdout: {share: 10}}
  - {id: sello, event: sale""",
        1,
    )
    + """coupons:
  - {id: bienvenida, kind: discount, amount: "5.00", valid: 30 days, name: {en: Welcome}}
  - {id: verano, kind: discount, percent: 10, code: VERANO-26, stack: true, uses: 100}
segments:
  - {id: habituales, name: {es: Habituales, en: Regulars}, where: member.frequency >= 2}
"""
)
