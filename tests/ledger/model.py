"""The Café Sol's program in plain Python: what anybody would work out by hand, lot by lot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

MADRID = ZoneInfo("Europe/Madrid")
FOREVER = datetime.max.replace(tzinfo=MADRID)
UNITS = ("points", "stamps")


class Refused(Exception):
    """The program says no."""


def midnight_after(moment: datetime, days: int) -> datetime:
    day = moment.astimezone(MADRID).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=MADRID)


@dataclass
class Lot:
    unit: str
    left: int
    starts: datetime
    ends: datetime
    made: int
    sale: str = ""
    is_open: bool = False
    lapsed: int = 0


type Draws = list[tuple[Lot, int]]


@dataclass
class Sale:
    name: str
    cents: int
    quantity: int
    paid: int
    draws: Draws
    bonus: bool
    left: int = 0
    restored: int = 0
    held: dict[str, int] = field(default_factory=dict)
    lapsed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNITS, 0))

    def net(self) -> int:
        """The money that earns: of what is not returned, what points did not pay."""
        total = self.cents * self.quantity
        exact = total * Fraction(self.left, self.quantity) * Fraction(total - self.paid, total)
        return (exact + Fraction(1, 2)).__floor__()

    def earns(self) -> dict[str, int]:
        bonus = 30 if self.bonus and self.net() >= 4000 else 0
        return {"points": self.net() // 100 + bonus, "stamps": 1 if self.left else 0}


@dataclass
class Person:
    lots: list[Lot] = field(default_factory=list)
    debt: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNITS, 0))
    held: dict[str, int] = field(default_factory=lambda: dict.fromkeys(UNITS, 0))
    reviews: list[date] = field(default_factory=list)

    def settle(self, now: datetime) -> None:
        steps = [(lot.starts, 0, lot.made, lot) for lot in self.lots if not lot.is_open]
        steps += [(lot.ends, 1, lot.made, lot) for lot in self.lots if lot.left]
        for at, is_end, _, lot in sorted(steps, key=lambda step: step[:3]):
            if at <= now and is_end:
                lot.lapsed, lot.left = lot.lapsed + lot.left, 0
            elif at <= now:
                lot.is_open = True
                self.pay_debt(lot.unit)

    def pay_debt(self, unit: str) -> None:
        for lot in self.usable(unit):
            paid = min(lot.left, self.debt[unit])
            lot.left, self.debt[unit] = lot.left - paid, self.debt[unit] - paid

    def usable(self, unit: str) -> list[Lot]:
        lots = [lot for lot in self.lots if lot.unit == unit and lot.left and lot.is_open]
        return sorted(lots, key=lambda lot: (lot.ends, lot.made))

    def has(self, unit: str) -> tuple[int, int, int, int]:
        """What is available, pending, held and owed."""
        pending = sum(lot.left for lot in self.lots if lot.unit == unit and not lot.is_open)
        available = sum(lot.left for lot in self.usable(unit))
        return available, pending, self.held[unit], self.debt[unit]

    def gets(self, lot: Lot, now: datetime) -> None:
        if lot.starts <= now:
            paid = min(lot.left, self.debt[lot.unit])
            lot.left, self.debt[lot.unit] = lot.left - paid, self.debt[lot.unit] - paid
        self.lots.append(lot)
        self.settle(now)

    def takes(self, unit: str, points: int, lots: list[Lot] | None = None) -> Draws:
        if lots is None and points > self.has(unit)[0]:
            raise Refused
        draws = []
        for lot in self.usable(unit) if lots is None else lots:
            if taken := min(lot.left, points):
                lot.left, points = lot.left - taken, points - taken
                draws.append((lot, taken))
        return draws

    def puts_back(self, draws: Draws, points: int, already: int, now: datetime) -> None:
        for lot, taken in reversed(draws):
            skipped = min(already, taken)
            back = min(points, taken - skipped)
            already, points = already - skipped, points - back
            lot.left += back
        self.settle(now)
        self.pay_debt("points")

    def loses(self, unit: str, points: int, sale: str, lapsed: int) -> int:
        """Take back what a sale earned; how much of that had expired."""
        own = [lot for lot in self.lots if lot.unit == unit and lot.sale == sale and lot.left]
        own.sort(key=lambda lot: (lot.is_open, lot.ends, lot.made))
        points -= sum(taken for _, taken in self.takes(unit, points, own))
        gone = min(points, lapsed)
        points -= gone
        points -= sum(taken for _, taken in self.takes(unit, points, self.usable(unit)))
        self.debt[unit] += points
        return gone


class Model:
    """Everybody's points, and what everybody shares."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.sales: dict[str, Sale] = {}
        self.redeemed: dict[str, tuple[str, Draws, str]] = {}
        self.budget, self.stock, self.made = 60, 3, 0

    def person(self, name: str, now: datetime) -> Person:
        self.people[name].settle(now)
        return self.people[name]

    def lot(self, unit: str, points: int, starts: datetime, ends: datetime, sale: str = "") -> Lot:
        self.made += 1
        return Lot(unit, points, starts, ends, self.made, sale)

    def earns(self, person: Person, points: int, now: datetime, sale: str = "") -> None:
        if points:
            starts, ends = midnight_after(now, 1), midnight_after(now, 6)
            person.gets(self.lot("points", points, starts, ends, sale), now)

    def sells(self, name: str, cents: int, things: int, paid: int, to: str, now: datetime) -> None:
        person = self.person(name, now)
        draws = person.takes("points", paid)
        sale = self.sales[to] = Sale(name, cents, things, paid, draws, self.budget >= 30, things)
        sale.bonus = sale.bonus and sale.net() >= 4000
        sale.held, self.budget = sale.earns(), self.budget - (30 if sale.bonus else 0)
        self.earns(person, sale.held["points"], now, to)
        person.gets(self.lot("stamps", 1, now, FOREVER, to), now)

    def returns(self, number: str, quantity: int, now: datetime) -> None:
        sale = self.sales[number]
        if quantity > sale.left:
            raise Refused
        person = self.person(sale.name, now)
        sale.left -= quantity
        restored = sale.paid * (sale.quantity - sale.left) // sale.quantity
        person.puts_back(sale.draws, restored - sale.restored, sale.restored, now)
        sale.restored, after = restored, sale.earns()
        if sale.bonus and sale.net() < 4000:
            sale.bonus, self.budget = False, self.budget + 30
        for unit in UNITS:
            lots = [lot for lot in person.lots if lot.sale == number and lot.unit == unit]
            lapsed = sum(lot.lapsed for lot in lots) - sale.lapsed[unit]
            due = sale.held[unit] - after[unit]
            sale.lapsed[unit] += person.loses(unit, due, number, lapsed)
        sale.held = after

    def reviews(self, name: str, now: datetime) -> None:
        person, day = self.person(name, now), now.astimezone(MADRID).date()
        if sum(on >= day - timedelta(days=day.weekday()) for on in person.reviews) < 2:
            person.reviews.append(day)
            self.earns(person, 7, now)

    def adjusts(self, name: str, points: int, now: datetime) -> None:
        person = self.person(name, now)
        if points > 0:
            person.gets(self.lot("points", points, now, midnight_after(now, 6)), now)
        else:
            person.takes("points", -points)

    def redeems(self, name: str, number: str, now: datetime, *, held: bool) -> None:
        if not self.stock:
            raise Refused
        draws = self.person(name, now).takes("points", 10)
        self.redeemed[number] = (name, draws, "held" if held else "captured")
        self.stock, self.people[name].held["points"] = self.stock - 1, self.holds(name)

    def captures(self, number: str, now: datetime) -> None:
        self.changes(number, {"held"}, "captured", now)

    def cancels(self, number: str, now: datetime) -> None:
        person, draws = self.changes(number, {"held", "captured"}, "cancelled", now)
        person.puts_back(draws, 10, 0, now)
        self.stock += 1

    def changes(
        self, number: str, allowed: set[str], status: str, now: datetime
    ) -> tuple[Person, Draws]:
        name, draws, before = self.redeemed[number]
        if before not in allowed:
            raise Refused
        self.redeemed[number] = (name, draws, status)
        self.person(name, now).held["points"] = self.holds(name)
        return self.people[name], draws

    def holds(self, name: str) -> int:
        return sum(
            10 for who, _, status in self.redeemed.values() if (who, status) == (name, "held")
        )

    def transfers(self, name: str, to: str, points: int, now: datetime) -> None:
        giver, taker = self.person(name, now), self.person(to, now)
        for lot, taken in giver.takes("points", points):
            taker.gets(self.lot("points", taken, lot.starts, lot.ends), now)
