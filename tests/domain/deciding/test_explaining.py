"""What members and merchants read about a decision."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fiel.domain.activity import OccasionKind
from fiel.domain.deciding import Rulebook, decide, decision_record, explain
from fiel.domain.program import Event, Limit, Schedule
from fiel.domain.time import Period
from tests.domain.programs import (
    action,
    ana,
    category_is,
    day,
    each_item,
    likes,
    line,
    occasion,
    once,
    per,
    program,
    rule,
    sale,
    tier_ladder,
    times,
)


def told(shop, activity, *, member=None, language="es", budgets_left=None):
    book = Rulebook.of(shop)
    decision = decide(book, member or ana(), activity, budgets_left=budgets_left)
    lines = explain(decision, shop, language)
    assert explain(decision_record(decision), shop, language) == lines
    return lines


def texts(*arguments, **keywords):
    return [each["text"] for each in told(*arguments, **keywords)]


def test_an_award_by_value_tells_its_rate_and_its_amount():
    assert told(program(rule("base", per("1.00"))), sale(line("6.20"))) == [
        {
            "rule": "base",
            "unit": "points",
            "points": 6,
            "text": "1 punto por cada 1,00 € de 6,20 €",
        }
    ]


def test_the_same_in_english():
    shop = program(rule("base", per("1.00", "3/2")))

    assert texts(shop, sale(line("6.20")), language="en") == ["1.5 points for every €1.00 of €6.20"]


def test_tier_and_promotion_are_named_with_their_factor_and_hours():
    shop = program(
        rule("base", per("1.00")),
        rule("cafe-doble", times("2"), where=category_is("cafe"), when=Schedule(hours=(480, 660))),
        tiers=tier_ladder(("bronce", 0, "1"), ("plata", 30000, "1.5")),
    )
    morning = sale(line("6.20", category="cafe"), at=datetime(2026, 3, 1, 8, 0, tzinfo=UTC))

    assert texts(shop, morning, member=ana(tier="plata")) == [
        "1 punto por cada 1,00 € de 6,20 €",
        "nivel Plata ×1,5",
        "promoción cafe-doble ×2 (8–11 h)",
    ]


def test_hours_with_minutes_are_written_with_them():
    shop = program(rule("base", per()), rule("tarde", times("2"), when=Schedule(hours=(690, 900))))

    assert texts(shop, sale(line("1.00"))) == [
        "1 punto por cada 1,00 € de 1,00 €",
        "promoción tarde ×2 (11:30–15:00 h)",
    ]


def test_items_are_counted():
    shop = program(rule("sello", each_item(stamps=1)))

    assert texts(shop, sale(line("3.10"))) == ["1 sello por artículo, 1 artículo"]
    assert texts(shop, sale(line("9.30", quantity=3))) == ["1 sello por artículo, 3 artículos"]


def test_a_fixed_award_is_named_after_its_rule():
    shop = program(
        rule("ticket-50", once(50)),
        rule("regalo", once(5), name={"es": "el regalo de la casa", "en": "a treat"}),
    )

    assert texts(shop, sale(line("60.00"))) == [
        "50 puntos por ticket-50",
        "5 puntos por el regalo de la casa",
    ]


@pytest.mark.parametrize(
    ("kind", "event", "text"),
    [
        (OccasionKind.ENROLMENT, Event.ENROLMENT, "10 points for enrolling"),
        (OccasionKind.BIRTHDAY, Event.BIRTHDAY, "10 points for a birthday"),
        (
            OccasionKind.ANNIVERSARY,
            Event.ANNIVERSARY,
            "10 points for an anniversary as a member",
        ),
    ],
)
def test_a_day_that_is_honoured_says_which(kind, event, text):
    honoured = program(rule("dia", once(10), event=event))
    assert texts(honoured, occasion(kind), language="en") == [text]


@pytest.mark.parametrize(
    ("every", "start", "text"),
    [
        (Period.DAY, "2026-03-01", "resena: límite alcanzado (1 al día)"),
        (Period.WEEK, "2026-02-23", "resena: límite alcanzado (1 a la semana)"),
        (Period.MONTH, "2026-03-01", "resena: límite alcanzado (1 al mes)"),
        (Period.YEAR, "2026-01-01", "resena: límite alcanzado (1 al año)"),
        (Period.PROGRAM, "0001-01-01", "resena: límite alcanzado (1 en total)"),
    ],
)
def test_a_limit_that_was_reached_is_told(every, start, text):
    limit = Limit(1, every)
    shop = program(rule("resena", once(20), event=Event.ACTIVITY, activity="review", limit=limit))
    member = ana(limits_used={("resena", day(start)): 1})

    assert told(shop, action("review"), member=member) == [
        {"rule": "resena", "unit": "points", "points": 0, "text": text}
    ]


def test_a_budget_that_is_used_up_is_told():
    shop = program(rule("sello", each_item(stamps=1), budget={"stamps": 100}))

    assert told(shop, sale(line("1.00")), budgets_left={("sello", "stamps"): 0}) == [
        {"rule": "sello", "unit": "stamps", "points": 0, "text": "sello: presupuesto agotado"}
    ]


def test_a_condition_that_failed_is_told():
    shop = program(rule("latte", once(5), where=likes("latte")))

    assert texts(shop, sale(line("1.00"))) == ["latte: la condición no se pudo evaluar"]


def test_a_birthday_that_was_honoured_this_year_is_told():
    shop = program(rule("cumple", once(100), event=Event.BIRTHDAY))
    member = ana(limits_used={("cumple", day("2026-01-01")): 1})

    assert texts(shop, occasion(OccasionKind.BIRTHDAY), member=member) == ["cumple: ya se dio"]
