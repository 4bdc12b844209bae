"""Issue gift cards, pay with them and give money back: each thing once, in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from psycopg.errors import DeadlockDetected, UniqueViolation

from fiel.domain.language import N_
from fiel.domain.money import LARGEST_AMOUNT_MINOR, Currency
from fiel.domain.refusal import FieldProblem, NotFound
from fiel.domain.time import end_of_day
from fiel.intake.contents.base import fingerprint_of
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.fields import read_uuid
from fiel.intake.contents.gift_cards import ChargeBody, GiftCardBody, RefundBody
from fiel.intake.groups import unknown_member
from fiel.intake.recording import Lend
from fiel.intake.resolving import MovedAway, whereabouts
from fiel.ledger.queries import activity_by_id
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.trips import Trip
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.programs.versions import Published
from fiel.rewards.gift_cards import (
    Entry,
    GiftCard,
    NewCard,
    Payment,
    charge_gift_card,
    find_gift_card,
    gift_card_of,
    issue_gift_card,
    issued_before,
    refund_gift_card,
)

_TRIES = 5
LATEST_YEAR = 2999


async def once_more[T](
    lend: Lend, program_id: UUID, work: Callable[[Connection], Awaitable[T]]
) -> T:
    """Do a piece of work in one transaction, anew where something else was quicker."""
    async with lend() as connection:
        for left in reversed(range(_TRIES)):
            try:
                async with program_transaction(connection, program_id):
                    return await work(connection)
            except (UniqueViolation, DeadlockDetected, MovedAway):
                if not left:
                    raise
    raise AssertionError("the last try returns or raises")


async def issue_card(
    lend: Lend, published: Published, body: GiftCardBody, *, id: UUID, now: datetime
) -> tuple[GiftCard, bool]:
    """Issue a gift card; whether the same request did so before.

    Raises:
        Invalid: the amount, the tax or the end is not right.
        NotFound: there is no such member.
        CardRequestReused: the external id belongs to another card.
    """
    program = published.program
    amount = amount_of_card(published, body, now)
    tax_rate = _tax_rate(body)
    expires_at = _expires_at(body, published, now)
    fingerprint = fingerprint_of(body)

    async def issue(connection: Connection) -> tuple[GiftCard, bool]:
        earlier = await issued_before(
            connection,
            program_id,
            id=id,
            source=body.source,
            external_id=body.external_id,
            fingerprint=fingerprint,
        )
        if earlier is not None:
            return earlier, True
        place = None
        if body.member is not None:
            place = await where_is(connection, published, body.member)
        card = NewCard(
            amount,
            program.currency.code,
            body.kind,
            tax_rate,
            place.shard if place else None,
            place.member_id if place else None,
            expires_at,
        )
        trip = Trip(connection)
        issue_gift_card(
            trip,
            program_id,
            card,
            now=now,
            id=id,
            source=body.source,
            external_id=body.external_id,
            fingerprint=fingerprint,
        )
        await trip.go()
        return await gift_card_of(connection, program_id, id), False

    program_id = published.program_id
    return await once_more(lend, program_id, issue)


async def charge_card(
    lend: Lend, program_id: UUID, code: str, body: ChargeBody, *, id: UUID, now: datetime
) -> tuple[GiftCard, Entry, bool]:
    """Pay with a gift card; whether the same request did so before.

    Raises:
        NotFound: no card bears the code, or there is no such sale.
        Invalid: the amount is not right.
        GiftCardExpired, GiftCardCancelled, InsufficientBalance: the card does not pay.
        CardRequestReused: the external id belongs to another payment.
    """

    async def charge(connection: Connection) -> tuple[GiftCard, Entry, bool]:
        card = await find_gift_card(connection, program_id, code)
        sale_id = None
        if body.sale is not None:
            sale_id = await _sale(connection, program_id, body.sale)
        payment = Payment(
            minor_amount(body.amount, card.currency),
            id,
            fingerprint_of(body),
            now,
            body.source,
            body.external_id,
            sale_id=sale_id,
        )
        return await charge_gift_card(connection, program_id, code, payment)

    return await once_more(lend, program_id, charge)


async def refund_card(
    lend: Lend, program_id: UUID, code: str, body: RefundBody, *, id: UUID, now: datetime
) -> tuple[GiftCard, Entry, bool]:
    """Give money back to a gift card; whether the same request did so before.

    Raises:
        NotFound: no card bears the code, or it made no such payment.
        Invalid: the amount is not right.
        OverRefunded: more would go back than was paid.
        CardRequestReused: the external id belongs to another refund.
    """

    async def refund(connection: Connection) -> tuple[GiftCard, Entry, bool]:
        card = await find_gift_card(connection, program_id, code)
        charge = None if body.charge is None else read_uuid(body.charge) or body.charge
        payment = Payment(
            minor_amount(body.amount, card.currency),
            id,
            fingerprint_of(body),
            now,
            body.source,
            body.external_id,
            charge=charge,
        )
        return await refund_gift_card(connection, program_id, code, payment)

    return await once_more(lend, program_id, refund)


def amount_of_card(published: Published, body: GiftCardBody, now: datetime) -> int:
    """The amount of a card to be issued in minor units, once all that is told of it is right.

    Raises:
        Invalid: the amount, the tax or the end is not.
    """
    amount = minor_amount(body.amount, published.program.currency)
    _tax_rate(body)
    _expires_at(body, published, now)
    return amount


def minor_amount(amount: Decimal, money: Currency) -> int:
    """An amount above zero in minor units.

    Raises:
        Invalid: it is zero, too precise for its currency or too large.
    """
    scaled = amount * money.minor_per_major
    minor = int(scaled)
    if scaled != minor:
        text = N_("{currency} amounts have at most {places} decimals.")
        parameters = {"currency": money.code, "places": money.decimals}
        raise invalid([FieldProblem("amount", "too_precise", text, parameters)])
    if not minor:
        raise invalid([FieldProblem("amount", "too_small", N_("It must be greater than 0."))])
    if minor > LARGEST_AMOUNT_MINOR:
        raise invalid([FieldProblem("amount", "too_large", N_("The number is too large."))])
    return minor


async def where_is(connection: Connection, published: Published, ref: MemberRef) -> Whereabouts:
    """Where a member's rows are.

    Raises:
        NotFound: there is no such member.
    """
    found = await whereabouts(connection, published.program_id, published.program, [ref])
    if ref not in found:
        raise unknown_member()
    return found[ref]


def _tax_rate(body: GiftCardBody) -> Decimal | None:
    if body.kind == "single_purpose" and body.tax_rate is None:
        text = N_("A single-purpose card brings its tax rate.")
        raise invalid([FieldProblem("tax_rate", "missing", text)])
    if body.kind == "multi_purpose" and body.tax_rate is not None:
        text = N_("A multi-purpose card has no tax rate: the tax is known when it pays.")
        raise invalid([FieldProblem("tax_rate", "unexpected", text)])
    return body.tax_rate


def _expires_at(body: GiftCardBody, published: Published, now: datetime) -> datetime | None:
    if body.expires is not None and body.expires_at is not None:
        text = N_("Give the last day or the moment, not both.")
        raise invalid([FieldProblem("expires_at", "unexpected", text)])
    told = body.expires or body.expires_at
    field = "expires" if body.expires is not None else "expires_at"
    if told is not None and told.year > LATEST_YEAR:
        text = N_("It is too far in the future.")
        raise invalid([FieldProblem(field, "too_late", text)])
    ends_at = body.expires_at
    if body.expires is not None:
        ends_at = end_of_day(body.expires, published.program.timezone)
    if ends_at is not None and ends_at <= now:
        raise invalid([FieldProblem(field, "too_early", N_("It must lie in the future."))])
    return ends_at


async def _sale(connection: Connection, program_id: UUID, named: str) -> UUID:
    sale_id = read_uuid(named)
    found = None
    if sale_id is not None:
        found = await activity_by_id(connection, program_id, "sale", sale_id)
    if found is None:
        text = N_("There is no such sale in this program.")
        raise NotFound(text, problems=[FieldProblem("sale", "not_found", text)])
    return found[0].id
