"""Coupons at a checkout: what one would give, who holds it, and that it is used once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from fiel.domain.activity import Sale
from fiel.domain.couponing import Reason, Reasons
from fiel.domain.language import N_
from fiel.domain.program import Coupon
from fiel.domain.refusal import FieldProblem, Refusal
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.coupons import CouponBody
from fiel.intake.contents.errors import invalid
from fiel.intake.coupon_books import (
    NO_CART,
    Cart,
    Claimed,
    CouponBook,
    Holder,
    open_coupons,
    read_counts,
)
from fiel.intake.desk import Desk, Request, at_desk
from fiel.intake.gift_cards import once_more, where_is
from fiel.intake.groups import ExternalIdReused, unknown_member
from fiel.intake.recording import Lend
from fiel.intake.redeeming_facts import member_facts
from fiel.intake.resolving import LED_ON, MovedAway
from fiel.intake.sale_coupons import COUPON, REDEEMED, give_points
from fiel.intake.sales import understood_sale
from fiel.ledger.books import Book
from fiel.ledger.opening import Asked, Place, open_books
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection, program_snapshot
from fiel.ledger.trips import Trip
from fiel.members.facts import ask_people
from fiel.members.references import MemberRef
from fiel.programs.versions import Published, Versions
from fiel.rewards.claiming import Tally, released
from fiel.rewards.coupons import CartUse, use_named
from fiel.rewards.refusals import coupon_expired, coupon_used


@dataclass(frozen=True, slots=True)
class Looked:
    """A coupon as a cart finds it; `blocked_by` names what keeps the cart from having it."""

    tally: Tally
    terms: Coupon | None
    claimed: Claimed | None
    blocked_by: tuple[str, ...] = ()
    reasons: tuple[Refusal | Reasons, ...] = ()
    mine: CartUse | None = None


@dataclass(frozen=True, slots=True)
class Till:
    """What coupons are worked on with: connections, programs, and the moment."""

    lend: Lend
    versions: Versions
    published: Published
    now: datetime

    async def in_force(self, connection: Connection) -> Till:
        """The same with the version that decides now, inside the program's transaction."""
        published = await self.versions.in_force(connection, self.published.program_id)
        return replace(self, published=published)


async def look_at_coupon(till: Till, code: str, body: CouponBody) -> Looked:
    """What a coupon would give a cart, or why it would not; nothing is written.

    Raises:
        NotFound: no coupon bears the code, or there is no such member.
    """
    name = _cart_named(body) or NO_CART
    program_id = till.published.program_id
    async with till.lend() as connection, program_snapshot(connection, program_id):
        here = await till.in_force(connection)
        sale = _sale(here, body)
        holder = await _holder(here, connection, _member(body), lock=False)
        book = await open_coupons(
            connection, here.published, till.versions, [(code, name)], now=till.now, lock=False
        )
        tally = book.tally(code)
        if holder is not None:
            await read_counts(connection, book, holder.shard, [holder.member_id])
        return _looked(book, tally, _cart(here, name, holder, sale))


async def reserve_coupon(till: Till, code: str, body: CouponBody) -> Looked:
    """Let a cart hold a coupon until its minutes are over; asked again, they count anew.

    Raises:
        NotFound: no coupon bears the code, or there is no such member.
        Invalid: no cart is named.
        CouponReserved, CouponUsed, CouponExpired, CouponCancelled, NotEligible: it cannot be had.
    """
    name = _cart_named(body)
    if name is None:
        raise invalid([FieldProblem("cart", "missing", N_("This field is required."))])

    async def reserve(connection: Connection) -> Looked:
        here = await till.in_force(connection)
        holder, book = await _opened(here, connection, code, name, _member(body))
        cart, tally = _cart(till, name, holder, _sale(here, body)), book.tally(code)
        if tally.is_used_by(name):
            raise coupon_used()
        (claimed,) = book.claim([code], cart)
        use = CartUse(
            cart=name,
            state="reserved",
            reserved_until=till.now + timedelta(minutes=body.minutes),
            shard=holder.shard if holder else None,
            member_id=holder.member_id if holder else None,
            answer=claimed.told(here.published.program),
        )
        book.claims.keep(tally, use, now=till.now)
        await _write(connection, book)
        return Looked(tally, claimed.terms, claimed, mine=use)

    return await once_more(till.lend, till.published.program_id, reserve)


