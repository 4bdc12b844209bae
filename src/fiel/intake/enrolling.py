"""Enrol: a person becomes a member, and what the program gives for joining is given at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from fiel.domain.activity import Occasion, OccasionKind
from fiel.intake.asking import Ask, Outcome
from fiel.intake.groups import Group, Item, repeated_as
from fiel.intake.placing import shard_of
from fiel.intake.recording import Lend
from fiel.intake.sales import Understood
from fiel.ledger.books import Standing
from fiel.ledger.recorded import activities_named
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.enrol import new_member
from fiel.members.queries import member as member_named
from fiel.members.records import Member, Person
from fiel.members.refusals import MemberExists
from fiel.programs.versions import Published, Versions

ENROLMENT = "enrolment"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person who asks to join; whoever asks makes the id, so that asking again is harmless.

    `told` is the content as it came: it tells a repeat from another person with the same id.
    """

    id: UUID
    person: Person
    told: bytes
    now: datetime
    source: str = ""
    referred_by: str | None = None
    joined_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member, and what joining earned; `repeated` when this very enrolment was made before."""

    member: Member
    outcome: Outcome


async def enrol_member(
    lend: Lend, versions: Versions, program_id: UUID, enrolment: Enrolment
) -> Enrolled:
    """Enrol a person once, however often and from however many tills it is asked.

    Raises:
        MemberExists: another member has one of these identities.
        ExternalIdReused: the external id was enrolled with other content.
        Invalid: nobody has the referral code.
    """
    async with lend() as connection:
        try:
            async with program_transaction(connection, program_id):
                return await _enrol(connection, versions, program_id, enrolment)
        except MemberExists:
            # It may have been this very enrolment, made at the same moment by somebody else.
            async with program_transaction(connection, program_id):
                published = await versions.in_force(connection, program_id)
                enrolled = await _enrolled_before(connection, published, enrolment)
            if enrolled is None:
                raise
            return enrolled


async def _enrol(
    connection: Connection, versions: Versions, program_id: UUID, enrolment: Enrolment
) -> Enrolled:
    published = await versions.in_force(connection, program_id)
    enrolled = await _enrolled_before(connection, published, enrolment)
    if enrolled is not None:
        return enrolled
    shard = shard_of(enrolment.id, published.shards)
    joined_at = enrolment.joined_at or enrolment.now
    member = await new_member(
        connection,
        program_id=program_id,
        shard=shard,
        member_id=enrolment.id,
        person=enrolment.person,
        referred_by=enrolment.referred_by,
        joined_at=joined_at,
        now=enrolment.now,
    )
    item = enrolment_item(enrolment, Standing("active", joined_at))
    (outcome,) = await Group(published, shard, [item]).record(connection)
    if isinstance(outcome, Exception):
        raise outcome
    return Enrolled(member, outcome)


async def _enrolled_before(
    connection: Connection, published: Published, enrolment: Enrolment
) -> Enrolled | None:
    """The member whom the same enrolment made before, known by its external id."""
    item = enrolment_item(enrolment, None)
    if item.name is None:
        return None
    named = await activities_named(connection, published.program_id, [item.name])
    earlier = named.get(item.name)
    if earlier is None:
        return None
    made = repeated_as(
        earlier,
        item.understood.fingerprint,
        external_id=enrolment.person.external_id,
        made=earlier.member_id,
    )
    outcome = Outcome(made, repeated=True, published=published)
    member = await member_named(connection, published.program_id, earlier.member_id)
    return None if member is None else Enrolled(member, outcome)


def enrolment_item(enrolment: Enrolment, joins: Standing | None) -> Item:
    """An enrolment as an activity; `joins` where the member is being made."""
    ask = Ask(
        kind=ENROLMENT,
        member=enrolment.id,
        understand=lambda _program, _now: understood,
        now=enrolment.now,
        source=enrolment.source,
        external_id=enrolment.person.external_id,
    )
    understood = Understood(
        Occasion(enrolment.joined_at or enrolment.now, OccasionKind.ENROLMENT),
        "{}",
        blake2b(enrolment.told, digest_size=16).digest(),
    )
    return Item(ask, understood, enrolment.id, joins)
