"""Coupons that come with sales: claimed in the sale's own transaction, all of them or no sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import orjson

from fiel.domain.deciding import decision_record
from fiel.domain.deciding.reasons import COUPON_AWARD, Kind
from fiel.domain.decision import Award, Decision
from fiel.domain.language import N_
from fiel.domain.lots import term_of
from fiel.domain.member import MemberFacts
from fiel.domain.refusal import NotFound
from fiel.intake.asking import Ask
from fiel.intake.coupon_books import Cart, Claimed, CouponBook, Holder, open_coupons, read_counts
from fiel.intake.coupons_told import FIELD, CouponsTold
from fiel.ledger.accounts import Place as Where
from fiel.ledger.books import Book
from fiel.ledger.ids import new_id
from fiel.ledger.moving import credit
from fiel.ledger.opening import Place
from fiel.ledger.posting import Posting, Record, Told
from fiel.ledger.scope import Connection
from fiel.ledger.trips import Trip
from fiel.programs.versions import Published, Versions

COUPON = "coupon"
REDEEMED = "coupon.redeemed"


class _Understood(Protocol):
    @property
    def coupons(self) -> CouponsTold | None: ...


class _Item(Protocol):
    @property
    def ask(self) -> Ask: ...
    @property
    def understood(self) -> _Understood: ...
    @property
    def member_id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class SaleClaim:
    """Coupons that a sale may have."""

    cart: Cart
    coupons: list[Claimed]


class SaleCoupons:
    """The coupons of a group of sales, which are written together."""

    def __init__(self, published: Published, place: Place, versions: Versions | None) -> None:
        self._published = published
        self._place = place
        self._versions = versions
        self._book: CouponBook | None = None

    async def open(
        self, connection: Connection, items: Sequence[_Item], *, lock: bool = True
    ) -> None:
        """Find and lock what the sales bring, after everything else is locked."""
        bringing = [(item, item.understood.coupons) for item in items if item.understood.coupons]
        if not bringing:
            return
        assert self._versions is not None, "doors that take coupons hand the versions in"
        wanted = [
            (code, _cart_name(item.ask, told)) for item, told in bringing for code in told.codes
        ]
        self._book = await open_coupons(
            connection,
            self._published,
            self._versions,
            wanted,
            now=max(item.ask.now for item, _ in bringing),
            lock=lock,
        )
        members = {item.member_id for item, _ in bringing}
        await read_counts(connection, self._book, self._place.shard, members)

    def claim(
        self, ask: Ask, told: CouponsTold | None, book: Book, facts: MemberFacts
    ) -> SaleClaim | None:
        """The coupons of a sale, all of them; nothing is kept yet.

        Raises:
            NotFound, CouponUsed, CouponReserved, CouponExpired, NotEligible, Invalid: one of them
                cannot be had.
        """
        if told is None:
            return None
        if self._book is None:
            raise NotFound(N_("Coupons cannot be used here."))
        holder = None
        if book.standing.status != "nameless":
            holder = Holder(self._place.shard, book.member_id, facts)
        cart = Cart(_cart_name(ask, told), told.sale.occurred_at, ask.now, holder, told.sale)
        return SaleClaim(cart, self._book.claim(told.codes, cart, field=FIELD))

    def keep(
        self, posting: Posting, book: Book, sale: Told, claimed: SaleClaim | None, now: datetime
    ) -> Record:
        """Let the coupons be used by their sale, and give the points they give; their record."""
        if claimed is None:
            return {}
        assert self._book is not None, "what was claimed was opened"
        told = []
        for one in claimed.coupons:
            use = self._book.keep_used(one, claimed.cart, sale_id=sale.id)
            if one.points:
                activity = Told(
                    new_id(), COUPON, sale.source, None, sale.occurred_at, b"",
                    facts=orjson.dumps({"coupon": one.terms.id}).decode(), about=sale.id,
                )  # fmt: skip
                record = give_points(posting, book, activity, one, now)
                posting.close(book, activity, record, now=now, event=REDEEMED)
            told.append(dict(use.answer or {}))
        return {"coupons": told}

    def write(self, trip: Trip) -> None:
        """Write what the sales claimed."""
        if self._book is not None:
            self._book.claims.write(trip)


def give_points(
    posting: Posting, book: Book, told: Told, claimed: Claimed, now: datetime
) -> Record:
    """Give a member the points of a coupon, as if they were earned now; the record that says so."""
    program = posting.version.program
    awards = []
    for unit_id, points in claimed.points.items():
        unit = program.units.get(unit_id)
        if unit is not None:  # else one that the program dropped since
            term = term_of(unit, told.occurred_at, program.timezone)
            credit(posting, book, told, unit, points, term, source=Where.ISSUED, now=now)
            awards.append(Award(COUPON_AWARD, unit_id, points, {"kind": Kind.FIXED.value}))
    given = decision_record(Decision(awards=tuple(awards)))
    return {**given, "coupon": claimed.told(program)}


def _cart_name(ask: Ask, told: CouponsTold) -> str:
    """Which cart a sale was: the one it names, or itself."""
    return told.cart or ask.external_id or str(ask.id)
