"""Points that move between the places of a book, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.decision import Term
from fiel.domain.document import read_program
from fiel.domain.lots import Draw, InsufficientPoints
from fiel.ledger.accounts import Place
from fiel.ledger.books import Book, Standing
from fiel.ledger.ids import new_id
from fiel.ledger.moving import Taken, capture, credit, give_back, take, take_back
from fiel.ledger.posting import Posting, Told, Version

PROGRAM = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, grace: GRACE, negative: NEGATIVE}
earn: [{id: base, event: sale, give: {points: 1, per: "1.00"}}]
"""
JANUARY = datetime(2026, 1, 1, 11, 0, tzinfo=UTC)


@dataclass
class Ana:
    """A member's book at work; `now` moves forward."""

    negative: str = "debt"
    grace: str = "0 days"
    now: datetime = JANUARY
    book: Book = field(init=False)
    posting: Posting = field(init=False)

    def __post_init__(self) -> None:
        source = PROGRAM.replace("NEGATIVE", self.negative).replace("GRACE", self.grace)
        self.posting = Posting(Version(1, read_program(source)))
        self.book = Book(new_id(), Standing("active", JANUARY), lots_read=True)
        self.unit = self.posting.version.program.units["points"]

    def told(self) -> Told:
        return Told(new_id(), "adjustment", "", None, self.now, b"")

    def earns(self, points: int, *, days: int | None, wait: int = 0) -> Told:
        told = self.told()
        ends = None if days is None else self.now + timedelta(days=days)
        term = Term(self.now + timedelta(days=wait), ends)
        credit(
            self.posting, self.book, told, self.unit, points, term,
            source=Place.ISSUED, now=self.now,
        )  # fmt: skip
        return told

    def spends(self, points: int, to: Place = Place.REDEEMED) -> Taken:
        return take(self.posting, self.book, self.told(), "points", points, to=to, now=self.now)

    def gets_back(self, taken: Taken, points: int, *, already: int = 0, held: bool = False):
        source = Place.HELD if held else Place.REDEEMED
        return give_back(
            self.posting, self.book, self.told(), self.unit, taken.draws, points,
            source=source, now=self.now, already=already,
        )  # fmt: skip

    def returns(self, sale: Told, points: int, lapsed: int = 0):
        return take_back(
            self.posting, self.book, self.told(), self.unit, points,
            earned_by=[sale.id], lapsed=lapsed, now=self.now,
        )  # fmt: skip

    def waits(self, days: int) -> None:
        self.now += timedelta(days=days)
        self.posting.settle(self.book, self.now)

    @property
    def account(self):
        return self.book.account("points")

    def is_proved(self) -> None:
        """Balance = open lots - debt, and every counter is the sum of the transfers."""
        lots = self.book.lots.get("points", [])
        account = self.account
        assert account.available == sum(lot.left for lot in lots if lot.activated)
        assert account.pending == sum(lot.left for lot in lots if not lot.activated)
        assert min(account.available, account.pending, account.debt, account.issued) >= 0
        assert not (account.debt and account.available), "what can be used pays a debt first"
        places = dict.fromkeys(Place, 0)
        for row in self.posting.rows.transfers:
            debit, credited, points = row[4], row[5], row[6]
            places[Place(debit)] -= points
            places[Place(credited)] += points
        assert places[Place.AVAILABLE] == account.available
        assert places[Place.PENDING] == account.pending
        assert places[Place.HELD] == account.held_in - account.held_out
        assert -places[Place.DEBT] == account.debt
        assert -places[Place.ISSUED] == account.issued
        drawn = dict.fromkeys((lot.id for lot in lots), 0)
        for _, _, lot_id, points in self.posting.rows.draws:
            drawn[lot_id] += points
        assert drawn == {lot.id: lot.drawn for lot in lots}


def test_1_what_ends_first_is_spent_first():
    ana = Ana()
    ana.earns(100, days=30)
    ana.earns(50, days=58)
    ana.waits(9)

    ana.spends(120)
    ana.waits(22)
    assert ana.account.available == 30
    ana.waits(28)

    assert ana.account.available == 0
    expired = [row[6] for row in ana.posting.rows.transfers if row[5] == Place.EXPIRED]
    assert expired == [30]
    ana.is_proved()


def test_2_an_expiry_takes_only_what_is_left():
    ana = Ana()
    ana.earns(100, days=30)
    ana.spends(80)
    ana.earns(50, days=180)

    ana.waits(31)

    assert (ana.account.available, ana.account.debt) == (50, 0)
    ana.is_proved()


def test_3_a_younger_lot_that_ends_is_spent_before_an_older_that_does_not():
    ana = Ana()
    ana.earns(100, days=None)
    ana.waits(5)
    ana.earns(40, days=10)

    ana.spends(40)
    ana.waits(20)

    assert ana.account.available == 100
    ana.is_proved()


def test_5_points_that_come_back_to_a_lot_that_ended_end_at_once():
    ana = Ana()
    ana.earns(100, days=10)
    taken = ana.spends(60, Place.HELD)
    ana.waits(11)

    back = ana.gets_back(taken, 60, held=True)

    assert (back.points, back.expired) == (60, 60)
    assert ana.account.available == 0
    ana.is_proved()


