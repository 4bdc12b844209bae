"""`fiel segments`: who is in which segment, found out by hand."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from fiel.cli.house import Database
from fiel.cli.options import Json
from fiel.cli.session import session_of
from fiel.domain.language import N_
from fiel.insights.segments.refreshing import refresh_segments
from fiel.ledger.scope import program_transaction
from fiel.programs.known import known_programs, program_named
from fiel.programs.versions import Versions

app = typer.Typer(
    help=N_("Groups of members; `fiel up` finds out by itself who is in which."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _segments() -> None:
    """Keep `refresh` a command of its own."""


@app.command(
    "refresh", help=N_("Let members enter the segments they belong in now, and leave the others.")
)
def refresh(
    context: typer.Context,
    program: Annotated[
        str | None,
        typer.Option("--program", metavar="SLUG", help=N_("Only this program; else all.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Refresh the segments of one program or of all."""
    session = session_of(context)

    async def work(database: Database) -> dict[str, dict[str, int]]:
        async with database.owner() as owner:
            if program is not None:
                known = [await program_named(owner, program)]
            else:
                known = await known_programs(owner)
        return {
            each.slug: await _refresh(database, each.id)
            for each in known
            if each.version is not None
        }

    async def _refresh(database: Database, program_id: UUID) -> dict[str, int]:
        async with database.connection() as connection, program_transaction(connection, program_id):
            published = await Versions().in_force(connection, program_id)
        now = published.now(session.house.now())
        done = await refresh_segments(database.posting, database.open_columns, published, now)
        return {"members": done.members, "changes": done.changes}

    done = session.with_database(work)

    def show() -> None:
        for slug, count in done.items():
            text = session.say(
                N_("{slug}: {members} members moved; segments entered or left: {changes}"),
                slug=slug,
                **count,
            )
            session.console.print(text, markup=False)

    session.answer({"refreshed": done}, as_json, show)
