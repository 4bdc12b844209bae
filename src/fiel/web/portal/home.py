"""What a member has, why, and what happened."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from fiel.insights.explanation import explanation_of_member, last_day
from fiel.insights.member_page.belongings import belongings_of_member
from fiel.insights.member_page.offers import offers_for_member
from fiel.insights.member_page.standing import standing_of_member
from fiel.insights.movements import Narrator
from fiel.ledger.entries import entries_of_member
from fiel.ledger.scope import Connection
from fiel.web.doors import versions
from fiel.web.portal.guest import Guest, member_page, portal_page
from fiel.web.portal.signing_in import welcome_guest

REWARDS_SHOWN, MOVEMENTS_SHOWN, MOVEMENTS_ON_A_PAGE = 4, 4, 30
DAYS_AHEAD = 45  # what ends later is no news yet


@portal_page
async def home(guest: Guest) -> HttpResponse:
    """The member's home; whoever is not signed in is welcomed at the same address."""
    return await (welcome_guest(guest) if guest.found is None else _home(guest))


async def _home(guest: Guest) -> HttpResponse:
    """All at a glance: balance, tier, what ends, stamps, rewards within reach, what happened."""
    async with guest.reading() as connection:
        standing = await standing_of_member(
            connection, guest.program, guest.member, guest.place,
            now=guest.now, language=guest.language,
        )  # fmt: skip
        offers = await offers_for_member(
            connection, guest.program_id, guest.program, guest.member.id,
            now=guest.now, language=guest.language,
        )  # fmt: skip
        belongings = await belongings_of_member(
            connection, versions(), guest.published, guest.member,
            now=guest.now, language=guest.language,
        )  # fmt: skip
        entries = await entries_of_member(
            connection, guest.place, guest.member.id, before=None, limit=MOVEMENTS_SHOWN * 3
        )
        narrator = _narrator(guest, connection)
        told = [await narrator.entry(entry) for entry in entries if entry.change]
    endings = [
        ending
        for unit in standing.units
        for ending in unit.endings
        if ending.days_left <= DAYS_AHEAD
    ]
    first, *others = standing.units
    context = {
        "first_name": guest.member.person.name.partition(" ")[0],
        "standing": standing,
        "unit": first,
        "other_units": [unit for unit in others if not _is_on_a_card(unit.id, standing.ways)],
        "endings": sorted(endings, key=lambda ending: ending.day)[:2],
        "offers": [offer for offer in offers if not offer.is_had][:REWARDS_SHOWN],
        "ready": sum(offer.can_be_had and not offer.is_had for offer in offers),
        "belongings": belongings,
        "movements": told[:MOVEMENTS_SHOWN],
    }
    return guest.page("portal/home.html", context)


@member_page
async def why(guest: Guest) -> HttpResponse:
    """Why the balance is what it is: each lot, what earned it, what was drawn, when it ends."""
    async with guest.reading() as connection:
        explained = await explanation_of_member(
            _narrator(guest, connection), at=guest.now, now=guest.now
        )
    units = [
        {
            "text": unit.text,
            "lots": [
                (lot, last_day(lot.ends_at, guest.program) if lot.ends_at else None)
                for lot in unit.lots
            ],
            "held": unit.held,
            "owed": unit.owed,
        }
        for unit in explained.values()
        if unit.lots or unit.held or unit.owed
    ]
    return guest.page("portal/why.html", {"units": units})


@member_page
async def history(guest: Guest) -> HttpResponse:
    """What happened, newest first, each with how the rules came to it."""
    before = _id(guest.request.GET.get("before", ""))
    async with guest.reading() as connection:
        entries = await entries_of_member(
            connection, guest.place, guest.member.id,
            before=before, limit=MOVEMENTS_ON_A_PAGE + 1,
        )  # fmt: skip
        shown = entries[:MOVEMENTS_ON_A_PAGE]
        narrator = _narrator(guest, connection)
        told = [await narrator.entry(entry) for entry in shown]
    more = shown[-1].id if len(entries) > MOVEMENTS_ON_A_PAGE else None
    context = {
        "movements": [movement for movement in told if movement.change],
        "more": more,
        "is_first": before is None,
    }
    return guest.page("portal/history.html", context)


def _narrator(guest: Guest, connection: Connection) -> Narrator:
    return Narrator(
        connection, versions(), guest.published, guest.language,
        place=guest.place, member_id=guest.member.id,
    )  # fmt: skip


def _is_on_a_card(unit: str, ways: object) -> bool:
    """Whether a stamp card shows the unit already."""
    assert isinstance(ways, tuple), "a member's ways are told in order"
    return any(way.stamps and way.unit == unit for way in ways)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
