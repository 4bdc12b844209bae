"""A decision and its record are the same thing."""

from __future__ import annotations

from datetime import UTC, date
from decimal import Decimal

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.deciding import Rulebook, decide, decision_from_record, decision_record
from fiel.domain.decision import Award, Decision, Skipped, Term, TierChange
from fiel.domain.member import Qualifying
from tests.domain.programs import ana, line, per, program, rule, sale

unhurried = settings(deadline=None)  # a busy machine is no fault
texts = st.text(max_size=12)
counts = st.integers(-(10**15), 10**15)
reasons = st.one_of(
    st.fixed_dictionaries({"kind": st.just("per"), "base": counts}),
    st.fixed_dictionaries({"kind": st.just("item"), "items": counts | texts}),
    st.just({"kind": "fixed"}),
    st.fixed_dictionaries({"kind": st.just("times"), "of": texts}),
    st.fixed_dictionaries({"kind": st.just("tier"), "of": texts, "tier": texts}),
)
times = st.datetimes(timezones=st.just(UTC))
facts = st.recursive(
    st.none() | st.booleans() | counts | texts | st.decimals(allow_nan=False, places=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts | st.just("$decimal"), inner, max_size=3)
    ),
    max_leaves=5,
)
decisions = st.builds(
    Decision,
    awards=st.lists(st.builds(Award, texts, texts, counts, reasons), max_size=3).map(tuple),
    skipped=st.lists(st.builds(Skipped, texts, texts, st.none() | texts), max_size=3).map(tuple),
    terms=st.dictionaries(texts, st.builds(Term, times, st.none() | times), max_size=2),
    counted=st.builds(Qualifying, counts, counts, counts),
    tier=st.none() | st.builds(TierChange, st.none() | texts, texts),
    limits=st.dictionaries(st.tuples(texts, st.dates()), counts, max_size=2),
    budgets=st.dictionaries(st.tuples(texts, texts), counts, max_size=2),
    pinned=st.dictionaries(texts, facts, max_size=3),
)


@unhurried
@given(decisions)
def test_a_decision_comes_back_from_its_record_as_it_was(decision):
    record = orjson.loads(orjson.dumps(decision_record(decision)))

    assert decision_from_record(record) == decision


def test_a_record_holds_only_what_there_is_to_say():
    assert decision_record(Decision()) == {}


def test_a_usual_record_is_small():
    book = Rulebook.of(program(rule("base", per())))
    decision = decide(book, ana(), sale(line("6.20")), budgets_left=None)

    assert orjson.dumps(decision_record(decision)).decode() == (
        '{"a":[["base","points",6,"p",620]],'
        '"t":{"points":["2026-03-01T11:00:00Z",null]},'
        '"c":[620,6,1]}'
    )


def test_each_part_has_its_place():
    decision = Decision(
        awards=(
            Award("base", "points", 6, {"kind": "per", "base": 620}),
            Award("doble", "points", 6, {"kind": "times", "of": "base"}),
        ),
        skipped=(Skipped("resena", "limit"), Skipped("triple", "budget", "base")),
        tier=TierChange(None, "bronce"),
        limits={("resena", date(2026, 3, 1)): 1},
        budgets={("doble", "points"): 6},
        pinned={"tier": "bronce", "attributes.size": Decimal("1.50")},
    )

    assert decision_record(decision) == {
        "a": [["base", "points", 6, "p", 620], ["doble", "points", 6, "x", "base"]],
        "s": [["resena", "limit"], ["triple", "budget", "base"]],
        "r": [None, "bronce"],
        "l": [["resena", "2026-03-01", 1]],
        "b": [["doble", "points", 6]],
        "p": {"tier": "bronce", "attributes.size": {"$decimal": "1.50"}},
    }
