"""What a checked condition says of itself."""

from __future__ import annotations

from fractions import Fraction

from fiel.domain.conditions import Scope, check_condition
from fiel.domain.conditions.tree import (
    Compare,
    Comparison,
    Convert,
    Every,
    Field,
    Literal,
    nodes_of,
)
from fiel.domain.conditions.vocabulary import AMOUNT, INTEGER, NUMBER, TEXT
from fiel.domain.money import currency
from tests.domain.conditions.cast import EUR, of_sale


def test_a_condition_names_what_it_reads() -> None:
    condition = of_sale(
        'line.category == "cafe" && (member.attributes.size == "L" || "vip" in member.segments)'
    )

    assert condition.reads == {"line.category", "member.attributes.size", "member.segments"}


def test_a_key_of_a_map_is_read_however_it_is_named() -> None:
    assert of_sale('member.attributes["size"] == 1').reads == {"member.attributes.size"}
    assert of_sale("has(member.attributes.size)").reads == {"member.attributes.size"}
    assert of_sale('"size" in member.attributes').reads == {"member.attributes.size"}
    assert of_sale("size(member.attributes) > 1").reads == {"member.attributes"}
    assert of_sale("member.attributes[line.sku] == 1").reads == {"member.attributes", "line.sku"}
    assert of_sale("member.attributes.a.b == member.attributes.c").reads == {
        "member.attributes.a",
        "member.attributes.c",
    }


def test_a_condition_names_the_texts_it_mentions() -> None:
    condition = of_sale(
        'line.category in ["cafe", "tarjetas"] || member.attributes["size"] == "L" || sale.net > 5'
    )

    assert condition.literals == {"cafe", "tarjetas", "L"}


def test_a_condition_that_reads_nothing_reads_nothing() -> None:
    assert of_sale("true").reads == frozenset()
    assert of_sale("true").literals == frozenset()


def test_the_tree_spells_every_conversion_out() -> None:
    assert of_sale("sale.net >= 50.5 && member.visits > 2.5 && sale.net > member.visits").tree == (
        Every(
            (
                Compare(
                    Comparison.AT_LEAST,
                    Field("sale", "net", AMOUNT),
                    Literal(Fraction(5050), AMOUNT),
                ),
                Compare(
                    Comparison.MORE,
                    Convert(Field("member", "visits", INTEGER), NUMBER),
                    Literal(Fraction("2.5"), NUMBER),
                ),
                Compare(
                    Comparison.MORE,
                    Field("sale", "net", AMOUNT),
                    Convert(Field("member", "visits", INTEGER), AMOUNT, 100),
                ),
            )
        )
    )


def test_a_number_is_kept_as_it_is_written() -> None:
    tree = of_sale("line.quantity > 0.1000000000000000055511151231257827").tree
    assert tree is not None

    assert Literal(Fraction("0.1000000000000000055511151231257827"), NUMBER) in nodes_of(tree)


def test_fields_have_their_types() -> None:
    tree = of_sale('line.sku == "A"').tree

    assert tree == Compare(Comparison.EQUAL, Field("line", "sku", TEXT), Literal("A", TEXT))


def test_the_same_text_is_the_same_condition() -> None:
    first = check_condition("member.spend > 5", scope="member", currency=EUR)
    second = check_condition("member.spend > 5", scope=Scope.MEMBER, currency=EUR)
    in_pesos = check_condition("member.spend > 5", scope="member", currency=currency("CLP"))

    assert first == second
    assert first != in_pesos
