"""Idempotency keys: a request that is sent again does nothing twice and is answered the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString, cast
from uuid import UUID

from fiel.api.answers import JSON_TYPE, Answer
from fiel.api.errors import invalid
from fiel.api.problems import PROBLEM_TYPE
from fiel.api.refusals import IdempotencyInProgress, IdempotencyKeyReused
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.ledger.scope import program_transaction
from fiel.staff.keyring import Connect

KEPT = timedelta(days=30)
# A request that has no answer after this long was cut off; whoever repeats it finishes it.
PATIENCE = timedelta(seconds=60)
# Stands for a request that failed on our side: whoever repeats it finishes it.
CUT_OFF = Answer(0, b"")
REPLAYED = (b"idempotent-replayed", b"true")

CLAIM: LiteralString = """
INSERT INTO idempotency_key (program_id, key, request_hash, claimed_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (program_id, key) DO NOTHING
RETURNING claimed_at
"""
CLAIMED: LiteralString = """
SELECT request_hash, claimed_at, status, answer FROM idempotency_key
WHERE program_id = %s AND key = %s
"""
FORGET: LiteralString = """
DELETE FROM idempotency_key WHERE program_id = %s AND key = %s AND claimed_at = %s
"""
KEEP_ANSWER: LiteralString = """
UPDATE idempotency_key SET status = %s, answer = %s
WHERE program_id = %s AND key = %s AND claimed_at = %s
  AND coalesce(status, 0) = 0
"""

_SOUND_KEY = re.compile(rb"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A request that may come again: its key, and a hash of all that it asks."""

    program_id: UUID
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class _Claim:
    claimed_at: datetime
    answer: Answer | None


def read_key(header: bytes) -> str:
    """The key that an `Idempotency-Key` header brings.

    Raises:
        Invalid: it is empty, too long, or has more than visible ASCII.
    """
    if not _SOUND_KEY.fullmatch(header):
        text = N_("It must be 1 to 255 visible ASCII characters.")
        raise invalid([FieldProblem("Idempotency-Key", "format", text)])
    return header.decode("ascii")


def hash_of(*parts: bytes) -> bytes:
    """The hash of what a request asks: its operation, its path and its content."""
    return hashlib.sha256(b"\0".join(parts)).digest()


def claim_id(request: RequestKey, claimed_at: datetime) -> UUID:
    """The id of what the request makes: the same whoever finishes it, rising with time."""
    milliseconds = int(claimed_at.timestamp() * 1000)
    digest = hashlib.sha256(request.program_id.bytes + request.key.encode()).digest()
    number = (milliseconds << 80) | int.from_bytes(digest[:10])
    number = (number & ~(0xF << 76)) | (7 << 76)
    number = (number & ~(0b11 << 62)) | (0b10 << 62)
    return UUID(int=number)


async def once(
    connect: Connect,
    request: RequestKey,
    run: Callable[[UUID], Awaitable[Answer]],
    *,
    now: datetime,
) -> Answer:
    """Run a request, or answer what it was answered before.

    `run` is given the id of what the request makes. An answer of 500 or more is not kept.

    Raises:
        IdempotencyKeyReused: the key stands for a request with another content.
        IdempotencyInProgress: the first one is still under way.
    """
    claim = await _claim(connect, request, now)
    if claim.answer is not None:
        return claim.answer
    try:
        answer = await run(claim_id(request, claim.claimed_at))
    except BaseException:
        # What became of it may be unknown (a connection lost while committing): the claim stays,
        # and so the id of what it makes.
        await _keep(connect, request, claim.claimed_at, CUT_OFF)
        raise
    await _keep(connect, request, claim.claimed_at, answer if answer.status < 500 else CUT_OFF)
    return answer


async def _claim(connect: Connect, request: RequestKey, now: datetime) -> _Claim:
    place = (request.program_id, request.key)
    async with connect() as connection, program_transaction(connection, request.program_id):
        while True:
            row = (*place, request.request_hash, now)
            if await (await connection.execute(CLAIM, row)).fetchone():
                return _Claim(now, None)
            found = await (await connection.execute(CLAIMED, place)).fetchone()
            if found is None:
                continue  # it was given up at this moment
            claimed_at = cast(datetime, found[1])
            if claimed_at >= now - KEPT:
                return _standing(request, found, now)
            await connection.execute(FORGET, (*place, claimed_at))


def _standing(request: RequestKey, row: tuple[object, ...], now: datetime) -> _Claim:
    request_hash, claimed_at, status, answer = row
    assert isinstance(claimed_at, datetime), "a column of times"
    if request_hash != request.request_hash:
        raise IdempotencyKeyReused(
            N_("This idempotency key was used for another request; use a new one.")
        )
    if not status:
        if status is None and claimed_at > now - PATIENCE:
            raise IdempotencyInProgress(
                N_("The first request with this key is still under way; try again in a moment.")
            )
        return _Claim(claimed_at, None)
    code = cast(int, status)
    media_type = JSON_TYPE if code < 400 else PROBLEM_TYPE
    return _Claim(claimed_at, Answer(code, cast(bytes, answer), media_type, (REPLAYED,)))


async def _keep(
    connect: Connect, request: RequestKey, claimed_at: datetime, answer: Answer
) -> None:
    row = (answer.status, answer.body, request.program_id, request.key, claimed_at)
    async with connect() as connection, program_transaction(connection, request.program_id):
        await connection.execute(KEEP_ANSWER, row)
