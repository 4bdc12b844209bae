"""The examples of docs/earning.md are what happens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import orjson
import pytest
from ruamel.yaml import YAML

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.deciding import Rulebook, decide, explain, limit_keys
from fiel.domain.document import read_program
from fiel.domain.language import counted_text
from tests.domain.programs import EUR, NOON, ana, line, sale

PAGE = Path(__file__).parents[3] / "docs" / "earning.md"
BLOCK = re.compile(r"^```(yaml program|yaml sale|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Example:
    program: str
    sale: str
    told: str


def examples() -> list[Example]:
    found: list[Example] = []
    first = program = written = ""
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "yaml program":
            program = text
            first = first or text
        elif kind == "yaml sale":
            written = text
        else:
            found.append(Example(whole(first, program), written, text.strip()))
    return found


def whole(first: str, program: str) -> str:
    """A fragment with what it leaves out taken from the first one."""
    document = {"program": "cafe-sol", "name": "Café Sol", "locale": "es"}
    document |= YAML(typ="safe").load(first) | YAML(typ="safe").load(program)
    return orjson.dumps(document).decode()


def sold(described: dict) -> Sale:
    at = described.get("at")
    lines = [line_sold(number, each) for number, each in enumerate(described["lines"], 1)]
    moment = at if isinstance(at, datetime) else NOON
    return sale(*lines, at=moment, shipping=described.get("shipping", "0.00"))


def line_sold(number: int, described: dict) -> Line:
    value = Decimal(described["unit_price"]) * described["quantity"]
    net = value - Decimal(described.get("discount", 0))
    return line(
        str(net),
        number=number,
        sku=described.get("sku", ""),
        category=described.get("category", ""),
        kind=LineKind(described.get("kind", "goods")),
        quantity=described["quantity"],
        gross=str(net + Decimal(described.get("tax", 0))),
        margin=str(net - Decimal(described.get("cost", 0))),
        currency=EUR,
    )


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.told.splitlines()[0])
def test_an_example_of_the_documentation(example):
    program = read_program(example.program, format="json")
    described = YAML(typ="safe").load(example.sale)
    activity = sold(described)
    book = Rulebook.of(program)
    used = described.get("limits_used", {})
    member = ana(
        tier=described.get("member", {}).get("tier"),
        limits_used={key: used.get(key[0], 0) for key in limit_keys(book, activity)},
    )
    left = {
        (rule, unit): points
        for rule, units in described.get("budgets_left", {}).items()
        for unit, points in units.items()
    }

    decision = decide(book, member, activity, budgets_left=left)

    told = [
        f"{counted_text('en', each['points'], each['unit'])}: {each['text']}"
        for each in explain(decision, program, "en")
    ]
    assert ("\n".join(told) or "nothing") == example.told


def test_the_documentation_has_examples():
    assert len(examples()) == 8
