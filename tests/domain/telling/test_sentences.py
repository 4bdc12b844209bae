"""Every movement has a sentence, and it says what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from string import Formatter

import pytest

from fiel.domain.document import read_program
from fiel.domain.telling import CATEGORIES, Earned, Happening, Movement, Spot, category_of
from fiel.domain.telling import movement_text as said
from fiel.domain.telling.places import OWN
from fiel.domain.telling.wording import AHEAD, PAYS_DEBT, WAITS, WORDING
from fiel.ledger.accounts import Place
from fiel.ledger.posting import _EVENTS

PROGRAM = read_program(
    """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: {es: puntos, en: points}, value: "0.01"}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
milestones:
  - {id: cada-6, of: points, every: 6, give: {reward: cafe-gratis}}
rewards:
  - {id: cafe-gratis, kind: product, name: {es: Café gratis, en: Free coffee}, price: {points: 50}}
"""
)
NOW = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
SALE = Happening("sale", "T-1001", NOW)
REFERRAL = Happening("referral", None, NOW, facts={"referrer": "berta", "friend": "ana"})
COFFEE = {"redemption": {"reward": "cafe-gratis"}}
PAIRS = [(a, b) for a, b in product(Spot, Spot) if a is not b and (a in OWN or b in OWN)]
FILLED = {
    "points",
    "number",
    "money",
    "reward",
    "activity",
    "author",
    "reason",
    "earned",
    "day",
    "coupon",
}


def movement(source: Spot, target: Spot, cause: Happening | None, **told: object) -> Movement:
    return replace(Movement("points", 6, source, target, cause), **told)  # type: ignore[arg-type]


def text(source: Spot, target: Spot, cause: Happening | None, **told: object) -> str:
    return said(movement(source, target, cause, **told), PROGRAM, "en")


def test_the_places_are_those_of_the_ledger() -> None:
    assert [spot.value for spot in Spot] == [place.name.lower() for place in Place]


@pytest.mark.parametrize("kind", [*_EVENTS, "something-new", None])
@pytest.mark.parametrize("is_ahead", [False, True])
def test_every_kind_between_every_two_places_has_a_sentence(kind, is_ahead):
    cause = Happening(kind, None, NOW) if kind else None

    for source, target in PAIRS:
        told = text(source, target, cause, is_ahead=is_ahead)

        assert told.startswith("6 points"), (kind, source, target)
        assert "{" not in told


def test_the_places_in_the_sentences_are_ones_that_are_filled():
    for wording in (WORDING, AHEAD):
        for sentences in wording.values():
            for sentence in sentences:
                asked = {name for _, name, _, _ in Formatter().parse(sentence) if name}
                assert asked <= FILLED, sentence
            last = {name for _, name, _, _ in Formatter().parse(sentences[-1]) if name}
            assert last <= {"points", "number", "reward"}, sentences
    assert "{start}" in WAITS
    assert "{" not in PAYS_DEBT


def test_without_a_number_the_plainer_sentence_is_said():
    nameless = Happening("sale", None, NOW)

    assert text(Spot.ISSUED, Spot.AVAILABLE, nameless) == "6 points earned with a purchase"
    assert text(Spot.AVAILABLE, Spot.REDEEMED, nameless) == "6 points redeemed"


def test_a_member_reads_the_number_of_the_receipt_and_not_the_ids_of_a_till_or_a_key():
    at_a_till = Happening("sale", "01a20330-1674-754e-b7c7-4ff21d57c05d", NOW)
    key = "key 01a20325-3ab5-77e0-8b5a-e945b49757c1"
    by_a_key = Happening("adjustment", None, NOW, facts={"author": key, "reason": "an apology"})

    assert text(Spot.ISSUED, Spot.AVAILABLE, at_a_till) == "6 points earned with sale 3J2-8DK-J78"
    assert text(Spot.ADJUSTED, Spot.AVAILABLE, by_a_key) == "6 points given: an apology"


@pytest.mark.parametrize(
    ("source", "target", "cause", "told", "expected"),
    [
        (Spot.ISSUED, Spot.AVAILABLE, SALE, {}, "6 points earned with sale T-1001"),
        (
            Spot.ISSUED, Spot.PENDING, SALE,
            {"starts_at": datetime(2026, 3, 14, 23, 0, tzinfo=UTC)},
            "6 points earned with sale T-1001; can be used from March 15, 2026",
        ),
        (
            Spot.ISSUED, Spot.DEBT, SALE, {},
            "6 points earned with sale T-1001; paid what was owed",
        ),
        (
            Spot.AVAILABLE, Spot.REDEEMED,
            replace(SALE, record={"paid": {"transfer": "x", "worth": 6}}), {"transfer": "x"},
            "6 points paid €0.06 of sale T-1001",
        ),
        (
            Spot.AVAILABLE, Spot.HELD, Happening("redemption", "C-1", NOW, COFFEE), {},
            "6 points held for “Free coffee”",
        ),
        (
            Spot.HELD, Spot.REDEEMED, Happening("capture", None, NOW),
            {"about": Happening("redemption", "C-1", NOW, COFFEE)},
            "6 points from a hold redeemed for “Free coffee”",
        ),
        (
            Spot.ISSUED, Spot.AVAILABLE, REFERRAL, {"member": "berta"},
            "6 points for a friend who was brought",
        ),
        (
            Spot.ISSUED, Spot.AVAILABLE, REFERRAL, {"member": "ana"},
            "6 points for coming through a friend",
        ),
        (Spot.ISSUED, Spot.AVAILABLE, REFERRAL, {}, "6 points for a recommendation"),
        (
            Spot.ISSUED, Spot.AVAILABLE,
            Happening("coupon", None, NOW, facts={"coupon": "verano"}), {},
            "6 points for the coupon “verano”",
        ),
        (
            Spot.AVAILABLE, Spot.REDEEMED,
            replace(SALE, record={"consumed": [["cada-6@points", "points", 6, "x"]]}),
            {"transfer": "x"}, "6 points redeemed for “Free coffee”",
        ),
        (
            Spot.REDEEMED, Spot.AVAILABLE, Happening("return", "R-1", NOW), {"about": SALE},
            "6 points given back: goods of sale T-1001 came back",
        ),
        (
            Spot.REDEEMED, Spot.AVAILABLE, Happening("redemption_cancel", None, NOW),
            {"about": Happening("redemption", "C-1", NOW, COFFEE)},
            "6 points given back: “Free coffee” was cancelled",
        ),
        (
            Spot.AVAILABLE, Spot.ISSUED, Happening("return", "R-1", NOW), {"about": SALE},
            "6 points taken back: goods of sale T-1001 came back",
        ),
        (
            Spot.DEBT, Spot.ISSUED, Happening("return", "R-1", NOW), {"about": SALE},
            "6 points owed: goods of sale T-1001 came back, and what they earned was spent",
        ),
        (
            Spot.PENDING, Spot.ISSUED,
            Happening("return", None, NOW, facts={"cancelled": True}), {"about": SALE},
            "6 points taken back: sale T-1001 was cancelled",
        ),
        (
            Spot.UNCOLLECTED, Spot.DEBT, Happening("return", "R-1", NOW), {"about": SALE},
            "6 points owed and let go",
        ),
        (
            Spot.AVAILABLE, Spot.EXPIRED, Happening("calendar", None, NOW),
            {"earned": Earned("sale", "T-1001", NOW)},
            "6 points expired, earned with sale T-1001 on March 1, 2026",
        ),
        (
            Spot.AVAILABLE, Spot.EXPIRED, None,
            {"earned": Earned("birthday", None, NOW), "is_ahead": True},
            "6 points of March 1, 2026 will expire",
        ),
        (
            Spot.ADJUSTED, Spot.AVAILABLE,
            Happening("adjustment", None, NOW, facts={"author": "Berta", "reason": "an apology"}),
            {}, "6 points given by Berta: an apology",
        ),
        (
            Spot.TRANSIT, Spot.AVAILABLE, Happening("transfer", "X-1", NOW), {},
            "6 points received from another member",
        ),
        (
            Spot.TRANSIT, Spot.DEBT, Happening("merge", None, NOW, facts={"into": "…"}), {},
            "6 points owed went to the membership that this one was joined to",
        ),
        (
            Spot.TRANSIT, Spot.DEBT, Happening("merge", None, NOW, facts={"merged": "…"}), {},
            f"6 points came from the membership that was joined to this one; {PAYS_DEBT}",
        ),
    ],
)  # fmt: skip
def test_a_sentence_says_what_happened(source, target, cause, told, expected):
    assert text(source, target, cause, **told) == expected


def test_one_point_is_one_and_a_unit_that_is_gone_keeps_its_id():
    one = replace(movement(Spot.ISSUED, Spot.AVAILABLE, SALE), points=1)

    assert said(one, PROGRAM, "en") == "1 point earned with sale T-1001"
    assert said(replace(one, unit="stars"), PROGRAM, "en") == "1 stars earned with sale T-1001"


def test_what_crosses_the_account_has_a_category_and_what_stays_in_it_has_none():
    for source, target in PAIRS:
        inside = source in OWN and target in OWN
        assert (category_of(source, target) is None) == inside
        assert inside or category_of(source, target) in CATEGORIES
    assert category_of(Spot.ISSUED, Spot.DEBT) == "earned"
    assert category_of(Spot.DEBT, Spot.ISSUED) == "reversed"
    assert category_of(Spot.REDEEMED, Spot.AVAILABLE) == "restored"
