"""The cast of these tests: Ana buys two cappuccinos at the Café Sol."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from fiel.domain.activity import Action, Line, LineKind, Sale
from fiel.domain.conditions import Condition, Scope, check_condition
from fiel.domain.member import MemberFacts
from fiel.domain.money import Currency, currency

EUR = currency("EUR")
MORNING = datetime(2026, 3, 1, 9, 15, tzinfo=UTC)

CAPPUCCINOS = Line(
    number=1,
    sku="CAP-01",
    name="Capuchino",
    category="cafe",
    kind=LineKind.GOODS,
    quantity=2,
    unit_price=Decimal("3.10"),
    net=620,
    gross=682,
    margin=460,
)
TICKET = Sale(
    occurred_at=MORNING,
    store="centro",
    channel="pos",
    lines=(CAPPUCCINOS,),
    shipping=0,
    net=620,
    gross=682,
    items=2,
)
ANA = MemberFacts(
    tier="oro",
    joined_days=400,
    birthday_month=5,
    segments=("vip", "madrid"),
    attributes={"favourite": "latte", "children": 2},
    spend=120_000,
    visits=31,
)
REVIEW = Action(MORNING, "review", {"stars": 5, "photos": ["a.jpg", "b.jpg"]})


def of_sale(text: str, *, money: Currency = EUR) -> Condition:
    """A condition of a sale rule."""
    return check_condition(text, scope=Scope.SALE, currency=money)


def of_activity(text: str) -> Condition:
    """A condition of an activity rule."""
    return check_condition(text, scope=Scope.ACTIVITY, currency=EUR)


def matches(
    text: str,
    *,
    line: Line = CAPPUCCINOS,
    sale: Sale = TICKET,
    member: MemberFacts = ANA,
    money: Currency = EUR,
) -> bool:
    """Whether a sale rule's condition holds."""
    return of_sale(text, money=money).matches(line, sale, member, None)


def with_attributes(**attributes: object) -> MemberFacts:
    """Ana with other attributes."""
    return replace(ANA, attributes=attributes)
