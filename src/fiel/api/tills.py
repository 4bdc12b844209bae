"""Requests of tills: who stands there, what they may ask for, and how far they may go."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from fiel.api.call import Call
from fiel.api.refusals import Forbidden
from fiel.domain.language import N_
from fiel.domain.refusal import Refusal
from fiel.intake.contents.offline import OfflineBody
from fiel.intake.contents.redeeming import RedemptionBody
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.contents.sales import SaleBody
from fiel.intake.offline import moment_of
from fiel.ledger.scope import Connection
from fiel.staff.tills.limits import Allow, Deed, Kind, count, uncount
from fiel.staff.tills.posts import AtTill, Post
from fiel.staff.tills.refusals import cashier_needed
from fiel.staff.tills.shifts import Purpose, Shift

# What a till that was lost must not open is not open to any.
_LOOKED_AT = frozenset(
    (
        "find_members", "read_member", "read_balances", "list_access", "list_ledger",
        "list_rewards", "quote_sale", "find_sales", "read_sale", "list_redemptions",
        "read_redemption", "read_coupon", "check_coupon", "read_gift_card",
    )
)  # fmt: skip
_SENT_LATER = frozenset(
    (
        "enrol", "record_sale", "make_redemption", "use", "return_of_sale", "return_by_name",
        "redeem_a_coupon", "charge_a_gift_card", "refund_a_gift_card",
    )
)  # fmt: skip
_DONE_AT_ONCE = frozenset(
    (
        "change_a_member", "capture", "cancel", "use_code", "cancel_sale",
    )
)  # fmt: skip
OPEN = _LOOKED_AT | _SENT_LATER | _DONE_AT_ONCE


async def admit_till(call: Call, operation: str) -> None:
    """Find out who stands at the till that calls.

    Raises:
        Forbidden: no till may ask for this.
        CashierNeeded: nobody is signed in, or what the mark is for is something else.
    """
    if operation not in OPEN:
        raise Forbidden(N_("The key of a till does not open this."))
    post, shift = await _stands(call, b"fiel-cashier")
    if shift.purpose is Purpose.APPROVAL:
        raise cashier_needed()
    if shift.purpose is Purpose.KEPT:
        if operation not in _SENT_LATER:
            raise cashier_needed()
    elif not _is_current(post, shift):
        raise cashier_needed()
    call.till = AtTill(post, shift, await _approver(call))


async def _approver(call: Call) -> UUID | None:
    if b"fiel-approval" not in call.told:
        return None
    post, shift = await _stands(call, b"fiel-approval")
    may = shift.purpose is Purpose.APPROVAL and post.cashier.terms.may_approve
    if not may or not _is_current(post, shift):
        raise cashier_needed()
    return post.cashier.id


async def _stands(call: Call, header: bytes) -> tuple[Post, Shift]:
    house, device_id = call.house, call.caller.device_id
    mark = call.told.get(header, b"").decode("latin-1")
    shift = house.shifts.read(mark, now=call.wall)
    if shift is None or shift.device_id != device_id:
        raise cashier_needed()
    post = await house.posts.at(call.program_id, shift.device_id, shift.cashier_id)
    if post is None:
        raise cashier_needed()
    return post, shift


def _is_current(post: Post, shift: Shift) -> bool:
    return post.cashier.active and post.cashier.epoch == shift.epoch


def stamped[B: (SaleBody, RedemptionBody)](call: Call, body: B) -> B:
    """What a till sent, with its store and who stood there; what others send stays as it is."""
    at = call.till
    if at is None:
        return body
    _refuse_unless_marked(at, body.offline)
    told = {"cashier": at.shift.name, "store": at.shift.store or body.store}
    return body.model_copy(update=told)


def stamped_return[B: ReturnBody](call: Call, body: B) -> B:
    """A return that a till sent, with who stood there; what others send stays as it is."""
    at = call.till
    if at is None:
        return body
    _refuse_unless_marked(at, body.offline)
    return body.model_copy(update={"cashier": at.shift.name})


def allow_redeeming(call: Call, body: RedemptionBody, request_id: UUID) -> Allow | None:
    """Asks whether the cashier may redeem so much today; None where nobody limits it."""
    if call.till is None:
        return None
    at = moment_of(body.occurred_at, body.offline, call.program, call.now).occurred_at
    return _allow(call, Kind.REDEEMED, body.external_id or str(request_id), at)


def allow_returning(call: Call, body: ReturnBody | None, request_id: UUID) -> Allow | None:
    """Asks whether the cashier may take so much back today; None where nobody limits it."""
    if call.till is None:
        return None
    at, about = call.now, str(request_id)
    if body is not None:
        at = moment_of(body.occurred_at, body.offline, call.program, call.now).occurred_at
        about = body.external_id or about
    return _allow(call, Kind.RETURNED, about, at)


async def paying_within_limit[T](
    call: Call, body: SaleBody, sale_id: UUID, record: Callable[[], Awaitable[T]]
) -> T:
    """Record a sale whose points count against what the cashier may redeem today.

    Sales are recorded many at a time, so that the count is made before, and undone where the sale
    is refused. Points that are held were counted when they were set aside.

    Raises:
        CashierLimit: the points go beyond the limit.
    """
    payment = body.points_payment
    if call.till is None or payment is None or payment.redemption is not None:
        return await record()
    assert payment.unit is not None, "the body says which unit where it names no redemption"
    assert payment.points is not None, "the body says how many where it names no redemption"
    at = moment_of(body.occurred_at, body.offline, call.program, call.now).occurred_at
    deed = _deed(call, call.till, Kind.REDEEMED, body.external_id or str(sale_id), at)
    async with call.writing() as connection:
        is_new = await count(connection, deed, {payment.unit: payment.points})
    try:
        return await record()
    except Refusal:
        if is_new:
            await forget_deed(call, Kind.REDEEMED, deed.about)
        raise


async def forget_deed(call: Call, kind: Kind, about: str) -> None:
    """Let a cashier do again what was undone."""
    if call.till is not None:
        async with call.writing() as connection:
            await uncount(connection, call.program_id, call.till.post.cashier.id, kind, about)


def _allow(call: Call, kind: Kind, about: str, at: datetime) -> Allow:
    assert call.till is not None, "asked for a till"
    return partial(_count, _deed(call, call.till, kind, about, at))


async def _count(deed: Deed, connection: Connection, amounts: Mapping[str, int]) -> None:
    await count(connection, deed, amounts)


def _deed(call: Call, at_till: AtTill, kind: Kind, about: str, at: datetime) -> Deed:
    return Deed(
        program_id=call.program_id,
        cashier=at_till.post.cashier,
        device_id=at_till.post.device_id,
        kind=kind,
        about=about,
        day=at.astimezone(call.program.timezone).date(),
        at=call.wall,
        approved_by=at_till.approved_by,
    )


def _refuse_unless_marked(at: AtTill, offline: OfflineBody | None) -> None:
    """A mark that sends what was done before sends nothing that is done now.

    Raises:
        CashierNeeded: what is sent does not say that it was done without a network.
    """
    if at.is_late and offline is None:
        raise cashier_needed()
