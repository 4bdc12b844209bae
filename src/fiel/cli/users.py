"""`fiel user`: accounts of the staff, by whoever runs the server."""

from __future__ import annotations

import secrets
import sys
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
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.scope import Connection
from fiel.programs.known import KnownProgram, known_programs, program_named
from fiel.staff.accounts import (
    Account,
    account_of,
    all_accounts,
    close_account,
    create_account,
    named_account,
    set_password,
)
from fiel.staff.memberships import memberships_of, put_membership
from fiel.staff.people import change_person, end_sessions, remove_person
from fiel.staff.roles import Role

app = typer.Typer(
    help=N_("Accounts of the staff: create, list and revoke them, set a password."),
    no_args_is_help=True,
    rich_markup_mode=None,
)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help=N_("The account's e-mail address."))]
FromStandardInput = Annotated[
    bool,
    typer.Option(
        "--password-stdin",
        help=N_("Read the password from the standard input; else one is made and shown once."),
    ),
]


@app.command("create", help=N_("Create an account, or put one that there is on a program's staff."))
def create(
    context: typer.Context,
    email: Email,
    program: ProgramSlug = None,
    role: Annotated[
        str,
        typer.Option(
            help=N_("owner, marketer, manager, finance, support or cashier."), metavar="ROLE"
        ),
    ] = "owner",
    name: Annotated[str, typer.Option(help=N_("The person's name."), metavar="TEXT")] = "",
    password_stdin: FromStandardInput = False,
    as_json: Json = False,
) -> None:
    """Create an account with a role in a program; before the first program, without one."""
    session, wanted = session_of(context), _role(role)
    password = _read_password() if password_stdin else _made_password()

    async def work(database: Database) -> Mapping[str, object]:
        async with database.owner() as owner:
            known = await _program(owner, program)
            account = await account_of(owner, email)
            user_id = (
                account.id if account else await _create(owner, session, email, name, password)
            )
            if known is not None:
                await _hire(owner, known.id, user_id, wanted)
        return {
            "email": email.strip().lower(),
            "program": known.slug if known else None,
            "role": str(wanted) if known else None,
            "created": account is None,
            "password": password if account is None and not password_stdin else None,
        }

    result = session.with_database(work)
    session.answer(result, as_json, lambda: _show_created(session, result))


@app.command("list", help=N_("List the accounts, and what each is where."))
def list_(context: typer.Context, program: ProgramSlug = None, as_json: Json = False) -> None:
    """List all accounts, or those on a program's staff."""
    session = session_of(context)

    async def work(database: Database) -> list[dict[str, object]]:
        async with database.owner() as owner:
            if program is not None:
                await program_named(owner, program)
            slugs = {known.id: known.slug for known in await known_programs(owner)}
            told = [await _content(owner, each, slugs) for each in await all_accounts(owner)]
        return [each for each in told if program is None or program in each["programs"]]  # type: ignore[operator]

    users = session.with_database(work)
    session.answer({"users": users}, as_json, lambda: _show(users, session))


