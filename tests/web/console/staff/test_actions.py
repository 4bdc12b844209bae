"""Every deed that a page writes down has words, here and in the documentation."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[4]


def actions_written() -> Iterator[str]:
    """The actions that pages write into the audit trail."""
    for file in (ROOT / "src" / "fiel" / "web").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            action = node.args[0]
            if called in ("note", "Deed") and isinstance(action, ast.Constant):
                yield str(action.value)


def test_every_action_has_words_and_is_in_the_documentation() -> None:
    from fiel.platform.schema import set_django_up

    set_django_up()
    from fiel.web.console.staff.actions import ACTIONS

    page = (ROOT / "docs" / "staff.md").read_text(encoding="utf-8")
    written = set(actions_written())

    assert written - set(ACTIONS) == set()
    assert {action for action in ACTIONS if f"| `{action}` |" not in page} == set()
