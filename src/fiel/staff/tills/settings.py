"""What all tills of a program share: the tax in prices, and which page may hand sales over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.program import Basis, Event, Give, Program
from fiel.ledger.scope import Connection
from fiel.staff.tills.fields import read_origin, read_percent

READ: LiteralString = "SELECT tax_percent, sender FROM till_setting WHERE program_id = %s"
KEEP: LiteralString = """
INSERT INTO till_setting (program_id, tax_percent, sender) VALUES (%s, %s, %s)
ON CONFLICT (program_id) DO UPDATE
SET tax_percent = excluded.tax_percent, sender = excluded.sender
"""


@dataclass(frozen=True, slots=True)
class TillSettings:
    """`tax_percent` is in what a cashier types as the amount; `sender` is a page's origin.

    `is_kept` tells a tax of 0 that somebody said from one that nobody has thought of yet.
    """

    tax_percent: Decimal = Decimal(0)
    sender: str = ""
    is_kept: bool = False

    def lacks_tax(self, program: Program) -> bool:
        """Whether rules count amounts before tax, and nobody has said how much tax there is."""
        return not self.is_kept and any(
            rule.event is Event.SALE
            and rule.of is not Basis.GROSS
            and isinstance(rule.effect, Give)
            and rule.effect.per is not None
            for rule in program.earn
        )


async def till_settings(connection: Connection, program_id: UUID) -> TillSettings:
    """What the tills of a program share."""
    row = await (await connection.execute(READ, (program_id,))).fetchone()
    return TillSettings(cast(Decimal, row[0]), cast(str, row[1]), True) if row else TillSettings()


async def keep_till_settings(
    connection: Connection, program_id: UUID, *, tax_percent: str, sender: str
) -> TillSettings:
    """Change what the tills of a program share.

    Raises:
        Invalid: the percentage or the origin cannot be.
    """
    settings = TillSettings(read_percent(tax_percent), read_origin(sender), is_kept=True)
    await connection.execute(KEEP, (program_id, settings.tax_percent, settings.sender))
    return settings
