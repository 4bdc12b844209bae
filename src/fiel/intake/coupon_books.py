"""Coupons opened for a piece of work: found, locked last, judged, and claimed by carts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fiel.domain.activity import Sale
from fiel.domain.codes import normal_code
from fiel.domain.couponing import (
    Discount,
    Reason,
    Reasons,
    Use,
    Why,
    coupon_of_terms,
    discount_of,
    hindrances,
    is_over,
)
from fiel.domain.language import N_
from fiel.domain.member import MemberFacts
from fiel.domain.program import Coupon, Program
from fiel.domain.redeeming.refusals import NotEligible
from fiel.domain.refusal import FieldProblem, Invalid, Refusal
from fiel.intake.resolving import whereabouts
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.programs.versions import Published, Versions
from fiel.rewards.claiming import Claims, Tally
from fiel.rewards.coupons import (
    CartUse,
    IssuedCoupon,
    Seen,
    coupon_counts,
    find_coupons,
    lock_coupons,
    make_shared_coupons,
    uses_of_coupons,
)
from fiel.rewards.refusals import coupon_expired, coupon_used, no_such_coupon

NO_CART = ""
_NOTHING_SEEN = Seen(0, None, None)


@dataclass(frozen=True, slots=True)
class Holder:
    """The member who brings a coupon, and what conditions may ask about them."""

    shard: int
    member_id: UUID
    facts: MemberFacts


@dataclass(frozen=True, slots=True)
class Cart:
    """Who asks for coupons, for what and when.

    `at` is when it happens, `now` the moment reservations are judged by.
    """

    name: str
    at: datetime
    now: datetime
    holder: Holder | None = None
    sale: Sale | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A coupon that a cart may have, and what it gives there."""

    tally: Tally
    terms: Coupon
    discount: Discount | None
    points: Mapping[str, int]

    def told(self, program: Program) -> dict[str, Any]:
        """What it is and gives, as answers and records tell it."""
        money, issued = program.currency.decimal, self.tally.coupon
        told: dict[str, Any] = {
            "id": str(issued.id),
            "code": issued.code,
            "coupon": issued.coupon,
            "discount": None if self.discount is None else money(self.discount.total),
            "lines": [],
            "points": dict(self.points),
        }
        if self.discount is not None:
            told["lines"] = [
                {"line": number, "discount": money(part)}
                for number, part in self.discount.lines.items()
            ]
        return told


