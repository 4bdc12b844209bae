"""Bringing friends: the code, the link to share, and what came of it."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiel.members.referrals import referrals_by
from fiel.programs.words.climbing import referral_sentences
from fiel.programs.words.speaker import Speaker
from fiel.web.portal.guest import Guest, member_page
from fiel.web.ui.qr import qr_svg

SHOWN = 30


@member_page
async def friends(guest: Guest) -> HttpResponse:
    """The member's code with ways to share it, and how each friend is getting on, without names."""
    code = guest.member.referral_code
    if guest.program.referral is None or not code:
        return guest.back("home")
    async with guest.reading() as connection:
        brought = await referrals_by(
            connection, guest.program_id, await guest.ids(connection), after=None, limit=SHOWN
        )
    speaker = Speaker(guest.program, guest.language)
    link = invitation_link(guest)
    told = _("Join {name} with me: {link}").format(name=guest.brand.name, link=link)
    promise = guest.program.referral
    context = {
        "code": code,
        "link": link,
        "qr": qr_svg(link),
        "message": told,
        "whatsapp": f"https://wa.me/?text={quote(told)}",
        "mail": f"mailto:?subject={quote(guest.brand.name)}&body={quote(told)}",
        "mine": speaker.amounts(promise.referrer) if promise.referrer else "",
        "theirs": speaker.amounts(promise.friend) if promise.friend else "",
        "rules": referral_sentences(speaker),
        "brought": brought,
        "rewarded": sum(each.status == "rewarded" for each in brought),
    }
    return guest.page("portal/friends.html", context)


def invitation_link(guest: Guest) -> str:
    """Where a friend joins: as the program says, else here."""
    code = guest.member.referral_code or ""
    promise = guest.program.referral
    if promise is not None and promise.link:
        return promise.link.replace("{code}", quote(code))
    return f"{guest.url('home')}?ref={quote(code)}"
