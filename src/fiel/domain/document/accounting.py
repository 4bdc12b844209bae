"""The description of `accounting`: how a program accounts for what it owes its members."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from fiel.domain.accounting.settings import Account, Accounting, UnitAccounting, WithoutSale
from fiel.domain.document.numbers import Number, Ratio
from fiel.domain.document.reading import Named
from fiel.domain.document.shapes import Dynamic, Fields, Record, defaulted, optional
from fiel.domain.document.words import Choice, Text

_REDEEMED = optional(
    "redeemed",
    Number(0, 100, above=False),
    "How many of a hundred are expected to be redeemed. Left out: estimated from the months of "
    "which everything is over; until there are any, all are expected to be.",
)
_VALUE = optional(
    "value",
    Ratio(),
    "What one is worth by itself, in the program's currency. Left out: what it is worth when it "
    "pays.",
)


def _unit(fields: Fields) -> UnitAccounting:
    percent: Decimal | None = fields[_REDEEMED]
    share = None if percent is None else Fraction(percent) / 100
    return UnitAccounting(redeemed=share, value=fields[_VALUE])


_UNITS = defaulted(
    "units",
    Record(
        "accounting units",
        (),
        lambda fields: fields.others(()),
        dynamic=Dynamic(
            Record(
                "accounting of a unit",
                (_REDEEMED, _VALUE),
                _unit,
                doc="What is stated about one unit.",
            ),
            "a unit's id",
            Named.UNIT,
        ),
        doc="What is stated about units, each under its id.",
    ),
    {},
    None,
    "What is stated about units. Left out: estimated.",
)
_WITHOUT_SALE = defaulted(
    "without_sale",
    Choice(WithoutSale),
    WithoutSale.NONE,
    "none",
    "What points are to the books that no sale gave (a welcome, a birthday, a review): `none`, "
    "no part of any price is theirs, and nothing is deferred for them; `expense`, what is expected "
    "to be redeemed of them is a cost when they are given.",
)
_ACCOUNT_DOCS = {
    Account.SALES: "Revenue of sales, of which the points' part is taken out.",
    Account.DEFERRED: "What is owed to members in points: deferred revenue.",
    Account.REDEEMED: "Revenue of points that were redeemed.",
    Account.BREAKAGE: "Revenue of points that will not be redeemed.",
    Account.GRANTED: "Cost of points that no sale gave.",
    Account.BROUGHT_IN: "Where the books had what members brought in from before.",
    Account.CASH: "Money received for gift cards.",
    Account.GIFT_CARDS: "What is owed to holders of gift cards.",
    Account.GIFT_CARD_SALES: "What gift cards paid in sales.",
    Account.GIFT_CARD_REWARDS: "Gift cards that members got for points.",
    Account.GIFT_CARD_BREAKAGE: "What was left on gift cards that expired.",
}
_NAMES = {
    account: optional(account.value, Text(40), f"{doc} Left out: `{account}`.")
    for account, doc in _ACCOUNT_DOCS.items()
}


def _accounts(fields: Fields) -> dict[Account, str]:
    numbers = {account: fields[key] for account, key in _NAMES.items()}
    return {account: number for account, number in numbers.items() if number is not None}


_ACCOUNTS = defaulted(
    "accounts",
    Record(
        "accounts",
        tuple(_NAMES.values()),
        _accounts,
        doc="The numbers (or names) that the accounts of the journal have in the merchant's books.",
    ),
    {},
    None,
    "The numbers of the journal's accounts. Left out: their names.",
)

ACCOUNTING = defaulted(
    "accounting",
    Record(
        "accounting",
        (_UNITS, _WITHOUT_SALE, _ACCOUNTS),
        lambda fields: Accounting(
            units=fields[_UNITS],
            without_sale=fields[_WITHOUT_SALE],
            accounts=fields[_ACCOUNTS],
        ),
        doc="How the program accounts for what it owes its members.",
    ),
    Accounting(),
    None,
    "How the program accounts for what it owes its members.",
)
