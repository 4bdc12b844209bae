"""Gift cards: what is owed to whoever holds one, in money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from fiel.domain.accounting.entries import Entry
from fiel.insights.accounts.reading import rows
from fiel.ledger.scope import Connection

# By what a card is and its rate of tax (percent; "" of one that can buy at several).
type CardKind = tuple[str, str]

ISSUED = (Entry.CARDS_SOLD, Entry.CARDS_GIVEN)
SIGNS: Mapping[Entry, int] = {
    Entry.CARDS_SOLD: 1,
    Entry.CARDS_GIVEN: 1,
    Entry.CARDS_PAID: -1,
    Entry.CARDS_REFUNDED: 1,
    Entry.CARDS_WITHDRAWN: -1,
    Entry.CARDS_EXPIRED: -1,
}


@dataclass(frozen=True, slots=True)
class Cards:
    """What was entered for gift cards, ever, in minor units, and how many were issued."""

    entered: Mapping[tuple[CardKind, Entry], int] = field(default_factory=dict)
    issued: Mapping[CardKind, int] = field(default_factory=dict)

    @property
    def kinds(self) -> Sequence[CardKind]:
        """The kinds of cards there are."""
        return sorted({kind for kind, _ in self.entered})

    def owed(self, kind: CardKind) -> int:
        """What can still be paid with the cards of a kind."""
        return sum(sign * self.entered.get((kind, entry), 0) for entry, sign in SIGNS.items())

    def by_entry(self) -> dict[tuple[Entry, str], int]:
        """What the journal has of all of them."""
        total: dict[tuple[Entry, str], int] = {}
        for (_, entry), amount in self.entered.items():
            total[entry, ""] = total.get((entry, ""), 0) + amount
        return total


async def cards_at(connection: Connection, program_id: UUID, until: datetime) -> Cards:
    """What moved gift cards, ever, before a moment."""
    entered: dict[tuple[CardKind, Entry], int] = {}
    issued: dict[CardKind, int] = {}
    found = await rows(connection, "cards", {"program": program_id, "until": until})
    for purpose, rate, is_reward, kind, amount, count in found:
        card = purpose, "" if rate is None else percent(rate)
        place = card, _ENTRIES.get(kind) or ISSUED[is_reward]
        entered[place] = entered.get(place, 0) + amount
        if kind == "issue":
            issued[card] = issued.get(card, 0) + count
    return Cards(entered, issued)


def tax_within(amount: int, rate: str) -> Decimal | None:
    """The tax that is in an amount with tax; None where the rate is not known."""
    if not rate:
        return None
    return amount * Decimal(rate) / (100 + Decimal(rate))


def percent(rate: Decimal) -> str:
    """A rate without zeros that say nothing."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_ENTRIES = {
    "charge": Entry.CARDS_PAID,
    "refund": Entry.CARDS_REFUNDED,
    "cancel": Entry.CARDS_WITHDRAWN,
    "expired": Entry.CARDS_EXPIRED,
}
