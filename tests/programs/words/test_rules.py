"""The rules that members read are made from the program, in their language."""

import json
from pathlib import Path

import pytest

from fiel.domain.document import read_program
from fiel.domain.language import LANGUAGES
from fiel.programs.words import rules_in_words, rules_text

HERE = Path(__file__).parent
CAFE_SOL = read_program((HERE.parents[1] / "domain/document/cafe-sol.yaml").read_text("utf-8"))

SHOP = {
    "program": "cafe-sol",
    "name": "Café Sol",
    "currency": "EUR",
    "timezone": "Europe/Madrid",
    "units": {"points": {"name": {"es": "puntos", "en": "points"}}},
    "earn": [{"id": "base", "event": "sale", "give": {"points": 1, "per": "1.00"}}],
}


def told(language="en", **keys):
    """Everything said about a program, paragraph by paragraph."""
    program = read_program(json.dumps({**SHOP, **keys}), format="json")
    sections = rules_in_words(program, language)
    return [paragraph for section in sections for paragraph in section.paragraphs]


def rule(language="en", units=SHOP["units"], **keys):
    """What is said about one rule."""
    rules = [{"id": "rule", "event": "sale", "give": {"points": 5}, **keys}]
    if "multiply" in keys:
        del rules[0]["give"]
        rules.insert(0, {**SHOP["earn"][0], "name": {"es": "Base", "en": "Base"}})
    return told(language, units=units, earn=rules)[len(rules) - 1]


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_cafe_sol_prints_its_rules(language):
    expected = (HERE / f"cafe-sol.{language}.md").read_text("utf-8")
    assert rules_text(CAFE_SOL, language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rule_is_left_untold(language):
    earning = rules_in_words(CAFE_SOL, language)[0].paragraphs
    assert len(earning) == len(CAFE_SOL.earn) + 2  # how factors combine, and what earns nothing


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (
            {"give": {"points": "1.5", "per": "2.00"}, "of": "gross"},
            "You earn 1.5 points for every €2.00 you spend, tax included.",
        ),
        ({"give": {"points": 1, "per_item": True}}, "You earn 1 point for each item."),
        (
            {"event": "activity", "activity": "review"},
            "You earn 5 points each time for “review”.",
        ),
        ({"event": "birthday"}, "You get 5 points on your birthday."),
        ({"name": {"en": "Morning"}}, "Morning: You earn 5 points with your purchase."),
        (
            {"multiply": "1.5"},
            "What you earn by spending is multiplied by 1.5.",
        ),
        (
            {"multiply": 3, "rules": ["base"]},
            "What you earn by “Base” is multiplied by 3.",
        ),
        (
            {"when": {"from": "2026-11-01", "to": "2026-11-30"}},
            (
                "You earn 5 points with your purchase."
                " From November 1, 2026 to November 30, 2026, both included."
            ),
        ),
        (
            {"when": {"to": "2026-11-30", "days": ["sun", "mon"], "hours": "22:00-02:00"}},
            (
                "You earn 5 points with your purchase. Until November 30, 2026, included."
                " Only on Mondays and Sundays. Only from 22:00 to 2:00 of the next day."
            ),
        ),
        (
            {"limit": {"per_member": 2, "every": "week"}, "budget": {"points": 1000}},
            (
                "You earn 5 points with your purchase. At most 2 times a week."
                " Until 1,000 points in all have been given out."
            ),
        ),
        (
            {"include": ["gift_cards", "shipping"]},
            (
                "You earn 5 points with your purchase."
                " Gift cards that you buy count too. Shipping counts too."
            ),
        ),
    ],
)
def test_a_rule_says_what_it_gives_and_when(keys, text):
    assert rule(**keys) == text


