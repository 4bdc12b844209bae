"""Rows of people who are one: what names the merged member leads to the survivor, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.members.queries import Whereabouts
from fiel.members.records import Member
from fiel.members.references import KeyKind, MemberKey

ROW: LiteralString = f"""
SELECT {Member.COLUMNS}, merged_into, survivor_id, survivor_shard FROM member
WHERE program_id = %s AND id = %s
"""
MERGE: LiteralString = """
UPDATE member
SET status = %(status)s, merged_into = %(to)s, survivor_id = %(to)s, survivor_shard = %(to_shard)s
WHERE program_id = %(program)s AND shard = %(shard)s AND id = %(member)s
"""
LEAD_ON: LiteralString = """
UPDATE member SET survivor_id = %(to)s, survivor_shard = %(to_shard)s
WHERE program_id = %(program)s AND survivor_id = %(member)s
"""
LEAD_KEYS: LiteralString = """
UPDATE member_key SET shard = %(to_shard)s, member_id = %(to)s
WHERE program_id = %(program)s AND shard = %(shard)s AND member_id = %(member)s
"""
LED_HERE: LiteralString = """
SELECT id, shard, merged_into FROM member WHERE program_id = %s AND survivor_id = %s
"""
STAND_ALONE: LiteralString = """
UPDATE member SET status = 'active', merged_into = NULL, survivor_id = NULL, survivor_shard = NULL,
  external_id = %s, email = %s, phone = %s, card = %s, referral_code = %s
WHERE program_id = %s AND shard = %s AND id = %s
"""
LEAD_BACK: LiteralString = """
UPDATE member SET survivor_id = %s, survivor_shard = %s
WHERE program_id = %s AND id = ANY(%s) AND survivor_id = %s
"""
KEY_BACK: LiteralString = """
UPDATE member_key SET shard = %s, member_id = %s
WHERE program_id = %s AND kind = %s AND value = %s AND shard = %s AND member_id = %s
RETURNING member_id
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A member's row, whatever its status; `survivor` is where it leads to."""

    member: Member
    merged_into: UUID | None
    survivor: Whereabouts | None

    @property
    def place(self) -> Whereabouts:
        """Where the member's own rows are."""
        return Whereabouts(self.member.shard, self.member.id)


async def kept_member(connection: Connection, program_id: UUID, member_id: UUID) -> Kept | None:
    """A member by id, of whatever status; None where there is none in the program."""
    row = await (await connection.execute(ROW, (program_id, member_id))).fetchone()
    if row is None:
        return None
    *columns, merged_into, survivor_id, survivor_shard = row
    survivor = None if survivor_id is None else Whereabouts(survivor_shard, survivor_id)
    return Kept(Member.of_row(tuple(columns)), merged_into, survivor)


async def leads_to(
    connection: Connection, program_id: UUID, place: Whereabouts
) -> Whereabouts | None:
    """Where a member leads to by now; None for one who was erased, or is not there."""
    kept = await kept_member(connection, program_id, place.member_id)
    if kept is not None and kept.survivor is not None:
        kept = await kept_member(connection, program_id, kept.survivor.member_id)
    return kept.place if kept is not None and kept.member.status == "active" else None


async def merged_into(
    connection: Connection, program_id: UUID, survivor_id: UUID
) -> list[Whereabouts]:
    """Everybody whose id leads to a member, over however many merges."""
    rows = await (await connection.execute(LED_HERE, (program_id, survivor_id))).fetchall()
    return [Whereabouts(cast(int, shard), cast(UUID, id_)) for id_, shard, _ in rows]


async def lead_to_survivor(
    connection: Connection,
    program_id: UUID,
    merged: Whereabouts,
    survivor: Whereabouts,
    *,
    status: str = "merged",
) -> None:
    """Let a member's id and keys, and whoever was merged into it before, lead to the survivor."""
    told = {
        "program": program_id,
        "status": status,
        "shard": merged.shard,
        "member": merged.member_id,
        "to_shard": survivor.shard,
        "to": survivor.member_id,
    }
    await connection.execute(LEAD_ON, told)
    await connection.execute(MERGE, told)
    await connection.execute(LEAD_KEYS, told)


async def lead_back(
    connection: Connection, program_id: UUID, merged: Kept, survivor: Member
) -> None:
    """Let a member who was merged stand alone again, with what names it and who was merged into it.

    An identity that the survivor has taken for its own, or that was given up, stays where it is.
    """
    own = merged.member
    led = await (await connection.execute(LED_HERE, (program_id, survivor.id))).fetchall()
    into = {cast(UUID, id_): cast("UUID | None", merged_into) for id_, _, merged_into in led}
    below = [member_id for member_id in into if _is_below(member_id, own.id, into)]
    await connection.execute(LEAD_BACK, (own.id, own.shard, program_id, below, survivor.id))
    back: dict[str, str] = {}
    its_own = set(survivor.person.keys())
    for member_id in (own.id, *below):
        kept = (
            merged if member_id == own.id else await kept_member(connection, program_id, member_id)
        )
        assert kept is not None, "whoever leads here is there"
        for key in _keys(kept.member):
            if key in its_own:
                continue
            moved = await connection.execute(
                KEY_BACK,
                (
                    own.shard, own.id, program_id, str(key.kind), key.value,
                    survivor.shard, survivor.id,
                ),
            )  # fmt: skip
            if await moved.fetchone() and member_id == own.id:
                back[str(key.kind)] = key.value
    await connection.execute(
        STAND_ALONE,
        (
            back.get("external_id"), back.get("email"), back.get("phone"), back.get("card"),
            back.get("referral_code"), program_id, own.shard, own.id,
        ),
    )  # fmt: skip


def _keys(member: Member) -> list[MemberKey]:
    keys = member.person.keys()
    if member.referral_code is not None:
        keys.append(MemberKey(KeyKind.REFERRAL_CODE, member.referral_code))
    return keys


def _is_below(member_id: UUID, top: UUID, into: dict[UUID, UUID | None]) -> bool:
    """Whether somebody was merged into `top`, or into somebody who was."""
    at = into.get(member_id)
    while at is not None and at != top:
        at = into.get(at)
    return at == top
