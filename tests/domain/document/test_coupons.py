"""Coupons of a document: read whole, or refused where they are wrong."""

from decimal import Decimal

import pytest

from fiel.domain.document import read_document, read_program
from fiel.domain.program import Coupon, CouponKind
from fiel.domain.time import Duration, DurationUnit
from tests.domain.document.faults import HEAD, RULE, only, told


def coupon(text: str) -> str:
    return f"{HEAD}coupons:\n  - {{{text}}}\n"


def test_a_coupon_says_what_it_gives_and_for_whom():
    program = read_program(
        HEAD
        + "coupons:\n"
        + '  - {id: dto, kind: discount, amount: "5.00", valid: 30 days, min_spend: "20.00"}\n'
        + "  - {id: diez, kind: discount, percent: 10, code: VERANO-26,\n"
        + "     per_member: 1, stack: true}\n"
        + "  - {id: cafe, kind: product, sku: CAP-01, uses: unlimited, members_only: true}\n"
        + "  - {id: puntos, kind: points, give: {points: 50}, uses: 3}\n"
    )

    assert list(program.coupons.values()) == [
        Coupon(
            "dto",
            CouponKind.DISCOUNT,
            amount=500,
            valid=Duration(30, DurationUnit.DAYS),
            min_spend=2_000,
        ),
        Coupon(
            "diez",
            CouponKind.DISCOUNT,
            percent=Decimal(10),
            uses=None,
            per_member=1,
            stack=True,
            code="VERANO-26",
        ),
        Coupon("cafe", CouponKind.PRODUCT, sku="CAP-01", uses=None, members_only=True),
        Coupon("puntos", CouponKind.POINTS, give={"points": 50}, uses=3),
    ]


REFUSED = {
    "a discount of nothing": (
        coupon("id: c, kind: discount"),
        (
            9,
            "coupons[0]",
            (
                "A discount has either an amount or a percentage."
                " Write “amount” or “percent”, one of them."
            ),
        ),
    ),
    "a product without an article": (
        coupon("id: c, kind: product"),
        (9, "coupons[0]", "The key “sku” is missing. Add “sku”."),
    ),
    "points that are not given": (
        coupon("id: c, kind: points"),
        (9, "coupons[0]", "The key “give” is missing. Add “give”."),
    ),
    "points with a percentage": (
        coupon("id: c, kind: points, give: {points: 1}, percent: 5"),
        (
            9,
            "coupons[0].percent",
            "“percent” does not go with “kind: points”. Remove “percent”, or change the kind.",
        ),
    ),
    "a unit that is misspelt": (
        coupon("id: c, kind: points, give: {poinst: 1}"),
        (9, "coupons[0].give.poinst", "Unknown key “poinst”. Did you mean “points”?"),
    ),
    "a key that is misspelt": (
        coupon("id: c, kind: discount, percent: 5, min_spent: 5"),
        (9, "coupons[0].min_spent", "Unknown key “min_spent”. Did you mean “min_spend”?"),
    ),
    "a kind that is misspelt": (
        coupon("id: c, kind: discont, percent: 5"),
        (
            9,
            "coupons[0].kind",
            ("“discont” is not one of the words that can stand here. Did you mean “discount”?"),
        ),
    ),
    "a code that nobody can type": (
        coupon("id: c, kind: discount, percent: 5, code: ñandú"),
        (
            9,
            "coupons[0].code",
            "“ñandú” cannot be a code. Use from 4 to 40 letters from A to Z and digits.",
        ),
    ),
    "a shared code with a term": (
        coupon("id: c, kind: discount, percent: 5, code: VERANO, valid: 3 days"),
        (
            9,
            "coupons[0].valid",
            (
                "“valid” counts from the making of a code, and a shared code is never made."
                " Write “when” with its first and last day."
            ),
        ),
    ),
    "two codes that are read alike": (
        HEAD
        + "coupons:\n"
        + "  - {id: a, kind: discount, percent: 5, code: SOL-10}\n"
        + "  - {id: b, kind: discount, percent: 5, code: s01io}\n",
        (
            10,
            "coupons[1].code",
            (
                "“s01io” is read as the code of “a” too."
                " Choose another code; O and 0, I, L and 1, S and 5 are read alike."
            ),
        ),
    ),
    "a condition on what there is not": (
        coupon("id: c, kind: discount, percent: 5, where: line.colour == 'red'"),
        (
            9,
            "coupons[0].where",
            "\"line.colour\" is not known here. The condition is: line.colour == 'red'",
        ),
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_coupon_that_cannot_be_is_refused_with_its_line(fault):
    source, (line, path, words) = REFUSED[fault]

    assert told(only(source)) == (line, path, words)


def test_what_gives_points_by_a_coupon_is_given():
    document = read_document(
        HEAD + RULE + "coupons:\n  - {id: c, kind: points, give: {stamps: 1}}\n"
    )

    assert not [each for each in document.warnings if each.code == "unit_never_given"]