@pytest.mark.parametrize(
    ("expiry", "text"),
    [
        ("never", "Your points do not expire."),
        (
            {"after": "1 year"},
            "Your points expire 1 year after earning, at the end of the day.",
        ),
        (
            {"inactivity": "6 months"},
            "Your points expire if you neither earn nor redeem for 6 months.",
        ),
        (
            {"day": "12-31", "years": 0},
            "Your points expire at the end of the next December 31.",
        ),
        (
            {"day": "12-31", "years": 1},
            "Your points expire at the end of December 31 of the year after.",
        ),
        (
            {"day": "06-30", "years": 2},
            "Your points expire at the end of June 30, 2 years later.",
        ),
    ],
)
def test_every_kind_of_expiry_is_told(expiry, text):
    points = {"name": {"en": "points"}, "expiry": expiry}
    assert told(units={"points": points}, earn=[])[-1] == text


def test_what_is_pending_and_what_returns_do_is_told():
    points = {
        "name": {"en": "points"},
        "pending": "14 days",
        "grace": "1 month",
        "round": "half_up",
        "round_per": "line",
        "negative": "clamp",
        "returns": "proportional",
    }
    assert told(units={"points": points})[-1] == (
        "Your points do not expire."
        " You can use your points from 14 days after earning on."
        " What comes back to you after it has expired can be used for 1 month more."
        " Fractions from a half on count as a whole on each line of the receipt."
        " If you return something, the same share of what it earned is taken back."
        " If it is already spent, your balance does not go below zero."
    )


@pytest.mark.parametrize(
    ("stacking", "text"),
    [
        ("multiply", "When several factors apply, they multiply each other."),
        ("add", "When several factors apply, what each adds is summed."),
        ("best", "When several factors apply, only the highest counts."),
    ],
)
def test_how_factors_combine_is_told_where_there_are_several(stacking, text):
    tiers = {"levels": [{"id": "a", "from": 0}, {"id": "b", "from": 9, "multiply": 2}]}
    promotion = {"id": "promo", "event": "sale", "multiply": 2}
    assert text in told(stacking=stacking, tiers=tiers, earn=[*SHOP["earn"], promotion])
    assert text not in told(stacking=stacking, tiers=tiers)


def test_tiers_by_points_and_by_purchases():
    levels = [{"id": "a", "from": 0}, {"id": "b", "name": {"en": "Top"}, "from": 1}]
    by_points = told(tiers={"by": "points", "window": "calendar_year", "levels": levels})
    assert by_points[2:6] == [
        "Your tier depends on the points you earn in the calendar year.",
        "a: from the start.",
        "Top: from 1 point on.",
        "You never lose a tier that you have reached.",
    ]
    by_visits = told(tiers={"by": "visits", "downgrade": {}, "levels": levels})
    assert by_visits[2:6] == [
        "Your tier depends on how many purchases you make in the last 12 months.",
        "a: from the start.",
        "Top: from 1 purchase on.",
        (
            "You keep your tier as long as you reach it."
            " After that you go down to the tier that you reach."
        ),
    ]


def test_what_one_cent_worth_of_points_is_told_by_a_whole_amount():
    units = {"points": {"name": {"en": "points"}, "value": "0.005"}}
    paying = {"unit": "points", "min": 200, "step": 100, "max_share": 50}
    assert told(units=units, pay_with_points=paying)[2] == (
        "You can pay with points, up to 50% of the purchase, from 200 points on."
        " In steps of 100 points. 10 points are worth €0.05."
    )


def test_spanish_lists_sound_well():
    units = {
        "a": {"name": {"es": "puntos"}},
        "b": {"name": {"es": "insignias"}},
    }
    earn = [{"id": "r", "event": "birthday", "give": {"a": 5, "b": 2}}]
    assert told("es", units=units, earn=earn)[0] == (
        "Recibes 5 puntos y 2 insignias por tu cumpleaños."
    )
    levels = [{"id": "plata", "from": 0}, {"id": "oro", "from": 9}]
    earn = [{**earn[0], "where": 'member.tier in ["plata", "oro"]'}]
    assert told("es", units=units, earn=earn, tiers={"levels": levels})[0] == (
        "Recibes 5 puntos y 2 insignias por tu cumpleaños. Solo si tu nivel es plata u oro."
    )
