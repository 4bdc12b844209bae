"""Before anything is sold: what a usual customer's year comes to."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from fiel.domain.document import read_program
from fiel.insights.foreseeing import Usual, a_usual_year
from fiel.programs.fitting import fitted, read_answers
from fiel.programs.starting_points import MODELS

BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
USUAL = Usual(ticket=1000, margin=Fraction(1, 2), visits=12)
POINTS = """\
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units: {points: {name: puntos, value: "0.01"}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: larger, event: sale, give: {points: 50}, where: sale.net >= 20}
  - {id: welcome, event: enrolment, give: {points: 10}}
rewards:
  - {id: voucher, kind: discount, amount: "5.00", price: {points: 100}}
"""


def test_a_year_of_points():
    year = a_usual_year(read_program(POINTS), USUAL, begins=BEGINS)
    assert (year.visits, year.spend, year.margin) == (12, 12000, 6000)
    assert year.points == {"points": 130}  # 12 × 10 and the welcome; no purchase is large
    assert year.cost == 650  # 130 points of 5 cents
    assert year.margin_after == 5350
    assert year.lift == Fraction(650, 5350)


def test_levels_of_spending_cost_what_is_reached():
    levels = POINTS.replace("price: {points: 100}}", "valid: 30 days}") + (
        "milestones:\n"
        '  - {id: a, of: spend, at: "100.00", give: {reward: voucher}}\n'
        '  - {id: b, of: spend, at: "900.00", give: {reward: voucher}}\n'
    )
    year = a_usual_year(read_program(levels), USUAL, begins=BEGINS)
    assert year.cost == 500  # 120.00 reaches the first alone


def test_a_program_without_costs_says_none():
    events = POINTS.replace(
        'kind: discount, amount: "5.00", price: {points: 100}', "kind: event, price: {points: 100}"
    ).replace(', value: "0.01"', "")
    year = a_usual_year(read_program(events), USUAL, begins=BEGINS)
    assert (year.cost, year.cost_rate, year.lift) == (None, None, None)


@pytest.mark.parametrize("model", [model for model in MODELS if model != "club"])
def test_every_model_that_fits_a_cafe_costs_less_than_a_sixth_of_its_margin(model):
    told = {
        "model": model, "name": "Café Sol", "sells": "coffee", "ticket": "4.50", "margin": "65",
        "visits": "weekly", "aim": "purchase_frequency", "currency": "EUR",
        "timezone": "Europe/Madrid", "language": "es",
    }  # fmt: skip
    program = read_program(fitted(read_answers(told), today=date(2026, 3, 2)))
    year = a_usual_year(program, Usual(450, Fraction(65, 100), 52), begins=BEGINS)
    assert year.spend == 23400
    assert year.cost is not None
    assert 0 < year.cost < year.margin / 6
