"""How often one address may try pairing codes, counted for all processes together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import LiteralString

from fiel.domain.language import N_
from fiel.ledger.scope import Connection
from fiel.staff.tills.refusals import TooManyTries

MOST_TRIES = 20
WINDOW = timedelta(minutes=1)

FORGET: LiteralString = "DELETE FROM till_pairing_try WHERE began_at <= %s AND address <> %s"
# One statement that locks the row: of any number who try at the same moment, each is counted.
COUNT: LiteralString = """
INSERT INTO till_pairing_try AS counted (address, began_at, tries)
VALUES (%(address)s, %(now)s, 1)
ON CONFLICT (address) DO UPDATE SET
  tries = CASE WHEN counted.began_at > %(over)s THEN counted.tries + 1 ELSE 1 END,
  began_at = CASE WHEN counted.began_at > %(over)s THEN counted.began_at ELSE %(now)s END
RETURNING tries
"""


async def count_try(connection: Connection, address: str, *, now: datetime) -> None:
    """Count a try of an address, on a connection that keeps it whatever comes of the try.

    Raises:
        TooManyTries: the address has tried too often within a minute.
    """
    over = now - WINDOW
    await connection.execute(FORGET, (over, address))
    counted = await connection.execute(COUNT, {"address": address, "now": now, "over": over})
    row = await counted.fetchone()
    assert row is not None, "a try is always counted"
    if row[0] > MOST_TRIES:
        raise TooManyTries(N_("Too many tries. Wait a minute."))
