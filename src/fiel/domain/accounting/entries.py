"""Journal entries: each has one debit and one credit of the same amount, so that they balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fiel.domain.accounting.cohorts import Position, Source
from fiel.domain.accounting.settings import Account, Accounting


class Entry(StrEnum):
    """What is entered into the books."""

    EARNED = "earned"
    GRANTED = "granted"
    BROUGHT_IN = "brought_in"
    REDEEMED = "redeemed"
    BREAKAGE = "breakage"
    CARDS_SOLD = "cards_sold"
    CARDS_GIVEN = "cards_given"
    CARDS_PAID = "cards_paid"
    CARDS_REFUNDED = "cards_refunded"
    CARDS_WITHDRAWN = "cards_withdrawn"
    CARDS_EXPIRED = "cards_expired"


# Which account an entry debits and which it credits.
SIDES: Mapping[Entry, tuple[Account, Account]] = {
    Entry.EARNED: (Account.SALES, Account.DEFERRED),
    Entry.GRANTED: (Account.GRANTED, Account.DEFERRED),
    Entry.BROUGHT_IN: (Account.BROUGHT_IN, Account.DEFERRED),
    Entry.REDEEMED: (Account.DEFERRED, Account.REDEEMED),
    Entry.BREAKAGE: (Account.DEFERRED, Account.BREAKAGE),
    Entry.CARDS_SOLD: (Account.CASH, Account.GIFT_CARDS),
    Entry.CARDS_GIVEN: (Account.GIFT_CARD_REWARDS, Account.GIFT_CARDS),
    Entry.CARDS_PAID: (Account.GIFT_CARDS, Account.GIFT_CARD_SALES),
    Entry.CARDS_REFUNDED: (Account.GIFT_CARD_SALES, Account.GIFT_CARDS),
    Entry.CARDS_WITHDRAWN: (Account.GIFT_CARDS, Account.GIFT_CARD_REWARDS),
    Entry.CARDS_EXPIRED: (Account.GIFT_CARDS, Account.GIFT_CARD_BREAKAGE),
}
_OF_SOURCE = {
    Source.SALE: Entry.EARNED,
    Source.GRANTED: Entry.GRANTED,
    Source.BROUGHT_IN: Entry.BROUGHT_IN,
}

# What was entered, ever, by entry and unit ("" for what is money itself), in minor units.
type Entered = Mapping[tuple[Entry, str], int]


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry; one of `debit` and `credit` is zero, neither is below it."""

    entry: Entry
    unit: str
    account: Account
    number: str
    debit: int
    credit: int


def entered_for(positions: Iterable[Position]) -> dict[tuple[Entry, str], int]:
    """What was entered for points, ever."""
    entered: dict[tuple[Entry, str], int] = {}
    for position in positions:
        for entry, amount in (
            (_OF_SOURCE[position.source], position.allocated),
            (Entry.REDEEMED, position.from_redeemed),
            (Entry.BREAKAGE, position.from_breakage),
        ):
            place = entry, position.unit
            entered[place] = entered.get(place, 0) + amount
    return entered


def entered_between(before: Entered, after: Entered) -> dict[tuple[Entry, str], int]:
    """What was entered in a time, from what was entered ever before and after it."""
    places = dict.fromkeys((*before, *after))
    return {
        place: amount for place in places if (amount := after.get(place, 0) - before.get(place, 0))
    }


def journal_lines(entered: Entered, accounting: Accounting) -> list[Line]:
    """Both sides of each entry; what is below zero is entered the other way round."""
    order = list(Entry)
    lines = []
    for (entry, unit), amount in sorted(
        entered.items(), key=lambda item: (item[0][1], order.index(item[0][0]))
    ):
        debit, credit = SIDES[entry] if amount >= 0 else SIDES[entry][::-1]
        size = abs(amount)
        lines.append(Line(entry, unit, debit, accounting.number(debit), size, 0))
        lines.append(Line(entry, unit, credit, accounting.number(credit), 0, size))
    return lines


def balance_of(account: Account, entered: Entered) -> int:
    """What stands on an account, credits less debits."""
    balance = 0
    for (entry, _), amount in entered.items():
        debit, credit = SIDES[entry]
        balance += amount * ((credit is account) - (debit is account))
    return balance