def test_5_days_of_grace_are_granted_and_no_fresh_term():
    ana = Ana(grace="3 days")
    ana.earns(100, days=10)
    taken = ana.spends(60, Place.HELD)
    ana.waits(11)

    ana.gets_back(taken, 60, held=True)

    assert ana.account.available == 60
    ends = datetime(2026, 1, 15, 23, 0, tzinfo=UTC)  # the end of the third day, in Madrid
    assert [lot.ends_at for lot in ana.book.lots["points"]] == [ends]
    ana.waits(4)
    assert ana.account.available == 0
    ana.is_proved()


def test_what_was_drawn_last_comes_back_first_and_no_more_than_once():
    ana = Ana()
    first = ana.earns(100, days=30)
    second = ana.earns(100, days=60)
    taken = ana.spends(150)

    ana.gets_back(taken, 70)
    ana.gets_back(taken, 80, already=70)

    left = {lot.activity_id: lot.left for lot in ana.book.lots["points"]}
    assert left == {first.id: 100, second.id: 100}
    with pytest.raises(AssertionError):
        ana.gets_back(taken, 1, already=150)
    ana.is_proved()


def test_13_what_still_waits_is_taken_back_without_a_debt():
    ana = Ana()
    sale = ana.earns(100, days=None, wait=14)
    ana.waits(5)

    assert ana.returns(sale, 100).points == 100

    assert (ana.account.pending, ana.account.debt) == (0, 0)
    ana.is_proved()


def test_20_a_debt_is_paid_by_what_is_earned_next():
    ana = Ana()
    sale = ana.earns(50, days=None)
    ana.spends(50)

    assert ana.returns(sale, 50).owed == 50
    assert (ana.account.available, ana.account.debt) == (0, 50)
    ana.earns(80, days=None)

    assert (ana.account.available, ana.account.debt) == (30, 0)
    ana.is_proved()


def test_20_a_debt_is_paid_by_what_becomes_available():
    ana = Ana()
    sale = ana.earns(50, days=None)
    ana.spends(50)
    ana.earns(80, days=None, wait=3)
    ana.returns(sale, 50)

    ana.waits(4)

    assert (ana.account.available, ana.account.debt) == (30, 0)
    ana.is_proved()


def test_20_clamp_books_what_it_lets_go():
    ana = Ana("clamp")
    sale = ana.earns(50, days=None)
    ana.spends(50)

    assert ana.returns(sale, 50).uncollected == 50
    assert (ana.account.available, ana.account.debt, ana.account.issued) == (0, 0, 0)
    ana.is_proved()


def test_20_pending_only_takes_nothing_that_was_available():
    ana = Ana("pending_only")
    sale = ana.earns(50, days=None)

    assert ana.returns(sale, 50).points == 0
    assert ana.account.available == 50
    ana.is_proved()


def test_what_had_expired_is_not_owed_again():
    ana = Ana()
    sale = ana.earns(50, days=10)
    ana.waits(11)

    taken = ana.returns(sale, 50, lapsed=50)

    assert (taken.points, taken.lapsed, taken.owed) == (0, 50, 0)
    assert ana.account.debt == 0
    ana.is_proved()


def test_nobody_spends_more_than_there_is():
    ana = Ana()
    ana.earns(50, days=None)
    ana.earns(50, days=None, wait=3)

    with pytest.raises(InsufficientPoints):
        ana.spends(51)

    assert ana.account.available == 50
    ana.is_proved()


@settings(max_examples=200)
@given(st.data(), st.sampled_from(["debt", "clamp", "pending_only"]))
def test_12_a_balance_is_its_open_lots_less_its_debt(data, negative):
    ana = Ana(negative)
    sales: list[tuple[Told, int]] = []
    spent: list[tuple[Taken, bool]] = []
    for _ in range(data.draw(st.integers(1, 12))):
        match data.draw(st.sampled_from(["earn", "spend", "hold", "back", "return", "wait"])):
            case "earn":
                points = data.draw(st.integers(1, 100))
                days = data.draw(st.none() | st.integers(1, 20))
                sales.append(
                    (ana.earns(points, days=days, wait=data.draw(st.integers(0, 4))), points)
                )
            case "spend" | "hold" as how if ana.account.available:
                points = data.draw(st.integers(1, ana.account.available))
                held = how == "hold"
                spent.append((ana.spends(points, Place.HELD if held else Place.REDEEMED), held))
            case "back" if spent:
                taken, held = spent.pop(data.draw(st.integers(0, len(spent) - 1)))
                if held and data.draw(st.booleans()):
                    capture(ana.posting, ana.book, ana.told(), "points", taken.points, now=ana.now)
                    held = False
                ana.gets_back(taken, taken.points, held=held)
            case "return" if sales:
                sale, points = sales.pop(data.draw(st.integers(0, len(sales) - 1)))
                lapsed = data.draw(st.integers(0, points))
                ana.returns(sale, points, lapsed=lapsed)
            case "wait":
                ana.waits(data.draw(st.integers(1, 10)))
            case _:
                pass
        ana.is_proved()


def test_a_draw_below_zero_puts_points_back():
    ana = Ana()
    ana.earns(10, days=None)
    (lot,) = ana.book.lots["points"]

    ana.book.draw("points", [Draw(lot.id, 7)])
    ana.book.draw("points", [Draw(lot.id, -7)])

    assert (lot.left, lot.is_changed) == (10, True)
