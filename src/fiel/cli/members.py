"""`fiel member`: why a member has a balance, and what happened to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import typer
from pydantic_core import PydanticCustomError

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_
from fiel.domain.refusal import Invalid
from fiel.domain.time import end_of_day
from fiel.insights.asked import DayOrTime, member_called, time_of_statement
from fiel.insights.contents import explanation_content, statement_content
from fiel.insights.explanation import explanation_of_member
from fiel.insights.movements import Narrator
from fiel.insights.plain import explanation_lines, statement_lines
from fiel.insights.statement import statement_of_member
from fiel.intake.contents.fields import read_day_or_time
from fiel.ledger.history import INSTANT
from fiel.ledger.opening import Place
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Published, Versions

app = typer.Typer(
    help=N_("Members: why they have their balance, and what happened to it."),
    no_args_is_help=True,
    rich_markup_mode=None,
)

Reference = Annotated[
    str,
    typer.Argument(metavar="MEMBER", help=N_("An id, external id, phone, e-mail or card.")),
]


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer as data and as lines."""

    content: Mapping[str, object]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is asked about, by which version, and what time it is there."""

    narrator: Narrator
    published: Published
    now: datetime


@app.command("explain", help=N_("Say why a member has a balance: every lot, and what it is from."))
def explain(
    context: typer.Context,
    member: Reference,
    program: ProgramSlug = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help=N_("Only this unit; else all."))
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help=N_("A day or a time, also to come; else now.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say why a member has a balance."""
    session = session_of(context)
    asked_at = _read_time(session, "--at", at)

    async def work(asked: _Asked) -> _Told:
        rules, language = asked.published.program, session.language
        moment = asked.now if asked_at is None else asked_at
        if not isinstance(moment, datetime):
            moment = end_of_day(moment, rules.timezone) - INSTANT
        explained = await explanation_of_member(asked.narrator, at=moment, now=asked.now, unit=unit)
        if not explained:
            raise Invalid(
                N_("Say which unit; the program has: {units}."), units=", ".join(rules.units)
            )
        content = explanation_content(asked.narrator.member_id, moment, explained, rules)
        return _Told(content, tuple(explanation_lines(explained, rules, language)))

    _answer(session, program, member, work, as_json)


@app.command(
    "statement", help=N_("Print a statement: the balance before, each movement, the balance after.")
)
def statement(
    context: typer.Context,
    member: Reference,
    program: ProgramSlug = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="TIME", help=N_("The first day, or a time; else this month's first.")
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option("--to", metavar="TIME", help=N_("The last day, or a time; else today.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print a member's statement."""
    session = session_of(context)
    asked_first = _read_time(session, "--from", first)
    asked_last = _read_time(session, "--to", last)

    async def work(asked: _Asked) -> _Told:
        rules = asked.published.program
        since, until = time_of_statement(asked_first, asked_last, rules, asked.now)
        told = await statement_of_member(asked.narrator, since=since, until=until, now=asked.now)
        return _Told(
            statement_content(asked.narrator.member_id, told, rules),
            tuple(statement_lines(told, rules, session.language)),
        )

    _answer(session, program, member, work, as_json)


def _answer(
    session: Session,
    slug: str | None,
    name: str,
    work: Callable[[_Asked], Awaitable[_Told]],
    as_json: bool,
) -> None:
    async def whole(database: Database) -> _Told:
        versions = Versions()
        async with database.owner() as owner:
            known = await program_named(owner, slug)
            async with program_transaction(owner, known.id):
                published = await versions.in_force(owner, known.id)
                found = await member_called(owner, known.id, published.program, name)
                narrator = Narrator(
                    owner, versions, published, session.language,
                    place=Place(known.id, found.shard), member_id=found.id,
                )  # fmt: skip
                now = published.now(session.house.now())
                return await work(_Asked(narrator, published, now))

    told = session.with_database(whole)
    session.answer(told.content, as_json, lambda: _show(session, told.lines))


def _show(session: Session, lines: Iterable[str]) -> None:
    for line in lines:
        session.console.print(line, markup=False, highlight=False, soft_wrap=True)


def _read_time(session: Session, option: str, text: str | None) -> DayOrTime | None:
    if text is None:
        return None
    try:
        return read_day_or_time(text)
    except PydanticCustomError as error:
        told = dict(error.context or {})
        raise typer.BadParameter(
            session.say(str(told.pop("msgid")), **told), param_hint=option
        ) from None