@app.command(
    "revoke", help=N_("Take an account off a program's staff, or close it for good everywhere.")
)
def revoke(
    context: typer.Context,
    email: Email,
    program: Annotated[
        str | None,
        typer.Option(
            "--program",
            metavar="SLUG",
            help=N_("Only off the staff of this program; else the account is closed."),
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take an account off a staff, or close it; its sessions end."""
    session = session_of(context)

    async def work(database: Database) -> Mapping[str, object]:
        async with database.owner() as owner:
            account = await named_account(owner, email)
            if program is not None:
                known = await program_named(owner, program)
                await remove_person(owner, known.id, account.id)
            else:
                await close_account(owner, account.id)
            ended = await end_sessions(owner, account.id)
        closed = program is None
        return {"email": account.email, "program": program, "closed": closed, "sessions": ended}

    result = session.with_database(work)
    session.answer(
        result,
        as_json,
        lambda: session.console.print(
            session.say(N_("Revoked: {email}"), email=result["email"]), markup=False
        ),
    )


@app.command("password", help=N_("Give an account another password, and open it if it was closed."))
def password(
    context: typer.Context,
    email: Email,
    password_stdin: FromStandardInput = False,
    forget_second_factor: Annotated[
        bool,
        typer.Option(
            "--forget-second-factor",
            help=N_("For who has lost phone and recovery codes: ask for no second factor."),
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Set an account's password; its sessions end."""
    session = session_of(context)
    chosen = _read_password() if password_stdin else _made_password()
    kept = session.house.hashed(chosen, email=email)

    async def work(database: Database) -> Mapping[str, object]:
        async with database.owner() as owner:
            account = await named_account(owner, email)
            await set_password(owner, account.id, kept, forget_second_factor=forget_second_factor)
            await end_sessions(owner, account.id)
        return {"email": account.email, "password": None if password_stdin else chosen}

    result = session.with_database(work)
    session.answer(result, as_json, lambda: _show_password(session, result))


async def _create(
    owner: Connection, session: Session, email: str, name: str, password: str
) -> UUID:
    kept = session.house.hashed(password, email=email)
    return await create_account(
        owner, email=email, name=name, password_hash=kept, now=session.house.now()
    )


async def _hire(owner: Connection, program_id: UUID, user_id: UUID, role: Role) -> None:
    """Put somebody on a staff, or make her something else there."""
    here = {each.program_id for each in await memberships_of(owner, user_id)}
    if program_id in here:
        await change_person(owner, program_id, user_id, role=role)
    else:
        await put_membership(owner, program_id, user_id, role)


async def _program(owner: Connection, slug: str | None) -> KnownProgram | None:
    """The program that is meant; before there is any, none."""
    if slug is None and not await known_programs(owner):
        return None
    return await program_named(owner, slug)


async def _content(
    owner: Connection, account: Account, slugs: Mapping[UUID, str]
) -> dict[str, object]:
    roles = await memberships_of(owner, account.id)
    return {
        "email": account.email,
        "name": account.name,
        "open": account.is_open,
        "last_sign_in": account.last_sign_in,
        "programs": {slugs[each.program_id]: str(each.role) for each in roles},
    }


def _role(told: str) -> Role:
    if told in Role:
        return Role(told)
    problem = FieldProblem(
        "role", "choice", N_("It must be one of: {choices}."), {"choices": ", ".join(Role)}
    )
    raise Invalid(N_("Some fields are not valid."), problems=[problem])


def _made_password() -> str:
    return secrets.token_urlsafe(12)


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _show_created(session: Session, result: Mapping[str, object]) -> None:
    if result["created"]:
        text = session.say(N_("Created: {email}"), email=result["email"])
    else:
        text = session.say(N_("There was an account already: {email}"), email=result["email"])
    session.console.print(text, markup=False)
    if result["role"]:
        session.console.print(f"{result['program']}: {result['role']}", markup=False)
    if result["password"]:
        _show_password(session, result)


def _show_password(session: Session, result: Mapping[str, object]) -> None:
    if not result["password"]:
        session.console.print(session.say(N_("The password was set.")))
        return
    session.console.print(f"[bold]{escape(str(result['password']))}[/]", soft_wrap=True)
    session.console.print(session.say(N_("Keep it now: it is not shown again.")), style="dim")


def _show(users: list[dict[str, object]], session: Session) -> None:
    if not users:
        session.console.print(session.say(N_("There is no account yet.")))
        return
    table = Table(box=None, pad_edge=False)
    for heading in (N_("E-mail"), N_("Name"), N_("Programs"), N_("Open")):
        table.add_column(session.say(heading))
    for user in users:
        programs = user["programs"]
        assert isinstance(programs, dict), "each account tells them so"
        roles = ", ".join(f"{slug} ({role})" for slug, role in programs.items())
        is_open = session.say(N_("yes")) if user["open"] else session.say(N_("no"))
        table.add_row(escape(str(user["email"])), escape(str(user["name"])), roles, is_open)
    session.console.print(table)
