"""Rules found by the texts that they need."""

from __future__ import annotations

import pytest

from fiel.domain.conditions import check_condition
from fiel.domain.deciding import Rulebook, decide
from fiel.domain.deciding.index import needed_texts
from fiel.domain.decision import Skipped
from tests.domain.deciding.reference import decide_plainly
from tests.domain.programs import EUR, ana, line, once, per, program, rule, sale, times


def where(text):
    return check_condition(text, scope="sale", currency=EUR)


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ('line.category == "cafe"', ("line.category", {"cafe"})),
        ('"cafe" == line.category', ("line.category", {"cafe"})),
        ('line.sku in ["A", "B"]', ("line.sku", {"A", "B"})),
        ('sale.store == "centro"', ("sale.store", {"centro"})),
        ('sale.channel == "web" && sale.net > 5', ("sale.channel", {"web"})),
        ('sale.net > 5 && (line.net > 1 && line.sku == "A")', ("line.sku", {"A"})),
        ('line.category == "cafe" || sale.net > 5', None),
        ('line.category != "cafe"', None),
        ('!(line.category == "cafe")', None),
        ('line.name == "Capuchino"', None),
        ('member.tier == "oro"', None),
        ("sale.net > 5", None),
    ],
)
def test_what_a_condition_cannot_do_without(text, needed):
    assert needed_texts(where(text)) == needed


def test_a_rule_without_a_condition_needs_nothing():
    assert needed_texts(None) is None


def many_promotions():
    """Enough of them that they are looked up."""
    rules = [rule("base", per("1.00")), rule("doble", times("2"), where=where("line.net > 3"))]
    for n in range(10):
        rules += [
            rule(f"cat-{n}", once(1), where=where(f'line.category == "cat-{n}"')),
            rule(f"sku-{n}", once(10), where=where(f'line.sku == "S{n}" && line.net > 1')),
            rule(f"store-{n}", once(100), where=where(f'sale.store == "store-{n}"')),
            rule(f"triple-{n}", times("3"), where=where(f'line.category == "cat-{n}"')),
            rule(f"web-{n}", once(1000), where=where(f'sale.channel == "channel-{n}"')),
        ]
    rules.append(rule("centro", once(7), where=where('sale.store == "centro"')))
    rules.append(rule("caja", once(9), where=where('sale.channel == "pos"')))
    return program(*rules)


def test_of_many_promotions_those_that_hold_are_found_in_their_order():
    basket = sale(
        line("5.00", number=1, category="cat-7", sku="S3"),
        line("2.00", number=2, category="cat-2", sku="S9"),
    )
    shop = many_promotions()

    decision = decide(Rulebook.of(shop), ana(), basket, budgets_left=None)
    found = [(each.rule, each.unit, each.points) for each in decision.awards]

    assert found == decide_plainly(shop, ana(), basket, None).awards
    assert [name for name, _, _ in found] == [
        *("base", "doble", "triple-2", "triple-7"),
        *("cat-2", "sku-3", "cat-7", "sku-9", "centro", "caja"),
    ]


def test_a_condition_that_fails_elsewhere_is_false_where_its_text_is_not_met():
    fails = where('line.category == "cafe" && member.attributes.size == "big"')
    shop = program(
        *(rule(f"r{n}", once(1), where=where(f'line.category == "c{n}"')) for n in range(10)),
        rule("grande", once(1), where=fails),
    )
    book = Rulebook.of(shop)

    bread = decide(book, ana(), sale(line("1.00", category="pan")), budgets_left=None)
    coffee = decide(book, ana(), sale(line("1.00", category="cafe")), budgets_left=None)

    assert bread.skipped == ()
    assert coffee.skipped == (Skipped("grande", "condition"),)
