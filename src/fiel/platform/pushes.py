"""The wake-up of Apple's passes: a phone whose pass has changed is told so, by Apple's push."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from fiel.connect.wallets.apple_push import Answer, Line
from fiel.connect.wallets.apple_signing import AppleTrouble, apple_signer
from fiel.connect.wallets.passes import Wallet, claim_passes, forget_pass, keep_pass
from fiel.connect.wallets.phones import (
    Phone,
    claim_phones,
    forget_device,
    forget_phones,
    tell_phone_again,
    was_told,
)
from fiel.connect.webhooks.schedule import next_attempt
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.queries import member as find_member
from fiel.platform.database import Database
from fiel.platform.waking import for_each_program
from fiel.programs.brand import brand_of
from fiel.programs.versions import Versions
from fiel.web.portal.passes import pass_content, public_address

AT_ONCE = 50
# Longer than a push may take.
CLAIMED_FOR = timedelta(minutes=1)

_log = logging.getLogger(__name__)


async def tell_apple(database: Database, versions: Versions, wall: datetime, line: Line) -> int:
    """Tell every phone whose pass has changed; how many were told.

    Without a certificate nothing can be told, and without an address phones have nowhere to ask.
    """
    try:
        signer = apple_signer()
    except AppleTrouble:
        signer = None
    if signer is None or not public_address():
        return 0

    async def tell(program_id: UUID) -> int:
        await line.open(signer)
        await _find_news(database, versions, program_id, wall)
        return await _tell_phones(database, line, program_id, wall)

    return await for_each_program(database, "what is told to Apple", tell)


async def _find_news(
    database: Database, versions: Versions, program_id: UUID, wall: datetime
) -> None:
    """Look at the passes of members to whom something happened: what do they say now?

    That, and that it was looked at, is kept at once or not at all.
    """
    while True:
        async with database.connection() as connection, program_transaction(connection, program_id):
            members = await claim_passes(connection, program_id, Wallet.APPLE, limit=AT_ONCE)
            for member_id in members:
                await _look_at(connection, versions, program_id, member_id, wall)
        if len(members) < AT_ONCE:
            return


async def _look_at(
    connection: Connection, versions: Versions, program_id: UUID, member_id: UUID, wall: datetime
) -> None:
    member = await find_member(connection, program_id, member_id)
    if member is None:  # erased: the pass leads nowhere any more
        await forget_phones(connection, program_id, member_id)
        await forget_pass(connection, program_id, Wallet.APPLE, member_id)
        return
    published = await versions.in_force(connection, program_id)
    brand = await brand_of(connection, program_id)
    content = await pass_content(
        connection, published, brand, member, now=published.now(wall), address=public_address()
    )
    content = replace(content, member_id=str(member_id))  # a pass keeps its number over a merge
    await keep_pass(connection, program_id, Wallet.APPLE, content, shard=member.shard, now=wall)


async def _tell_phones(database: Database, line: Line, program_id: UUID, wall: datetime) -> int:
    told = 0
    while True:
        async with database.connection() as connection, program_transaction(connection, program_id):
            phones = await claim_phones(
                connection, program_id, now=wall, until=wall + CLAIMED_FOR, limit=AT_ONCE
            )
        if not phones:
            return told
        try:
            answers = await asyncio.gather(*(line.push(phone.push_token) for phone in phones))
        except BaseException:
            await line.hang_up()  # others tell these phones when the claim has ended
            raise
        async with database.connection() as connection, program_transaction(connection, program_id):
            settled = [
                await _keep(connection, program_id, phone, answer, wall)
                for phone, answer in zip(phones, answers, strict=True)
            ]
        told += sum(answer.is_taken for answer in answers)
        if not all(settled):
            await _complain(line, [a for a, well in zip(answers, settled, strict=True) if not well])
            return told  # the others are told the next time, not at once
        if len(phones) < AT_ONCE:
            return told


async def _keep(
    connection: Connection, program_id: UUID, phone: Phone, answer: Answer, wall: datetime
) -> bool:
    """Keep what came of a push; false where it is tried again."""
    if answer.is_taken:
        await was_told(connection, program_id, phone, wall)
        return True
    if answer.is_gone(phone.registered_at):
        await forget_device(connection, program_id, phone)
        return True
    # It is never given up: the phone keeps a pass that is not true.
    at = next_attempt(phone.failures + 1, first_at=wall, now=wall, asked=answer.pause)
    assert at is not None, "what was first tried just now is not given up"
    await tell_phone_again(connection, program_id, phone, at)
    return False


async def _complain(line: Line, failures: Sequence[Answer]) -> None:
    reasons = sorted({f"{answer.status or ''} {answer.reason}".strip() for answer in failures})
    _log.warning("Apple took %d pushes not: %s", len(failures), ", ".join(reasons))
    if any(answer.status is None for answer in failures):
        await line.hang_up()
