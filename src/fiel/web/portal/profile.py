"""What a member tells and allows, on which devices she is signed in, her data, and leaving."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fiel.domain.language import day_text
from fiel.insights.member_page.own_data import own_data
from fiel.intake.contents.fields import EARLIEST_BIRTHDAY
from fiel.intake.erasing import erase_member
from fiel.ledger.ids import new_id
from fiel.members.change import change_member
from fiel.members.references import KeyKind
from fiel.members.sessions import (
    end_session_of,
    end_sessions_of,
    session_of_token,
    sessions_of,
)
from fiel.web.doors import versions
from fiel.web.portal.guest import COOKIE, Guest, member_page
from fiel.web.portal.joining import CONSENTS
from fiel.web.portal.sending import ways_to_send
from fiel.web.portal.signing_in import add_contact

WAYS = ("email", "sms", "whatsapp", "push")


class ProfileForm(forms.Form):
    """What a member tells of herself."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )  # fmt: skip
    birthday = forms.DateField(
        label=gettext_lazy("Birthday"), required=False,
        widget=forms.DateInput(
            format="%Y-%m-%d",
            attrs={"class": "form-control", "type": "date", "autocomplete": "bday"},
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, guest: Guest, **told: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **told)
        self._guest = guest
        if guest.member.person.birthday is not None:
            # A birthday that could be moved would be a present that comes twice.
            self.fields["birthday"].disabled = True
            self.fields["birthday"].help_text = _("Ask in the shop to put it right.")

    def clean_birthday(self) -> object:
        """A birthday is a day that somebody alive can be born on."""
        told = self.cleaned_data["birthday"]
        today = self._guest.now.astimezone(self._guest.program.timezone).date()
        if told is not None and not EARLIEST_BIRTHDAY <= told <= today:
            raise forms.ValidationError(_("That day cannot be."))
        return told


@member_page
async def profile(guest: Guest) -> HttpResponse:
    """What is known of the member, what she allows, and where she is signed in."""
    person = guest.member.person
    before = {"name": person.name, "birthday": person.birthday}
    form = ProfileForm(guest.request.POST or None, initial=before, guest=guest)
    if guest.request.method == "POST" and form.is_valid():
        changes = {field: form.cleaned_data[field] for field in before}
        async with guest.writing() as connection:
            await change_member(
                connection, program_id=guest.program_id, member_id=guest.member.id, changes=changes
            )
        guest.say(_("Saved."))
        return guest.back("profile")
    return await _profile(guest, form, status=422 if guest.request.method == "POST" else 200)


@require_POST
@member_page
async def consents(guest: Guest) -> HttpResponse:
    """Write down what the member allows; what is not ticked is not allowed."""
    told = {way: f"consent-{way}" in guest.request.POST for way in _ways(guest)}
    async with guest.writing() as connection:
        await change_member(
            connection, program_id=guest.program_id, member_id=guest.member.id,
            changes={"consents": told},
        )  # fmt: skip
    guest.say(_("Saved."))
    return guest.back("profile")


@require_POST
@member_page
async def contact(guest: Guest) -> HttpResponse:
    """Add or change a phone or a mailbox: it has to be shown by a code that it is hers."""
    typed = guest.request.POST.get("contact", "").strip()[:254]
    response = await add_contact(guest, typed)
    if response is not None:
        return response
    guest.say(_("Write your mobile number or your e-mail address."), messages.WARNING)
    return guest.back("profile")


@member_page
async def download(guest: Guest) -> HttpResponse:
    """All that is known of the member, as JSON."""
    async with guest.reading() as connection:
        told = await own_data(
            connection, versions(), guest.published, guest.member,
            now=guest.now, language=guest.language,
        )  # fmt: skip
    text = json.dumps(told, default=str, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{guest.slug}.json"'
    response["Cache-Control"] = "no-store, private"
    return response


@require_POST
@member_page
async def end_device(guest: Guest, session_id: UUID) -> HttpResponse:
    """Sign another device out."""
    async with guest.writing() as connection:
        ids = await guest.ids(connection)
        await end_session_of(connection, guest.program_id, ids, session_id)
    return guest.back("profile")


@require_POST
@member_page
async def end_devices(guest: Guest) -> HttpResponse:
    """Sign out everywhere, here too."""
    async with guest.writing() as connection:
        ids = await guest.ids(connection)
        await end_sessions_of(connection, guest.program_id, ids, now=guest.wall)
    return _gone(guest)


@member_page
async def leave(guest: Guest) -> HttpResponse:
    """Leave the program: what that means, and then it is done."""
    if guest.request.method != "POST":
        return guest.page("portal/leave.html")
    if "sure" not in guest.request.POST:
        return guest.page("portal/leave.html", {"unsure": True}, status=422)
    await erase_member(
        guest.lend, versions(), guest.program_id, guest.member.id,
        request_id=new_id(), now=guest.now,
    )  # fmt: skip
    guest.say(_("You have left. What we knew of you is erased."))
    return _gone(guest)


def _gone(guest: Guest) -> HttpResponse:
    response = guest.back("welcome")
    response.delete_cookie(COOKIE, path=guest.address("home"))
    return response


def _ways(guest: Guest) -> list[str]:
    """By what a member can be told anything: what she has given, and what she allowed before."""
    person = guest.member.person
    possible = {"push"} & set(person.consents)
    if person.email:
        possible |= set(CONSENTS[KeyKind.EMAIL])
    if person.phone:
        possible |= set(CONSENTS[KeyKind.PHONE])
    return [way for way in WAYS if way in possible]


async def _profile(guest: Guest, form: ProfileForm, *, status: int) -> HttpResponse:
    token = guest.request.COOKIES.get(COOKIE, "")
    async with guest.reading() as connection:
        ids = await guest.ids(connection)
        here = await session_of_token(connection, guest.program_id, token, now=guest.wall)
        devices = await sessions_of(connection, guest.program_id, ids, now=guest.wall)
    allowed = guest.member.person.consents
    context = {
        "form": form,
        "ways": [(way, bool(allowed.get(way))) for way in _ways(guest)],
        "devices": [
            {"session": each, "name": device_name(each.device), "is_here": here == each}
            for each in devices
        ],
        "can_add": bool(ways_to_send(guest)),
        "joined": day_text(guest.language, _local_day(guest, guest.member.joined_at)),
    }
    return guest.page("portal/profile.html", context, status=status)


def _local_day(guest: Guest, moment: datetime) -> date:
    return moment.astimezone(guest.program.timezone).date()


def device_name(told: str) -> str:
    """What a browser is, from what it says of itself: "Safari · iPhone"."""
    systems = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    system = next((name for name in systems if name in told), "")
    browser = next((name for sign, name in browsers if sign in told), "")
    parts = [part for part in (browser, system.replace("Macintosh", "Mac")) if part]
    return " · ".join(parts) or _("A device")
