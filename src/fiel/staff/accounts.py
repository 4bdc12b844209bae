"""Accounts: made by invitation or by whoever runs the server, never by strangers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid, NotFound, Refusal
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection

BY_EMAIL: LiteralString = """
SELECT id, email, name, is_active, last_login FROM staff_user WHERE email = %s
"""
ALL: LiteralString = """
SELECT id, email, name, is_active, last_login FROM staff_user ORDER BY email
"""
INSERT: LiteralString = """
INSERT INTO staff_user (id, email, name, language, password, is_active, date_joined)
VALUES (%s, %s, %s, %s, %s, true, %s) ON CONFLICT (email) DO NOTHING
"""
# Whoever makes an account vouches for its address: it came by an invitation, or from the console
# of the server.
INSERT_ADDRESS: LiteralString = """
INSERT INTO account_emailaddress (email, verified, "primary", user_id) VALUES (%s, true, true, %s)
"""
OPEN_WITH: LiteralString = "UPDATE staff_user SET password = %s, is_active = true WHERE id = %s"
FORGET_SECOND_FACTOR: LiteralString = "DELETE FROM mfa_authenticator WHERE user_id = %s"
CLOSE: LiteralString = "UPDATE staff_user SET is_active = false WHERE id = %s"


class AccountExists(Refusal):
    """There is an account of that e-mail address already."""

    code = "account_exists"


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without its secrets."""

    id: UUID
    email: str
    name: str
    is_open: bool
    last_sign_in: datetime | None


def read_email(text: str) -> str:
    """An e-mail address as accounts keep it.

    Raises:
        Invalid: it is none.
    """
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        problem = FieldProblem("email", "email", N_("This is not an e-mail address."))
        raise Invalid(N_("Some fields are not valid."), problems=[problem]) from error
    return found.normalized.lower()


async def create_account(
    connection: Connection,
    *,
    email: str,
    name: str,
    password_hash: str,
    now: datetime,
    language: str = "",
) -> UUID:
    """Make an account; its id.

    Raises:
        Invalid: the e-mail address is none.
        AccountExists: there is one of that address.
    """
    address, id_ = read_email(email), new_id()
    async with connection.transaction():
        values = [id_, address, name.strip(), language, password_hash, now]
        made = await connection.execute(INSERT, values)
        if not made.rowcount:
            raise AccountExists(N_("There is an account for {email} already."), email=address)
        await connection.execute(INSERT_ADDRESS, [address, id_])
    return id_


async def account_of(connection: Connection, email: str) -> Account | None:
    """The account of an e-mail address, if there is one."""
    row = await (await connection.execute(BY_EMAIL, [email.strip().lower()])).fetchone()
    return None if row is None else _account(row)


async def named_account(connection: Connection, email: str) -> Account:
    """The account of an e-mail address.

    Raises:
        NotFound: there is none.
    """
    account = await account_of(connection, email)
    if account is None:
        raise NotFound(N_("There is no account for {email}."), email=email.strip())
    return account


async def all_accounts(connection: Connection) -> list[Account]:
    """Every account, by e-mail address."""
    rows = await (await connection.execute(ALL)).fetchall()
    return [_account(row) for row in rows]


async def set_password(
    connection: Connection, user_id: UUID, password_hash: str, *, forget_second_factor: bool
) -> None:
    """Give an account another password and open it; with the second factor forgotten if asked."""
    async with connection.transaction():
        await connection.execute(OPEN_WITH, [password_hash, user_id])
        if forget_second_factor:
            await connection.execute(FORGET_SECOND_FACTOR, [user_id])


async def close_account(connection: Connection, user_id: UUID) -> None:
    """Let nobody sign in by an account any more; what it did stays its own."""
    await connection.execute(CLOSE, [user_id])


def _account(row: tuple[object, ...]) -> Account:
    return Account(
        cast(UUID, row[0]),
        cast(str, row[1]),
        cast(str, row[2]),
        cast(bool, row[3]),
        cast("datetime | None", row[4]),
    )
