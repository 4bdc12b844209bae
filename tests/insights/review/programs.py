"""Small programs and pasts for the review, each with one thing planted in it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from fiel.domain.document import read_program
from fiel.domain.program import Program
from fiel.insights.review.evidence import Evidence, RewardEvidence, UnitEvidence

# One point per euro of 1 cent each: 1 % back. A coffee of 1.80 € for 150 points costs 0.60 €.
SOUND = """
program: cafe-sol
name: Café Sol
currency: EUR
timezone: Europe/Madrid
units:
  points: {name: puntos, expiry: {after: 12 months}}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronce, from: 0}, {id: plata, from: 300, perks: [preventa]}]
rewards:
  - {id: cafe, kind: product, sku: CAP-01, price: {points: 150}, cost: "0.60", stock: 400}
  - {id: vale, kind: voucher, amount: "5.00", price: {points: 500}}
"""
BASE = '  - {id: base, event: sale, give: {points: 1, per: "1.00"}}\n'


def program(source: str = SOUND, **replaced: str) -> Program:
    """The sound program with parts of its text replaced; a part that is not there is a mistake."""
    for old, new in replaced.items():
        assert old in source
        source = source.replace(old, new)
    return read_program(source)


def changed(*pairs: tuple[str, str]) -> Program:
    """The sound program with texts replaced by others."""
    source = SOUND
    for old, new in pairs:
        assert old in source, old
        source = source.replace(old, new)
    return read_program(source)


# 100 members spent 30,000 € in a year at a margin of 40 %: 30,000 points, 300 each.
PAST = Evidence(
    days=365,
    sales=3_000,
    members=100,
    one_time_members=10,
    net=3_000_000,
    margin=1_200_000,
    net_with_margin=3_000_000,
    list_value=3_000_000,
    discounts=0,
    prices={"CAP-01": Fraction(180)},
    costs={"CAP-01": Fraction(60)},
    sold={"CAP-01": Fraction(900)},
    units={
        "points": UnitEvidence(
            issued=30_000, redeemed=10_000, expired=2_000, outstanding=18_000,
            to_one_time=100, on_loss=200, members=100, most_issued=900, median_issued=300,
        )
    },
    rules={"base": 3_000},
    tier_reached={"bronce": 100, "plata": 40},
    rewards={"cafe": RewardEvidence(90, 60), "vale": RewardEvidence(20, 2)},
)  # fmt: skip


def past(**changes: object) -> Evidence:
    """The past with some of it otherwise; what is said of points goes to their unit."""
    of_points = {
        name: changes.pop(name) for name in list(changes) if name in UnitEvidence.__slots__
    }
    points = replace(PAST.units["points"], **of_points)  # type: ignore[arg-type]
    return replace(PAST, units={"points": points}, **changes)  # type: ignore[arg-type]
