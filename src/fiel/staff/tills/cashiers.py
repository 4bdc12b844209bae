"""Cashiers: people who work at a till by a PIN, and how far each may go in a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

import orjson
from argon2 import PasswordHasher
from psycopg.errors import UniqueViolation

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.staff.tills.fields import LONGEST, read_most, read_name, read_pin, read_text
from fiel.staff.tills.refusals import no_such_cashier

COLUMNS: LiteralString = (
    "id, name, stores, may_approve, redeem_a_day, return_a_day, active, epoch, made_at"
)
OF_PROGRAM: LiteralString = (
    f"SELECT {COLUMNS} FROM cashier WHERE program_id = %s ORDER BY active DESC, lower(name), id"
)
ONE: LiteralString = f"SELECT {COLUMNS} FROM cashier WHERE program_id = %s AND id = %s"
INSERT: LiteralString = """
INSERT INTO cashier (program_id, id, name, stores, may_approve, redeem_a_day, return_a_day,
                     pin_hash, made_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
CHANGE: LiteralString = """
UPDATE cashier SET name = %s, stores = %s, may_approve = %s, redeem_a_day = %s, return_a_day = %s
WHERE program_id = %s AND id = %s
"""
# Whoever gets another PIN, or leaves, is signed out everywhere.
SET_PIN: LiteralString = """
UPDATE cashier SET pin_hash = %s, epoch = epoch + 1 WHERE program_id = %s AND id = %s
"""
SET_ACTIVE: LiteralString = """
UPDATE cashier SET active = %s, epoch = epoch + 1
WHERE program_id = %s AND id = %s AND active <> %s
"""

PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who a cashier is and may: `stores` empty means all, a limit that is not there means none.

    Whoever `may_approve` lets others go beyond their limits by typing a PIN, and has none.
    """

    name: str
    stores: tuple[str, ...] = ()
    may_approve: bool = False
    redeem_a_day: Mapping[str, int] = field(default_factory=dict)
    return_a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Cashier:
    """A cashier; a session of an earlier `epoch` is over."""

    id: UUID
    terms: Terms
    active: bool
    epoch: int
    made_at: datetime

    @property
    def name(self) -> str:
        """What the cashier is called on receipts and in reports."""
        return self.terms.name

    def works_in(self, store: str) -> bool:
        """Whether the cashier may sign in at a till of a store."""
        return not self.terms.stores or store in self.terms.stores


async def add_cashier(
    connection: Connection, program_id: UUID, terms: Terms, *, pin: str, now: datetime
) -> Cashier:
    """Make a cashier.

    Raises:
        Invalid: the PIN is too easy, a limit cannot be, or somebody active has the name.
    """
    terms = _read(terms)
    pin_hash = PINS.hash(read_pin(pin))
    cashier = Cashier(new_id(), terms, active=True, epoch=0, made_at=now)
    told = (program_id, cashier.id, *_told(terms), pin_hash, now)
    await _unless_taken(connection, INSERT, told)
    return cashier


async def cashiers_of(connection: Connection, program_id: UUID) -> list[Cashier]:
    """All cashiers of a program, those who work first, by name."""
    rows = await (await connection.execute(OF_PROGRAM, (program_id,))).fetchall()
    return [cashier_of_row(row) for row in rows]


async def cashier_of(connection: Connection, program_id: UUID, cashier_id: UUID) -> Cashier:
    """One cashier.

    Raises:
        NotFound: the program has no such cashier.
    """
    row = await (await connection.execute(ONE, (program_id, cashier_id))).fetchone()
    if row is None:
        raise no_such_cashier()
    return cashier_of_row(row)


async def change_cashier(
    connection: Connection, program_id: UUID, cashier_id: UUID, terms: Terms
) -> Cashier:
    """Change who a cashier is and may; it counts within seconds, also for who is signed in.

    Raises:
        Invalid: a limit cannot be, or somebody active has the name.
        NotFound: the program has no such cashier.
    """
    terms = _read(terms)
    await _unless_taken(connection, CHANGE, (*_told(terms), program_id, cashier_id))
    return await cashier_of(connection, program_id, cashier_id)


async def set_pin(connection: Connection, program_id: UUID, cashier_id: UUID, pin: str) -> Cashier:
    """Give a cashier another PIN; who is signed in by the former is out.

    Raises:
        Invalid: the PIN is too easy.
        NotFound: the program has no such cashier.
    """
    pin_hash = PINS.hash(read_pin(pin))
    await connection.execute(SET_PIN, (pin_hash, program_id, cashier_id))
    return await cashier_of(connection, program_id, cashier_id)


async def set_active(
    connection: Connection, program_id: UUID, cashier_id: UUID, *, active: bool
) -> Cashier:
    """Let a cashier work, or no more.

    Raises:
        Invalid: somebody else who works has the name.
        NotFound: the program has no such cashier.
    """
    await _unless_taken(connection, SET_ACTIVE, (active, program_id, cashier_id, active))
    return await cashier_of(connection, program_id, cashier_id)


def cashier_of_row(row: tuple[object, ...]) -> Cashier:
    """A cashier as `COLUMNS` tell of one."""
    terms = Terms(
        name=cast(str, row[1]),
        stores=tuple(cast("list[str]", row[2])),
        may_approve=cast(bool, row[3]),
        redeem_a_day=cast("dict[str, int]", row[4]),
        return_a_day=cast("int | None", row[5]),
    )
    return Cashier(
        cast(UUID, row[0]), terms, cast(bool, row[6]), cast(int, row[7]), cast(datetime, row[8])
    )


async def _unless_taken(
    connection: Connection, statement: LiteralString, told: tuple[object, ...]
) -> None:
    try:
        async with connection.transaction():
            await connection.execute(statement, told)
    except UniqueViolation:
        problem = FieldProblem(
            "name", "taken", N_("Another cashier has this name; add a surname or an initial.")
        )
        raise Invalid(N_("Some fields are not valid."), problems=[problem]) from None


def _read(terms: Terms) -> Terms:
    redeem = {
        unit: most
        for unit, told in terms.redeem_a_day.items()
        if (most := read_most("redeem_a_day", told)) is not None
    }
    stores = tuple(dict.fromkeys(read_text("stores", each)[:LONGEST] for each in terms.stores))
    return Terms(
        read_name(terms.name),
        tuple(store for store in stores if store),
        terms.may_approve,
        redeem,
        read_most("return_a_day", terms.return_a_day),
    )


def _told(terms: Terms) -> tuple[object, ...]:
    limits = orjson.dumps(dict(terms.redeem_a_day)).decode()
    return (terms.name, list(terms.stores), terms.may_approve, limits, terms.return_a_day)
