"""Bring in points that members had elsewhere: each lot with its own dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

import orjson
from psycopg.errors import UniqueViolation

from fiel.domain.deciding.reasons import OPENING_AWARD, Kind
from fiel.domain.decision import Award, Decision, Term
from fiel.domain.lots import term_of
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.intake.adjusting import named_unit
from fiel.intake.groups import repeated_as, unknown_member
from fiel.intake.recording import Lend
from fiel.intake.resolving import whereabouts
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Asked, Place, open_books
from fiel.ledger.posting import Posting, Recorded, Told, Version
from fiel.ledger.recorded import ActivityName, activities_named
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write
from fiel.members.references import MemberRef
from fiel.programs.versions import Published, Versions

BALANCE = "balance"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class OpeningBalance:
    """Points that a member has from before. `unit` None is the program's only one.

    `lasts` tells how long: an instant, None for ever, or "program": as if earned here then.
    """

    member: MemberRef
    unit: str | None
    points: int
    earned_at: datetime
    lasts: datetime | str | None
    source: str
    external_id: str
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Brought:
    """What was brought in, now or, when `repeated`, before."""

    recorded: Recorded
    repeated: bool


async def bring_balances(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    balances: Sequence[OpeningBalance],
    *,
    now: datetime,
) -> list[Brought | Refusal]:
    """Bring many balances in, each with its own answer; the same ones again change nothing."""
    async with lend() as connection:
        async with program_transaction(connection, program_id):
            published = await versions.in_force(connection, program_id)
            refs = {balance.member for balance in balances}
            places = await whereabouts(connection, program_id, published.program, refs)
        answers: dict[int, Brought | Refusal] = {}
        by_shard: dict[int, dict[int, tuple[OpeningBalance, UUID]]] = {}
        for index, balance in enumerate(balances):
            place = places.get(balance.member)
            if place is None:
                answers[index] = unknown_member()
            else:
                by_shard.setdefault(place.shard, {})[index] = (balance, place.member_id)
        for shard, items in by_shard.items():
            told = await _post(connection, published, shard, list(items.values()), now)
            answers.update(zip(items, told, strict=True))
    return [answers[index] for index in range(len(balances))]


async def _post(
    connection: Connection,
    published: Published,
    shard: int,
    items: Sequence[tuple[OpeningBalance, UUID]],
    now: datetime,
) -> list[Brought | Refusal]:
    for left in reversed(range(_TRIES)):
        try:
            async with program_transaction(connection, published.program_id):
                return await _bring(connection, published, shard, items, now)
        except UniqueViolation:
            # A name was taken meanwhile; made anew, it is seen to be.
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


async def _bring(
    connection: Connection,
    published: Published,
    shard: int,
    items: Sequence[tuple[OpeningBalance, UUID]],
    now: datetime,
) -> list[Brought | Refusal]:
    place = Place(published.program_id, shard)
    members = list({member_id for _, member_id in items})
    books = await open_books(connection, place, Asked(members, now))
    names = [_name(balance) for balance, _ in items]
    known = await activities_named(connection, published.program_id, names)
    posting = Posting(Version(published.number, published.program))
    answers: list[Brought | Refusal] = []
    for balance, member_id in items:
        try:
            told = _told(balance, published.program)
            earlier = known.get(_name(balance))
            if earlier is not None:
                answers.append(
                    Brought(
                        repeated_as(earlier, told.fingerprint, external_id=told.external_id),
                        repeated=True,
                    )
                )
                continue
            book = books.get(member_id)
            if book is None or book.standing.status != "active":
                raise unknown_member()
            decision = _decision(balance, published.program)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        posting.settle(book, now)
        recorded = posting.post(book, told, decision, now=now, opening=True)
        known[_name(balance)] = recorded
        answers.append(Brought(recorded, repeated=False))
    trip = Trip(connection)
    write(trip, place, posting)
    await trip.go()
    return answers


def _name(balance: OpeningBalance) -> ActivityName:
    return ActivityName(BALANCE, balance.source, balance.external_id)


def _decision(balance: OpeningBalance, program: Program) -> Decision:
    unit_id = named_unit(balance.unit, program).id
    ends_at = balance.lasts
    if isinstance(ends_at, str):
        ends_at = term_of(program.units[unit_id], balance.earned_at, program.timezone).ends_at
    return Decision(
        awards=(Award(OPENING_AWARD, unit_id, balance.points, {"kind": Kind.FIXED}),),
        terms={unit_id: Term(balance.earned_at, ends_at)},
    )


def _told(balance: OpeningBalance, program: Program) -> Told:
    lasts = balance.lasts
    facts = orjson.dumps(
        {
            "unit": named_unit(balance.unit, program).id,
            "points": balance.points,
            "lasts": lasts.isoformat() if isinstance(lasts, datetime) else lasts,
        }
    )
    fingerprint = blake2b(
        f"{balance.member!r}|{balance.earned_at.timestamp()}|".encode() + facts, digest_size=16
    )
    return Told(
        id=balance.id,
        kind=BALANCE,
        source=balance.source,
        external_id=balance.external_id,
        occurred_at=balance.earned_at,
        fingerprint=fingerprint.digest(),
        facts=facts.decode(),
    )
