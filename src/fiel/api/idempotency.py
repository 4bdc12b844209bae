"""Idempotency keys: a request that is sent again does nothing twice and is answered the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, LiteralString, cast
from uuid import UUID

from fiel.api.answers import JSON_TYPE, Answer
from fiel.api.problems import PROBLEM_TYPE
from fiel.api.refusals import IdempotencyInProgress, IdempotencyKeyReused
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Refusal
from fiel.intake.contents.errors import invalid
from fiel.ledger.grouping import Grouped
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.refusals import no_such_member
from fiel.staff.keyring import Connect

type Row = tuple[Any, ...]

KEPT = timedelta(days=30)
# A request that has no answer after this long was cut off; whoever repeats it finishes it.
PATIENCE = timedelta(seconds=60)
# Stands for a request that failed on our side: whoever repeats it finishes it.
CUT_OFF = Answer(0, b"")
REPLAYED = (b"idempotent-replayed", b"true")

CLAIM: LiteralString = """
INSERT INTO idempotency_key (program_id, key, request_hash, claimed_at)
SELECT %(program)s, key, request_hash, claimed_at
FROM unnest(%(keys)s::text[], %(hashes)s::bytea[], %(times)s::timestamptz[])
     AS asked (key, request_hash, claimed_at)
ORDER BY key
ON CONFLICT (program_id, key) DO NOTHING
RETURNING key
"""
CLAIMED: LiteralString = """
SELECT key, request_hash, claimed_at, status, answer FROM idempotency_key
WHERE program_id = %(program)s AND key = ANY(%(keys)s::text[])
"""
FORGET: LiteralString = """
DELETE FROM idempotency_key
WHERE program_id = %(program)s AND key = %(key)s AND claimed_at = %(claimed_at)s
"""
KEEP_ANSWERS: LiteralString = """
UPDATE idempotency_key k
SET status = answered.status, answer = answered.answer, tells = answered.tells
FROM unnest(%(keys)s::text[], %(times)s::timestamptz[], %(statuses)s::smallint[],
            %(answers)s::bytea[], %(tells)s::uuid[])
     AS answered (key, claimed_at, status, answer, tells)
WHERE k.program_id = %(program)s AND k.key = answered.key AND k.claimed_at = answered.claimed_at
  AND coalesce(k.status, 0) = 0
"""

FORGET_OLD: LiteralString = """
DELETE FROM idempotency_key
WHERE program_id = %(program)s AND key IN (
  SELECT key FROM idempotency_key
  WHERE program_id = %(program)s AND claimed_at < %(before)s
  ORDER BY claimed_at
  LIMIT %(most)s
  FOR UPDATE SKIP LOCKED
)
"""
FORGOTTEN_AT_ONCE = 1_000

_SOUND_KEY = re.compile(rb"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A request that may come again: its key, and a hash of all that it asks."""

    program_id: UUID
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class _Asked:
    request: RequestKey
    now: datetime


@dataclass(frozen=True, slots=True)
class _Answered:
    request: RequestKey
    claimed_at: datetime
    answer: Answer


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


