"""Everything that is known of a person, as plain data: what the person may ask for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from fiel.domain.program import Program
from fiel.insights.contents import explanation_content, movement_content
from fiel.insights.explanation import explanation_of_member
from fiel.insights.movements import Narrator
from fiel.intake.redeeming_records import redemption_record
from fiel.intake.telling import told_after, told_time
from fiel.intake.telling_milestones import told_badges, told_milestones
from fiel.ledger.entries import entries_of_member
from fiel.ledger.opening import Place
from fiel.ledger.posting import Recorded, stood_after
from fiel.ledger.progress import progress_of_member
from fiel.ledger.queries import book_now
from fiel.ledger.recorded import activities
from fiel.ledger.scope import Connection
from fiel.ledger.timeline import timeline_of_member
from fiel.members.consents import consents_of
from fiel.members.households import household, household_of
from fiel.members.merge import kept_member, merged_into
from fiel.members.notes import manager_of, notes_about
from fiel.members.queries import Whereabouts
from fiel.members.records import Member
from fiel.members.referrals import referral_of, referrals_by
from fiel.programs.versions import Published, Versions
from fiel.rewards.owners import gift_cards_of_members
from fiel.rewards.redemptions import redemptions_of

type Content = dict[str, Any]

_AT_ONCE = 500
_MOST_NOTES = 10_000
COUPONS_USED: LiteralString = """
SELECT c.code, c.coupon, u.used_at, u.sale_id
FROM coupon_use AS u
JOIN coupon AS c ON c.program_id = u.program_id AND c.id = u.coupon_id
WHERE u.program_id = %s AND u.shard = ANY(%s) AND u.member_id = ANY(%s) AND u.state = 'used'
ORDER BY u.used_at
"""


async def dossier_of(
    connection: Connection,
    versions: Versions,
    published: Published,
    member: Member,
    *,
    now: datetime,
    language: str,
) -> Content:
    """Everything that the program knows of a person, and of whoever was merged into it."""
    program_id, program = published.program_id, published.program
    led = await merged_into(connection, program_id, member.id)
    people = [kept for place in led if (kept := await kept_member(connection, program_id,
                                                                  place.member_id))]  # fmt: skip
    places = [Whereabouts(member.shard, member.id), *led]
    ids = [place.member_id for place in places]
    return {
        "program": program.slug,
        "as_of": told_time(now),
        "person": _person(member),
        "merged": [_person(kept.member) | {"status": kept.member.status} for kept in people],
        "consents_changed": [
            {"consent": each.name, "given": each.given, "at": told_time(each.at)}
            for each in await consents_of(connection, program_id, places)
        ],
        **await _standing(connection, versions, published, member, now, language),
        "movements": await _movements(connection, versions, published, places, language),
        "activities": await _activities(connection, program_id, places, program),
        "redemptions": [
            redemption_record(each)
            for place in places
            for each in await redemptions_of(
                connection, Place(program_id, place.shard), place.member_id,
                before=None, limit=_MOST_NOTES,
            )
        ],
        "gift_cards": [
            {
                "code": card.code,
                "currency": card.currency_code,
                "issued": card.currency.decimal(card.issued),
                "balance": card.currency.decimal(card.balance),
                "made_at": told_time(card.made_at),
                "ends_at": told_time(card.ends_at),
            }
            for card in await gift_cards_of_members(connection, program_id, ids)
        ],
        "coupons_used": await _coupons_used(connection, program_id, places),
        **await _people(connection, program_id, places),
        "notes": [
            {"text": note.text, "author": note.author.name, "made_at": told_time(note.made_at)}
            for note in await notes_about(connection, program_id, ids, limit=_MOST_NOTES)
        ],
    }  # fmt: skip


def _person(member: Member) -> Content:
    person = member.person
    return {
        "id": member.id,
        "external_id": person.external_id,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "card": person.card,
        "birthday": person.birthday,
        "consents": dict(person.consents),
        "attributes": dict(person.attributes),
        "referral_code": member.referral_code,
        "joined_at": told_time(member.joined_at),
    }


async def _standing(
    connection: Connection,
    versions: Versions,
    published: Published,
    member: Member,
    now: datetime,
    language: str,
) -> Content:
    program = published.program
    place = Place(published.program_id, member.shard)
    book = await book_now(connection, place, member.id, now, program)
    assert book is not None, "a member has a standing from the first day"
    kept = await progress_of_member(connection, place, member.id)
    narrator = Narrator(connection, versions, published, language, place=place, member_id=member.id)
    explained = await explanation_of_member(narrator, at=now, now=now)
    return {
        **told_after(stood_after(book, program), program),
        "segments": list(book.standing.segments),
        "spend": program.currency.decimal(book.standing.spend),
        "visits": book.standing.visits,
        "why": explanation_content(member.id, now, explained, program)["units"],
        "milestones": told_milestones(book, kept, program, now, language),
        "badges": told_badges(kept, program, language),
    }


async def _movements(
    connection: Connection,
    versions: Versions,
    published: Published,
    places: Sequence[Whereabouts],
    language: str,
) -> list[Content]:
    told: list[Content] = []
    for whereabouts in places:
        place = Place(published.program_id, whereabouts.shard)
        narrator = Narrator(
            connection, versions, published, language,
            place=place, member_id=whereabouts.member_id,
        )  # fmt: skip
        before: UUID | None = None
        while page := await entries_of_member(
            connection, place, whereabouts.member_id, before=before, limit=_AT_ONCE
        ):
            told += [movement_content(await narrator.entry(entry)) for entry in page]
            before = page[-1].id
    return told


async def _activities(
    connection: Connection, program_id: UUID, places: Sequence[Whereabouts], program: Program
) -> list[Content]:
    """What the person did or was done to it, each as it was told."""
    told: list[Content] = []
    for place in places:
        before: tuple[datetime, UUID] | None = None
        while page := await timeline_of_member(
            connection, Place(program_id, place.shard), place.member_id,
            before=before, limit=_AT_ONCE,
        ):  # fmt: skip
            ids = [each.recorded.id for each in page]
            facts = await activities(
                connection, program_id, place.shard, [place.member_id] * len(ids), ids
            )
            by_id = {each.id: each for each in facts}
            told += [_activity(by_id[id_], program) for id_ in ids]
            before = page[-1].recorded.occurred_at, ids[-1]
    return told


def _activity(recorded: Recorded, program: Program) -> Content:
    return {
        "id": recorded.id,
        "kind": recorded.kind,
        "source": recorded.source,
        "external_id": recorded.external_id,
        "occurred_at": told_time(recorded.occurred_at),
        "store": recorded.store,
        "channel": recorded.channel,
        "net": program.currency.decimal(recorded.net),
        "gross": program.currency.decimal(recorded.gross),
        "program_version": recorded.version,
        "told": json.loads(recorded.facts),
    }


async def _coupons_used(
    connection: Connection, program_id: UUID, places: Sequence[Whereabouts]
) -> list[Content]:
    shards = [place.shard for place in places]
    ids = [place.member_id for place in places]
    cursor = await connection.execute(COUPONS_USED, (program_id, shards, ids))
    return [
        {"code": code, "coupon": coupon, "used_at": told_time(used_at), "sale": sale_id}
        for code, coupon, used_at, sale_id in await cursor.fetchall()
    ]


async def _people(
    connection: Connection, program_id: UUID, places: Sequence[Whereabouts]
) -> Mapping[str, object]:
    """Whom the person brought and came by, lives with, and is looked after by; ids, no names."""
    ids = [place.member_id for place in places]
    came = await referral_of(connection, program_id, places[0])
    brought = await referrals_by(connection, program_id, ids, after=None, limit=_MOST_NOTES)
    household_id = await household_of(connection, program_id, places[0])
    home = None if household_id is None else await household(connection, program_id, household_id)
    manager = await manager_of(connection, program_id, places[0])
    return {
        "came_by": None if came is None else {"member": came.referrer.member_id,
                                              "status": came.status},
        "brought": [
            {"member": each.friend.member_id, "status": each.status,
             "made_at": told_time(each.made_at)}
            for each in brought
        ],
        "household": None if home is None else {
            "name": home.name, "members": [place.member_id for place in home.members]},
        "account_manager": None if manager is None else manager.name,
    }  # fmt: skip


def file_name_of(member: Member, slug: str) -> str:
    """What a file with all that is known of a member is called: nothing in it names the person."""
    return f"{slug}-{member.id}.json"
