"""Bring a database up to date: its tables, the application's role and that role's rights."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from fiel.platform.isolation import Isolation
from fiel.platform.unavailable import unfit_version, unreachable

APP_ROLE = "fiel_app"
ROOMS = ("programs", "members", "ledger", "staff", "rewards", "connect")

# What the application writes once and never again, and the little that it may delete. Whatever is
# named in neither, it may change.
APPEND_ONLY = (
    "activity",
    "transfer",
    "draw",
    "outbox",
    "program_version",
    "gift_card_entry",
    "closed_month",
    "audit_entry",
)
DELETABLE = (
    "idempotency_key",
    "member_consent",
    "member_key",
    "member_manager",
    "member_note",
    "member_word",
    "parked_return",
    "program_draft",
    "till_pairing",
    "till_pairing_try",
    "webhook_attempt",
    "webhook_endpoint",
    "webhook_retry",
    "member_session",
    "sign_in_code",
    "wallet_device",
    "wallet_pass",
    # Accounts are Django's and django-allauth's.
    "account_emailaddress",
    "account_emailconfirmation",
    "django_cache",
    "django_session",
    "mfa_authenticator",
    "staff_membership",
    "usersessions_usersession",
    "demo_door",
    "job",
)

# The one door through which rows that are never changed lose what an erased person had told.
FORGETTING = "forget_told(uuid, smallint, uuid)"

# Any number that nothing else in the database locks.
_ONE_AT_A_TIME = 0x6669656C
_OLDEST, _NEWEST = 150000, 190000

type Owner = psycopg.Connection[TupleRow]


def migrate(url: str) -> Isolation:
    """Bring a database up to date; quick, and without locks, when it is.

    Raises:
        DatabaseUnavailable: the server cannot be reached, or is too old or too new.
    """
    try:
        connection = psycopg.connect(url, autocommit=True)
    except psycopg.Error as error:  # also a URL that is none
        raise unreachable(str(error)) from error
    with connection as owner:
        _check_version(owner)
        # Looked at each time: rights on roles are the server's, and a dump does not bring them.
        isolation = _isolate(owner)
        if _is_up_to_date(owner, isolation):
            return isolation
        owner.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        if _is_up_to_date(owner, isolation):  # another process was first
            return isolation
        _apply_migrations(url)
        with owner.transaction():
            _grant(owner, isolation)
            _record(owner, isolation)
        return isolation


@cache
def wanted_state() -> str:
    """A digest of every migration and of the rights: what a database up to date has recorded."""
    digest = hashlib.sha256()
    for name, content in _sources():
        digest.update(name.encode())
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _sources() -> Iterator[tuple[str, bytes]]:
    platform = files("fiel.platform")
    yield "migrate.py", platform.joinpath("migrate.py").read_bytes()
    # Accounts bring migrations of their own.
    for package in ("django", "django-allauth"):
        yield package, version(package).encode()
    for room in ROOMS:
        migrations = files(f"fiel.{room}").joinpath("migrations")
        for file in sorted(migrations.iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".sql")):
                yield f"{room}/{file.name}", file.read_bytes()


def _is_up_to_date(owner: Owner, isolation: Isolation) -> bool:
    if owner.execute("SELECT to_regclass('fiel_state')").fetchone() == (None,):
        return False
    recorded = owner.execute("SELECT digest, isolation FROM fiel_state").fetchone()
    return recorded == (_stamp(owner), isolation)


def _stamp(owner: Owner) -> str:
    """The wanted state, for the role that there is: another of the same name has no rights."""
    role = owner.execute("SELECT coalesce(to_regrole(%s)::oid, 0)", [APP_ROLE]).fetchone()
    assert role
    return f"{wanted_state()}:{role[0]}"


def _record(owner: Owner, isolation: Isolation) -> None:
    owner.execute(
        "CREATE TABLE IF NOT EXISTS fiel_state "
        "(one boolean PRIMARY KEY DEFAULT true CHECK (one), digest text NOT NULL, "
        "isolation text NOT NULL)"
    )
    owner.execute(
        "INSERT INTO fiel_state (digest, isolation) VALUES (%s, %s) ON CONFLICT (one) "
        "DO UPDATE SET digest = excluded.digest, isolation = excluded.isolation",
        [_stamp(owner), isolation],
    )


def _check_version(owner: Owner) -> None:
    version = owner.info.server_version
    if not _OLDEST <= version < _NEWEST:
        raise unfit_version(version // 10000)


def _apply_migrations(url: str) -> None:
    # Loaded only when there is something to apply: Django takes a while.
    from fiel.platform.schema import apply_migrations  # noqa: PLC0415

    apply_migrations(url)


def _isolate(owner: Owner) -> Isolation:
    """Make the application's role, if this connection may."""
    try:
        if not owner.execute("SELECT FROM pg_roles WHERE rolname = %s", [APP_ROLE]).rowcount:
            # It may be made for another database of this server at the same moment.
            made_already = (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation)
            with contextlib.suppress(*made_already):
                owner.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS")
        _let_owner_become(owner)
    except psycopg.errors.InsufficientPrivilege:
        return Isolation.FORCED
    return Isolation.ROLE


def _let_owner_become(owner: Owner) -> None:
    try:
        owner.execute(f"SET ROLE {APP_ROLE}")
    except psycopg.errors.InsufficientPrivilege:
        # Who makes a role may grant it, but since version 16 is not a member that may become it.
        as_member = " WITH SET TRUE" if owner.info.server_version >= 160000 else ""
        owner.execute(f"GRANT {APP_ROLE} TO CURRENT_USER{as_member}")
        owner.execute(f"SET ROLE {APP_ROLE}")
    owner.execute("RESET ROLE")


def _grant(owner: Owner, isolation: Isolation) -> None:
    tables = _tables(owner)
    for table, isolated in tables:
        name = sql.Identifier(table)
        if isolation is Isolation.ROLE:
            rights = _rights(table)
            owner.execute(_statement(f"REVOKE ALL ON {{}} FROM {APP_ROLE}", name))
            owner.execute(_statement(f"GRANT {rights} ON {{}} TO {APP_ROLE}", name))
        if isolated:
            _bind_owner(owner, name, isolation)
    if isolation is Isolation.ROLE:
        owner.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
        owner.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
        owner.execute(f"GRANT EXECUTE ON FUNCTION {FORGETTING} TO {APP_ROLE}")


def _rights(table: str) -> LiteralString:
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table in DELETABLE else "SELECT, INSERT, UPDATE"


def _bind_owner(owner: Owner, table: sql.Identifier, isolation: Isolation) -> None:
    """Let the owner see all programs: freely, or when it says that it means to."""
    owner.execute(_statement("DROP POLICY IF EXISTS of_every_program ON {}", table))
    if isolation is Isolation.ROLE:
        owner.execute(_statement("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY", table))
        return
    owner.execute(_statement("ALTER TABLE {} FORCE ROW LEVEL SECURITY", table))
    said = "current_setting('fiel.every_program', true) = 'on'"
    owner.execute(_statement(f"CREATE POLICY of_every_program ON {{}} USING ({said})", table))


def _tables(owner: Owner) -> list[tuple[str, bool]]:
    """Fiel's tables, and whether rows of programs are kept apart in them."""
    return owner.execute(
        "SELECT relname, relrowsecurity FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND relname NOT IN ('django_migrations', 'fiel_state') ORDER BY relname"
    ).fetchall()


def _statement(text: LiteralString, name: sql.Identifier) -> sql.Composed:
    return sql.SQL(text).format(name)
