"""What is folded comes to what the replay comes to, to the point."""

from __future__ import annotations

from random import Random

import pytest

from fiel.domain.deciding import Rulebook
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.simulation.behaviour import Behaviour, Choice, Way
from fiel.insights.simulation.history import History, Span
from fiel.insights.simulation.kernel.cannot import CannotFold
from fiel.insights.simulation.kernel.fold import Kernel
from fiel.insights.simulation.kernel.loading import load
from fiel.insights.simulation.kernel.past import Past
from fiel.insights.simulation.outcome import Outcome, differences
from fiel.insights.simulation.replay import Replay
from tests.insights.simulation.kernel.made import made_document, made_past, program_of

REFUSED_AFTER_RETURNS = {"owed_while_waiting", "kept_and_limited", "reads_after_returns"}


def history_of(columns: Columns, program: Program) -> History:
    return History(columns, Span(), per_major=program.currency.minor_per_major)


@pytest.mark.parametrize("seed", range(12))
def test_a_fold_comes_to_what_the_replay_comes_to(seed):
    random = Random(seed)
    program = program_of(made_document(random))
    behaviour = Behaviour(
        random.choice(list(Way)), random.choice([30, 100]), random.choice(list(Choice)), seed
    )
    with made_past(random).columns() as columns:
        history = history_of(columns, program)
        replayed = Replay(Rulebook.of(program), history, behaviour).run()
        folded = Kernel(load(history, [program])).fold(program, behaviour)

    assert differences(replayed, folded) == []


@pytest.mark.parametrize("seed", range(100, 112))
def test_sales_that_come_back_take_back_what_the_replay_takes_back(seed):
    random = Random(seed)
    program = program_of(made_document(random))
    behaviour = Behaviour(random.choice(list(Way)), 100, Choice.CHEAPEST, seed)
    with made_past(random, comes_back=True).columns() as columns:
        history = history_of(columns, program)
        replayed = Replay(Rulebook.of(program), history, behaviour).run()
        folded = folded_or_refused(load(history, [program]), program, behaviour)

    if isinstance(folded, str):
        assert folded in REFUSED_AFTER_RETURNS
    else:
        assert differences(replayed, folded) == []


def folded_or_refused(past: Past, program: Program, behaviour: Behaviour) -> Outcome | str:
    try:
        return Kernel(past).fold(program, behaviour)
    except CannotFold as refused:
        return refused.code
