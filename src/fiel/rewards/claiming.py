"""Claiming: a cart reserves, uses or gives back a coupon, and what is written for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from fiel.domain.language import N_
from fiel.ledger.arrays import plain_array
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip
from fiel.rewards.coupons import CartUse, IssuedCoupon, Seen
from fiel.rewards.refusals import (
    CouponCancelled,
    coupon_expired,
    coupon_reserved,
    coupon_used,
)

_ROWS = """
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
  coupon_id uuid, cart text, state text, reserved_until timestamptz, used_at timestamptz,
  shard smallint, member_id uuid, sale_id uuid, external_id text, fingerprint text, answer jsonb)
"""
# One that is there already is a cart that did something meanwhile: the work is done anew.
INSERT_USES = numbered(
    "new_coupon_uses",
    f"""
INSERT INTO coupon_use (program_id, coupon_id, cart, state, reserved_until, used_at, shard,
                        member_id, sale_id, external_id, fingerprint, answer)
SELECT %(program)s::uuid, coupon_id, cart, state, reserved_until, used_at, shard, member_id,
       sale_id, external_id, decode(fingerprint, 'hex'), answer
{_ROWS}
""",
)
CHANGE_USES = numbered(
    "change_coupon_uses",
    f"""
UPDATE coupon_use AS u
SET state = r.state, reserved_until = r.reserved_until, used_at = r.used_at, shard = r.shard,
    member_id = r.member_id, sale_id = r.sale_id, external_id = r.external_id,
    fingerprint = coalesce(decode(r.fingerprint, 'hex'), u.fingerprint), answer = r.answer
{_ROWS}
WHERE u.program_id = %(program)s AND u.coupon_id = r.coupon_id AND u.cart = r.cart
""",
)
COUNT = numbered(
    "count_coupons",
    """
UPDATE coupon SET used = coupon.used + counted.times
FROM unnest(%(ids)s::uuid[], %(times)s::bigint[]) AS counted (id, times)
WHERE coupon.program_id = %(program)s AND coupon.id = counted.id
""",
)
COUNT_FOR_MEMBERS = numbered(
    "count_coupons_of_members",
    """
INSERT INTO coupon_count (program_id, shard, member_id, coupon, used)
SELECT %(program)s::uuid, shard, member_id, coupon, greatest(times, 0)
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r (
  shard smallint, member_id uuid, coupon text, times integer)
