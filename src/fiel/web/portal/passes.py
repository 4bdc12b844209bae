"""What a member's pass says: the same for whoever adds it and for whoever keeps it fresh."""

from __future__ import annotations

import os
from datetime import datetime

from django.urls import reverse

from fiel.connect.wallets.content import PassContent
from fiel.domain.language import N_, number_text, say
from fiel.insights.member_page.standing import standing_of_member
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.members.records import Member
from fiel.programs.brand import Brand
from fiel.programs.versions import Published

URL_VARIABLE = "FIEL_URL"


def public_address() -> str:
    """The address that people reach the server by; empty where it was not told."""
    return os.environ.get(URL_VARIABLE, "").rstrip("/")


async def pass_content(
    connection: Connection,
    published: Published,
    brand: Brand,
    member: Member,
    *,
    now: datetime,
    address: str,
) -> PassContent:
    """What the pass of a member says now, in the program's language; read in its transaction."""
    program, language = published.program, published.program.locale
    place = Place(published.program_id, member.shard)
    standing = await standing_of_member(
        connection, program, member, place, now=now, language=language
    )
    unit, tier = standing.units[0], standing.tier
    nearest = standing.ways[0] if standing.ways else None
    return PassContent(
        slug=program.slug,
        program_name=brand.name,
        color=brand.color,
        on_color=brand.on_color,
        member_id=str(member.id),
        member_name=member.person.name,
        barcode=card_of(member),
        balance_label=unit.name,
        balance=number_text(language, unit.available),
        tier_label=say(language, N_("Tier")),
        tier=tier.name if tier else "",
        next_label=nearest.gift if nearest else "",
        next_text=say(language, N_("{missing} to go"), missing=nearest.missing) if nearest else "",
        url=address + reverse("portal:home", args=[program.slug]),
        language=language,
    )


def card_of(member: Member) -> str:
    """What the till reads from a member's card: the card's number, else the member's id."""
    return member.person.card or f"fiel:{member.id}"
