"""What gift cards paid of a sale, and how much of it can still go back to them.

Whoever charges a card for a sale names the sale as the `source` of the charge. What goes back
because goods came back bears the same source; a charge that was undone because there was no sale
after all bears another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection

PAID: LiteralString = """
SELECT e.id, g.code, g.currency, g.cancelled_at IS NULL, e.amount - coalesce(b.undone, 0),
       coalesce(b.back, 0)
FROM gift_card_entry AS e
JOIN gift_card AS g ON g.program_id = e.program_id AND g.id = e.card_id
CROSS JOIN LATERAL (
  SELECT sum(r.amount) FILTER (WHERE r.source = e.source)::bigint AS back,
         sum(r.amount) FILTER (WHERE r.source <> e.source)::bigint AS undone
  FROM gift_card_entry AS r
  WHERE r.program_id = e.program_id AND r.card_id = e.card_id AND r.kind = 'refund'
    AND r.about = e.id
) AS b
WHERE e.program_id = %s AND e.kind = 'charge' AND e.source = %s AND e.external_id IS NOT NULL
ORDER BY e.recorded_at, e.id
"""

ANY: LiteralString = "SELECT EXISTS (SELECT FROM gift_card WHERE program_id = %s)"


@dataclass(frozen=True, slots=True)
class CardPayment:
    """What a card paid of a sale, in minor units, and what went back to it of that.

    `takes` says whether the card takes money back; one that was withdrawn does not.
    """

    charge_id: UUID
    code: str
    currency_code: str
    takes: bool
    paid: int
    back: int

    @property
    def left(self) -> int:
        """What can still go back to the card."""
        return self.paid - self.back if self.takes else 0


async def card_payments(connection: Connection, program_id: UUID, sale: str) -> list[CardPayment]:
    """What gift cards paid of a sale that is called so, oldest first."""
    rows = await (await connection.execute(PAID, (program_id, sale))).fetchall()
    found = [CardPayment(*row) for row in rows]
    return [payment for payment in found if payment.paid]


async def has_gift_cards(connection: Connection, program_id: UUID) -> bool:
    """Whether a gift card was ever issued in the program."""
    row = await (await connection.execute(ANY, (program_id,))).fetchone()
    return bool(row and row[0])
