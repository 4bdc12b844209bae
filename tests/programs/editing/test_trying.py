"""A purchase is tried, and nothing is kept."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.document import read_program
from fiel.programs.editing.trying import Who, try_sale

CAFE_SOL = read_program(Path("tests/domain/document/cafe-sol.yaml").read_text(encoding="utf-8"))


def purchase(*lines, at=datetime(2026, 3, 1, 12, tzinfo=UTC)):
    made = tuple(
        Line(number, sku, sku, category, LineKind.GOODS, 1, Decimal(net) / 100, net, net, net)
        for number, (sku, category, net) in enumerate(lines, start=1)
    )
    total = sum(line.net for line in made)
    return Sale(at, "centro", "pos", made, 0, total, total, len(made))


def test_it_says_what_is_earned_and_why():
    trial = try_sale(CAFE_SOL, purchase(("CAP-01", "cafe", 620)), Who(), "en")
    assert [(unit, points) for unit, points, _ in trial.earned] == [("points", 6), ("stamps", 1)]
    assert [(reason.rule, reason.sum) for reason in trial.reasons] == [
        ("base", "6 points"), ("sello", "1 stamp"),
    ]  # fmt: skip


def test_who_has_a_tier_earns_by_it():
    trial = try_sale(CAFE_SOL, purchase(("X", "te", 2000)), Who(tier="oro"), "en")
    assert [points for _, points, _ in trial.earned] == [40]


def test_a_member_rises_and_reaches_milestones_with_what_was_bought_before():
    trial = try_sale(CAFE_SOL, purchase(("X", "te", 2000)), Who(spend=29_000), "en")
    assert trial.tier == "plata"
    first = try_sale(CAFE_SOL, purchase(("X", "te", 2000)), Who(spend=9_000), "en")
    assert first.rewards == ("cafe-gratis",)
    again = try_sale(CAFE_SOL, purchase(("X", "te", 2000)), Who(spend=11_000), "en")
    assert again.rewards == ()


def test_a_tier_that_the_program_does_not_have_is_its_lowest():
    trial = try_sale(CAFE_SOL, purchase(("X", "te", 2000)), Who(tier="diamante"), "en")
    assert [points for _, points, _ in trial.earned] == [20]
