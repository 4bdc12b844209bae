"""`fiel periods`: months whose books are closed."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.accounts.closed import ClosedMonth, closed_months
from fiel.insights.accounts.contents import month_content
from fiel.insights.accounts.moment import month_named
from fiel.insights.accounts.periods import close_month
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Versions

app = typer.Typer(
    help=N_("Months whose books are closed, and never change."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", help=N_("List the closed months of a program."))
def list_(context: typer.Context, program: ProgramSlug = None, as_json: Json = False) -> None:
    """List closed months."""
    session = session_of(context)

    async def work(database: Database) -> tuple[list[ClosedMonth], Program]:
        async with database.owner() as owner:
            known = await program_named(owner, program)
            async with program_transaction(owner, known.id):
                published = await Versions().in_force(owner, known.id)
                return await closed_months(owner, known.id), published.program

    closed, theirs = session.with_database(work)
    content = [month_content(each, theirs) for each in closed]
    session.answer({"data": content}, as_json, lambda: _show(closed, theirs, session))


@app.command("close", help=N_("Close a month: what the books say of it changes no more."))
def close(
    context: typer.Context,
    month: Annotated[
        str, typer.Argument(metavar="MONTH", help=N_("The month, like 2026-03; it must be over."))
    ],
    program: ProgramSlug = None,
    as_json: Json = False,
) -> None:
    """Close a month."""
    session = session_of(context)
    wanted = _month(session, month)

    async def work(database: Database) -> tuple[ClosedMonth, Program, bool]:
        async with database.owner() as owner:
            known = await program_named(owner, program)
        return await close_month(
            database.connection, Versions(), known.id, wanted, author="terminal",
            wall=session.house.now(),
        )  # fmt: skip

    closed, theirs, _ = session.with_database(work)
    content = month_content(closed, theirs)
    session.answer(content, as_json, lambda: _show([closed], theirs, session))


def _show(closed: list[ClosedMonth], program: Program, session: Session) -> None:
    if not closed:
        session.console.print(session.say(N_("No month is closed.")))
        return
    table = Table(box=None, pad_edge=False)
    for title in (N_("Month"), N_("Closed"), N_("By"), N_("Still deferred"), N_("Gift cards")):
        table.add_column(escape(session.say(title)), header_style="dim")
    for each in closed:
        told = month_content(each, program)
        moment = each.closed_at.astimezone(program.timezone)
        cells = (told["month"], f"{moment:%Y-%m-%d %H:%M}", each.closed_by, told["deferred"],
                 told["gift_cards"])  # fmt: skip
        table.add_row(*(escape(str(cell)) for cell in cells))
    session.console.print(table)


def _month(session: Session, text: str) -> date:
    month = month_named(text)
    if month is None:
        said_so = session.say(N_("It must be a month, like 2026-03."))
        raise typer.BadParameter(said_so, param_hint="MONTH")
    return month
