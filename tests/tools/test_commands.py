"""The reference of commands says what the commands are."""

import importlib.util
import re
from pathlib import Path

import pytest

from fiel.connect.importing.columns import TARGETS, Kind

ROOT = Path(__file__).parents[2]


def test_the_page_is_made_from_the_commands() -> None:
    spec = importlib.util.spec_from_file_location("commands_tool", ROOT / "tools" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)

    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == tool.page()


@pytest.mark.parametrize("kind", list(Kind))
def test_every_value_that_a_column_can_bring_is_explained(kind: Kind) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    section = page.split(f"### {kind.capitalize()}\n")[1].split("\n## ")[0].split("\n### ")[0]

    explained = set(re.findall(r"`([a-z_.]+)`", section))

    assert {target.name for target in TARGETS[kind]} <= explained


@pytest.mark.parametrize("kind", list(Kind))
def test_values_that_are_needed_are_told_to_be(kind: Kind) -> None:
    page = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")

    for target in TARGETS[kind]:
        if target.required:
            assert re.search(rf"^\| `{target.name}` \|.*needed", page, re.MULTILINE), target.name
