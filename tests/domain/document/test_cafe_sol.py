"""The Café Sol's program, which uses every part of a document, is understood whole."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fiel.domain.document import read_document, read_program
from fiel.domain.money import Currency
from fiel.domain.program import (
    Basis,
    Budget,
    Downgrade,
    Event,
    ExpiresAfter,
    Give,
    Goal,
    Limit,
    Multiply,
    Negative,
    PayWithPoints,
    Returns,
    RewardKind,
    Rounding,
    RoundPer,
    Schedule,
    Stacking,
    TierBy,
    TierLevel,
    Unit,
)
from fiel.domain.time import NO_TIME, Duration, DurationUnit, Period

SOURCE = Path(__file__).with_name("cafe-sol.yaml").read_text(encoding="utf-8")
A_YEAR = Duration(12, DurationUnit.MONTHS)


@pytest.fixture(scope="module")
def document():
    return read_document(SOURCE)


@pytest.fixture(scope="module")
def program(document):
    return document.program


def rule(program, name):
    (found,) = [rule for rule in program.earn if rule.id == name]
    return found


def test_nothing_in_it_is_doubtful(document):
    assert document.warnings == ()


def test_who_and_where(program):
    assert program.slug == "cafe-sol"
    assert program.name == "Café Sol"
    assert program.locale == "es"
    assert program.currency == Currency("EUR", 2)
    assert program.timezone == ZoneInfo("Europe/Madrid")
    assert program.stacking is Stacking.MULTIPLY


def test_units(program):
    assert program.units == {
        "points": Unit(
            id="points",
            name={"es": "puntos", "en": "points"},
            value=Fraction(1, 100),
            rounding=Rounding.FLOOR,
            round_per=RoundPer.SALE,
            expiry=ExpiresAfter(A_YEAR),
            grace=NO_TIME,
            pending=NO_TIME,
            negative=Negative.DEBT,
            returns=Returns.RECOMPUTE,
        ),
        "stamps": Unit(
            id="stamps",
            name={"es": "sellos", "en": "stamps"},
            value=None,
            rounding=Rounding.FLOOR,
            round_per=RoundPer.SALE,
            expiry=None,
            grace=NO_TIME,
            pending=NO_TIME,
            negative=Negative.DEBT,
            returns=Returns.RECOMPUTE,
        ),
    }


def test_rules_keep_their_order(program):
    assert [rule.id for rule in program.earn] == [
        "base", "cafe-doble", "ticket-50", "sello", "resena", "cumple", "aniversario", "bienvenida",
    ]  # fmt: skip


def test_the_base_rule(program):
    base = rule(program, "base")
    assert base.event is Event.SALE
    assert base.effect == Give({"points": Fraction(1)}, per=100)
    assert base.of is Basis.NET
    assert base.where.text == 'line.category != "tabaco"'
    assert (base.when, base.limit, base.budget, base.activity) == (None, None, None, None)
    assert base.include == frozenset()


def test_the_promotion(program):
    promotion = rule(program, "cafe-doble")
    assert promotion.effect == Multiply(Fraction(2))
    assert promotion.where.text == 'line.category == "cafe"'
    assert promotion.when == Schedule(
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        days=frozenset({0, 1}),
        hours=(8 * 60, 11 * 60),
    )


def test_rules_that_give_once_and_by_item(program):
    assert rule(program, "ticket-50").effect == Give({"points": Fraction(50)})
    assert rule(program, "ticket-50").where.text == "sale.net >= 50.0"
    assert rule(program, "sello").effect == Give({"stamps": Fraction(1)}, per_item=True)


def test_the_review_with_its_limit_and_budget(program):
    review = rule(program, "resena")
    assert (review.event, review.activity) == (Event.ACTIVITY, "review")
    assert review.effect == Give({"points": Fraction(20)})
    assert review.limit == Limit(1, Period.MONTH)
    assert review.budget == Budget({"points": 10_000}, restore_on_return=True)


def test_days_that_are_honoured(program):
    given = {
        name: (rule(program, name).event, rule(program, name).effect)
        for name in ("cumple", "aniversario", "bienvenida")
    }
    assert given == {
        "cumple": (Event.BIRTHDAY, Give({"points": Fraction(100)})),
        "aniversario": (Event.ANNIVERSARY, Give({"points": Fraction(50)})),
        "bienvenida": (Event.ENROLMENT, Give({"points": Fraction(10)})),
    }


def test_milestones(program):
    spend, stamps = program.milestones
    assert (spend.id, spend.of, spend.at, spend.every) == ("nivel-100", "spend", 10_000, None)
    assert (stamps.id, stamps.of, stamps.at, stamps.every) == ("cada-10-sellos", "stamps", None, 10)
    assert (spend.reward, spend.give) == ("cafe-gratis", {})
    assert (stamps.reward, stamps.give) == ("cafe-gratis", {})


def test_tiers(program):
    assert program.tiers.by is TierBy.SPEND
    assert program.tiers.unit is None
    assert program.tiers.window == A_YEAR
    assert program.tiers.downgrade == Downgrade(
        "window_end", Duration(30, DurationUnit.DAYS), one_step=True
    )
    assert program.tiers.levels == (
        TierLevel("bronce", 0, Fraction(1)),
        TierLevel("plata", 30_000, Fraction(3, 2), ("preventa",)),
        TierLevel("oro", 100_000, Fraction(2), ("preventa", "gestor")),
    )


def test_referral(program):
    assert program.referral.referrer == {"points": 200}
    assert program.referral.friend == {"points": 100}
    assert program.referral.after == Duration(14, DurationUnit.DAYS)
    assert program.referral.min_spend == 2_000
    assert program.referral.limit == Limit(10, Period.YEAR)


def test_rewards(program):
    rewards = program.rewards
    assert list(rewards) == [
        "cafe-gratis", "dto-5", "dto-10pct", "tarjeta-20", "cata", "edicion-limitada",
    ]  # fmt: skip
    assert {name: (reward.kind, reward.price) for name, reward in rewards.items()} == {
        "cafe-gratis": (RewardKind.PRODUCT, {"points": 50}),
        "dto-5": (RewardKind.DISCOUNT, {"points": 500}),
        "dto-10pct": (RewardKind.DISCOUNT, {"points": 800}),
        "tarjeta-20": (RewardKind.GIFT_CARD, {"points": 2_000}),
        "cata": (RewardKind.EVENT, {"points": 300}),
        "edicion-limitada": (RewardKind.ACCESS, {"points": 0}),
    }
    coffee = rewards["cafe-gratis"]
    assert (coffee.sku, coffee.cost, coffee.stock) == ("CAP-01", 80, 100)
    assert rewards["dto-5"].amount == 500
    assert rewards["dto-5"].valid == Duration(30, DurationUnit.DAYS)
    assert rewards["dto-10pct"].percent == Decimal(10)
    assert rewards["tarjeta-20"].amount == 2_000
    assert rewards["cata"].stock == 12
    assert rewards["cata"].where.text == 'member.tier in ["plata", "oro"]'
    assert rewards["edicion-limitada"].where.text == 'member.tier == "oro"'


def test_paying_with_points_and_the_goal(program):
    assert program.pay_with_points == PayWithPoints("points", 100, 1, Decimal(100))
    assert program.goals == (
        Goal("gasto", "average_spend", Decimal(20), relative=True, by=date(2027, 6, 30)),
    )


def test_json_says_the_same(document):
    again = read_document(json.dumps(document.plain), format="json")
    assert again.program == document.program
    assert again.plain == document.plain


def test_bytes_with_a_byte_order_mark_say_the_same(program):
    assert read_program(SOURCE.encode("utf-8-sig")) == program