class IdempotencyKeys:
    """The keys of this installation. What waits at the same moment is claimed together."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._claims: dict[UUID, Grouped[_Asked, _Claim]] = {}
        self._answers: dict[UUID, Grouped[_Answered, None]] = {}

    async def once(
        self, request: RequestKey, run: Callable[[UUID], Awaitable[Answer]], *, now: datetime
    ) -> Answer:
        """Run a request, or answer what it was answered before.

        `run` is given the id of what the request makes. An answer of 500 or more is not kept.

        Raises:
            IdempotencyKeyReused: the key stands for a request with another content.
            IdempotencyInProgress: the first one is still under way.
        """
        claims = self._claims.get(request.program_id)
        if claims is None:
            work = partial(self._claim, request.program_id)
            claims = self._claims[request.program_id] = Grouped(work)
        claim = await claims.ask(_Asked(request, now))
        if claim.answer is not None:
            return claim.answer
        try:
            answer = await run(claim_id(request, claim.claimed_at))
        except BaseException:
            # What became of it may be unknown (a connection lost while committing): the claim
            # stays, and so the id of what it makes.
            await self._keep(_Answered(request, claim.claimed_at, CUT_OFF))
            raise
        kept = answer if answer.status < 500 else CUT_OFF
        await self._keep(_Answered(request, claim.claimed_at, kept))
        return answer

    async def _keep(self, answered: _Answered) -> None:
        program_id = answered.request.program_id
        answers = self._answers.get(program_id)
        if answers is None:
            work = partial(self._keep_all, program_id)
            answers = self._answers[program_id] = Grouped(work)
        await answers.ask(answered)

    async def _claim(self, program_id: UUID, asked: Sequence[_Asked]) -> list[_Claim | Exception]:
        # Of several that came together with one key, the first may have it.
        first: dict[str, _Asked] = {}
        for ask in asked:
            first.setdefault(ask.request.key, ask)
        async with self._connect() as connection, program_transaction(connection, program_id):
            mine = await _insert(connection, program_id, list(first.values()))
            claims = {id(first[key]): _Claim(first[key].now, None) for key in mine}
            others = [ask for ask in asked if id(ask) not in claims]
            rows = await _rows(connection, program_id, {ask.request.key for ask in others})
            answers: list[_Claim | Exception] = []
            for ask in asked:
                key = ask.request.key
                answers.append(
                    claims.get(id(ask)) or await _claim_anew(connection, ask, rows.get(key))
                )
        return answers

    async def _keep_all(
        self, program_id: UUID, answered: Sequence[_Answered]
    ) -> list[Exception | None]:
        told = {
            "program": program_id,
            "keys": [kept.request.key for kept in answered],
            "times": [kept.claimed_at for kept in answered],
            "statuses": [kept.answer.status for kept in answered],
            "answers": [kept.answer.body for kept in answered],
            "tells": [kept.answer.tells for kept in answered],
        }
        async with self._connect() as connection, program_transaction(connection, program_id):
            await connection.execute(KEEP_ANSWERS, told)
        return [None] * len(answered)


async def _claim_anew(connection: Connection, ask: _Asked, row: Row | None) -> _Claim | Exception:
    """The claim of a key that somebody has had, or has just now."""
    if row is None or cast(datetime, row[1]) < ask.now - KEPT:
        program_id, key = ask.request.program_id, ask.request.key
        if row is not None:
            where = {"program": program_id, "key": key, "claimed_at": row[1]}
            await connection.execute(FORGET, where)
        if await _insert(connection, program_id, [ask]):
            return _Claim(ask.now, None)
        row = (await _rows(connection, program_id, {key})).get(key)
        if row is None:
            return _in_progress()
    try:
        return _standing(ask.request, row, ask.now)
    except Refusal as refusal:
        return refusal


async def _insert(connection: Connection, program_id: UUID, asked: Sequence[_Asked]) -> list[str]:
    cursor = await connection.execute(
        CLAIM,
        {
            "program": program_id,
            "keys": [ask.request.key for ask in asked],
            "hashes": [ask.request.request_hash for ask in asked],
            "times": [ask.now for ask in asked],
        },
    )
    return [cast(str, key) for (key,) in await cursor.fetchall()]


async def _rows(connection: Connection, program_id: UUID, keys: set[str]) -> dict[str, Row]:
    if not keys:
        return {}
    cursor = await connection.execute(CLAIMED, {"program": program_id, "keys": list(keys)})
    rows: list[Row] = await cursor.fetchall()
    return {row[0]: row[1:] for row in rows}


def _standing(request: RequestKey, row: Row, now: datetime) -> _Claim:
    request_hash, claimed_at, status, answer = row
    if status == 404 and answer is None:
        raise no_such_member()  # it told about a person who was erased since
    if request_hash != request.request_hash:
        raise IdempotencyKeyReused(
            N_("This idempotency key was used for another request; use a new one.")
        )
    if not status:
        if status is None and claimed_at > now - PATIENCE:
            raise _in_progress()
        return _Claim(claimed_at, None)
    media_type = JSON_TYPE if status < 400 else PROBLEM_TYPE
    return _Claim(claimed_at, Answer(status, answer, media_type, (REPLAYED,)))


def _in_progress() -> IdempotencyInProgress:
    return IdempotencyInProgress(
        N_("The first request with this key is still under way; try again in a moment.")
    )


async def forget_old_keys(connection: Connection, program_id: UUID, *, wall: datetime) -> int:
    """Forget keys that nobody can count on any more, some at a time; how many that were."""
    asked = {"program": program_id, "before": wall - KEPT, "most": FORGOTTEN_AT_ONCE}
    forgotten = 0
    while True:
        async with program_transaction(connection, program_id):
            gone = (await connection.execute(FORGET_OLD, asked)).rowcount
        forgotten += gone
        if gone < FORGOTTEN_AT_ONCE:
            return forgotten
