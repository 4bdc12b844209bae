"""Devices: a till is let in by a code, once, and works by a key of its own until it is revoked."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString, cast
from uuid import UUID

from fiel.domain.codes import ALPHABET, check_character, normal_code, shown_code
from fiel.domain.language import N_
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.staff.keys import Scope, create_key, revoke_key
from fiel.staff.tills.fields import read_name, read_text
from fiel.staff.tills.refusals import PairingOver, no_such_device

PAIRING_LASTS = timedelta(minutes=15)
SCOPES = (Scope.READ, Scope.TILL)
_CODE_LENGTH = 11  # of chance; the check makes it twelve

INSERT: LiteralString = """
INSERT INTO till_device (program_id, id, name, store, made_at) VALUES (%s, %s, %s, %s, %s)
"""
COLUMNS: LiteralString = "id, name, store, made_at, key_id, paired_at, seen_at, revoked_at"
OF_PROGRAM: LiteralString = (
    f"SELECT {COLUMNS} FROM till_device WHERE program_id = %s ORDER BY made_at, id"
)
ONE: LiteralString = f"SELECT {COLUMNS} FROM till_device WHERE program_id = %s AND id = %s"
LOCK: LiteralString = f"{ONE} FOR UPDATE"
CHANGE: LiteralString = """
UPDATE till_device SET name = %s, store = %s WHERE program_id = %s AND id = %s
"""
PAIRED: LiteralString = """
UPDATE till_device SET key_id = %s, paired_at = %s, seen_at = %s, tries = 0, locked_until = NULL
WHERE program_id = %s AND id = %s
"""
SEEN: LiteralString = """
UPDATE till_device SET seen_at = %s
WHERE program_id = %s AND id = %s AND coalesce(seen_at, '-infinity') < %s
"""
REVOKE: LiteralString = """
UPDATE till_device SET revoked_at = coalesce(revoked_at, %s) WHERE program_id = %s AND id = %s
"""
KEY_IS_OF: LiteralString = "UPDATE api_key SET device_id = %s WHERE program_id = %s AND id = %s"
FORGET_CODES: LiteralString = (
    "DELETE FROM till_pairing WHERE (program_id = %s AND device_id = %s) OR ends_at < %s"
)
KEEP_CODE: LiteralString = """
INSERT INTO till_pairing (code_hash, program_id, device_id, made_at, ends_at)
VALUES (%s, %s, %s, %s, %s)
"""
CODE: LiteralString = """
SELECT program_id, device_id FROM till_pairing WHERE code_hash = %s AND ends_at > %s
"""
USE_CODE: LiteralString = "DELETE FROM till_pairing WHERE code_hash = %s AND ends_at > %s"


@dataclass(frozen=True, slots=True)
class Device:
    """A till: a tablet or a computer behind a counter."""

    id: UUID
    name: str
    store: str
    made_at: datetime
    key_id: UUID | None
    paired_at: datetime | None
    seen_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_paired(self) -> bool:
        """Whether a device works as this till."""
        return self.key_id is not None and self.revoked_at is None


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code that lets one device in, as it is shown; it is kept as a hash alone."""

    code: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """A device that was let in: the till that it is, and its key, shown to it alone."""

    program_id: UUID
    device: Device
    secret: str


async def add_device(
    connection: Connection, program_id: UUID, *, name: str, store: str, now: datetime
) -> Device:
    """Make a till; no device works as it yet.

    Raises:
        Invalid: it has no name, or one that is too long.
    """
    told = read_name(name), read_text("store", store)
    device = Device(new_id(), *told, now, None, None, None, None)
    await connection.execute(INSERT, (program_id, device.id, device.name, device.store, now))
    return device


async def devices_of(connection: Connection, program_id: UUID) -> list[Device]:
    """All tills of a program, also revoked ones, oldest first."""
    rows = await (await connection.execute(OF_PROGRAM, (program_id,))).fetchall()
    return [_device(row) for row in rows]


async def device_of(connection: Connection, program_id: UUID, device_id: UUID) -> Device:
    """One till.

    Raises:
        NotFound: the program has no such till.
    """
    row = await (await connection.execute(ONE, (program_id, device_id))).fetchone()
    if row is None:
        raise no_such_device()
    return _device(row)


