"""Make a member: one person, one row, however many tills enrol at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.scope import Connection
from fiel.members.identity import mailbox_of
from fiel.members.merge import kept_member, merged_into
from fiel.members.plain import json_text
from fiel.members.queries import Whereabouts, member_of_key
from fiel.members.records import Member, Person
from fiel.members.references import KeyKind, MemberKey
from fiel.members.referral import normal_code, proposed_codes
from fiel.members.referrals import keep_referral
from fiel.members.refusals import MemberExists

CLAIM_KEY: LiteralString = """
INSERT INTO member_key (program_id, kind, value, shard, member_id)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program_id, kind, value) DO NOTHING
RETURNING member_id
"""

INSERT_MEMBER: LiteralString = """
INSERT INTO member (program_id, shard, id, status, external_id, name, email, phone, card, birthday,
  consents, attributes, referral_code, referred_by, joined_at, created_at)
VALUES (%s, %s, %s, 'active', %s, %s, %s, %s, %s, %s,
  %s::jsonb, %s::jsonb, %s, %s, %s, %s)
"""


async def new_member(
    connection: Connection,
    *,
    program_id: UUID,
    shard: int,
    member_id: UUID,
    person: Person,
    referred_by: str | None,
    joined_at: datetime,
    now: datetime,
) -> Member:
    """Make a member within the caller's transaction.

    `connection` is inside a program transaction; whoever refuses rolls it back. `referred_by` is
    the referral code of the member who brought this one.

    Raises:
        MemberExists: somebody has one of these identities already.
        Invalid: nobody has that referral code, or it is the person's own.
    """
    referrer = await _referrer(connection, program_id, referred_by, person)
    await claim_keys(connection, program_id, shard, member_id, person.keys())
    code = await _claim_code(connection, program_id, shard, member_id, person.name)
    member = Member(
        id=member_id,
        shard=shard,
        status="active",
        person=person,
        referral_code=code,
        referred_by=referrer.member_id if referrer else None,
        joined_at=joined_at,
    )
    await connection.execute(
        INSERT_MEMBER,
        (
            program_id,
            shard,
            member_id,
            person.external_id,
            person.name,
            person.email,
            person.phone,
            person.card,
            person.birthday,
            json_text(person.consents),
            json_text(person.attributes),
            code,
            member.referred_by,
            joined_at,
            now,
        ),
    )
    if referrer is not None:
        friend = Whereabouts(shard, member_id)
        await keep_referral(connection, program_id, friend=friend, referrer=referrer, now=now)
    return member


async def claim_keys(
    connection: Connection,
    program_id: UUID,
    shard: int,
    member_id: UUID,
    keys: Sequence[MemberKey],
) -> None:
    """Take what must be unique, in one order for everybody, so that nobody waits in a ring.

    A claim that another transaction holds waits for its end, and then is refused or taken.

    Raises:
        MemberExists: another member has one of them.
    """
    for key in sorted(keys, key=_claim_order):
        row = (program_id, str(key.kind), key.value, shard, member_id)
        claimed = await (await connection.execute(CLAIM_KEY, row)).fetchone()
        if claimed:
            continue
        holder = await member_of_key(connection, program_id, key)
        assert holder is not None, "what could not be claimed is held"
        if holder.member_id != member_id:
            raise MemberExists(key.kind, holder.member_id)


def _claim_order(key: MemberKey) -> tuple[str, str]:
    return key.kind, key.value


async def _claim_code(
    connection: Connection, program_id: UUID, shard: int, member_id: UUID, name: str
) -> str:
    for code in proposed_codes(name):
        row = (program_id, str(KeyKind.REFERRAL_CODE), code, shard, member_id)
        if await (await connection.execute(CLAIM_KEY, row)).fetchone():
            return code
    raise AssertionError("a code of twelve chance letters is not taken twice")


async def _referrer(
    connection: Connection, program_id: UUID, code: str | None, person: Person
) -> Whereabouts | None:
    if code is None:
        return None
    key = MemberKey(KeyKind.REFERRAL_CODE, normal_code(code))
    found = await member_of_key(connection, program_id, key)
    if found is None:
        problem = FieldProblem("referred_by", "unknown", N_("Nobody has this referral code."))
        raise Invalid(N_("Some fields are not valid."), problems=[problem])
    if await _is_same_person(connection, program_id, found, person):
        text = N_("Nobody can bring themselves.")
        problem = FieldProblem("referred_by", "self_referral", text)
        raise Invalid(N_("Some fields are not valid."), problems=[problem])
    return found


async def _is_same_person(
    connection: Connection, program_id: UUID, referrer: Whereabouts, person: Person
) -> bool:
    """Whether the one who brings, or anybody merged into that one, has the newcomer's mailbox.

    The same phone, card or address is another refusal: it is enrolled already.
    """
    if person.email is None:
        return False
    for place in (referrer, *await merged_into(connection, program_id, referrer.member_id)):
        kept = await kept_member(connection, program_id, place.member_id)
        known = kept.member.person.email if kept else None
        if known is not None and mailbox_of(known) == mailbox_of(person.email):
            return True
    return False