ORDER BY shard, member_id, coupon
ON CONFLICT (shard, member_id, coupon) DO UPDATE
SET used = coupon_count.used + excluded.used
""",
)


@dataclass(slots=True)
class Tally:
    """A coupon while it is worked on; several carts of one group can ask for it.

    `reserved` counts the carts that hold it now.
    """

    coupon: IssuedCoupon
    most: int | None
    used: int
    reserved: int
    until: datetime | None
    carts: dict[str, CartUse] = field(default_factory=dict)

    @classmethod
    def of(
        cls, coupon: IssuedCoupon, most: int | None, seen: Mapping[str, Seen], now: datetime
    ) -> Tally:
        """What was found of a coupon, for the carts that ask for it."""
        carts = {cart: found.mine for cart, found in seen.items() if found.mine is not None}
        first = next(iter(seen.items()), None)
        reserved, until = 0, None
        if first is not None:
            cart, found = first
            mine = carts.get(cart)
            reserved = found.others + (1 if mine and mine.holds(now) else 0)
            until = found.until
        return cls(coupon, most, coupon.used, reserved, until, carts)

    def look(self, cart: str, *, at: datetime, now: datetime) -> None:
        """Refuse a coupon that a cart cannot have.

        `at` is when it is used, `now` the moment reservations are judged by.

        Raises:
            CouponCancelled: it was withdrawn.
            CouponExpired: its time was over by then.
            CouponUsed: it was used as often as it can be.
            CouponReserved: what is left of it is held by other carts.
        """
        if self.coupon.cancelled_at is not None:
            raise CouponCancelled(N_("This coupon was withdrawn."))
        if self.most is not None and self.used >= self.most:
            raise coupon_used()
        if self.coupon.ends_at is not None and at >= self.coupon.ends_at:
            raise coupon_expired()
        mine = self.carts.get(cart)
        others = self.reserved - (1 if mine and mine.holds(now) else 0)
        if self.most is not None and self.used + others >= self.most:
            raise coupon_reserved(self.until)

    def is_used_by(self, cart: str) -> bool:
        """Whether this very cart has used it."""
        mine = self.carts.get(cart)
        return mine is not None and mine.state == "used"


@dataclass(slots=True)
class Claims:
    """What carts did with coupons, to be written with whatever else is."""

    program_id: UUID
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    counted: dict[UUID, int] = field(default_factory=dict)
    of_members: dict[tuple[int, UUID, str], int] = field(default_factory=dict)

    def keep(
        self, tally: Tally, use: CartUse, *, now: datetime, fingerprint: bytes | None = None
    ) -> None:
        """Let a cart's use stand, in the tally and in what is written."""
        before = tally.carts.get(use.cart)
        if before is not None and before.holds(now):
            tally.reserved -= 1
        if use.holds(now):
            tally.reserved += 1
        was_used = before is not None and before.state == "used"
        if use.state == "used" and not was_used:
            self._count(tally)
        if use.state == "used" and not (was_used and before and before.member_id):
            self._count_for_member(tally, use)
        tally.carts[use.cart] = use
        row = _row(tally.coupon.id, use, fingerprint)
        rows = self.changed if before is not None else self.new
        rows[:] = [each for each in rows if (each["coupon_id"], each["cart"]) != _key(row)]
        rows.append(row)

    def _count(self, tally: Tally) -> None:
        tally.used += 1
        if tally.most is not None:
            self.counted[tally.coupon.id] = self.counted.get(tally.coupon.id, 0) + 1

    def _count_for_member(self, tally: Tally, use: CartUse) -> None:
        if use.member_id is not None and use.shard is not None:
            key = (use.shard, use.member_id, tally.coupon.coupon)
            self.of_members[key] = self.of_members.get(key, 0) + 1

    def write(self, trip: Trip) -> None:
        """Write everything that stands."""
        program = str(self.program_id)
        if self.counted:
            counted = sorted(self.counted.items())
            ids, times = (
                plain_array(each[0] for each in counted),
                plain_array(each[1] for each in counted),
            )
            trip.ask(COUNT, {"program": program, "ids": ids, "times": times})
        if self.new:
            trip.ask(INSERT_USES, {"program": program, "rows": _json(self.new)})
        if self.changed:
            trip.ask(CHANGE_USES, {"program": program, "rows": _json(self.changed)})
        if self.of_members:
            rows = [
                {"shard": shard, "member_id": member_id, "coupon": coupon, "times": times}
                for (shard, member_id, coupon), times in self.of_members.items()
            ]
            trip.ask(COUNT_FOR_MEMBERS, {"program": program, "rows": _json(rows)})


def released(use: CartUse) -> CartUse:
    """A use that was given back."""
    return replace(use, state="free", reserved_until=None)


def _row(coupon_id: UUID, use: CartUse, fingerprint: bytes | None) -> dict[str, Any]:
    return {
        "coupon_id": str(coupon_id),
        "cart": use.cart,
        "state": use.state,
        "reserved_until": use.reserved_until,
        "used_at": use.used_at,
        "shard": use.shard,
        "member_id": use.member_id,
        "sale_id": use.sale_id,
        "external_id": use.external_id,
        "fingerprint": None if fingerprint is None else fingerprint.hex(),
        "answer": use.answer,
    }


def _key(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["coupon_id"], row["cart"]


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return orjson.dumps(list(rows)).decode()
