"""Who is it: from what names a member to where the member's rows are, for a whole group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fiel.domain.program import Program
from fiel.ledger.arrays import plain_array, text_array
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip
from fiel.members.identity import NotAPhoneNumber, region_of_zone, sought_phone
from fiel.members.queries import Whereabouts
from fiel.members.references import KeyKind, MemberKey, MemberRef

KEYS = numbered(
    "whereabouts_by_key",
    """
SELECT k.kind, k.value, k.shard, k.member_id
FROM unnest(%(kinds)s::text[], %(values)s::text[]) AS asked (kind, value)
CROSS JOIN LATERAL (
  -- One look at the index for each key, whatever the planner believes of the table.
  SELECT kind, value, shard, member_id
  FROM member_key
  WHERE program_id = %(program)s AND kind = asked.kind AND value = asked.value
  OFFSET 0
) AS k
""",
)
# Whoever was merged is where the survivor is; what else named them leads there already.
IDS = numbered(
    "whereabouts_by_id",
    "SELECT id, coalesce(survivor_id, id), coalesce(survivor_shard, shard) FROM member "
    "WHERE program_id = %(program)s AND id = ANY(%(ids)s::uuid[])",
)


# Statuses of members whose id leads to another.
LED_ON = frozenset({"merged", "claimed"})


class MovedAway(Exception):
    """A member was merged into another, or a sale claimed, after it had been found."""


@dataclass(frozen=True, slots=True)
class AskedWhereabouts:
    """Members whom a trip asks about; read once it is over."""

    trip: Trip
    sought: Mapping[MemberRef, MemberRef | None]
    keys: int | None
    ids: int | None

    def read(self) -> dict[MemberRef, Whereabouts]:
        """Where they are, as they were named; one that does not exist is left out."""
        found: dict[MemberRef, Whereabouts] = {}
        if self.keys is not None:
            for kind, value, shard, member_id in self.trip.rows(self.keys):
                found[MemberKey(KeyKind(kind), value)] = Whereabouts(shard, member_id)
        if self.ids is not None:
            for named, member_id, shard in self.trip.rows(self.ids):
                found[named] = Whereabouts(shard, member_id)
        return {
            ref: found[normal_ref]
            for ref, normal_ref in self.sought.items()
            if normal_ref is not None and normal_ref in found
        }


def ask_whereabouts(
    trip: Trip, program_id: UUID, region: str | None, refs: Iterable[MemberRef]
) -> AskedWhereabouts:
    """Ask where members are; a phone number without a prefix is one of the region."""
    program = str(program_id)
    sought = {ref: normal(ref, region) for ref in refs}
    ids = [ref for ref in sought.values() if isinstance(ref, UUID)]
    keys = [ref for ref in sought.values() if isinstance(ref, MemberKey)]
    by_keys = {
        "program": program,
        "kinds": plain_array(key.kind.value for key in keys),
        "values": text_array(key.value for key in keys),
    }
    return AskedWhereabouts(
        trip,
        sought,
        trip.ask(KEYS, by_keys) if keys else None,
        trip.ask(IDS, {"program": program, "ids": plain_array(ids)}) if ids else None,
    )


async def whereabouts(
    connection: Connection, program_id: UUID, program: Program, refs: Iterable[MemberRef]
) -> dict[MemberRef, Whereabouts]:
    """Look up where members are; one that does not exist is left out."""
    trip = Trip(connection)
    asked = ask_whereabouts(trip, program_id, region_of_zone(program.timezone.key), refs)
    await trip.go()
    return asked.read()


def normal(ref: MemberRef, region: str | None) -> MemberRef | None:
    """A reference in its normal form; None where nobody can have such a name."""
    if isinstance(ref, UUID) or ref.kind is not KeyKind.PHONE:
        return ref
    try:
        return MemberKey(ref.kind, sought_phone(ref.value, region))
    except NotAPhoneNumber:
        return None


def is_phone(ref: MemberRef) -> bool:
    """Whether a member is named by a phone number."""
    return isinstance(ref, MemberKey) and ref.kind is KeyKind.PHONE
