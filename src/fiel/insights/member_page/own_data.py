"""All that is known of a member, as plain data that she can take along."""

from __future__ import annotations

from datetime import datetime

from fiel.insights.contents import movement_content
from fiel.insights.member_page.belongings import belongings_of_member
from fiel.insights.movements import Narrator
from fiel.intake.telling import told_after
from fiel.ledger.entries import entries_of_member
from fiel.ledger.opening import Place
from fiel.ledger.posting import stood_after
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection
from fiel.members.consents import consents_of
from fiel.members.merge import merged_into
from fiel.members.queries import Whereabouts
from fiel.members.records import Member
from fiel.programs.versions import Published, Versions

MOST_MOVEMENTS = 20_000


async def own_data(
    connection: Connection,
    versions: Versions,
    published: Published,
    member: Member,
    *,
    now: datetime,
    language: str,
) -> dict[str, object]:
    """The person, balances, every movement, redemptions and gift cards of a member."""
    program, place = published.program, Place(published.program_id, member.shard)
    book = await book_now(connection, place, member.id, now, program)
    assert book is not None, "a member has a standing from the first day"
    entries = await entries_of_member(
        connection, place, member.id, before=None, limit=MOST_MOVEMENTS
    )
    narrator = Narrator(connection, versions, published, language, place=place, member_id=member.id)
    belongings = await belongings_of_member(
        connection, versions, published, member, now=now, language=language
    )
    person = member.person
    whereabouts = [
        Whereabouts(member.shard, member.id),
        *await merged_into(connection, place.program_id, member.id),
    ]
    return {
        "program": program.name,
        "told_at": now.isoformat(),
        "member": {
            "id": member.id,
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "card": person.card,
            "external_id": person.external_id,
            "birthday": person.birthday,
            "consents": dict(person.consents),
            "consents_told": [
                {"name": told.name, "given": told.given, "at": told.at.isoformat()}
                for told in await consents_of(connection, place.program_id, whereabouts)
            ],
            "attributes": dict(person.attributes),
            "referral_code": member.referral_code,
            "referred_by": member.referred_by,
            "joined_at": member.joined_at.isoformat(),
            "segments": list(book.standing.segments),
        },
        **told_after(stood_after(book, program), program),
        "movements": [movement_content(await narrator.entry(entry)) for entry in entries],
        "redemptions": [
            {
                "reward": had.name,
                "status": str(had.status),
                "price": had.price,
                "code": had.code,
                "made_at": had.made_at.isoformat(),
            }
            for had in (*belongings.open, *belongings.past)
        ],
        "gift_cards": [{"code": card.code, "balance": card.balance} for card in belongings.cards],
    }
