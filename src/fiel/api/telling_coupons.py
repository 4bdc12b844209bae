"""Coupons as answers tell them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fiel.api.telling import Told, told_time
from fiel.domain.couponing import Reasons
from fiel.domain.language import say
from fiel.domain.program import Program
from fiel.intake.coupons import Looked
from fiel.rewards.claiming import Tally
from fiel.rewards.coupons import CartUse


def told_coupon(looked: Looked, program: Program, now: datetime) -> Told:
    """A coupon: what it gives, and how it stands for the cart that asked."""
    tally, terms, money = looked.tally, looked.terms, program.currency.decimal
    issued, mine = tally.coupon, looked.mine
    holds = mine is not None and mine.holds(now)
    return {
        "id": issued.id,
        "code": issued.code,
        "coupon": issued.coupon,
        "kind": terms and terms.kind,
        "amount": money(terms.amount) if terms and terms.amount is not None else None,
        "percent": format(terms.percent, "f") if terms and terms.percent is not None else None,
        "sku": terms and terms.sku,
        "give": dict(terms.give) if terms else {},
        "min_spend": money(terms.min_spend) if terms and terms.min_spend is not None else None,
        "stack": bool(terms and terms.stack),
        "members_only": bool(terms and terms.members_only),
        "member": issued.member_id,
        "status": _status(tally, now),
        "uses": tally.most,
        "used": tally.used,
        "expires_at": told_time(issued.ends_at),
        "reserved_until": told_time(mine.reserved_until if mine and holds else tally.until),
        "cart": mine.cart if mine and holds else None,
    }


def told_checked(looked: Looked, program: Program, now: datetime, language: str) -> Told:
    """A coupon with what it would give, or why it would not."""
    claimed = looked.claimed
    given = claimed.told(program) if claimed else {"discount": None, "lines": [], "points": {}}
    reasons: list[str] = []
    for found in looked.reasons:
        if isinstance(found, Reasons):
            reasons += found.said(language)
        else:
            reasons.append(say(language, found.text, **found.parameters))
    return {
        **told_coupon(looked, program, now),
        "valid": claimed is not None,
        "reasons": reasons,
        "blocked_by": list(looked.blocked_by),
        **{name: given[name] for name in ("discount", "lines", "points")},
    }


def told_redeemed(tally: Tally, use: CartUse) -> Told:
    """A use of a coupon, as it is told whenever it is asked for."""
    given = use.answer or {}
    return {
        "id": tally.coupon.id,
        "code": tally.coupon.code,
        "coupon": tally.coupon.coupon,
        "status": "used",
        "cart": use.cart,
        "external_id": use.external_id,
        "member": use.member_id,
        "sale": use.sale_id,
        "discount": given.get("discount"),
        "lines": given.get("lines", []),
        "points": given.get("points", {}),
        "used_at": told_time(use.used_at),
    }


def told_made(row: tuple[Any, ...], now: datetime) -> Told:
    """A code of a batch."""
    coupon_id, code, coupon, _, made_at, ends_at, cancelled_at, used, most, _ = row
    return {
        "id": coupon_id,
        "code": code,
        "coupon": coupon,
        "status": _stands(cancelled_at, ends_at, used, most, now) or "active",
        "uses": most,
        "used": used,
        "made_at": told_time(made_at),
        "expires_at": told_time(ends_at),
    }


def _status(tally: Tally, now: datetime) -> str:
    issued, most = tally.coupon, tally.most
    stands = _stands(issued.cancelled_at, issued.ends_at, tally.used, most, now)
    if stands is not None:
        return stands
    is_held = most is not None and tally.used + tally.reserved >= most
    return "reserved" if is_held else "active"


def _stands(
    cancelled_at: datetime | None,
    ends_at: datetime | None,
    used: int,
    most: int | None,
    now: datetime,
) -> str | None:
    """What a coupon has come to, where that is an end."""
    if cancelled_at is not None:
        return "cancelled"
    if most is not None and used >= most:
        return "used"
    return "expired" if ends_at is not None and now >= ends_at else None