@dataclass(slots=True)
class CouponBook:
    """The coupons of one program that a piece of work is about, by their normal code."""

    published: Published
    claims: Claims
    tallies: dict[str, Tally] = field(default_factory=dict)
    terms: dict[UUID, Coupon] = field(default_factory=dict)
    counts: dict[tuple[UUID, str], int] = field(default_factory=dict)
    owners: dict[UUID, UUID] = field(default_factory=dict)  # who was merged → who has it now

    def claim(self, codes: Sequence[str], cart: Cart, *, field: str | None = None) -> list[Claimed]:
        """The coupons of these codes, for one cart: all of them, or none.

        `field` is the list they stood in; nothing is kept yet.

        Raises:
            NotFound: no coupon bears one of the codes.
            CouponUsed, CouponReserved, CouponExpired, CouponCancelled: it cannot be had.
            NotEligible: it is not for this member, sale or time, or not beside the others.
            Invalid: a code stands there twice.
        """
        beside = [self._terms_of(code) for code in codes]
        claimed: list[Claimed] = []
        taken: dict[int, int] = {}
        for index, code in enumerate(codes):
            others = [each for place, each in enumerate(beside) if place != index and each]
            try:
                if normal_code(code) in map(normal_code, codes[:index]):
                    raise Invalid(N_("The same coupon stands there twice."))
                one = self._claim_one(code, cart, others, taken)
            except Refusal as refusal:
                raise _placed(refusal, code, f"{field}[{index}]" if field else None) from None
            for number, part in one.discount.lines.items() if one.discount else ():
                taken[number] = taken.get(number, 0) + part
            claimed.append(one)
        return claimed

    def keep_used(
        self,
        claimed: Claimed,
        cart: Cart,
        *,
        sale_id: UUID | None = None,
        external_id: str | None = None,
        fingerprint: bytes | None = None,
    ) -> CartUse:
        """Let a cart's use of a coupon stand."""
        before = claimed.tally.carts.get(cart.name)
        # Redeemed before: it stays what it was, and now has its sale.
        mine = before if before and before.state == "used" else None
        shard, member_id = (mine.shard, mine.member_id) if mine else (None, None)
        if cart.holder is not None and member_id is None:
            shard, member_id = cart.holder.shard, cart.holder.member_id
        use = CartUse(
            cart=cart.name,
            state="used",
            used_at=mine.used_at if mine else cart.at,
            shard=shard,
            member_id=member_id,
            sale_id=sale_id,
            external_id=external_id or (mine.external_id if mine else None),
            answer=claimed.told(self.published.program),
        )
        self.claims.keep(claimed.tally, use, now=cart.now, fingerprint=fingerprint)
        if member_id is not None and (mine is None or mine.member_id is None):
            key = (member_id, claimed.tally.coupon.coupon)
            self.counts[key] = self.counts.get(key, 0) + 1
        return use

    def tally(self, code: str) -> Tally:
        """The coupon that bears a code.

        Raises:
            NotFound: there is none.
        """
        normal = normal_code(code)
        found = self.tallies.get(normal)
        if found is None:
            raise no_such_coupon(normal)
        return found

    def reasons(self, tally: Tally, cart: Cart, beside: Sequence[Coupon] = ()) -> list[Reason]:
        """Why a cart cannot have a coupon, apart from who else holds or used it."""
        terms, issued = self.terms[tally.coupon.id], tally.coupon
        program = self.published.program
        holder = cart.holder
        use = Use(
            cart.at.astimezone(program.timezone),
            cart.sale,
            holder.facts if holder else None,
            beside,
        )
        found = hindrances(terms, use, currency=program.currency)
        owner = issued.member_id and self.owners.get(issued.member_id, issued.member_id)
        if holder is not None and owner not in (None, holder.member_id):
            found.append(Reason(Why.OTHER_MEMBER))
        if holder is not None and terms.per_member is not None:
            used = self.counts.get((holder.member_id, issued.coupon), 0)
            if used >= terms.per_member:
                found.append(Reason(Why.PER_MEMBER))
        return found

    def given(self, tally: Tally, cart: Cart, taken: Mapping[int, int] | None = None) -> Claimed:
        """What a coupon gives a cart, where it may have it."""
        terms = self.terms[tally.coupon.id]
        discount = None
        if cart.sale is not None:
            use = Use(
                cart.at.astimezone(self.published.program.timezone),
                cart.sale,
                cart.holder.facts if cart.holder else None,
            )
            discount = discount_of(terms, use, taken=taken or {})
        return Claimed(tally, terms, discount, terms.give)

    def is_over(self, tally: Tally, at: datetime) -> bool:
        """Whether the program does not offer the coupon any more."""
        terms = self.terms.get(tally.coupon.id)
        return terms is None or is_over(terms, at.astimezone(self.published.program.timezone))

    def _claim_one(
        self, code: str, cart: Cart, beside: Sequence[Coupon], taken: Mapping[int, int]
    ) -> Claimed:
        tally = self.tally(code)
        if tally.is_used_by(cart.name):
            # Redeemed at the checkout, and now told with the sale that it was redeemed for. Points
            # were given then: they belong to no sale.
            mine, terms = tally.carts[cart.name], self.terms.get(tally.coupon.id)
            if mine.sale_id is not None or terms is None or terms.give:
                raise coupon_used()
            return self.given(tally, cart, taken)
        tally.look(cart.name, at=cart.at, now=cart.now)
        if self.is_over(tally, cart.at):
            raise coupon_expired()
        if found := self.reasons(tally, cart, beside):
            raise not_eligible(found)
        return self.given(tally, cart, taken)

    def _terms_of(self, code: str) -> Coupon | None:
        tally = self.tallies.get(normal_code(code))
        return self.terms.get(tally.coupon.id) if tally else None


def not_eligible(found: Sequence[Reason]) -> NotEligible:
    """The refusal of a coupon that is not for this member, sale or time."""
    reasons = Reasons(tuple(found))
    return NotEligible(
        N_("The coupon cannot be used here."),
        facts={"reasons": reasons, "blocked_by": reasons.codes},
    )


