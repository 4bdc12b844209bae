"""PINs: what a cashier types at a till, tried a few times and no more."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import LiteralString, cast
from uuid import UUID

from argon2.exceptions import InvalidHashError, VerificationError

from fiel.domain.language import N_
from fiel.ledger.scope import Connection, program_transaction
from fiel.staff.tills.cashiers import COLUMNS, PINS, Cashier, cashier_of_row
from fiel.staff.tills.refusals import TillLocked, WrongPin, no_such_cashier, no_such_device

TRIES = 5
LOCKED_FOR = timedelta(minutes=5)

LOCK_DEVICE: LiteralString = """
SELECT store, tries, locked_until FROM till_device
WHERE program_id = %s AND id = %s AND revoked_at IS NULL FOR UPDATE
"""
COUNT_TRY: LiteralString = """
UPDATE till_device SET tries = %s, locked_until = %s WHERE program_id = %s AND id = %s
"""
WITH_PIN: LiteralString = (
    f"SELECT {COLUMNS}, pin_hash FROM cashier WHERE program_id = %s AND id = %s AND active"
)


async def cashier_by_pin(
    connection: Connection,
    program_id: UUID,
    device_id: UUID,
    cashier_id: UUID,
    pin: str,
    *,
    now: datetime,
) -> Cashier:
    """The cashier who typed this PIN at this till.

    A wrong one is counted for the till, whoever it was for: after some the till takes none for
    minutes. Tries at one till wait for each other, so that none goes uncounted.

    Raises:
        NotFound: there is no such till, or nobody of that id works in its store.
        TillLocked: there were too many wrong ones.
        WrongPin: it is not the cashier's.
    """
    refusal: WrongPin | None = None
    async with program_transaction(connection, program_id):
        device = await (await connection.execute(LOCK_DEVICE, (program_id, device_id))).fetchone()
        if device is None:
            raise no_such_device()
        store, tries, locked_until = cast("tuple[str, int, datetime | None]", device)
        if locked_until is not None and locked_until > now:
            raise _locked(locked_until, now)
        row = await (await connection.execute(WITH_PIN, (program_id, cashier_id))).fetchone()
        cashier = None if row is None else cashier_of_row(row[:-1])
        if row is None or cashier is None or not cashier.works_in(store):
            raise no_such_cashier()
        if await asyncio.to_thread(_is_right, cast(str, row[-1]), pin):
            if tries:
                await connection.execute(COUNT_TRY, (0, None, program_id, device_id))
            return cashier
        left = TRIES - tries - 1
        told = (tries + 1, None) if left > 0 else (0, now + LOCKED_FOR)
        await connection.execute(COUNT_TRY, (*told, program_id, device_id))
        refusal = WrongPin(N_("That is not the PIN."), facts={"left": max(left, 0)})
    raise refusal


def _is_right(pin_hash: str, pin: str) -> bool:
    try:
        return PINS.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def _locked(until: datetime, now: datetime) -> TillLocked:
    minutes = -(-int((until - now).total_seconds()) // 60)
    return TillLocked(
        N_("Too many wrong PINs. Try again in {minutes} minutes."),
        facts={"until": until},
        minutes=max(minutes, 1),
    )
