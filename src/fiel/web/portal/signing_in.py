"""Pages by which members come in and go out."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.language import pick
from fiel.members.change import change_member
from fiel.members.queries import member as find_member
from fiel.members.references import KeyKind
from fiel.members.refusals import MemberExists
from fiel.members.sessions import end_session
from fiel.members.sign_in_codes import Checked, Codes, TooManyCodes
from fiel.programs.words import rules_in_words
from fiel.programs.words.speaker import Speaker
from fiel.web.portal.guest import COOKIE, Guest, portal_page, sign_in
from fiel.web.portal.joining import (
    CONSENTS,
    AboutForm,
    Joining,
    brought_along,
    enrol_guest,
    forget_joining,
    keep_joining,
    read_contact,
    read_joining,
)
from fiel.web.portal.sending import NotSent, send_code, ways_to_send
from fiel.web.ui.visit import address_of

SHOWN_REWARDS, SHOWN_RULES = 4, 3


@portal_page
async def welcome(guest: Guest) -> HttpResponse:
    """What the program gives, and the one field to come in by."""
    return await welcome_guest(guest)


async def welcome_guest(guest: Guest) -> HttpResponse:
    """Welcome whoever is not signed in, also where members have their home."""
    if guest.found is not None:
        return guest.back("home")
    if guest.request.method != "POST":
        return _welcome(guest, brought_along(guest.request))
    brought = brought_along(guest.request)
    typed = guest.request.POST.get("contact", "").strip()[:254]
    contact = read_contact(guest, typed, ways_to_send(guest))
    if contact is None:
        return _welcome(guest, brought, typed=typed, problem=_wrong_contact(guest), status=422)
    joining = Joining(contact.kind, contact.value, ref=brought["ref"], store=brought["store"])
    return await _sent(guest, joining)


@portal_page
async def enter_code(guest: Guest) -> HttpResponse:
    """The code that was sent; right, it lets in whoever is known, and asks who is not."""
    joining = read_joining(guest)
    if joining is None:
        return guest.back("welcome")
    if guest.request.method != "POST":
        return _code_page(guest, joining)
    told = guest.request.POST.get("code", "")[:20]
    async with guest.writing() as connection:
        checked = await _codes(guest).check(connection, joining.contact, told, now=guest.wall)
        found = await find_member(connection, guest.program_id, joining.contact)
    match checked:
        case Checked.WRONG:
            return _code_page(guest, joining, problem=_("That is not the code."), status=422)
        case Checked.OVER:
            text = _("That code has ended, or was tried too often. Ask for a new one.")
            return _code_page(guest, joining, problem=text, status=422)
    if joining.adds_to:
        return await _added(guest, joining)
    if found is not None:
        response = guest.back("home")
        await sign_in(guest, found, response)
        return forget_joining(guest, response)
    return keep_joining(guest, replace(joining, proven=True), guest.back("about-you"))


@portal_page
async def send_again(guest: Guest) -> HttpResponse:
    """Another code for the same contact."""
    joining = read_joining(guest)
    if joining is None or guest.request.method != "POST":
        return guest.back("welcome")
    return await _sent(guest, joining)


@portal_page
async def about_you(guest: Guest) -> HttpResponse:
    """Who joins, and what she may be told by; then she is a member."""
    joining = read_joining(guest)
    if joining is None or not joining.proven:
        return guest.back("welcome")
    posted = guest.request.POST if guest.request.method == "POST" else None
    form = AboutForm(posted, guest=guest)
    ways = CONSENTS[KeyKind(joining.kind)]
    if posted is None or not form.is_valid():
        context = {"form": form, "ways": ways, "gives": _gives(guest), "joining": joining}
        return guest.page("portal/about_you.html", context, status=200 if posted is None else 422)
    consents = {way: f"consent-{way}" in posted for way in ways}
    try:
        enrolled, invited = await enrol_guest(guest, joining, form, consents)
    except MemberExists as exists:
        async with guest.reading() as connection:
            found = await find_member(connection, guest.program_id, exists.member_id)
        if found is None:
            return guest.back("welcome")
        response = guest.back("home")
        await sign_in(guest, found, response)
        return forget_joining(guest, response)
    if not invited:
        guest.say(_("The invitation is not valid any more. You are in all the same."))
    response = guest.back("card")
    response["Location"] += "?new"
    await sign_in(guest, enrolled.member, response)
    return forget_joining(guest, response)


async def add_contact(guest: Guest, typed: str) -> HttpResponse | None:
    """Send a code to a contact that a member wants to add; None where it is none."""
    contact = read_contact(guest, typed, ways_to_send(guest))
    if contact is None:
        return None
    joining = Joining(contact.kind, contact.value, adds_to=str(guest.member.id))
    return await _sent(guest, joining)


@require_POST
@portal_page
async def sign_out(guest: Guest) -> HttpResponse:
    """Sign this device out."""
    token = guest.request.COOKIES.get(COOKIE, "")
    if token:
        async with guest.writing() as connection:
            await end_session(connection, guest.program_id, token)
    response = guest.back("welcome")
    response.delete_cookie(COOKIE, path=guest.address("home"))
    return response


async def _added(guest: Guest, joining: Joining) -> HttpResponse:
    """Give a member who is signed in the contact that was proven."""
    response = forget_joining(guest, guest.back("profile"))
    if guest.found is None or str(guest.member.id) != joining.adds_to:
        return response
    try:
        async with guest.writing() as connection:
            await change_member(
                connection, program_id=guest.program_id, member_id=guest.member.id,
                changes={joining.kind: joining.value},
            )  # fmt: skip
    except MemberExists:
        # Whoever proved the contact may know it: it is in her own hands.
        text = _("You have another membership with this contact. Ask in the shop to join the two.")
        guest.say(text, messages.WARNING)
        return response
    guest.say(_("Saved."))
    return response


async def _sent(guest: Guest, joining: Joining) -> HttpResponse:
    """Make a code and send it. Who asks too often, or when nothing can be sent, is told so.

    The answer is the same whether the contact is a member's or not: nobody has looked.
    """
    try:
        async with guest.writing() as connection:
            code = await _codes(guest).make(
                connection, joining.contact, address=address_of(guest.request), now=guest.wall
            )
        await send_code(guest, joining.contact, code)
    except TooManyCodes as refused:
        return keep_joining(
            guest, joining,
            _code_page(guest, joining, problem=guest.problem(refused), status=429),
        )  # fmt: skip
    except NotSent:
        text = _("The code could not be sent just now. Try again in a moment.")
        return keep_joining(
            guest, joining, _code_page(guest, joining, problem=text, status=503)
        )  # fmt: skip
    if guest.known.sandbox:
        guest.say(_("This is a sandbox: nothing is sent. Your code is {code}.").format(code=code))
    return keep_joining(guest, replace(joining, proven=False), guest.back("code"))


def _codes(guest: Guest) -> Codes:
    return Codes(guest.program_id, settings.SECRET_KEY.encode())


def _wrong_contact(guest: Guest) -> str:
    ways = ways_to_send(guest)
    if ways == {KeyKind.PHONE}:
        return _("Write your mobile number, such as 600 111 222.")
    if ways == {KeyKind.EMAIL}:
        return _("Write your e-mail address, such as ana@example.com.")
    return _("Write your mobile number or your e-mail address.")


def _welcome(
    guest: Guest,
    brought: dict[str, str],
    *,
    typed: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    program, language = guest.program, guest.language
    speaker = Speaker(program, language)
    rewards = [
        {
            "name": pick(reward.name, language, program.locale) or reward.id,
            "kind": str(reward.kind),
            "price": speaker.amounts({u: p for u, p in reward.price.items() if p}),
        }
        for reward in program.rewards.values()
        if any(reward.price.values())
    ]
    earning = next(iter(rules_in_words(program, language)), None)
    ways = ways_to_send(guest)
    context: dict[str, object] = {
        "brought": brought,
        "typed": typed,
        "problem": problem,
        "rewards": rewards[:SHOWN_REWARDS],
        "earning": earning.paragraphs[:SHOWN_RULES] if earning else (),
        "gives": _gives(guest),
        "friend_gets": speaker.amounts(program.referral.friend) if program.referral else "",
        "by_phone": KeyKind.PHONE in ways,
        "by_mail": KeyKind.EMAIL in ways,
        "can_join": bool(ways),
    }
    return guest.page("portal/welcome.html", context, status=status)


def _gives(guest: Guest) -> str:
    """What the program gives for joining, in words; empty where it gives nothing."""
    amounts: dict[str, int] = {}
    for rule in guest.program.earn:
        if rule.event == "enrolment" and hasattr(rule.effect, "amounts") and rule.where is None:
            for unit, amount in rule.effect.amounts.items():
                amounts[unit] = amounts.get(unit, 0) + int(amount)
    return Speaker(guest.program, guest.language).amounts(amounts) if amounts else ""


def _code_page(
    guest: Guest, joining: Joining, *, problem: str = "", status: int = 200
) -> HttpResponse:
    context = {"joining": joining, "problem": problem, "by_mail": joining.kind == KeyKind.EMAIL}
    return guest.page("portal/code.html", context, status=status)