async def release_coupon(till: Till, code: str, body: CouponBody) -> Looked:
    """Let a coupon go that a cart holds; one that it does not hold stays as it is.

    Raises:
        NotFound: no coupon bears the code.
        CouponUsed: the cart has used it.
        CouponReserved: another cart holds it.
    """
    name = _cart_named(body) or NO_CART

    async def release(connection: Connection) -> Looked:
        here = await till.in_force(connection)
        book = await open_coupons(
            connection, here.published, till.versions, [(code, name)], now=till.now, lock_all=True
        )
        tally = book.tally(code)
        if tally.is_used_by(name):
            raise coupon_used()
        mine = tally.carts.get(name)
        if mine is not None and mine.state == "reserved":
            book.claims.keep(tally, released(mine), now=till.now)
            await _write(connection, book)
        else:
            tally.look(name, at=tally.coupon.made_at, now=till.now)
        return Looked(tally, book.terms.get(tally.coupon.id), None)

    return await once_more(till.lend, till.published.program_id, release)


async def redeem_coupon(
    till: Till, code: str, body: CouponBody, *, id: UUID
) -> tuple[Tally, CartUse]:
    """Let a cart use a coupon; the same cart, or the same external id, is answered the same.

    Points that it gives are the member's at once. What depends on the sale is judged where the
    sale is told.

    Raises:
        NotFound: no coupon bears the code, or there is no such member.
        CouponReserved, CouponUsed, CouponExpired, CouponCancelled, NotEligible: it cannot be had.
        ExternalIdReused: the external id belongs to another use.
    """
    name = _cart_named(body) or body.external_id or str(id)
    fingerprint = fingerprint_of(body)
    program_id = till.published.program_id

    async def redeem(connection: Connection) -> tuple[Tally, CartUse] | MemberRef:
        here = await till.in_force(connection)
        holder, book = await _opened(here, connection, code, name, _member(body))
        tally = book.tally(code)
        if earlier := await _used_before(connection, book, tally, name, body, fingerprint):
            return tally, earlier
        cart = _cart(till, name, holder, _sale(here, body))
        (claimed,) = book.claim([code], cart)
        if claimed.points:
            return cast(MemberRef, _member(body))
        use = book.keep_used(claimed, cart, external_id=body.external_id, fingerprint=fingerprint)
        await _write(connection, book)
        return tally, use

    done = await once_more(till.lend, program_id, redeem)
    if isinstance(done, tuple):
        return done
    return await _redeem_points(till, code, body, name, fingerprint, id, done)


async def _redeem_points(
    till: Till,
    code: str,
    body: CouponBody,
    name: str,
    fingerprint: bytes,
    id: UUID,
    member: MemberRef,
) -> tuple[Tally, CartUse]:
    """Use a coupon that gives points: the member's book is open meanwhile."""

    async def work(desk: Desk) -> tuple[Tally, CartUse]:
        here = replace(till, published=desk.published)
        (book,) = await desk.open(member)
        place = desk.place(book)
        holder = await _as_holder(here, desk.connection, place, book)
        coupons = await open_coupons(
            desk.connection, desk.published, till.versions, [(code, name)],
            now=till.now, lock_all=True,
        )  # fmt: skip
        await read_counts(desk.connection, coupons, place.shard, [book.member_id])
        cart = _cart(till, name, holder, _sale(here, body))
        (claimed,) = coupons.claim([code], cart)
        use = coupons.keep_used(
            claimed, cart, external_id=body.external_id, fingerprint=fingerprint
        )
        told = desk.told(facts={"coupon": claimed.terms.id})
        record = give_points(desk.posting(book), book, told, claimed, till.now)
        desk.close(book, told, record, event=REDEEMED)
        desk.after(coupons.claims.write)
        return claimed.tally, use

    request = Request(COUPON, fingerprint, till.now, id=id)
    done = await at_desk(till.lend, till.versions, till.published.program_id, request, work)
    if done.result is not None:
        return done.result
    return await _read_use(till, code, name)


async def _read_use(till: Till, code: str, name: str) -> tuple[Tally, CartUse]:
    program_id = till.published.program_id
    async with till.lend() as connection, program_snapshot(connection, program_id):
        book = await open_coupons(
            connection, till.published, till.versions, [(code, name)], now=till.now, lock=False
        )
    tally = book.tally(code)
    return tally, tally.carts[name]