async def change_device(
    connection: Connection, program_id: UUID, device_id: UUID, *, name: str, store: str
) -> Device:
    """Give a till another name or store.

    Raises:
        Invalid: it has no name, or one that is too long.
        NotFound: the program has no such till.
    """
    told = (read_name(name), read_text("store", store))
    await connection.execute(CHANGE, (*told, program_id, device_id))
    return await device_of(connection, program_id, device_id)


async def start_pairing(
    connection: Connection, program_id: UUID, device_id: UUID, *, now: datetime
) -> Pairing:
    """Make a code that lets a device in as this till; earlier codes of it are void.

    Raises:
        NotFound: the program has no such till, or it was revoked.
    """
    device = await device_of(connection, program_id, device_id)
    if device.revoked_at is not None:
        raise no_such_device()
    chance = "".join(secrets.choice(ALPHABET) for _ in range(_CODE_LENGTH))
    code = chance + check_character(chance)
    await connection.execute(FORGET_CODES, (program_id, device_id, now))
    ends_at = now + PAIRING_LASTS
    await connection.execute(KEEP_CODE, (code_hash(code), program_id, device_id, now, ends_at))
    return Pairing(shown_code(code), ends_at)


async def program_of_code(connection: Connection, code: str, *, now: datetime) -> UUID:
    """The program that a code leads to.

    Raises:
        PairingOver: the code lets nobody in.
    """
    row = await (await connection.execute(CODE, (code_hash(code), now))).fetchone()
    if row is None:
        raise _over()
    return cast(UUID, row[0])


async def pair_device(
    connection: Connection, program_id: UUID, code: str, *, now: datetime
) -> Paired:
    """Let a device in by its code, once; a device that was this till before is out.

    Raises:
        PairingOver: the code lets nobody in.
    """
    row = await (await connection.execute(CODE, (code_hash(code), now))).fetchone()
    if row is None or row[0] != program_id:
        raise _over()
    device_id = cast(UUID, row[1])
    # Of two that come with one code, the second waits here and finds it used.
    locked = await (await connection.execute(LOCK, (program_id, device_id))).fetchone()
    used = await connection.execute(USE_CODE, (code_hash(code), now))
    if locked is None or not used.rowcount:
        raise _over()
    device = _device(locked)
    if device.revoked_at is not None:
        raise _over()
    if device.key_id is not None:
        await revoke_key(connection, program_id=program_id, key_id=device.key_id, now=now)
    made = await create_key(
        connection, program_id=program_id, name=device.name, scopes=SCOPES, now=now
    )
    await connection.execute(KEY_IS_OF, (device_id, program_id, made.key.id))
    await connection.execute(PAIRED, (made.key.id, now, now, program_id, device_id))
    return Paired(program_id, await device_of(connection, program_id, device_id), made.secret)


async def note_seen(
    connection: Connection, program_id: UUID, device_id: UUID, *, now: datetime
) -> None:
    """Remember that a till is there, to the minute."""
    await connection.execute(SEEN, (now, program_id, device_id, now - timedelta(minutes=1)))


async def revoke_device(
    connection: Connection, program_id: UUID, device_id: UUID, *, now: datetime
) -> Device:
    """Shut a device out for good: its key and its codes open nothing more.

    Raises:
        NotFound: the program has no such till.
    """
    device = await device_of(connection, program_id, device_id)
    if device.key_id is not None:
        await revoke_key(connection, program_id=program_id, key_id=device.key_id, now=now)
    await connection.execute(FORGET_CODES, (program_id, device_id, now))
    await connection.execute(REVOKE, (now, program_id, device_id))
    return await device_of(connection, program_id, device_id)


def code_hash(code: str) -> bytes:
    """What is kept of a pairing code. It holds 53 chance bits and lives for minutes."""
    return hashlib.sha256(normal_code(code).encode(errors="surrogatepass")).digest()


def _over() -> PairingOver:
    return PairingOver(
        N_("This code is not valid any more. Make a new one in the console, under Tills.")
    )


def _device(row: tuple[object, ...]) -> Device:
    return Device(
        id=cast(UUID, row[0]),
        name=cast(str, row[1]),
        store=cast(str, row[2]),
        made_at=cast(datetime, row[3]),
        key_id=cast("UUID | None", row[4]),
        paired_at=cast("datetime | None", row[5]),
        seen_at=cast("datetime | None", row[6]),
        revoked_at=cast("datetime | None", row[7]),
    )
