"""What the tests of returns share: a sale that is decided, and what is left of it step by step."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fiel.domain.activity import Sale
from fiel.domain.deciding import Rulebook, decide
from fiel.domain.decision import Decision
from fiel.domain.program import Program, Returns
from fiel.domain.returning.keeping import AllBack, AmountBack, Back, Kept, LineBack, Sold, without
from fiel.domain.returning.paying import less_what_points_paid
from fiel.domain.returning.undoing import Holding, held_at_first, lost, still_held
from tests.domain.programs import EUR, ana


def sold_in_euros(sale: Sale) -> Sold:
    return Sold(sale, EUR, tuple(line.gross for line in sale.lines), sale.shipping)


def recomputed(program: Program) -> Program:
    return program


def proportional(program: Program) -> Program:
    units = {id: replace(unit, returns=Returns.PROPORTIONAL) for id, unit in program.units.items()}
    return replace(program, units=units)


def pieces(line: int, quantity: int = 1) -> Back:
    return (LineBack(line, quantity),)


def amount(minor: int) -> Back:
    return AmountBack(minor)


ALL: Back = AllBack()


@dataclass
class Bought:
    """A sale of Ana's, and what its returns take back."""

    program: Program
    sale: Sale
    paid: int = 0
    book: Rulebook = field(init=False)
    sold: Sold = field(init=False)
    decision: Decision = field(init=False)
    kept: Kept = field(init=False)
    holding: Holding = field(init=False)

    def __post_init__(self) -> None:
        self.book = Rulebook.of(self.program)
        self.sold = sold_in_euros(self.sale)
        earning = less_what_points_paid(self.sale, self.paid)
        self.decision = decide(self.book, ana(), earning, budgets_left=None)
        self.kept = Kept.whole(self.sold)
        self.holding = held_at_first(self.decision)

    def brings_back(self, back: Back) -> int:
        """The points that go with a return."""
        before = self.holding
        self.kept = without(self.sold, self.kept, back)
        self.holding = still_held(
            self.book, self.decision, self.sold, self.kept, paid=self.paid, before=before
        )
        return lost(before, self.holding).get("points", 0)
