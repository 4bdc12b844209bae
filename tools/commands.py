"""Write docs/commands.md from the commands themselves.

python tools/commands.py           print the page
python tools/commands.py write     write it to its place
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from fiel.cli.main import command_tree

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """\
# Commands

Made from the commands themselves by `python tools/commands.py write`.

Every command that prints a result takes `--json` and then prints it as one JSON value; a refusal
is JSON too, with `"ok": false`, its `code`, its `detail` and what is wrong with each field. Exit
codes: 0 done, 1 refused or a fault found, 2 wrong use.

The language of answers is that of `--language`, else of the environment (`LC_ALL`,
`LC_MESSAGES`, `LANG`), else Spanish. `FIEL_DATA` says where the embedded database and files are
kept, `DATABASE_URL` names another PostgreSQL. A command finds the database of a running server,
or starts it for its own time.
"""


def page() -> str:
    """The page, whole."""
    root = command_tree("en")
    parts = [HEAD, _options(root)]
    for name, command in _commands(root, "fiel"):
        parts += [f"## `{_usage(name, command)}`\n", f"{command.help}\n", _options(command)]
    return "\n".join(part for part in parts if part)


def _commands(command: TyperCommand | TyperGroup, name: str) -> Iterator[tuple[str, TyperCommand]]:
    """Commands that do something, in the order of the help."""
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    for key, each in command.commands.items():
        assert isinstance(each, TyperCommand | TyperGroup)
        yield from _commands(each, f"{name} {key}")


def _usage(name: str, command: TyperCommand) -> str:
    arguments = [
        f"{each.metavar}" if each.required else f"[{each.metavar}]"
        for each in command.params
        if isinstance(each, TyperArgument)
    ]
    return " ".join([name, *arguments])


def _options(command: TyperCommand | TyperGroup) -> str:
    rows = []
    for each in command.params:
        if isinstance(each, TyperArgument) and each.help:
            rows.append((f"`{each.metavar}`", each.help))
        elif isinstance(each, TyperOption) and each.name != "help":
            names = ", ".join([*each.opts, *each.secondary_opts])
            told = f"{names} {each.metavar}" if each.metavar else names
            rows.append((f"`{told}`", _with_default(each)))
    if not rows:
        return ""
    lines = ["| | |", "|---|---|", *(f"| {name} | {text} |" for name, text in rows)]
    return "\n".join(lines) + "\n"


def _with_default(option: TyperOption) -> str:
    default = option.default
    if isinstance(default, bool) or default in (None, "", ()) or callable(default):
        return option.help or ""
    return f"{option.help} Default: `{default}`."


if __name__ == "__main__":
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
