"""`fiel program simulate`: a document tried on what members bought."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console

from fiel.cli.documents import read_file
from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramFile
from fiel.cli.reports import Made, day_of, show_report
from fiel.cli.session import session_of
from fiel.domain.language import N_
from fiel.insights.reporting.telling import report_content
from fiel.insights.simulating import Wanted, simulated
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Versions

HELP = N_("Try a document on what members bought: points, cost, margin, winners and losers.")
_COMPILING = N_("Compiling, once for this version of Fiel; this takes up to a minute.")


def simulate(
    context: typer.Context,
    file: ProgramFile,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help=N_("The first day."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="DAY", help=N_("The last day, included."))
    ] = None,
    behaviour: Annotated[
        str,
        typer.Option(
            "--behaviour",
            metavar="HOW",
            help=N_("How members redeem: observed, never, or eager:CHANCE:CHOICE."),
        ),
    ] = "observed",
    grid: Annotated[
        list[str] | None,
        typer.Option(
            "--grid",
            metavar="PATH=VALUE,VALUE",
            help=N_("Values to try at a place of the document; every combination is tried."),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Try a document on the past and show what it would have come to."""
    session = session_of(context)
    document = read_file(file, session).document
    first, last = day_of(session, "--from", since), day_of(session, "--to", until)

    def compiling() -> None:
        Console(stderr=True).print(session.say(_COMPILING))

    async def work(database: Database) -> Made:
        async with database.owner() as owner:
            known = await program_named(owner, document.program.slug)
            async with program_transaction(owner, known.id):
                published = await Versions().in_force(owner, known.id)
        today = published.now(session.house.now()).astimezone(published.program.timezone).date()
        axes = tuple(grid or ())
        wanted = Wanted(published.program, document, today, first, last, behaviour, axes)
        async with database.open_columns(known.id) as columns:
            report = await asyncio.to_thread(simulated, columns, wanted, compiling)
        return Made(report, published.program)

    made = session.with_database(work)
    content = report_content(made.report, made.program, session.language)
    session.answer(content, as_json, lambda: show_report(made, None, session))
