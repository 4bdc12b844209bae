"""The wake-up of passes: what happened to members is told to the wallet that asked to be told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fiel.connect.wallets.apple_push import Line
from fiel.connect.wallets.google import Account, GoogleTrouble, NotTold, google_account
from fiel.connect.wallets.passes import Wallet, claim_passes, forget_pass, tell_again
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member as find_member
from fiel.platform.database import Database
from fiel.platform.pushes import tell_apple
from fiel.platform.waking import again_and_again, for_each_program
from fiel.programs.brand import brand_of
from fiel.programs.versions import Versions
from fiel.web.portal.passes import pass_content, public_address

SECONDS_BETWEEN = 10.0
AT_ONCE = 50


async def keep_passes_live(
    database: Database,
    versions: Versions,
    now: Callable[[], datetime],
    *,
    seconds: float = SECONDS_BETWEEN,
) -> None:
    """Tell wallets again and again what is new, until cancelled; neither waits for the other."""

    async def google() -> int:
        return await tell_google(database, versions, now())

    async with Line() as line:

        async def apple() -> int:
            return await tell_apple(database, versions, now(), line)

        await asyncio.gather(
            again_and_again("what is told to Google", google, seconds=seconds),
            again_and_again("what is told to Apple", apple, seconds=seconds),
        )


async def tell_google(database: Database, versions: Versions, wall: datetime) -> int:
    """Tell Google of every pass that is behind; of how many."""
    try:
        account = google_account()
    except GoogleTrouble:
        account = None
    if account is None:
        return 0

    async def tell(program_id: UUID) -> int:
        return await _tell_google(database, versions, account, program_id, wall)

    return await for_each_program(database, "what is told to Google", tell)


async def _tell_google(
    database: Database, versions: Versions, account: Account, program_id: UUID, wall: datetime
) -> int:
    told = 0
    while True:
        async with (
            database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            members = await claim_passes(connection, program_id, Wallet.GOOGLE, limit=AT_ONCE)
        heard = [
            await _tell(database, versions, account, program_id, member_id, wall)
            for member_id in members
        ]
        told += sum(heard)
        # Who does not listen is told again the next time, not at once.
        if len(members) < AT_ONCE or not all(heard):
            return told


async def _tell(
    database: Database,
    versions: Versions,
    account: Account,
    program_id: UUID,
    member_id: UUID,
    wall: datetime,
) -> bool:
    async with database.connection() as connection, program_transaction(connection, program_id):
        published = await versions.in_force(connection, program_id)
        member = await find_member(connection, program_id, member_id)
        is_over = member is None or member.id != member_id
        content = None
        if member is not None and not is_over:
            brand = await brand_of(connection, program_id)
            content = await pass_content(
                connection, published, brand, member,
                now=published.now(wall), address=public_address(),
            )  # fmt: skip
    try:
        if content is not None:
            is_over = not await account.tell(content)
        else:
            # Erased, or part of another member now: the pass says so, and no name any more.
            await account.withdraw(str(member_id))
    except NotTold:
        async with database.connection() as connection, program_transaction(connection, program_id):
            await tell_again(connection, program_id, Wallet.GOOGLE, member_id)
        return False
    if is_over:
        async with database.connection() as connection, program_transaction(connection, program_id):
            await forget_pass(connection, program_id, Wallet.GOOGLE, member_id)
    return True
