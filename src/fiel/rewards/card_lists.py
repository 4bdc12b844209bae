"""Gift cards of a program as lists tell them: the latest movements, and what is still owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.rewards.gift_cards import COLUMNS, ENTRY_COLUMNS, Entry, GiftCard

CARDS: LiteralString = f"""
SELECT {COLUMNS} FROM gift_card AS g WHERE program_id = %(program)s
  AND (%(state)s = '' OR %(state)s = CASE
    WHEN cancelled_at IS NOT NULL THEN 'cancelled'
    WHEN ends_at <= %(now)s THEN 'expired'
    WHEN issued - charged + refunded = 0 THEN 'empty' ELSE 'active' END)
ORDER BY id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
OWED: LiteralString = """
SELECT currency, count(*) FILTER (WHERE is_open AND issued > charged - refunded),
       coalesce(sum(issued - charged + refunded) FILTER (WHERE is_open), 0)::bigint,
       coalesce(sum(issued - charged + refunded) FILTER (WHERE is_open AND ends_at <= %(soon)s), 0)
         ::bigint,
       coalesce(sum(issued - charged + refunded) FILTER (
         WHERE cancelled_at IS NULL AND ends_at <= %(now)s), 0)::bigint,
       count(*), sum(issued)::bigint, coalesce(sum(charged - refunded), 0)::bigint
FROM (
  SELECT *, cancelled_at IS NULL AND coalesce(ends_at > %(now)s, true) AS is_open
  FROM gift_card WHERE program_id = %(program)s
) AS card GROUP BY currency ORDER BY currency
"""
NAMED: LiteralString = f"SELECT {COLUMNS} FROM gift_card AS g WHERE program_id = %s AND id = %s"
CHARGES: LiteralString = f"""
SELECT {ENTRY_COLUMNS} FROM gift_card_entry
WHERE program_id = %s AND card_id = %s AND kind = 'charge' ORDER BY id DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """What gift cards of a currency come to, in minor units.

    `open` are those that can still pay, with `balance` on them, of which `ending` is lost soon;
    `lost` stood on those whose time is over.
    """

    currency: str
    open: int
    balance: int
    ending: int
    lost: int
    issued: int
    amount: int
    paid: int


async def latest_cards(
    connection: Connection,
    program_id: UUID,
    *,
    state: str,
    now: datetime,
    limit: int,
    offset: int = 0,
) -> list[GiftCard]:
    """The gift cards of a program, the newest first; `state` empty is any."""
    told = {"program": program_id, "state": state, "now": now, "limit": limit, "offset": offset}
    return [GiftCard(*row) for row in await (await connection.execute(CARDS, told)).fetchall()]


async def owed_on_cards(
    connection: Connection, program_id: UUID, *, now: datetime, soon: datetime
) -> list[Owed]:
    """What gift cards come to, by currency; all of them are looked at."""
    told = {"program": program_id, "now": now, "soon": soon}
    return [Owed(*row) for row in await (await connection.execute(OWED, told)).fetchall()]


async def card_with(connection: Connection, program_id: UUID, card_id: UUID) -> GiftCard | None:
    """The card of an id; None where there is none."""
    row = await (await connection.execute(NAMED, (program_id, card_id))).fetchone()
    return None if row is None else GiftCard(*row)


async def charges_of(
    connection: Connection, program_id: UUID, card_id: UUID, *, limit: int
) -> list[Entry]:
    """What a card paid, the latest first."""
    cursor = await connection.execute(CHARGES, (program_id, card_id, limit))
    return [Entry(*row) for row in await cursor.fetchall()]
