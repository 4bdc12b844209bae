"""The demo shop's year as contents: what a till would have sent, in order of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources

from fiel.connect.demo.purchases import GIFT_CARD, Basket, PurchaseLine, Purchases, moved

SLUG = "supermarket"
_MILLIONTHS = 1_000_000

type Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A household joins with its first purchase."""

    at: datetime
    content: Content


@dataclass(frozen=True, slots=True)
class Purchase:
    """A basket is sold."""

    at: datetime
    content: Content


type Happening = Enrolment | Purchase


def program_document() -> str:
    """The demo's program, as a person would write it."""
    return (resources.files(__package__) / "supermarket.yaml").read_text(encoding="utf-8")


def happenings(purchases: Purchases, *, weeks: int) -> Iterator[Happening]:
    """Everything that happens in the shop's year, moved by whole weeks, in order of time."""
    dated = [(moved(basket.bought_at, weeks), basket) for basket in purchases.baskets]
    # When the clocks go back an hour comes twice, and moving the year moves that night.
    dated.sort(key=lambda item: (item[0].astimezone(UTC), item[1].number))
    enrolled: set[int] = set()
    for at, basket in dated:
        if basket.household not in enrolled:
            enrolled.add(basket.household)
            yield Enrolment(at, household_content(basket.household, at))
        yield Purchase(at, sale_content(basket, purchases.lines(basket), at))


def household_content(household: int, joined_at: datetime) -> Content:
    """A household has a number and nothing else: the data knows no names and no birthdays."""
    return {
        "external_id": str(household),
        "name": f"Household {household}",
        "joined_at": joined_at.isoformat(),
    }


def sale_content(basket: Basket, lines: Iterator[PurchaseLine], at: datetime) -> Content:
    """A basket as the body of a sale."""
    return {
        "external_id": str(basket.number),
        "member": {"external_id": str(basket.household)},
        "occurred_at": at.isoformat(),
        "store": str(basket.store),
        "channel": "pos",
        "lines": [_line_content(line) for line in lines],
    }


def _line_content(line: PurchaseLine) -> Content:
    shelf = line.net + line.discount
    content: Content = {
        "sku": str(line.product_id),
        "name": line.product.name,
        "category": line.product.category,
        "quantity": line.quantity if line.volume is None else _thousandths(line.volume),
        "unit_price": _unit_price(shelf, line),
    }
    if line.discount:
        content["discount"] = _dollars(line.discount)
    if line.product.category == GIFT_CARD:
        content["kind"] = "gift_card"
    return content


def _unit_price(shelf: int, line: PurchaseLine) -> str:
    """The price before discounts, so fine that the quantity times it is the price on the shelf."""
    if line.volume is not None:
        return _fine(shelf * 1000, line.volume)
    if line.quantity == 1:
        return _dollars(shelf)
    return _fine(shelf, line.quantity)


def _fine(cents: int, parts: int) -> str:
    """Cents shared in parts, in dollars to the millionth."""
    # Half of a millionth in each of 10,000 parts is half a cent: rounding gives the cents back.
    assert parts < 10_000_000
    millionths = (cents * _MILLIONTHS // 100 * 2 + parts) // (2 * parts)
    whole, rest = divmod(millionths, _MILLIONTHS)
    return f"{whole}.{rest:06d}".rstrip("0").ljust(len(str(whole)) + 3, "0")


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _thousandths(volume: int) -> str:
    return f"{volume // 1000}.{volume % 1000:03d}"
