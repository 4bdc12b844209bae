"""The examples of docs/conditions.md are what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fiel.domain.conditions import CannotEvaluate, ConditionProblems
from fiel.domain.conditions.cost import MOST_NODES, MOST_STEPS
from fiel.domain.conditions.parse import LONGEST_TEXT
from fiel.domain.conditions.vocabulary import (
    FUNCTIONS,
    LARGEST_LIST,
    LONGEST_MATCHED_TEXT,
    MACROS,
    METHODS,
)
from tests.domain.conditions.cast import matches, of_sale

PAGE = (Path(__file__).parents[3] / "docs" / "conditions.md").read_text(encoding="utf-8")


def examples(kind: str) -> list[str]:
    blocks = re.findall(rf"^```cel {kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("text", examples("holds"))
def test_an_example_holds(text: str) -> None:
    assert matches(text)


@pytest.mark.parametrize("text", examples("fails"))
def test_an_example_cannot_be_evaluated(text: str) -> None:
    with pytest.raises(CannotEvaluate):
        matches(text)


@pytest.mark.parametrize(
    ("text", "told"),
    re.findall(r"^```cel refused\n(.*?)\n```\n```text\n(.*?)\n```$", PAGE, re.MULTILINE),
)
def test_an_example_is_refused_as_the_page_says(text: str, told: str) -> None:
    with pytest.raises(ConditionProblems) as refused:
        of_sale(text)

    [problem] = refused.value.problems
    meant = f" → {problem.suggestion}" if problem.suggestion else ""
    said = problem.text.format(**problem.parameters)
    assert f"{problem.line}:{problem.column} {said}{meant}" == told


@pytest.mark.parametrize("name", [*FUNCTIONS, *METHODS, *MACROS])
def test_every_function_is_documented(name: str) -> None:
    assert re.search(rf"`[^`]*\b{name}\b|^.*\b{name}\(", PAGE, re.MULTILINE)


@pytest.mark.parametrize(
    "limit", [LONGEST_TEXT, MOST_NODES, MOST_STEPS, LARGEST_LIST, LONGEST_MATCHED_TEXT]
)
def test_every_limit_is_documented(limit: int) -> None:
    assert f"{limit:,}" in PAGE
