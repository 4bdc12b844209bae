"""Engines: one past on which programs are tried, compiled where that can be and replayed else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from fiel.domain.deciding import Rulebook
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.history import Clock, Ends, History, Span
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.outcome import Outcome
from fiel.insights.simulation.replay import Replay

if TYPE_CHECKING:
    from fiel.insights.simulation.kernel.fold import Kernel

# From so many sales, counted once for each program, compiling costs less than it saves.
WORTH_COMPILING = 50_000

REPLAYED, COMPILED = "replayed", "compiled"


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a program came to, and which engine found it out; `why` it was replayed, if it was."""

    outcome: Outcome
    engine: str
    why: str = ""


class Simulation:
    """One past, on which any number of programs are tried."""

    def __init__(
        self,
        columns: Columns,
        programs: Sequence[Program],
        span: Span | None = None,
        *,
        clock: Clock = Clock.AS_HAPPENED,
        ends: Ends | None = None,
        threads: int | None = None,
        compiles_from: int | None = None,
        compiling: Callable[[], None] | None = None,
    ) -> None:
        """`programs` are those that will be tried; they are of one currency.

        `ends` are those of the whole past where this is a share of it; without `threads` all
        processors fold. From `compiles_from` sales times programs on they are compiled. `compiling`
        is called before that is done for the first time, which takes up to a minute.
        """
        assert programs, "something is tried"
        self.history = History(
            columns, span or Span(),
            per_major=programs[0].currency.minor_per_major, clock=clock, ends=ends,
        )  # fmt: skip
        self._programs = tuple(programs)
        self._kernel: Kernel | None = None
        self._why = ""
        self._is_asked = False
        self._threads = threads
        self._compiles_from = WORTH_COMPILING if compiles_from is None else compiles_from
        self._compiling = compiling
        self.has_compiled = False  # for the first time, as the next one needs not

    def run(self, program: Program, behaviour: Behaviour) -> Simulated:
        """What a program comes to under a behaviour."""
        kernel, why = self._compiled(), self._why
        if kernel is not None:
            try:
                kernel.refuse(program)
                self._tell_that_it_compiles()
                return Simulated(kernel.fold(program, behaviour), COMPILED)
            except CannotFold as cannot:
                why = str(cannot)
        outcome = Replay(Rulebook.of(program), self.history, behaviour).run()
        return Simulated(outcome, REPLAYED, why)

    def _tell_that_it_compiles(self) -> None:
        compiling = import_module("fiel.insights.simulation.kernel.compiling")
        if self.has_compiled or compiling.is_compiled():
            return
        self.has_compiled = True
        if self._compiling is not None:
            self._compiling()

    def _compiled(self) -> Kernel | None:
        """The kernel on this past, made when it is first worth it."""
        if self._is_asked:
            return self._kernel
        self._is_asked = True
        sales = self.history.sales()
        if sales * len(self._programs) < self._compiles_from:
            return None
        # What compiles is loaded only where it is used: a small shop never waits for it.
        loading = import_module("fiel.insights.simulation.kernel.loading")
        fold = import_module("fiel.insights.simulation.kernel.fold")
        try:
            self._kernel = fold.Kernel(
                loading.load(self.history, self._programs), threads=self._threads
            )
        except CannotFold as cannot:
            self._why = str(cannot)
        return self._kernel


def simulate(
    columns: Columns,
    program: Program,
    behaviour: Behaviour | None = None,
    span: Span | None = None,
) -> Outcome:
    """What one program comes to on the past that the columns tell."""
    return Simulation(columns, [program], span).run(program, behaviour or Behaviour()).outcome
