"""What a coupon gives, for which sales, and why it does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.conditions import CannotEvaluate, Condition
from fiel.domain.deciding.schedules import is_open
from fiel.domain.language import N_, say
from fiel.domain.member import MemberFacts
from fiel.domain.money import Amount, Currency
from fiel.domain.program import Coupon, CouponKind


class Why(StrEnum):
    """Why a coupon cannot be used here."""

    MEMBER = "member"
    OTHER_MEMBER = "other_member"
    WHEN = "when"
    WHERE = "where"
    MIN_SPEND = "min_spend"
    PRODUCT = "product"
    STACK = "stack"
    PER_MEMBER = "per_member"


_TEXTS = {
    Why.MEMBER: N_("Only members can use it."),
    Why.OTHER_MEMBER: N_("It belongs to another member."),
    Why.WHEN: N_("It cannot be used at this time."),
    Why.WHERE: N_("Its conditions are not met."),
    Why.MIN_SPEND: N_("The goods must come to {amount} or more."),
    Why.PRODUCT: N_("The sale has no {article}."),
    Why.STACK: N_("It cannot be used together with other coupons."),
    Why.PER_MEMBER: N_("The member has used it as often as one member may."),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason against a coupon, to be told in any language."""

    why: Why
    parameters: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reasons:
    """All reasons against a coupon; a fact of a refusal."""

    found: tuple[Reason, ...]

    def said(self, language: str) -> list[str]:
        """Each reason in words."""
        return [say(language, _TEXTS[each.why], **each.parameters) for each in self.found]

    @property
    def codes(self) -> list[str]:
        """Each reason's code."""
        return [str(each.why) for each in self.found]


@dataclass(frozen=True, slots=True)
class Use:
    """What a coupon is to be used for; `sale` and `facts` are None where they are not told."""

    local: datetime  # in the program's zone
    sale: Sale | None = None
    facts: MemberFacts | None = None
    beside: Sequence[Coupon] = ()


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off a sale, in minor units, and off which of its lines."""

    total: int
    lines: Mapping[int, int] = field(default_factory=dict)  # number of the line → its part


def is_over(coupon: Coupon, local: datetime) -> bool:
    """Whether the coupon's last day has passed."""
    return (
        coupon.when is not None and coupon.when.last is not None and local.date() > coupon.when.last
    )


def hindrances(coupon: Coupon, use: Use, *, currency: Currency) -> list[Reason]:
    """Why a coupon gives nothing here; what the sale decides is not asked where none is told."""
    found: list[Reason] = []
    if use.facts is None and (coupon.members_only or coupon.kind is CouponKind.POINTS):
        found.append(Reason(Why.MEMBER))
    if coupon.when is not None and not is_open(coupon.when, use.local):
        found.append(Reason(Why.WHEN))
    if use.beside and not all(each.stack for each in (coupon, *use.beside)):
        found.append(Reason(Why.STACK))
    sale = use.sale
    if sale is None:
        if (
            coupon.where is not None
            and not _reads_sale(coupon.where)
            and not _holds(coupon.where, use)
        ):
            found.append(Reason(Why.WHERE))
        return found
    lines = _lines(coupon, use)
    if coupon.where is not None and not lines:
        found.append(Reason(Why.WHERE))
    if coupon.min_spend is not None and sale.gross < coupon.min_spend:
        found.append(Reason(Why.MIN_SPEND, {"amount": Amount(coupon.min_spend, currency)}))
    if coupon.kind is CouponKind.PRODUCT and not any(line.sku == coupon.sku for line in lines):
        found.append(Reason(Why.PRODUCT, {"article": coupon.sku}))
    return found


def discount_of(coupon: Coupon, use: Use, *, taken: Mapping[int, int]) -> Discount:
    """What a coupon takes off a sale; never more than is left of its goods.

    `taken` is what others took off already, by line. A percentage is rounded half up, and what is
    taken off several lines is spread by their value to the last minor unit.
    """
    assert use.sale is not None, "only of a sale"
    left = {
        line.number: line.gross - taken.get(line.number, 0)
        for line in _lines(coupon, use)
        if line.gross > taken.get(line.number, 0)
    }
    if coupon.kind is CouponKind.PRODUCT:
        left = _one_article(coupon, use.sale.lines, left)
    goods = sum(left.values())
    match coupon.kind:
        case CouponKind.POINTS:
            return Discount(0)
        case CouponKind.PRODUCT:
            total = goods
        case CouponKind.DISCOUNT if coupon.amount is not None:
            total = min(coupon.amount, goods)
        case CouponKind.DISCOUNT:
            assert coupon.percent is not None, "a discount has an amount or a percentage"
            total = min(half_up(Fraction(goods) * Fraction(coupon.percent) / 100), goods)
    return Discount(total, _spread(total, left))


def half_up(amount: Fraction) -> int:
    """A fraction of minor units, not below zero, rounded half up."""
    return int(amount + Fraction(1, 2))


def terms_of_reward(
    identifier: str, *, amount: int | None, percent: Decimal | None
) -> dict[str, str | int]:
    """The terms of a coupon that a reward gives, as they are kept with it."""
    assert (amount is None) != (percent is None), "a discount has an amount or a percentage"
    terms: dict[str, str | int] = {"id": identifier}
    if amount is not None:
        terms["amount"] = amount
    if percent is not None:
        terms["percent"] = str(percent)
    return terms


def coupon_of_terms(terms: Mapping[str, Any]) -> Coupon:
    """The coupon whose terms were kept."""
    return Coupon(
        id=str(terms["id"]),
        kind=CouponKind.DISCOUNT,
        amount=terms.get("amount"),
        percent=Decimal(terms["percent"]) if "percent" in terms else None,
        stack=True,
    )


def _reads_sale(condition: Condition) -> bool:
    return any(name.startswith(("line.", "sale.")) for name in condition.reads)


def _holds(condition: Condition, use: Use, line: Line | None = None) -> bool:
    try:
        return condition.matches(line, use.sale, use.facts or MemberFacts(), None)
    except CannotEvaluate:
        return False


def _lines(coupon: Coupon, use: Use) -> list[Line]:
    """The goods that a coupon is about."""
    assert use.sale is not None, "only of a sale"
    goods = [line for line in use.sale.lines if line.kind is not LineKind.GIFT_CARD]
    where = coupon.where
    if where is None:
        return goods
    if any(name.startswith("line.") for name in where.reads):
        return [line for line in goods if _holds(where, use, line)]
    return goods if _holds(where, use) else []


def _one_article(coupon: Coupon, lines: Iterable[Line], left: Mapping[int, int]) -> dict[int, int]:
    """The price of the dearest one of an article, as far as it is left."""
    prices = {
        line.number: min(left[line.number], half_up(Fraction(line.gross) / Fraction(line.quantity)))
        if line.quantity > 1
        else left[line.number]
        for line in lines
        if line.sku == coupon.sku and line.number in left
    }
    if not prices:
        return {}
    number = max(prices, key=lambda number: (prices[number], -number))
    return {number: prices[number]}


def _spread(total: int, values: Mapping[int, int]) -> dict[int, int]:
    """Parts of a total by value, that come to it exactly."""
    whole = sum(values.values())
    parts: dict[int, int] = {}
    before = given = 0
    for number, value in values.items():
        before += value
        part = total * before // whole - given
        given += part
        if part:
            parts[number] = part
    return parts
