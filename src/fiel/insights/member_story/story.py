"""The first page of a member's story: who it is, what it has and why, what the staff knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.holdout import WHOLE_PROGRAM, held_out
from fiel.domain.language import pick
from fiel.domain.program import Program
from fiel.insights.explanation import UnitExplanation, explanation_of_member
from fiel.insights.member_page.standing import Standing, standing_of_member
from fiel.insights.member_story.happenings import segment_name
from fiel.insights.movements import Narrator
from fiel.insights.naming import unit_name
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.members.consents import ConsentChange, consents_of
from fiel.members.listing import Listed, members_listed
from fiel.members.merge import kept_member, merged_into
from fiel.members.notes import AccountManager, Note, manager_of, notes_about
from fiel.members.queries import Whereabouts, member
from fiel.members.records import Member
from fiel.members.referrals import Referral, referral_of, referrals_by
from fiel.programs.versions import Published, Versions

MOST_FRIENDS = 50


@dataclass(frozen=True, slots=True)
class UnitStory:
    """What a member has of a unit, with its name, and why."""

    id: str
    name: str
    why: UnitExplanation

    @property
    def available(self) -> int:
        """What can be used now."""
        return self.why.balance.available


@dataclass(frozen=True, slots=True)
class Story:
    """What the first page tells of a member."""

    member: Member
    listed: Listed
    standing: Standing
    units: tuple[UnitStory, ...]
    segments: tuple[str, ...]
    kept_out: tuple[str, ...]
    is_kept_out_of_all: bool
    consents: tuple[tuple[str, bool, datetime | None], ...]
    notes: tuple[Note, ...]
    manager: AccountManager | None
    led: tuple[Whereabouts, ...]


@dataclass(frozen=True, slots=True)
class Friend:
    """Somebody whom a member brought, or by whom it came."""

    referral: Referral
    name: str
    member_id: UUID


def main_unit(program: Program) -> str:
    """The unit that lists show: points, or the first."""
    return "points" if "points" in program.units else next(iter(program.units))


async def story_of(
    connection: Connection,
    versions: Versions,
    published: Published,
    found: Member,
    *,
    now: datetime,
    language: str,
) -> Story:
    """The first page about a member, read at one moment."""
    program_id, program = published.program_id, published.program
    place = Place(program_id, found.shard)
    here = Whereabouts(found.shard, found.id)
    [listed] = await members_listed(connection, program_id, [found.id], unit=main_unit(program))
    standing = await standing_of_member(
        connection, program, found, place, now=now, language=language
    )
    narrator = Narrator(connection, versions, published, language, place=place, member_id=found.id)
    explained = await explanation_of_member(narrator, at=now, now=now)
    led = await merged_into(connection, program_id, found.id)
    ids = [found.id, *(each.member_id for each in led)]
    kept_out = held_out(program, found.id)
    return Story(
        member=found,
        listed=listed,
        standing=standing,
        units=tuple(
            UnitStory(name, unit_name(program, name, language), why)
            for name, why in explained.items()
        ),
        segments=tuple(segment_name(program, each, language) for each in listed.segments),
        kept_out=tuple(_promotions(program, kept_out, language)),
        is_kept_out_of_all=WHOLE_PROGRAM in kept_out,
        consents=_consents(found, await consents_of(connection, program_id, [here, *led])),
        notes=tuple(await notes_about(connection, program_id, ids)),
        manager=await manager_of(connection, program_id, here),
        led=tuple(led),
    )


async def friends_of(
    connection: Connection, program_id: UUID, found: Member, led: tuple[Whereabouts, ...]
) -> tuple[Friend | None, list[Friend]]:
    """By whom a member came, and whom it brought, newest first."""
    here = Whereabouts(found.shard, found.id)
    came = await referral_of(connection, program_id, here)
    ids = [found.id, *(each.member_id for each in led)]
    brought = await referrals_by(connection, program_id, ids, after=None, limit=MOST_FRIENDS)
    asked = [each.friend.member_id for each in brought]
    if came is not None:
        asked.append(came.referrer.member_id)
    names = await names_of(connection, program_id, asked)
    friends = [
        Friend(each, names.get(each.friend.member_id, ""), each.friend.member_id)
        for each in brought
    ]
    if came is None:
        return None, friends
    referrer = came.referrer.member_id
    return Friend(came, names.get(referrer, ""), referrer), friends


async def names_of(
    connection: Connection, program_id: UUID, members: list[UUID]
) -> Mapping[UUID, str]:
    """What members are called; who was erased is called nothing."""
    if not members:
        return {}
    cursor = await connection.execute(
        "SELECT id, name FROM member WHERE program_id = %s AND id = ANY(%s)",
        (program_id, members),
    )
    return dict(await cursor.fetchall())


async def member_or_survivor(
    connection: Connection, program_id: UUID, member_id: UUID
) -> tuple[Member | None, str]:
    """The member of an id, or who survives it, and what has become of the id itself."""
    found = await member(connection, program_id, member_id)
    if found is not None:
        return found, "active" if found.id == member_id else "merged"
    kept = await kept_member(connection, program_id, member_id)
    return None, kept.member.status if kept else ""


def _consents(
    found: Member, changes: list[ConsentChange]
) -> tuple[tuple[str, bool, datetime | None], ...]:
    """Each consent as it stands, with when it came to stand so."""
    since: dict[str, ConsentChange] = {}
    for change in changes:
        since.setdefault(change.name, change)
    told = dict(found.person.consents)
    return tuple(
        (name, given, since[name].at if name in since and since[name].given == given else None)
        for name, given in told.items()
    )


def _promotions(program: Program, kept_out: frozenset[str], language: str) -> list[str]:
    names = {rule.id: rule.name for rule in program.earn}
    return [
        pick(names.get(each, {}), language, program.locale) or each
        for each in sorted(kept_out - {WHOLE_PROGRAM})
    ]