async def open_coupons(
    connection: Connection,
    published: Published,
    versions: Versions,
    wanted: Iterable[tuple[str, str]],
    *,
    now: datetime,
    lock: bool = True,
    lock_all: bool = False,
) -> CouponBook:
    """Open coupons for carts (code, cart), inside the program's transaction.

    They are locked in the order of their ids until it ends, but for those that can be used any
    number of times, which nobody has to wait for unless `lock_all`. A code that no coupon bears
    is left out.
    """
    pairs = [(normal_code(code), cart) for code, cart in wanted]
    book = CouponBook(published, Claims(published.program_id))
    found = await _found(connection, published, {code for code, _ in pairs}, now=now, lock=lock)
    for code, coupon in found.items():
        terms = await _terms(connection, published, versions, code, coupon)
        if terms is not None:
            book.terms[coupon.id] = terms
    book.owners = await _owners(connection, published, found.values())
    if lock and found:
        limited = [
            coupon.id for coupon in found.values() if lock_all or _most(book, coupon) is not None
        ]
        locked = await lock_coupons(connection, published.program_id, limited) if limited else {}
        found = {code: locked.get(coupon.id, coupon) for code, coupon in found.items()}
    asked = [(found[code].id, cart) for code, cart in pairs if code in found]
    seen: Mapping[tuple[UUID, str], Seen] = {}
    if asked:
        seen = await uses_of_coupons(connection, published.program_id, asked, now=now)
    for code, coupon in found.items():
        carts = {
            cart: seen.get((coupon.id, cart), _NOTHING_SEEN)
            for wanted_code, cart in pairs
            if wanted_code == code
        }
        book.tallies[code] = Tally.of(coupon, _most(book, coupon), carts, now)
    return book


async def read_counts(
    connection: Connection, book: CouponBook, shard: int, members: Iterable[UUID]
) -> None:
    """Read how often members, who are locked, used the coupons that ask for it."""
    if any(terms.per_member is not None for terms in book.terms.values()):
        program_id = book.published.program_id
        book.counts |= await coupon_counts(connection, program_id, shard, members)


async def _found(
    connection: Connection, published: Published, codes: set[str], *, now: datetime, lock: bool
) -> dict[str, IssuedCoupon]:
    program_id = published.program_id
    found = await find_coupons(connection, program_id, codes)
    shared = _shared(published.program)
    missing = {code: shared[code] for code in codes - found.keys() if code in shared}
    if not missing:
        return found
    if lock:
        # The first to use a shared code makes its row.
        rows = [(code, coupon.code or code, coupon.id) for code, coupon in missing.items()]
        await make_shared_coupons(connection, program_id, rows, now=now)
        return found | await find_coupons(connection, program_id, missing)
    return found | {code: _unused(coupon, now) for code, coupon in missing.items()}


async def _owners(
    connection: Connection, published: Published, coupons: Iterable[IssuedCoupon]
) -> dict[UUID, UUID]:
    """Whose coupons of members are now: of whoever was merged, the survivor's."""
    owners = {coupon.member_id for coupon in coupons if coupon.member_id is not None}
    if not owners:
        return {}
    found = await whereabouts(connection, published.program_id, published.program, owners)
    return {ref: found[ref].member_id for ref in owners if ref in found}


def _unused(coupon: Coupon, now: datetime) -> IssuedCoupon:
    """A shared coupon that nobody has used yet."""
    return IssuedCoupon(
        id=new_id(),
        code=coupon.code or "",
        coupon=coupon.id,
        version=None,
        terms=None,
        shard=None,
        member_id=None,
        batch_id=None,
        made_at=now,
        ends_at=None,
        cancelled_at=None,
        used=0,
        most=None,
    )


def _shared(program: Program) -> dict[str, Coupon]:
    return {
        normal_code(coupon.code): coupon
        for coupon in program.coupons.values()
        if coupon.code is not None
    }


async def _terms(
    connection: Connection,
    published: Published,
    versions: Versions,
    code: str,
    coupon: IssuedCoupon,
) -> Coupon | None:
    """What a coupon promises; None where the program does not offer it any more."""
    if coupon.terms is not None:
        return coupon_of_terms(coupon.terms)
    if coupon.version is None:
        return _shared(published.program).get(code)
    if coupon.version == published.number:
        return published.program.coupons[coupon.coupon]
    made_by = await versions.numbered(
        connection, published.program_id, coupon.version, published.shards, published.sandbox
    )
    return made_by.program.coupons[coupon.coupon]


def _most(book: CouponBook, coupon: IssuedCoupon) -> int | None:
    if coupon.most is not None:
        return coupon.most
    terms = book.terms.get(coupon.id)
    return terms.uses if terms else None


def _placed(refusal: Refusal, code: str, field: str | None) -> Refusal:
    """The refusal with the coupon it is about, and where that stood."""
    refusal.facts = {**refusal.facts, "coupon": code}
    if field is not None and not refusal.problems:
        problem = FieldProblem(field, refusal.code, refusal.text, refusal.parameters)
        refusal.problems = (problem,)
    return refusal
