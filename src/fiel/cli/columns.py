"""`fiel columns`: the columnar copies that reports read."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_
from fiel.domain.time import utc_text
from fiel.programs.known import program_named
from fiel.programs.versions import Versions

if TYPE_CHECKING:
    from fiel.insights.columns.following import Refreshed
    from fiel.insights.columns.parts import Generation

app = typer.Typer(
    help=N_("The columnar copy that reports read; it is kept up to date by itself."),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("refresh", help=N_("Bring a program's columns up to date."))
def refresh(context: typer.Context, program: ProgramSlug = None, as_json: Json = False) -> None:
    """Copy what was recorded since the last time."""
    _refresh(session_of(context), program, anew=False, as_json=as_json)


@app.command("rebuild", help=N_("Make a program's columns anew, from the ledger alone."))
def rebuild(context: typer.Context, program: ProgramSlug = None, as_json: Json = False) -> None:
    """Copy everything, whatever was copied before."""
    _refresh(session_of(context), program, anew=True, as_json=as_json)


@app.command("status", help=N_("Tell up to when a program's columns go, and how large they are."))
def status(context: typer.Context, program: ProgramSlug = None, as_json: Json = False) -> None:
    """Look at the columns without changing them."""
    session = session_of(context)

    async def work(database: Database) -> tuple[str, Generation | None]:
        async with database.owner() as owner:
            known = await program_named(owner, program)
        copy = _following().copy_of(known.id, database.columns_folder())
        return known.slug, copy.current()

    slug, found = session.with_database(work)
    if found is None:
        answer: dict[str, Any] = {"program": slug, "as_of": None, "rows": {}}
    else:
        answer = _content(slug, found.as_of, {name: found.rows(name) for name in found.parts})
    session.answer(answer, as_json, lambda: _show(session, answer))


def _refresh(session: Session, program: str | None, *, anew: bool, as_json: bool) -> None:
    async def work(database: Database) -> tuple[str, Refreshed]:
        async with database.owner() as owner:
            known = await program_named(owner, program)
        done = await _following().refresh_columns(
            database.connection, Versions(), known.id, database.columns_folder(), anew=anew
        )
        return known.slug, done

    slug, done = session.with_database(work)
    answer = _content(slug, done.as_of, done.rows) | {"rebuilt": done.rebuilt}
    session.answer(answer, as_json, lambda: _show(session, answer))


def _following() -> Any:  # noqa: ANN401 - a module, which takes a second to load
    return import_module("fiel.insights.columns.following")


def _content(slug: str, as_of: datetime, rows: dict[str, int]) -> dict[str, Any]:
    told = {name: count for name, count in rows.items() if name not in ("people", "leads")}
    return {"program": slug, "as_of": utc_text(as_of), "rows": told}


def _show(session: Session, answer: dict[str, Any]) -> None:
    if answer["as_of"] is None:
        text = session.say(N_("{slug}: there are no columns yet."), slug=answer["program"])
    else:
        text = session.say(
            N_("{slug}: everything recorded up to {moment} is in the columns."),
            slug=answer["program"],
            moment=answer["as_of"],
        )
    session.console.print(text, markup=False)
    for name, count in answer["rows"].items():
        if count:
            session.console.print(f"  {name}: {count:,}", markup=False, highlight=False)
