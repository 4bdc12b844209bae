"""`fiel calendar`: go through programs' calendars by hand."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from fiel.cli.house import Database
from fiel.cli.options import Json
from fiel.cli.session import session_of
from fiel.domain.language import N_
from fiel.intake.calendar import Errand, run_calendar
from fiel.ledger.scope import program_transaction
from fiel.programs.known import known_programs, program_named
from fiel.programs.versions import Versions

app = typer.Typer(
    help=N_("What happens because time passes; `fiel up` sees to it by itself."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _calendar() -> None:
    """Keep `run` a command of its own."""


@app.command("run", help=N_("Do what is due now: points, tiers, birthdays. Twice does no harm."))
def run(
    context: typer.Context,
    program: Annotated[
        str | None,
        typer.Option("--program", metavar="SLUG", help=N_("Only this program; else all.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Go through the calendar of one program or of all."""
    session = session_of(context)

    async def work(database: Database) -> dict[str, int]:
        async with database.owner() as owner:
            if program is not None:
                known = [await program_named(owner, program)]
            else:
                known = await known_programs(owner)
        return {
            each.slug: await _run(database, each.id) for each in known if each.version is not None
        }

    async def _run(database: Database, program_id: UUID) -> int:
        versions = Versions()
        async with database.connection() as connection, program_transaction(connection, program_id):
            published = await versions.in_force(connection, program_id)
        until = published.now(session.house.now())
        return await run_calendar(Errand(database.posting, versions, published, until, since=until))

    done = session.with_database(work)

    def show() -> None:
        for slug, count in done.items():
            text = session.say(N_("{slug}: {count} done"), slug=slug, count=count)
            session.console.print(text, markup=False)

    session.answer({"done": done}, as_json, show)
