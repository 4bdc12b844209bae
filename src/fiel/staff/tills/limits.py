"""Limits of a day: what a cashier gave and took back, counted in the transaction that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.language import N_
from fiel.ledger.scope import Connection
from fiel.staff.tills.cashiers import Cashier
from fiel.staff.tills.refusals import CashierLimit

LOCK: LiteralString = "SELECT FROM cashier WHERE program_id = %s AND id = %s FOR UPDATE"
USED: LiteralString = """
SELECT coalesce(sum(amount), 0)::bigint FROM cashier_use
WHERE program_id = %s AND cashier_id = %s AND day = %s AND kind = %s AND unit = %s
  AND about <> %s AND approved_by IS NULL
"""
COUNT: LiteralString = """
INSERT INTO cashier_use (program_id, cashier_id, day, kind, unit, about, amount, device_id,
                         approved_by, at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (program_id, cashier_id, kind, unit, about) DO UPDATE
SET amount = greatest(cashier_use.amount, excluded.amount),
    approved_by = coalesce(excluded.approved_by, cashier_use.approved_by)
RETURNING xmax = 0
"""
UNDO: LiteralString = """
UPDATE cashier_use SET amount = 0
WHERE program_id = %s AND cashier_id = %s AND kind = %s AND about = %s
"""
TODAY: LiteralString = """
SELECT cashier_id, kind, unit, sum(amount)::bigint FROM cashier_use
WHERE program_id = %s AND day = %s GROUP BY cashier_id, kind, unit
"""

# Says no by raising; is asked, with what is about to be done, in the transaction that does it.
type Allow = Callable[[Connection, Mapping[str, int]], Awaitable[None]]


class Kind(StrEnum):
    """What is limited: points that are redeemed or pay, by unit, and money that is returned."""

    REDEEMED = "redeemed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something a cashier does at a till: sent again under the same `about`, it counts once."""

    program_id: UUID
    cashier: Cashier
    device_id: UUID
    kind: Kind
    about: str
    day: date
    at: datetime
    approved_by: UUID | None = None


async def count(connection: Connection, deed: Deed, amounts: Mapping[str, int]) -> bool:
    """Count what a cashier does against the limits of the day; whether it was not counted before.

    Raises:
        CashierLimit: it goes beyond one, and nobody who may approve has.
    """
    await connection.execute(LOCK, (deed.program_id, deed.cashier.id))
    is_new = False
    for unit, amount in amounts.items():
        if amount <= 0:
            continue
        most = _most(deed.cashier, deed.kind, unit)
        if most is not None and deed.approved_by is None:
            await _refuse_beyond(connection, deed, unit, amount, most)
        told = (
            deed.program_id, deed.cashier.id, deed.day, deed.kind, unit, deed.about, amount,
            deed.device_id, deed.approved_by, deed.at,
        )  # fmt: skip
        row = await (await connection.execute(COUNT, told)).fetchone()
        is_new = is_new or bool(row and row[0])
    return is_new


async def uncount(
    connection: Connection, program_id: UUID, cashier_id: UUID, kind: Kind, about: str
) -> None:
    """Count a deed no more: it was undone, or did not happen."""
    await connection.execute(UNDO, (program_id, cashier_id, kind, about))


async def used_on(
    connection: Connection, program_id: UUID, day: date
) -> dict[UUID, dict[tuple[Kind, str], int]]:
    """What each cashier did on a day, by kind and unit."""
    rows = await (await connection.execute(TODAY, (program_id, day))).fetchall()
    used: dict[UUID, dict[tuple[Kind, str], int]] = {}
    for cashier_id, kind, unit, amount in rows:
        used.setdefault(cast(UUID, cashier_id), {})[Kind(kind), unit] = amount
    return used


async def _refuse_beyond(
    connection: Connection, deed: Deed, unit: str, amount: int, most: int
) -> None:
    asked = (deed.program_id, deed.cashier.id, deed.day, deed.kind, unit, deed.about)
    row = await (await connection.execute(USED, asked)).fetchone()
    assert row is not None, "a sum has a row"
    used = cast(int, row[0])
    if used + amount > most:
        raise CashierLimit(
            N_("This goes beyond what {name} may do in a day: somebody who may approve it must."),
            facts={"kind": str(deed.kind), "unit": unit, "most": most, "used": used},
            name=deed.cashier.name,
        )


def _most(cashier: Cashier, kind: Kind, unit: str) -> int | None:
    if not cashier.active:
        return 0  # what came in late, of somebody who left: a manager looks at it
    if cashier.terms.may_approve:
        return None
    if kind is Kind.REDEEMED:
        return cashier.terms.redeem_a_day.get(unit)
    return cashier.terms.return_a_day
