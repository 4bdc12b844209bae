"""The one way in, for who is a member and who is not yet: a contact, a code, and in.

What is known so far travels in a signed cookie, so that nothing is kept of who never goes on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiel.domain.refusal import Invalid
from fiel.intake.contents.fields import EARLIEST_BIRTHDAY
from fiel.intake.enrolling import Enrolled, Enrolment, enrol_member
from fiel.ledger.ids import new_id
from fiel.members.identity import (
    NotAnEmailAddress,
    NotAPhoneNumber,
    normal_email,
    normal_phone,
    region_of_zone,
)
from fiel.members.records import Person
from fiel.members.references import KeyKind, MemberKey
from fiel.web.doors import versions
from fiel.web.portal.guest import Guest

COOKIE = "fiel_joining"
SECONDS = 60 * 60
SOURCE = "portal"
LONGEST_CODE, LONGEST_STORE = 40, 60

# What somebody may be told by, by the contact that was proven. Nobody consents by default.
CONSENTS = {
    KeyKind.EMAIL: ("email",),
    KeyKind.PHONE: ("sms", "whatsapp"),
}


@dataclass(frozen=True)
class Joining:
    """Somebody on the way in: by which contact, whether proven, and what was brought along."""

    kind: str = ""
    value: str = ""
    proven: bool = False
    ref: str = ""
    store: str = ""
    adds_to: str = ""  # the member who adds this contact, instead of signing in with it

    @property
    def contact(self) -> MemberKey:
        """The contact that was told."""
        return MemberKey(KeyKind(self.kind), self.value)


def read_joining(guest: Guest) -> Joining | None:
    """Who is on the way in on this device; None for nobody."""
    told = guest.request.COOKIES.get(COOKIE, "")
    try:
        fields: dict[str, Any] = signing.loads(told, salt=_salt(guest), max_age=SECONDS)
        return Joining(**fields)
    except (signing.BadSignature, TypeError, json.JSONDecodeError):
        return None


def keep_joining(guest: Guest, joining: Joining, response: HttpResponse) -> HttpResponse:
    """Let a device remember how far somebody is."""
    response.set_cookie(
        COOKIE, signing.dumps(asdict(joining), salt=_salt(guest), compress=True),
        max_age=SECONDS, path=guest.address("home"), httponly=True, secure=guest.is_secure,
        samesite="Lax",
    )  # fmt: skip
    return response


def forget_joining(guest: Guest, response: HttpResponse) -> HttpResponse:
    """Somebody is in, or gave up."""
    response.delete_cookie(COOKIE, path=guest.address("home"))
    return response


def brought_along(request: HttpRequest) -> dict[str, str]:
    """The referral code and the store that a link or a form brings."""
    told = request.GET if request.method == "GET" else request.POST
    return {
        "ref": told.get("ref", "").strip()[:LONGEST_CODE],
        "store": told.get("store", "").strip()[:LONGEST_STORE],
    }


def read_contact(guest: Guest, text: str, ways: frozenset[KeyKind]) -> MemberKey | None:
    """A phone number or an e-mail address, as far as a code can be sent there; None for neither."""
    try:
        if "@" in text:
            found = MemberKey(KeyKind.EMAIL, normal_email(text))
        else:
            region = region_of_zone(guest.program.timezone.key)
            found = MemberKey(KeyKind.PHONE, normal_phone(text, region))
    except (NotAnEmailAddress, NotAPhoneNumber):
        return None
    return found if found.kind in ways else None


class AboutForm(forms.Form):
    """What somebody tells who joins: a name; the birthday is a wish."""

    name = forms.CharField(
        label=gettext_lazy("What is your name?"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "given-name"}),
    )
    birthday = forms.DateField(
        label=gettext_lazy("Your birthday, if you like"),
        required=False,
        widget=forms.DateInput(
            attrs={"class": "form-control", "type": "date", "autocomplete": "bday"}
        ),
    )

    def __init__(self, *args: Any, guest: Guest, **told: Any) -> None:  # noqa: ANN401 - Django's
        super().__init__(*args, **told)
        self._guest = guest

    def clean_birthday(self) -> object:
        """A birthday is a day that somebody alive can be born on."""
        told = self.cleaned_data["birthday"]
        today = self._guest.now.astimezone(self._guest.program.timezone).date()
        if told is not None and not EARLIEST_BIRTHDAY <= told <= today:
            raise forms.ValidationError(_("That day cannot be."))
        return told


async def enrol_guest(
    guest: Guest, joining: Joining, form: AboutForm, consents: dict[str, bool]
) -> tuple[Enrolled, bool]:
    """Make a member of whoever proved a contact; whether an invitation that was brought counts.

    Raises:
        MemberExists: somebody enrolled the same contact meanwhile.
    """
    contact = joining.contact
    person = Person(
        name=form.cleaned_data["name"].strip(),
        email=contact.value if contact.kind is KeyKind.EMAIL else None,
        phone=contact.value if contact.kind is KeyKind.PHONE else None,
        birthday=form.cleaned_data["birthday"],
        consents=consents,
        attributes={"joined_store": joining.store} if joining.store else {},
    )
    member_id = new_id()
    told = json.dumps([str(member_id), contact.value]).encode()

    async def enrol(ref: str | None) -> Enrolled:
        enrolment = Enrolment(member_id, person, told, guest.now, SOURCE, ref)
        return await enrol_member(guest.lend, versions(), guest.program_id, enrolment)

    if not joining.ref:
        return await enrol(None), True
    try:
        return await enrol(joining.ref), True
    except Invalid as refused:
        if {problem.field for problem in refused.problems} != {"referred_by"}:
            raise
    # An invitation that leads nowhere keeps nobody out.
    return await enrol(None), False


def _salt(guest: Guest) -> str:
    return f"fiel.joining.{guest.program_id}"
