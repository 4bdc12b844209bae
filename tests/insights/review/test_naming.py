"""Findings say names where there are some."""

from __future__ import annotations

from fiel.insights.reporting.telling import said
from fiel.insights.review.review import judged
from tests.insights.review.programs import BASE, PAST, changed

SILENT = "  - {id: grande, %sevent: sale, give: {points: 50}, where: sale.net >= 500.0}\n"


def detail(name: str, language: str) -> str:
    drafted = changed((BASE, BASE + SILENT % name))
    review = judged(drafted, PAST, (), None, None)
    (silent,) = (each for each in review.findings if each.code == "rule_never_gives")
    return said(silent.text, language)


def test_a_rule_is_called_by_its_name_in_the_readers_language() -> None:
    named = "name: {es: Compra grande, en: Large purchase}, "

    assert "«Compra grande»" in detail(named, "es")
    assert "“Large purchase”" in detail(named, "en")


def test_a_rule_without_a_name_is_called_by_its_id() -> None:
    assert "“grande”" in detail("", "en")
