"""The demo shop's year as contents: what a till would have sent, in order of time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources

from fiel.connect.demo.purchases import FUEL, GIFT_CARD, Basket, PurchaseLine, Purchases, moved

SLUG = "supermarket"
_MILLIONTHS = 1_000_000
# Returns are not in the data: of every so many baskets one gives a line back, so long after.
_BASKETS_PER_RETURN = 400
_RETURNED_AFTER = timedelta(days=3)
_GOALS_WRITTEN, _UNTIL_GOALS = "2027-06-30", timedelta(days=182)
_GOALS_BEGIN = "goals:\n"  # they are the last of the document
_NEVER_RETURNED = (FUEL, GIFT_CARD)

type Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A household joins with its first purchase."""

    at: datetime
    household: int
    content: Content


@dataclass(frozen=True, slots=True)
class Purchase:
    """A basket is sold."""

    at: datetime
    household: int
    content: Content


@dataclass(frozen=True, slots=True)
class Redemption:
    """A household that redeemed coupons on this day asks for what its points buy."""

    at: datetime
    household: int
    external_id: str


@dataclass(frozen=True, slots=True)
class Return:
    """A line of a basket comes back."""

    at: datetime
    household: int
    content: Content


type Happening = Enrolment | Purchase | Redemption | Return


def program_document(today: date, *, with_goals: bool = True) -> str:
    """The demo's program, as a person would write it today; its goals are due in half a year."""
    written = (resources.files(__package__) / "supermarket.yaml").read_text(encoding="utf-8")
    if not with_goals:
        return written.partition(_GOALS_BEGIN)[0]
    return written.replace(_GOALS_WRITTEN, (today + _UNTIL_GOALS).isoformat())


def happenings(purchases: Purchases, *, weeks: int, until: datetime) -> Iterator[Happening]:
    """Everything that happens in the shop's year, moved by whole weeks, in order of time.

    What would come back after `until` does not.
    """
    dated = [(moved(basket.bought_at, weeks), basket) for basket in purchases.baskets]
    # When the clocks go back an hour comes twice, and moving the year moves that night.
    dated.sort(key=lambda item: (_instant(item[0]), item[1].number))
    redeeming = _redeeming_baskets(purchases)
    returned = _returned_baskets(purchases)
    coming_back: list[tuple[datetime, int, Return]] = []
    enrolled: set[int] = set()
    for at, basket in dated:
        while coming_back and coming_back[0][0] <= _instant(at):
            yield heapq.heappop(coming_back)[-1]
        if basket.household not in enrolled:
            enrolled.add(basket.household)
            yield Enrolment(at, basket.household, household_content(basket.household, at))
        lines = list(purchases.lines(basket))
        yield Purchase(at, basket.household, sale_content(basket, lines, at))
        if basket.number in redeeming:
            yield Redemption(at, basket.household, f"C-{basket.household}-{at.date()}")
        back_at = _days_later(at, _RETURNED_AFTER)
        if basket.number in returned and back_at <= until:
            content = return_content(basket, lines, back_at)
            if content is not None:
                back = Return(back_at, basket.household, content)
                heapq.heappush(coming_back, (_instant(back_at), basket.number, back))
    while coming_back:
        yield heapq.heappop(coming_back)[-1]


def _redeeming_baskets(purchases: Purchases) -> set[int]:
    """The last basket of each day on which a household redeemed coupons."""
    last = {
        (basket.household, moved(basket.bought_at, 0).date()): basket.number
        for basket in purchases.baskets
    }
    return {last[day] for day in purchases.coupon_days if day in last}


def _returned_baskets(purchases: Purchases) -> set[int]:
    numbers = sorted(basket.number for basket in purchases.baskets)
    return set(numbers[_BASKETS_PER_RETURN - 1 :: _BASKETS_PER_RETURN])


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _days_later(moment: datetime, days: timedelta) -> datetime:
    """The same time on the clock, so many days later."""
    return (moment.replace(tzinfo=None) + days).replace(tzinfo=moment.tzinfo)


def household_content(household: int, joined_at: datetime) -> Content:
    """A household has a number and nothing else: the data knows no names and no birthdays."""
    return {
        "external_id": str(household),
        "name": f"Household {household}",
        "joined_at": joined_at.isoformat(),
    }


def sale_content(basket: Basket, lines: Iterable[PurchaseLine], at: datetime) -> Content:
    """A basket as the body of a sale."""
    return {
        "external_id": str(basket.number),
        "member": {"external_id": str(basket.household)},
        "occurred_at": at.isoformat(),
        "store": str(basket.store),
        "channel": "pos",
        "lines": [_line_content(line) for line in lines],
    }


def return_content(basket: Basket, lines: Sequence[PurchaseLine], at: datetime) -> Content | None:
    """The dearest line of a basket that can come back as the body of a return; None without one."""
    places = [
        place
        for place, line in enumerate(lines)
        if line.net > 0 and line.product.category not in _NEVER_RETURNED
    ]
    if not places:
        return None
    place = max(places, key=lambda place: lines[place].net)
    return {
        "external_id": f"R-{basket.number}",
        "sale_external_id": str(basket.number),
        "occurred_at": at.isoformat(),
        "lines": [{"line": place + 1, "quantity": lines[place].quantity}],
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
