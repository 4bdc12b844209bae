"""A newcomer's six answers become a program that can be published and afforded."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fiel.domain.document import read_document
from fiel.domain.program import Event, Give, Multiply
from fiel.domain.refusal import Invalid
from fiel.programs.fitting import Aim, Sells, Visits, fitted, read_answers, slug_of, without_rules
from fiel.programs.starting_points import MODELS

TODAY = date(2026, 3, 1)
CAFE_SOL = {
    "model": "points", "name": "Café Sol", "sells": "coffee", "ticket": "4,50", "margin": "65",
    "visits": "weekly", "aim": "retention", "currency": "EUR", "timezone": "Europe/Madrid",
    "language": "es",
}  # fmt: skip

shops = st.fixed_dictionaries(
    {
        "model": st.sampled_from(MODELS),
        "name": st.just("Café Sol"),
        "sells": st.sampled_from([str(one) for one in Sells]),
        "ticket": st.decimals(Decimal("0.50"), 90_000, places=2).map(str),
        "margin": st.integers(2, 95).map(str),
        "visits": st.sampled_from([str(one) for one in Visits]),
        "aim": st.sampled_from([str(one) for one in Aim]),
        "currency": st.sampled_from(["EUR", "USD", "KWD"]),
        "timezone": st.just("Europe/Madrid"),
        "language": st.sampled_from(["es", "en", "pt"]),
    }
)


@given(shops)
@settings(max_examples=60, deadline=None)
def test_every_answer_makes_a_document_without_a_doubt(told):
    document = read_document(fitted(read_answers(told), today=TODAY), today=TODAY)
    assert document.warnings == ()
    assert document.program.slug == "cafe-sol"
    assert document.program.goals[0].metric == told["aim"]


@given(shops)
@settings(max_examples=60, deadline=None)
def test_what_is_given_back_stays_below_a_sixth_of_the_margin(told):
    answers = read_answers(told)
    program = read_document(fitted(answers, today=TODAY)).program
    spend = answers.yearly_spend * answers.currency.minor_per_major
    # The least that can be written is a minor unit: of tiny purchases it may be more than is there.
    slips = Fraction(len(program.rewards) + 4)
    assert yearly_cost(program, answers, spend) <= answers.margin / 6 * spend + slips


def yearly_cost(program, answers, spend):
    """What a member costs in a year who always comes on the best day, in the best tier."""
    worth = worth_of_units(program, answers)
    total = Fraction(0)
    for rule in program.earn:
        if isinstance(rule.effect, Give):
            for unit, points in rule.effect.amounts.items():
                times = times_in_a_year(rule, answers, spend) * best_factor(program, rule)
                total += times * points * worth.get(unit, Fraction(0))
    reached = [mark for mark in program.milestones if mark.of == "spend" and mark.at <= spend]
    return total + sum(program.rewards[mark.reward].amount for mark in reached)


def times_in_a_year(rule, answers, spend):
    if rule.event is Event.SALE:
        return spend / rule.effect.per if rule.effect.per else answers.visits.in_a_year
    if rule.event is Event.ENROLMENT and "coupons" in rule.effect.amounts:
        return 0  # the coupon of the first purchase is counted as that of the next
    return 12 if rule.event is Event.ACTIVITY else 1


def best_factor(program, rule):
    if not rule.effect.per:
        return 1
    factors = [one.effect.factor for one in program.earn if isinstance(one.effect, Multiply)]
    tiers = [level.multiply for level in program.tiers.levels] if program.tiers else []
    return max(factors, default=1) * max(tiers, default=1)


def worth_of_units(program, answers):
    """The most that one of each unit costs, in minor units."""
    minor = answers.currency.minor_per_major
    found = []
    for reward in program.rewards.values():
        cost = cost_of(reward, answers)
        found += [(unit, Fraction(cost, price)) for unit, price in reward.price.items() if price]
    for mark in program.milestones:
        if mark.every:
            gift = cost_of(program.rewards[mark.reward], answers)
            found.append((mark.of, Fraction(gift, mark.every)))
    if paying := program.pay_with_points:
        found.append((paying.unit, program.units[paying.unit].value * minor))
    return {unit: max(worth for of, worth in found if of == unit) for unit, _ in found}


def cost_of(reward, answers):
    if reward.percent is not None:
        return Fraction(reward.percent) / 100 * answers.ticket * answers.currency.minor_per_major
    return reward.cost if reward.cost is not None else reward.amount or 0


def test_a_cafe_with_a_good_margin_gives_points_for_discounts():
    program = read_document(fitted(read_answers(CAFE_SOL), today=TODAY)).program
    assert program.units["points"].value == Fraction(5, 100)  # 65 % / 12 is more than 5 %
    assert [(each.id, each.cost, each.price["points"]) for each in program.rewards.values()] == [
        ("voucher-1", 100, 20),
        ("free-item", 158, 35),  # 35 % of 4.50 is 31.5 points of 5 cents
    ]


def test_a_thin_margin_gives_two_discounts_and_no_item():
    program = read_document(fitted(read_answers({**CAFE_SOL, "margin": "15"}), today=TODAY)).program
    assert {str(each.kind) for each in program.rewards.values()} == {"discount"}


def test_a_thin_margin_gets_a_discount_for_a_full_card_instead_of_an_item():
    thin = {**CAFE_SOL, "model": "stamp-card", "margin": "20"}
    rich = {**CAFE_SOL, "model": "stamp-card", "margin": "65"}
    kinds = [
        str(next(iter(read_document(fitted(read_answers(told), today=TODAY)).program.rewards
                      .values())).kind)
        for told in (thin, rich)
    ]  # fmt: skip
    assert kinds == ["discount", "product"]


def test_a_program_for_profit_gives_less():
    value = [
        read_document(fitted(read_answers({**CAFE_SOL, "margin": "40", "aim": aim}), today=TODAY))
        .program.units["points"].value
        for aim in ("retention", "profit")
    ]  # fmt: skip
    assert value == [Fraction(33, 1000), Fraction(25, 1000)]  # 40 % / 12 and 40 % / 16


def test_chilean_pesos_have_no_decimals_anywhere():
    told = {**CAFE_SOL, "currency": "CLP", "ticket": "6500", "timezone": "America/Santiago"}
    for model in MODELS:
        source = fitted(read_answers({**told, "model": model}), today=TODAY)
        assert read_document(source).warnings == ()


def test_the_document_before_a_program_gives_nothing():
    program = read_document(without_rules(read_answers(CAFE_SOL))).program
    assert (program.earn, program.rewards, list(program.units)) == ((), {}, ["points"])


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("name", " "), ("ticket", "0"), ("ticket", "mucho"), ("margin", "100"), ("margin", "NaN"),
        ("currency", "DUCATS"), ("timezone", "Mars/Olympus"), ("visits", "never"), ("aim", ""),
        ("model", "luck"), ("sells", ""), ("language", "la"), ("ticket", "1e999999"),
        ("tax", ""), ("tax", "100"), ("tax", "-1"), ("tax", "8.125"), ("tax", "some"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_named(field, told):
    with pytest.raises(Invalid) as refused:
        read_answers({**CAFE_SOL, field: told})
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("tax", "ticket", "net"),
    [
        ("21", "12.10", "10"),
        ("10 %", "4,50 €", "4.09"),
        ("8,1", "10.81", "10"),
        ("0", "£4.50", "4.50"),
    ],
)
def test_a_usual_purchase_is_told_with_the_tax_that_is_in_it(tax, ticket, net):
    answers = read_answers({**CAFE_SOL, "tax": tax, "ticket": ticket})
    assert answers.ticket == Fraction(net)


def test_answers_from_before_the_tax_was_asked_stay_what_they_were():
    answers = read_answers(CAFE_SOL)
    assert (answers.ticket, answers.tax_percent) == (Fraction("4.50"), 0)


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Café Sol", "cafe-sol"), ("  ¡Ñandú! ", "nandu"), ("24 horas", "shop-24-horas"),
     ("咖啡", "shop")],
)  # fmt: skip
def test_a_name_becomes_a_slug(name, slug):
    assert slug_of(name) == slug
