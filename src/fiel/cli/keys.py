"""`fiel key`: API keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.staff.keys import ApiKey, create_key, keys_of_program, revoke_key

app = typer.Typer(
    help=N_("API keys: create, list and revoke them."), no_args_is_help=True, rich_markup_mode=None
)


@app.command("create", help=N_("Create a key; it is shown once."))
def create(
    context: typer.Context,
    program: ProgramSlug = None,
    scopes: Annotated[
        str,
        typer.Option(help=N_("What it may do, with commas: read, till, manage."), metavar="SCOPES"),
    ] = "read,till",
    name: Annotated[
        str, typer.Option(help=N_("What it is for, to know it again."), metavar="TEXT")
    ] = "",
    as_json: Json = False,
) -> None:
    """Create a key for a program."""
    session = session_of(context)

    async def work(database: Database) -> Mapping[str, object]:
        async with database.owner() as owner:
            known = await program_named(owner, program)
            async with program_transaction(owner, known.id):
                made = await create_key(
                    owner,
                    program_id=known.id,
                    name=name,
                    scopes=scopes.split(","),
                    now=session.house.now(),
                )
        return {"key": made.secret, "program": known.slug, **key_content(made.key)}

    result = session.with_database(work)

    def show() -> None:
        session.console.print(f"[bold]{escape(str(result['key']))}[/]", soft_wrap=True)
        session.console.print(
            session.say(N_("Keep it now: only its beginning can be shown again.")), style="dim"
        )

    session.answer(result, as_json, show)


@app.command("list", help=N_("List the keys of a program, the revoked ones too."))
def list_(context: typer.Context, program: ProgramSlug = None, as_json: Json = False) -> None:
    """List the keys of a program."""
    session = session_of(context)

    async def work(database: Database) -> list[ApiKey]:
        async with database.owner() as owner:
            known = await program_named(owner, program)
            async with program_transaction(owner, known.id):
                return await keys_of_program(owner, known.id)

    keys = session.with_database(work)
    session.answer(
        {"keys": [key_content(key) for key in keys]}, as_json, lambda: _show(keys, session)
    )


@app.command("revoke", help=N_("Revoke a key: within seconds it opens nothing."))
def revoke(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help=N_("Its id, or the beginning that is listed."))
    ],
    program: ProgramSlug = None,
    as_json: Json = False,
) -> None:
    """Revoke a key of a program."""
    session = session_of(context)

    async def work(database: Database) -> ApiKey:
        async with database.owner() as owner:
            known = await program_named(owner, program)
            async with program_transaction(owner, known.id):
                key_id = _meant(key, await keys_of_program(owner, known.id))
                return await revoke_key(
                    owner, program_id=known.id, key_id=key_id, now=session.house.now()
                )

    revoked = session.with_database(work)
    session.answer(
        key_content(revoked),
        as_json,
        lambda: session.console.print(
            session.say(N_("Revoked: {prefix}…"), prefix=revoked.prefix), markup=False
        ),
    )


def key_content(key: ApiKey) -> dict[str, object]:
    """A key as plain data, without its secret."""
    return {
        "id": key.id,
        "name": key.name,
        "prefix": key.prefix,
        "scopes": list(key.scopes),
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
        "last_used_at": key.last_used_at,
    }


def _meant(text: str, keys: list[ApiKey]) -> UUID:
    for key in keys:
        if text in (str(key.id), key.prefix):
            return key.id
    return UUID(int=0)  # nobody's: the service says that there is none


def _show(keys: list[ApiKey], session: Session) -> None:
    if not keys:
        session.console.print(session.say(N_("There is no key yet.")))
        return
    table = Table(box=None, pad_edge=False)
    headings = (
        N_("Key"), N_("Scopes"), N_("Name"), N_("Created"), N_("Last used"), N_("Revoked"),
    )  # fmt: skip
    for heading in headings:
        table.add_column(session.say(heading))
    for key in keys:
        revoked = f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
        used = f"{key.last_used_at:%Y-%m-%d}" if key.last_used_at else ""
        table.add_row(
            f"{key.prefix}…", ", ".join(key.scopes), escape(key.name),
            f"{key.created_at:%Y-%m-%d}", used, revoked,
        )  # fmt: skip
    session.console.print(table)
