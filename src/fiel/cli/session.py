"""One run of the command line: its language, its way of answering, and what it may use."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import orjson
import typer
from rich.console import Console

from fiel.cli.house import Database, House
from fiel.domain.language import DEFAULT_LANGUAGE, LANGUAGES, say

_PRESSES_THAT_BREAK_OFF = 3


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
        """Do something that needs the database, and close it behind.

        Raises:
            Abort: Ctrl-C was pressed; what was under way was left in order.
        """

        async def whole() -> T:
            async with self.house.open_database() as database:
                return await work(database)

        try:
            return asyncio.run(_until_interrupted(whole()))
        except asyncio.CancelledError:
            raise typer.Abort from None

    def answer(self, result: Mapping[str, object], as_json: bool, show: Callable[[], None]) -> None:
        """Give the result as JSON, or show it to a person."""
        if as_json:
            print_json(result)
        else:
            show()


async def _until_interrupted[T](work: Coroutine[Any, Any, T]) -> T:
    """Work until Ctrl-C, which stops the work in order; only the third one breaks it off."""
    task = asyncio.ensure_future(work)
    presses = 0

    def pressed() -> None:
        nonlocal presses
        presses += 1
        if presses == 1:
            task.cancel()
        elif presses == _PRESSES_THAT_BREAK_OFF:
            os._exit(1)

    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError, RuntimeError):  # not the main thread, or not this system
        loop.add_signal_handler(signal.SIGINT, pressed)
    return await task


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
