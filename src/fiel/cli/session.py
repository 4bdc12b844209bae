"""One run of the command line: its language, its way of answering, and what it may use."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import orjson
import typer
from rich.console import Console

from fiel.cli.house import Database, House
from fiel.domain.language import DEFAULT_LANGUAGE, LANGUAGES, say


@dataclass(frozen=True, slots=True)
class Session:
    """What a command is given beside its arguments."""

    house: House
    language: str
    console: Console

    def say(self, msgid: str, **parameters: object) -> str:
        """A text in the language of the session."""
        return say(self.language, msgid, **parameters)

    def with_database[T](self, work: Callable[[Database], Awaitable[T]]) -> T:
        """Do something that needs the database, and close it behind."""

        async def whole() -> T:
            async with self.house.open_database() as database:
                return await work(database)

        return asyncio.run(whole())

    def answer(self, result: Mapping[str, object], as_json: bool, show: Callable[[], None]) -> None:
        """Give the result as JSON, or show it to a person."""
        if as_json:
            print_json(result)
        else:
            show()


def session_of(context: typer.Context) -> Session:
    """The session that a command runs in."""
    session = context.obj
    assert isinstance(session, Session), "the entry point gives one to every command"
    return session


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """The language that was asked for, else that of the environment, else Spanish."""
    for index, argument in enumerate(arguments):
        if argument == "--language" and index + 1 < len(arguments):
            return _known(arguments[index + 1])
        if argument.startswith("--language="):
            return _known(argument.partition("=")[2])
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return _known(environment[name])
    return DEFAULT_LANGUAGE


def print_json(value: object) -> None:
    """Write JSON to the standard output, exact numbers as text."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
    sys.stdout.buffer.write(orjson.dumps(value, default=_plain, option=options) + b"\n")
    sys.stdout.flush()


def _known(locale: str) -> str:
    language = locale[:2].casefold()
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def _plain(value: object) -> object:
    if isinstance(value, Decimal | Fraction | UUID):
        return str(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
