"""Conditions are told in words where merchants' words are known, else shown as they are."""

import json

import pytest

from fiel.domain.conditions import check_condition
from fiel.domain.document import read_program
from fiel.programs.words.conditions import condition_sentences
from fiel.programs.words.speaker import Speaker

PROGRAM = read_program(
    json.dumps(
        {
            "program": "cafe-sol",
            "name": "Café Sol",
            "currency": "EUR",
            "timezone": "Europe/Madrid",
            "units": {"points": {}},
            "tiers": {"levels": [{"id": "gold", "name": {"en": "Gold", "es": "Oro"}, "from": 0}]},
        }
    ),
    format="json",
)


def told(text, language="en", scope="sale"):
    condition = check_condition(text, scope=scope, currency=PROGRAM.currency)
    return condition_sentences(Speaker(PROGRAM, language), condition)


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        ('line.category == "coffee"', "Only on items of the category “coffee”."),
        ('line.category != "tobacco"', "Not on items of the category “tobacco”."),
        ('!(line.category == "tobacco")', "Not on items of the category “tobacco”."),
        ('"coffee" == line.category', "Only on items of the category “coffee”."),
        (
            'line.category in ["coffee", "tea", "cake"]',
            "Only on items of the categories “coffee”, “tea” or “cake”.",
        ),
        (
            'line.category == "coffee" || line.category in ["tea"]',
            "Only on items of the categories “coffee” or “tea”.",
        ),
        (
            '!(line.category in ["tobacco", "press"])',
            "Not on items of the categories “tobacco” or “press”.",
        ),
        ('line.sku == "CAP-01"', "Only on the item “CAP-01”."),
        ("sale.net >= 50", "Only on purchases of €50.00 or more, before tax."),
        ("sale.net >= 50.0", "Only on purchases of €50.00 or more, before tax."),
        ("50 <= sale.net", "Only on purchases of €50.00 or more, before tax."),
        ("!(sale.net < 50)", "Only on purchases of €50.00 or more, before tax."),
        ("sale.gross > 9.99", "Only on purchases of more than €9.99, tax included."),
        ("sale.items < 3", "Only on purchases of less than 3 items."),
        ("line.unit_price >= 2.5", "Only on items with a price of €2.50 or more, before tax."),
        ("line.quantity >= 2", "Only on items of which you buy 2 or more."),
        ('sale.store == "centro"', "Only at the store “centro”."),
        ('sale.channel in ["web", "app"]', "Only through the channels “web” or “app”."),
        ('member.tier == "gold"', "Only if your tier is Gold."),
        ('!(member.tier in ["gold", "old"])', "Not if your tier is Gold or old."),
        ('"vip" in member.segments', "Only if you are in the group “vip”."),
        ('!("vip" in member.segments)', "Not if you are in the group “vip”."),
        ("member.joined_days < 30", "Only if you have been a member for less than 30 days."),
        ("member.visits == 9", "Only if you have made exactly 9 purchases so far."),
        ("member.spend >= 100", "Only if you have spent €100.00 or more so far."),
        ("member.birthday_month == 5", "Only if your birthday is in May."),
        ("member.birthday_month in [1, 12]", "Only if your birthday is in January or December."),
        ('member.attributes.favourite == "latte"', "Only if your “favourite” is “latte”."),
        ("member.attributes.children != 2", "Not if your “children” is 2."),
    ],
)
def test_what_merchants_ask_for_is_told_in_a_sentence(condition, sentence):
    assert told(condition) == [sentence]


def test_what_must_hold_together_is_told_one_after_the_other():
    assert told('sale.store == "centro" && sale.net >= 20 && line.category == "tea"') == [
        "Only at the store “centro”.",
        "Only on purchases of €20.00 or more, before tax.",
        "Only on items of the category “tea”.",
    ]


def test_alternatives_are_told_as_such():
    assert told('sale.store == "centro" || sale.net >= 20') == [
        (
            "One of these is enough: only at the store “centro”;"
            " only on purchases of €20.00 or more, before tax."
        )
    ]


def test_an_activity_is_asked_about_its_type_and_properties():
    assert told(
        'activity.type == "review" && activity.properties.stars == 5', scope="activity"
    ) == [
        "Only for the activity “review”.",
        "Only if “stars” is 5.",
    ]


@pytest.mark.parametrize(
    "condition",
    [
        'line.sku.startsWith("CAP")',
        "sale.net > member.spend",
        "sale.net * 2 >= 50",
        "sale.net >= 50.005",
        'line.category == ""',
        'sale.store == "centro" || line.sku.startsWith("CAP")',
        'sale.store == "centro" && line.sku.startsWith("CAP")',
        "has(member.attributes.size)",
        'member.segments.exists(s, s == "vip")',
    ],
)
def test_any_other_condition_is_shown_as_it_is(condition):
    assert told(condition) == [f"Condition: `{condition}`"]


def test_spanish_speaks_to_you():
    assert told('member.tier == "gold" && sale.net >= 1000', "es") == [
        "Solo si tu nivel es Oro.",
        "Solo en compras de 1.000,00 € o más, antes de impuestos.",
    ]
