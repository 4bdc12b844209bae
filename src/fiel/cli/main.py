"""The command line, put together."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from fiel import __version__
from fiel.cli import (
    audit,
    backing_up,
    calendar,
    columns,
    demo,
    imports,
    keys,
    members,
    periods,
    programs,
    reports,
    segments,
    serving,
    users,
)
from fiel.cli.house import House
from fiel.cli.refusals import refusal_content, show_refusal
from fiel.cli.session import Session, chosen_language, print_json
from fiel.cli.wrong_use import usage_text, wrong_use_text
from fiel.domain.language import LANGUAGES, N_, say
from fiel.domain.refusal import Refusal

type Command = TyperCommand | TyperGroup

DONE, REFUSED, WRONG_USE = 0, 1, 2
_INTERRUPTED = 130  # what typer leaves with after Ctrl-C


def run(house: House, arguments: Sequence[str]) -> int:
    """Run a command line; the answer is the exit code."""
    language = chosen_language(arguments)
    as_json = "--json" in arguments
    command = command_tree(language)
    session = Session(house, language, Console())
    try:
        code = command.main(list(arguments), prog_name="fiel", obj=session, standalone_mode=False)
    except Refusal as refusal:
        if as_json:
            print_json(refusal_content(refusal, language))
        else:
            show_refusal(refusal, language, Console(stderr=True))
        return REFUSED
    except typer.Abort:
        code = _INTERRUPTED
    except typer.TyperException as error:
        _show_wrong_use(error, language, as_json=as_json)
        return WRONG_USE
    if code == _INTERRUPTED:
        Console(stderr=True).print(say(language, N_("Stopped.")))
        return REFUSED
    return code if isinstance(code, int) else DONE


def command_tree(language: str) -> Command:
    """The commands, with their help in a language."""
    command = typer.main.get_command(_app())
    assert isinstance(command, TyperCommand | TyperGroup), "typer makes its own"
    for each in _all(command):
        each.help = each.help and say(language, each.help)
        each.short_help = None
        for parameter in each.params:
            if isinstance(parameter, TyperOption | TyperArgument) and parameter.help:
                parameter.help = say(language, parameter.help)
    return command


def _app() -> typer.Typer:
    app = typer.Typer(
        name="fiel",
        help=N_("Fiel runs loyalty programs: exact points, explained and proved."),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_root)
    app.command("demo", help=demo.HELP)(demo.demo)
    app.command("up", help=serving.HELP)(serving.up)
    app.add_typer(programs.app, name="program")
    app.add_typer(imports.app, name="import")
    app.command("report", help=reports.HELP)(reports.report)
    app.command("audit", help=audit.HELP)(audit.audit)
    app.add_typer(calendar.app, name="calendar")
    app.add_typer(columns.app, name="columns")
    app.add_typer(segments.app, name="segments")
    app.add_typer(members.app, name="member")
    app.add_typer(periods.app, name="periods")
    app.add_typer(keys.app, name="key")
    app.add_typer(users.app, name="user")
    app.command("backup", help=backing_up.BACKUP_HELP)(backing_up.backup)
    app.command("restore", help=backing_up.RESTORE_HELP)(backing_up.restore)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"fiel {__version__}\n")
        raise typer.Exit


def _root(
    language: Annotated[
        str | None,
        typer.Option(
            "--language", help=N_("The language to answer in: es, en or pt."), metavar="LANGUAGE"
        ),
    ] = None,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help=N_("Print the version."), is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    if language is not None and language[:2].casefold() not in LANGUAGES:
        raise typer.BadParameter(", ".join(LANGUAGES), param_hint="--language")


def _all(command: Command) -> Iterator[Command]:
    yield command
    if isinstance(command, TyperGroup):
        for each in command.commands.values():
            assert isinstance(each, TyperCommand | TyperGroup), "typer makes its own"
            yield from _all(each)


def _show_wrong_use(error: typer.TyperException, language: str, *, as_json: bool) -> None:
    if not str(error) and (context := getattr(error, "ctx", None)):
        sys.stderr.write(f"{context.get_help()}\n")
        return
    text = wrong_use_text(error, language)
    if as_json:
        print_json({"ok": False, "code": "wrong_use", "detail": text})
        return
    sys.stderr.write(f"{usage_text(error, language)}\n\n{text}\n".lstrip())