async def _opened(
    till: Till, connection: Connection, code: str, name: str, member: MemberRef | None
) -> tuple[Holder | None, CouponBook]:
    """The member, locked, and then the coupon: in the order in which sales lock them."""
    holder = await _holder(till, connection, member)
    book = await open_coupons(
        connection, till.published, till.versions, [(code, name)], now=till.now, lock_all=True
    )
    if holder is not None:
        await read_counts(connection, book, holder.shard, [holder.member_id])
    return holder, book


async def _used_before(
    connection: Connection,
    book: CouponBook,
    tally: Tally,
    name: str,
    body: CouponBody,
    fingerprint: bytes,
) -> CartUse | None:
    if body.external_id is not None:
        named = await use_named(connection, book.published.program_id, body.external_id)
        if named is not None and named != (tally.coupon.id, name, fingerprint):
            raise ExternalIdReused(
                N_("“{external_id}” was recorded before with other content."),
                problems=[
                    FieldProblem(
                        "external_id",
                        "reused",
                        N_("Send the same content again, or another external_id."),
                    )
                ],
                external_id=body.external_id,
            )
    return tally.carts[name] if tally.is_used_by(name) else None


def _looked(book: CouponBook, tally: Tally, cart: Cart) -> Looked:
    terms = book.terms.get(tally.coupon.id)
    mine = tally.carts.get(cart.name)
    refusals: list[Refusal] = []
    try:
        tally.look(cart.name, at=cart.at, now=cart.now)
        if book.is_over(tally, cart.at):
            refusals.append(coupon_expired())
    except Refusal as refusal:
        refusals.append(refusal)
    found: list[Reason] = book.reasons(tally, cart) if terms is not None else []
    reasons = Reasons(tuple(found))
    blocked_by = (*(refusal.code for refusal in refusals), *reasons.codes)
    claimed = book.given(tally, cart) if terms is not None and not blocked_by else None
    return Looked(tally, terms, claimed, blocked_by, (*refusals, reasons), mine)


async def _holder(
    till: Till, connection: Connection, member: MemberRef | None, *, lock: bool = True
) -> Holder | None:
    if member is None:
        return None
    published = till.published
    found = await where_is(connection, published, member)
    place = Place(published.program_id, found.shard)
    if lock:
        opened = await open_books(connection, place, Asked([found.member_id], till.now))
        book = opened.get(found.member_id)
    else:
        book = await book_now(connection, place, found.member_id, till.now, published.program)
    if book is not None and book.standing.status in LED_ON:
        raise MovedAway  # merged while the book was being opened
    if book is None or book.standing.status != "active":
        raise unknown_member()
    return await _as_holder(till, connection, place, book)


async def _as_holder(till: Till, connection: Connection, place: Place, book: Book) -> Holder:
    trip = Trip(connection)
    asked = ask_people(trip, place.program_id, place.shard, [book.member_id])
    await trip.go()
    person = asked.read().get(book.member_id)
    facts = member_facts(book, person, till.published.program, till.now)
    return Holder(place.shard, book.member_id, facts)


async def _write(connection: Connection, book: CouponBook) -> None:
    trip = Trip(connection)
    book.claims.write(trip)
    await trip.go()


def _cart(till: Till, name: str, holder: Holder | None, sale: Sale | None) -> Cart:
    at = sale.occurred_at if sale is not None else till.now
    return Cart(name, at, till.now, holder, sale)


def _cart_named(body: CouponBody) -> str | None:
    if body.cart is not None:
        return body.cart
    return body.sale.cart or body.sale.external_id if body.sale else None


def _member(body: CouponBody) -> MemberRef | None:
    if body.member is not None:
        return body.member
    return body.sale.member if body.sale else None


def _sale(till: Till, body: CouponBody) -> Sale | None:
    if body.sale is None:
        return None
    try:
        # What pays and what else is brought does not matter here.
        told = body.sale.model_copy(update={"points_payment": None, "coupons": []})
        understood = understood_sale(told, till.published.program, till.now)
    except Refusal as refusal:
        refusal.problems = tuple(
            replace(problem, field=f"sale.{problem.field}") for problem in refusal.problems
        )
        raise
    return cast(Sale, understood.activity)
