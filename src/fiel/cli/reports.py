"""`fiel report`: what came of a program, in tables."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table as Shown

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.report_tables import show_table
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_, day_text
from fiel.domain.program import Program
from fiel.insights.reporting.asked import Question
from fiel.insights.reporting.making import make_report
from fiel.insights.reporting.registry import REPORTS
from fiel.insights.reporting.report import Report
from fiel.insights.reporting.telling import (
    csv_text,
    report_content,
    said,
    table_named,
)
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Versions

HELP = N_("Tell what came of a program: figures, cohorts, segments, liability, impact and others.")


@dataclass(frozen=True, slots=True)
class Made:
    """A report, and the program whose words and money it is told in."""

    report: Report
    program: Program


def report(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help=N_("Which report; without one, all are listed.")),
    ] = None,
    program: ProgramSlug = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help=N_("The first day."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help=N_("The last day, included."))
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            "--every", metavar="PERIOD", help=N_("For each day, week, month, quarter or year.")
        ),
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="STORE", help=N_("Only this store."))
    ] = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="CHANNEL", help=N_("Only this channel."))
    ] = None,
    segment: Annotated[
        str | None, typer.Option("--segment", metavar="SEGMENT", help=N_("Only this segment."))
    ] = None,
    tier: Annotated[
        str | None, typer.Option("--tier", metavar="TIER", help=N_("Only this tier."))
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help=N_("Only this unit; else all."))
    ] = None,
    promotion: Annotated[
        str | None,
        typer.Option("--promotion", metavar="RULE", help=N_("Only this promotion.")),
    ] = None,
    table: Annotated[
        str | None, typer.Option("--table", metavar="TABLE", help=N_("Only this table."))
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help=N_("Print a table as CSV; without --table, the first."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a report and show it, as text, JSON or CSV."""
    session = session_of(context)
    if name is None:
        _list(session, as_json=as_json)
        return
    told = {
        "every": every, "store": store, "channel": channel, "segment": segment, "tier": tier,
        "unit": unit, "promotion": promotion,
    }  # fmt: skip
    options = {option: value for option, value in told.items() if value is not None}
    days = day_of(session, "--from", since), day_of(session, "--to", until)
    made = session.with_database(
        lambda database: _made(database, name, program, days, options, session)
    )
    if as_csv:
        shown = table_named(made.report, table)
        sys.stdout.write(csv_text(shown, made.program, session.language))
        return
    content = report_content(made.report, made.program, session.language)
    session.answer(content, as_json, lambda: show_report(made, table, session))


async def _made(
    database: Database,
    name: str,
    slug: str | None,
    days: tuple[date | None, date | None],
    options: Mapping[str, str],
    session: Session,
) -> Made:
    async with database.owner() as owner:
        known = await program_named(owner, slug)
        async with program_transaction(owner, known.id):
            published = await Versions().in_force(owner, known.id)
    now = published.now(session.house.now())
    question = Question(published.program, known.id, published.shards, now, *days, options)
    made = await make_report(
        name, question, connect=database.connection, open_columns=database.open_columns
    )
    return Made(made, published.program)


def _list(session: Session, *, as_json: bool) -> None:
    content: Mapping[str, object] = {
        "data": [
            {"name": name, "title": session.say(title)} for name, (title, _) in REPORTS.items()
        ]
    }

    def show() -> None:
        shown = _plain_table()
        for name, (title, _) in REPORTS.items():
            shown.add_row(name, escape(session.say(title)))
        session.console.print(shown)

    session.answer(content, as_json, show)


def show_report(made: Made, only: str | None, session: Session) -> None:
    """Print a report as a person reads it; `only` names the one table that is wanted."""
    told, console = made.report, session.console
    console.print(f"\n[bold]{escape(made.program.name)}: {escape(session.say(told.title))}[/]")
    if told.since is not None and told.until is not None:
        first, last = day_text(session.language, told.since), day_text(session.language, told.until)
        console.print(
            session.say(N_("From {first} to {last}."), first=first, last=last), style="dim"
        )
    tables = told.tables if only is None else (table_named(told, only),)
    for table in tables:
        console.print()
        show_table(table, made.program, session, whole=only is not None)
    if told.statements:
        console.print()
    for statement in told.statements:
        text = said(statement.text, session.language)
        console.print(f"• {text}", markup=False, highlight=False, soft_wrap=True)
    if told.definitions and only is None:
        console.print(f"\n[bold]{escape(session.say(N_('What the figures mean')))}[/]")
    for definition in told.definitions if only is None else ():
        name, text = session.say(definition.name), session.say(definition.text)
        console.print(f"[bold]{escape(name)}[/]: {escape(text)}", highlight=False, style="dim")


def _plain_table() -> Shown:
    return Shown(box=None, pad_edge=False, show_header=False, title_justify="left")


def day_of(session: Session, option: str, text: str | None) -> date | None:
    """The day that an option tells.

    Raises:
        BadParameter: it tells none.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        said_so = session.say(N_("It must be a day, like 2026-03-31."))
        raise typer.BadParameter(said_so, param_hint=option) from None
