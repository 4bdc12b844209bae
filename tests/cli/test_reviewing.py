"""`fiel program check --review` as it is used."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Fiel
from tests.support.program import CAFE_SOL


def test_a_document_is_reviewed_by_its_rules_where_nothing_was_sold(
    fiel: Fiel, document: Path
) -> None:
    told = fiel("program", "check", document, "--review")

    assert told.code == 0
    assert "can be published" in told.out
    assert "No sale with a member is known" in told.out
    assert "✓ None of the five mistakes" in told.out


def test_a_review_is_data_too(fiel: Fiel, document: Path) -> None:
    clamped = CAFE_SOL.replace('value: "0.01"', 'value: "0.01"\n    negative: clamp')
    paying = "pay_with_points: {unit: points, min: 1, step: 1, max_share: 100}\n"
    document.write_text(clamped + paying, encoding="utf-8")
    content = fiel("program", "check", document, "--review", "--json").json

    assert [each["code"] for each in content["review"]["findings"]] == [
        "only_price",
        "refund_loophole",
    ]
    assert content["economics"]["return_percent"] == 1
    assert "review" not in fiel("program", "check", document, "--json").json
