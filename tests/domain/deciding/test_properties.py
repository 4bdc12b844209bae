"""What holds for every program and every sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.activity import LineKind, OccasionKind
from fiel.domain.conditions import CannotEvaluate
from fiel.domain.deciding import (
    Rulebook,
    decide,
    decision_from_record,
    decision_record,
    limit_keys,
    replay,
)
from fiel.domain.program import (
    Basis,
    Event,
    Extra,
    Give,
    Limit,
    Multiply,
    Rounding,
    RoundPer,
    Schedule,
    Stacking,
)
from fiel.domain.time import Period
from tests.domain.deciding.reference import decide_plainly
from tests.domain.programs import (
    NOON,
    action,
    ana,
    category_is,
    category_is_not,
    condition,
    likes,
    line,
    member_tier_is,
    occasion,
    per,
    program,
    rule,
    sale,
    sale_net_from,
    sku_is,
    tier_ladder,
    unit,
)

unhurried = settings(max_examples=200, deadline=None)  # a busy machine is no fault
CATEGORIES = ("cafe", "pan", "tabaco", "tarjetas", "")
factors = st.sampled_from([Fraction(text) for text in ("0", "1/2", "1", "3/2", "2", "4/3", "7/5")])
amounts = st.sampled_from([Fraction(text) for text in ("1", "2", "1/3", "7/10", "5")])
whole_amounts = st.sampled_from([Fraction(1), Fraction(3), Fraction(50)])


def fails_on_pan() -> object:
    def matches(line, sale, member, action):
        if line.category == "pan":
            raise CannotEvaluate("pan")
        return True

    return condition("line.category > 1", matches, "line.category")


conditions = st.one_of(
    st.none(),
    st.sampled_from(CATEGORIES).map(category_is),
    st.sampled_from(CATEGORIES).map(category_is_not),
    st.sampled_from(["A", "B"]).map(sku_is),
    st.sampled_from(["5.00", "20.00"]).map(sale_net_from),
    st.sampled_from(["plata", "oro"]).map(member_tier_is),
    st.just("latte").map(likes),
    st.builds(fails_on_pan),
)
member_conditions = st.none() | st.just("latte").map(likes) | st.just("oro").map(member_tier_is)
schedules = st.one_of(
    st.none(),
    st.none(),
    st.builds(
        Schedule,
        first=st.none() | st.just(date(2026, 3, 1)),
        last=st.none() | st.just(date(2026, 3, 29)),
        days=st.frozensets(st.integers(0, 6)),
        hours=st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1440)),
    ),
)
limits = st.one_of(
    st.none(), st.none(), st.builds(Limit, st.integers(1, 2), st.sampled_from(Period))
)
budgets = st.one_of(
    st.none(),
    st.none(),
    st.dictionaries(st.sampled_from(["points", "stamps"]), st.integers(0, 60), min_size=1),
)


@st.composite
def effects(draw, event):
    kinds = ["per", "item", "fixed", "multiply"] if event is Event.SALE else ["fixed", "multiply"]
    kind = draw(st.sampled_from(kinds))
    if kind == "multiply":
        named = draw(st.lists(st.sampled_from([f"r{n}" for n in range(6)]), max_size=2))
        return Multiply(draw(factors), tuple(named))
    units = draw(st.lists(st.sampled_from(["points", "stamps"]), min_size=1, unique=True))
    each = amounts if kind == "per" else whole_amounts
    return Give(
        {id: draw(each) for id in units},
        per=draw(st.sampled_from([1, 7, 100, 1000])) if kind == "per" else None,
        per_item=kind == "item",
    )


@st.composite
def rules(draw, place, event=Event.SALE):
    return rule(
        f"r{place}",
        draw(effects(event)),
        event=event,
        activity=draw(st.sampled_from([None, "review"])) if event is Event.ACTIVITY else None,
        of=draw(st.sampled_from(Basis)),
        where=draw(conditions if event is Event.SALE else member_conditions),
        when=draw(schedules),
        limit=draw(limits),
        budget=draw(budgets),
        include=draw(st.lists(st.sampled_from(Extra), max_size=2)),
    )


@st.composite
def programs(draw, event=Event.SALE):
    return program(
        *[draw(rules(place, event)) for place in range(draw(st.integers(1, 6)))],
        units=[
            unit(
                id,
                rounding=draw(st.sampled_from(Rounding)),
                round_per=draw(st.sampled_from(RoundPer)),
            )
            for id in ("points", "stamps")
        ],
        stacking=draw(st.sampled_from(Stacking)),
        tiers=draw(
            st.none()
            | st.just(tier_ladder(("bronce", 0, "1"), ("plata", 100, "1.5"), ("oro", 200, "2")))
        ),
    )


moments = st.timedeltas(timedelta(0), timedelta(days=40)).map(lambda after: NOON + after)


@st.composite
def sales(draw):
    lines = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        net = draw(st.integers(0, 4000))
        lines.append(
            line(
                str(Decimal(net) / 100),
                number=number,
                sku=draw(st.sampled_from(["A", "B", ""])),
                category=draw(st.sampled_from(CATEGORIES)),
                kind=draw(st.sampled_from([LineKind.GOODS, LineKind.GOODS, LineKind.GIFT_CARD])),
                quantity=draw(
                    st.integers(1, 5) | st.sampled_from([Decimal("0.5"), Decimal("1.275")])
                ),
                gross=str(Decimal(net * 121) / 10000),
                margin=str(Decimal(draw(st.integers(-500, net))) / 100),
            )
        )
    return sale(*lines, at=draw(moments), shipping=draw(st.sampled_from(["0.00", "0.00", "4.95"])))


@st.composite
def cases(draw, sale_only=False):
    others = [] if sale_only else [Event.ACTIVITY, Event.BIRTHDAY]
    event = draw(st.sampled_from([Event.SALE] * 5 + others))
    shop = draw(programs(event))
    if event is Event.SALE:
        activity = draw(sales())
    elif event is Event.ACTIVITY:
        activity = action(draw(st.sampled_from(["review", "visit"])), at=draw(moments))
    else:
        activity = occasion(OccasionKind.BIRTHDAY, at=draw(moments))
    keys = limit_keys(Rulebook.of(shop), activity)
    member = ana(
        tier=draw(st.sampled_from([None, "bronce", "plata", "oro", "lost"])),
        attributes=draw(st.sampled_from([{}, {"favourite": "latte"}, {"favourite": "mocha"}])),
        limits_used={key: draw(st.integers(0, 2)) for key in keys},
    )
    left = draw(
        st.none()
        | st.dictionaries(
            st.tuples(st.sampled_from(["r0", "r1", "r2"]), st.sampled_from(["points", "stamps"])),
            st.integers(0, 60),
        )
    )
    return shop, member, activity, left


@unhurried
@given(cases())
def test_deciding_fast_is_deciding_plainly(case):
    shop, member, activity, left = case

    decision = decide(Rulebook.of(shop), member, activity, budgets_left=left)
    plain = decide_plainly(shop, member, activity, left)

    assert [(each.rule, each.unit, each.points) for each in decision.awards] == plain.awards
    assert {(each.rule, each.why, each.of) for each in decision.skipped} == set(plain.skipped)
    assert decision.limits == plain.limits
    assert decision.budgets == plain.budgets
    assert decision_from_record(decision_record(decision)) == decision


@unhurried
@given(cases())
def test_no_member_ever_loses_points_by_an_activity(case):
    shop, member, activity, left = case

    decision = decide(Rulebook.of(shop), member, activity, budgets_left=left)

    assert all(points > 0 for points in decision.points().values())
    assert decision.terms.keys() == decision.points().keys()


@unhurried
@given(cases())
def test_no_budget_is_overrun_and_no_limit_exceeded(case):
    shop, member, activity, left = case
    declared = {rule.id: rule for rule in shop.earn}

    decision = decide(Rulebook.of(shop), member, activity, budgets_left=left)

    for (rule_id, unit_id), points in decision.budgets.items():
        budget = declared[rule_id].budget.amounts[unit_id]
        assert left is None or 0 < points <= left.get((rule_id, unit_id), budget)
    for key, used in decision.limits.items():
        limit = declared[key[0]].limit or Limit(1, Period.YEAR)
        assert member.limits_used.get(key, 0) + used <= limit.per_member
        assert key in limit_keys(Rulebook.of(shop), activity)


@unhurried
@given(programs(), sales(), st.randoms())
def test_the_order_of_lines_does_not_matter(shop, basket, random):
    shuffled = list(basket.lines)
    random.shuffle(shuffled)
    book = Rulebook.of(shop)

    one = decide(book, ana(tier="oro"), basket, budgets_left=None)
    other = decide(book, ana(tier="oro"), replace(basket, lines=tuple(shuffled)), budgets_left=None)

    assert one == other


@unhurried
@given(
    st.lists(st.integers(0, 5000), min_size=1, max_size=5),
    st.sampled_from(Rounding),
    st.sampled_from([1, 30, 100, 1000]),
)
def test_an_award_by_value_is_the_exact_product_rounded_once(nets, rounding, every):
    shop = program(
        rule("base", Give({"points": Fraction(2, 3)}, per=every)), units=[unit(rounding=rounding)]
    )
    basket = sale(
        *(line(str(Decimal(net) / 100), number=place) for place, net in enumerate(nets, 1))
    )
    exact = Fraction(2, 3) * sum(nets) / every
    rounded = {
        Rounding.FLOOR: exact.__floor__(),
        Rounding.CEIL: exact.__ceil__(),
        Rounding.HALF_UP: (exact + Fraction(1, 2)).__floor__(),
    }[rounding]

    decision = decide(Rulebook.of(shop), ana(), basket, budgets_left=None)

    assert decision.points().get("points", 0) == rounded


@unhurried
@given(sales(), st.integers(0, 4))
def test_rounded_per_sale_a_sale_earns_no_less_than_its_parts(basket, cut):
    book = Rulebook.of(program(rule("base", per("0.70")), units=[unit()]))

    def points(lines):
        return decide(book, ana(), sale(*lines), budgets_left=None).points().get("points", 0)

    together = points(basket.lines)
    apart = points(basket.lines[:cut]) + points(basket.lines[cut:])
    assert apart <= together <= apart + 1


@unhurried
@given(cases(sale_only=True))
def test_a_replay_of_the_whole_sale_is_the_sale(case):
    shop, member, basket, left = case
    book = Rulebook.of(shop)
    first = decide(book, member, basket, budgets_left=left)

    again = replay(book, decision_record(first), basket)

    assert again.awards == first.awards
    assert again.counted == first.counted


@unhurried
@given(programs(), sales())
def test_returns_one_after_another_take_back_just_what_the_sale_earned(shop, basket):
    book = Rulebook.of(shop)
    first = decide(book, ana(tier="plata"), basket, budgets_left=None)
    held = first.points()
    taken: dict[str, int] = {}

    for kept in range(len(basket.lines) - 1, -1, -1):
        now = replay(book, first, sale(*basket.lines[:kept], at=basket.occurred_at)).points()
        for unit_id in first.points():
            back = held.get(unit_id, 0) - now.get(unit_id, 0)
            taken[unit_id] = taken.get(unit_id, 0) + back
        held = now

    if basket.lines:
        assert taken == first.points()
