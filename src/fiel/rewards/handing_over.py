"""Handing over: what a member gets for a captured redemption, and how it is taken back.

Things and services are shown for at the till with a pick-up code, discounts and vouchers are
coupons, gift cards are gift cards; an access needs no code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.domain.codes import normal_code, shown_code
from fiel.domain.couponing import terms_of_reward
from fiel.domain.language import N_
from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import KINDS_OF_CODE, CodeKind, NeedsManager, Status, valid_until
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.trips import Trip
from fiel.rewards.codes import COUPON_LENGTH, GIFT_CARD_LENGTH, REDEMPTION_LENGTH, new_code
from fiel.rewards.gift_cards import NewCard, issue_gift_card, withdraw_gift_card
from fiel.rewards.making import issue_coupon, withdraw_coupon
from fiel.rewards.pick_up import claim_pick_up_code
from fiel.rewards.redemptions import Redemption
from fiel.rewards.refusals import CouponUsed, InsufficientBalance

type Write = Callable[[Trip], None]

_LENGTHS = {
    CodeKind.REDEMPTION: REDEMPTION_LENGTH,
    CodeKind.COUPON: COUPON_LENGTH,
    CodeKind.GIFT_CARD: GIFT_CARD_LENGTH,
}
# Codes that stand for money and have been used somewhere, in whole or in part.
USED_CODES: LiteralString = """
SELECT k.code FROM code AS k
LEFT JOIN coupon AS c ON c.program_id = k.program_id AND c.id = k.id AND k.kind = 'coupon'
LEFT JOIN gift_card AS g ON g.program_id = k.program_id AND g.id = k.id AND k.kind = 'gift_card'
WHERE k.program_id = %s AND k.code = ANY(%s)
  AND (c.used > 0 OR g.charged > g.refunded)
"""


def captured(
    place: Place, redemption: Redemption, reward: Reward, program: Program, *, now: datetime
) -> tuple[Redemption, list[Write]]:
    """The redemption once it is paid, with what shows it, and what is to be written for that.

    `reward` is as `program`, the version that the redemption was made by, says. A code that is
    taken fails the trip with a UniqueViolation: it is made anew with another.
    """
    expires_at = valid_until(reward, now, program.timezone)
    kind = KINDS_OF_CODE[reward.kind]
    paid = replace(redemption, status=Status.CAPTURED, captured_at=now, expires_at=expires_at)
    if kind is None:
        return paid, []
    code = new_code(_LENGTHS[kind])
    paid = replace(paid, code=shown_code(code), code_kind=kind)
    issue = _ISSUE[kind]
    return paid, [lambda trip: issue(trip, place, paid, reward, program, code)]


async def withdraw_code(
    connection: Connection, place: Place, redemption: Redemption, *, now: datetime, even_used: bool
) -> None:
    """Let the code of a redemption lead to nothing any more, inside the program's transaction.

    Raises:
        NeedsManager: it was used, and `even_used` is not given.
    """
    if redemption.code is None:
        return
    program_id, code = place.program_id, redemption.code
    try:
        if redemption.code_kind is CodeKind.COUPON:
            await withdraw_coupon(connection, program_id, code, now=now, even_used=even_used)
        elif redemption.code_kind is CodeKind.GIFT_CARD:
            await withdraw_gift_card(connection, program_id, code, now=now, even_used=even_used)
    except (CouponUsed, InsufficientBalance):
        raise NeedsManager(
            N_("It was used; only a key with the scope “{scope}” can take it back."),
            scope="manage",
        ) from None


async def used_elsewhere(
    connection: Connection, program_id: UUID, redemptions: Sequence[Redemption]
) -> set[UUID]:
    """Those of these redemptions whose coupon or gift card has been used."""
    by_code = {
        normal_code(each.code): each.id
        for each in redemptions
        if each.code is not None and each.code_kind is not CodeKind.REDEMPTION
    }
    if not by_code:
        return set()
    cursor = await connection.execute(USED_CODES, (program_id, list(by_code)))
    return {by_code[code] for (code,) in await cursor.fetchall()}


def _issue_pick_up(
    trip: Trip, place: Place, redemption: Redemption, _: Reward, __: Program, code: str
) -> None:
    claim_pick_up_code(
        trip, place, code, member_id=redemption.member_id, redemption_id=redemption.id
    )


def _issue_coupon(
    trip: Trip, place: Place, redemption: Redemption, reward: Reward, _: Program, code: str
) -> None:
    amount = None if reward.amount is None else reward.amount * redemption.quantity
    issue_coupon(
        trip,
        place.program_id,
        reward=reward.id,
        version=redemption.version,
        terms=terms_of_reward(reward.id, amount=amount, percent=reward.percent),
        shard=place.shard,
        member_id=redemption.member_id,
        now=redemption.captured_at or redemption.made_at,
        expires_at=redemption.expires_at,
        code=code,
    )


def _issue_gift_card(
    trip: Trip, place: Place, redemption: Redemption, reward: Reward, program: Program, code: str
) -> None:
    assert reward.amount is not None, "a gift card has an amount"
    card = NewCard(
        reward.amount * redemption.quantity,
        program.currency.code,
        shard=place.shard,
        member_id=redemption.member_id,
        expires_at=redemption.expires_at,
        code=code,
    )
    issue_gift_card(trip, place.program_id, card, now=redemption.captured_at or redemption.made_at)


_ISSUE: dict[CodeKind, Callable[[Trip, Place, Redemption, Reward, Program, str], None]] = {
    CodeKind.REDEMPTION: _issue_pick_up,
    CodeKind.COUPON: _issue_coupon,
    CodeKind.GIFT_CARD: _issue_gift_card,
}
