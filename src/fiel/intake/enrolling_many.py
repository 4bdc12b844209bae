"""Enrol a crowd: many at once where nothing is in the way, one by one where something is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from psycopg.errors import UniqueViolation

from fiel.domain.refusal import Refusal
from fiel.intake.asking import Outcome
from fiel.intake.enrolling import Enrolment, enrol_member, enrolment_item
from fiel.intake.groups import Group, Item, repeated
from fiel.intake.placing import shard_of
from fiel.intake.recording import Lend
from fiel.ledger.books import Standing
from fiel.ledger.posting import Recorded
from fiel.ledger.recorded import ActivityName, activities_named
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.enrol_many import Newcomer, new_members
from fiel.programs.versions import Published, Versions


class _SomebodyElse(Exception):
    """Some of a crowd cannot be enrolled with the others; nothing was written."""

    def __init__(self, ids: set[UUID]) -> None:
        super().__init__()
        self.ids = ids


async def enrol_members(
    lend: Lend, versions: Versions, program_id: UUID, enrolments: Sequence[Enrolment]
) -> list[bool | Refusal]:
    """Enrol many; each answer tells whether that very enrolment was made before, or refuses."""
    answers: dict[UUID, bool | Refusal] = {}
    async with lend() as connection:
        async with program_transaction(connection, program_id):
            published = await versions.in_force(connection, program_id)
            known = await _known(connection, published, enrolments)
        fresh = []
        for enrolment in _unlike_each_other(enrolments):
            item = enrolment_item(enrolment, None)
            earlier = known.get(item.name) if item.name is not None else None
            if earlier is not None:
                answers[enrolment.id] = _again(item, earlier)
            elif enrolment.referred_by is None:
                fresh.append(enrolment)
        for made in await _together(connection, published, fresh):
            answers[made] = False
    for enrolment in enrolments:
        if enrolment.id not in answers:
            answers[enrolment.id] = await _alone(lend, versions, program_id, enrolment)
    return [answers[enrolment.id] for enrolment in enrolments]


async def _known(
    connection: Connection, published: Published, enrolments: Sequence[Enrolment]
) -> Mapping[ActivityName, Recorded]:
    names = [enrolment_item(enrolment, None).name for enrolment in enrolments]
    asked = [name for name in names if name is not None]
    return await activities_named(connection, published.program_id, asked) if asked else {}


def _again(item: Item, earlier: Recorded) -> bool | Refusal:
    try:
        repeated(item, earlier)
    except Refusal as refusal:
        return refusal
    return True


def _unlike_each_other(enrolments: Sequence[Enrolment]) -> list[Enrolment]:
    """Those who share no key with an earlier one; the others wait for their own turn."""
    seen: set[object] = set()
    unlike = []
    for enrolment in enrolments:
        keys = set(enrolment.person.keys())
        if keys.isdisjoint(seen):
            unlike.append(enrolment)
        seen |= keys
    return unlike


async def _together(
    connection: Connection, published: Published, enrolments: Sequence[Enrolment]
) -> list[UUID]:
    """Enrol all who can be enrolled with the others; the answer is who was."""
    for _ in range(2):
        if not enrolments:
            break
        try:
            async with program_transaction(connection, published.program_id):
                await _make(connection, published, enrolments)
        except _SomebodyElse as others:
            enrolments = [one for one in enrolments if one.id not in others.ids]
        except UniqueViolation:
            break  # somebody is enrolling the same people at this moment
        else:
            return [enrolment.id for enrolment in enrolments]
    return []


async def _make(
    connection: Connection, published: Published, enrolments: Sequence[Enrolment]
) -> None:
    shards = {one.id: shard_of(one.id, published.shards) for one in enrolments}
    failed = await new_members(
        connection,
        program_id=published.program_id,
        newcomers=[
            Newcomer(one.id, shards[one.id], one.person, one.joined_at or one.now)
            for one in enrolments
        ],
        now=max(one.now for one in enrolments),
    )
    if failed:
        raise _SomebodyElse(failed)
    by_shard: dict[int, list[Item]] = {}
    for one in enrolments:
        item = enrolment_item(one, Standing("active", one.joined_at or one.now))
        by_shard.setdefault(shards[one.id], []).append(item)
    for shard, items in by_shard.items():
        outcomes = await Group(published, shard, items).record(connection)
        refused = {
            item.member_id
            for item, outcome in zip(items, outcomes, strict=True)
            if not isinstance(outcome, Outcome) or outcome.repeated
        }
        if refused:
            raise _SomebodyElse(refused)


async def _alone(
    lend: Lend, versions: Versions, program_id: UUID, enrolment: Enrolment
) -> bool | Refusal:
    try:
        enrolled = await enrol_member(lend, versions, program_id, enrolment)
    except Refusal as refusal:
        return refusal
    return enrolled.outcome.repeated
