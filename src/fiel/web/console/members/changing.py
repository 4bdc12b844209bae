"""Enrol members, change what is known of them, and keep notes about them."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ValidationError

from fiel.domain.refusal import NotFound, Refusal
from fiel.intake.contents.errors import invalid_fields
from fiel.intake.contents.members import MemberBody, MemberPatch, changes_of, person_of
from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.ledger.scope import program_transaction
from fiel.members.change import change_member
from fiel.members.identity import region_of_zone
from fiel.members.merge import merged_into
from fiel.members.notes import Author, assign_manager, drop_note, write_note
from fiel.members.records import Member
from fiel.members.refusals import MemberExists
from fiel.staff.people import people_of
from fiel.staff.roles import Right
from fiel.web.console.members.forms import CONSENT_WAYS, ChangeForm, EnrolForm, NoteForm
from fiel.web.console.members.story import existing_member, member_page, name_of
from fiel.web.ui.visit import Visit, console_page

_FACTS = ("name", "phone", "email", "card", "external_id", "birthday")
_LONGEST_ATTRIBUTES = 50


@console_page(Right.CHANGE_MEMBERS)
async def enrol(visit: Visit) -> HttpResponse:
    """Enrol somebody."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    if visit.request.method != "POST":
        return visit.page("console/members/enrol.html", {"form": EnrolForm()})
    form = EnrolForm(visit.request.POST)
    exists: MemberExists | None = None
    if form.is_valid():
        try:
            member_id = await _enrol(visit, form)
        except Refusal as refusal:
            exists = refusal if isinstance(refusal, MemberExists) else None
            form.blame(visit.problem(refusal), visit.field_problems(refusal))
        else:
            visit.say(_("Enrolled."))
            return visit.back("member", member_id)
    known: dict[str, object] = {"form": form, "exists": exists and exists.member_id}
    return visit.page("console/members/enrol.html", known, status=422)


async def _enrol(visit: Visit, form: EnrolForm) -> UUID:
    told = _told(form) | {"consents": form.consents}
    if code := form.cleaned_data["referred_by"].strip():
        told["referred_by"] = code
    body = _read(MemberBody, told)
    region = region_of_zone(visit.program.timezone.key)
    enrolment = Enrolment(
        id=form.once,
        person=person_of(body, region=region, now=visit.now),
        told=orjson.dumps(told, default=str, option=orjson.OPT_SORT_KEYS),
        now=visit.now,
        referred_by=body.referred_by,
    )
    enrolled = await enrol_member(visit.lend, visit.versions, visit.program_id, enrolment)
    member_id = enrolled.member.id
    if not enrolled.outcome.repeated:
        await visit.note("member.enrolled", about=f"member:{member_id}")
    return member_id


@console_page(Right.CHANGE_MEMBERS)
async def change(visit: Visit, member_id: UUID) -> HttpResponse:
    """Change what is known of a member."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
    if visit.request.method != "POST":
        form = ChangeForm(initial=_initial(found))
        return _change_page(visit, found, form)
    form = ChangeForm(visit.request.POST)
    if form.is_valid():
        try:
            changed = await _change(visit, found, form)
        except Refusal as refusal:
            form.blame(visit.problem(refusal), visit.field_problems(refusal))
        else:
            if changed:
                about = f"member:{found.id}"
                await visit.note("member.changed", about=about, fields=sorted(changed))
            visit.say(_("Saved."))
            return visit.back("member", found.id)
    return _change_page(visit, found, form, status=422)


def _change_page(
    visit: Visit, found: Member, form: ChangeForm, *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "member": found, "name": name_of(found)}
    return visit.page("console/members/change.html", shown, status=status)


async def _change(visit: Visit, found: Member, form: ChangeForm) -> dict[str, object]:
    """Write what has changed; the fields that did."""
    told = _changed(found, form)
    if not told:
        return {}
    body = _read(MemberPatch, told)
    region = region_of_zone(visit.program.timezone.key)
    changes = changes_of(body, region=region, now=visit.now)
    async with (
        visit.connect() as connection,
        program_transaction(connection, visit.program_id),
    ):
        await change_member(
            connection, program_id=visit.program_id, member_id=found.id, changes=changes
        )
    return told


def _changed(found: Member, form: ChangeForm) -> dict[str, Any]:
    before, told = _initial(found), _told(form)
    changed: dict[str, Any] = {
        name: told.get(name)
        for name in _FACTS
        if (told.get(name) or None) != (_plain(before[name]) or None)
    }
    consents = {
        way: given
        for way, given in form.consents.items()
        if given != found.person.consents.get(way, False)
    }
    if consents:
        changed["consents"] = consents
    wanted = _attributes(form.cleaned_data["attributes"])
    had = dict(found.person.attributes)
    attributes = {name: value for name, value in wanted.items() if had.get(name) != value}
    attributes |= {name: None for name in had if name not in wanted}
    if attributes:
        changed["attributes"] = attributes
    return changed


def _initial(found: Member) -> dict[str, Any]:
    person = found.person
    consents = {f"consent_{way}": person.consents.get(way, False) for way in CONSENT_WAYS}
    lines = [f"{name} = {_written(value)}" for name, value in person.attributes.items()]
    return {name: getattr(person, name) for name in _FACTS} | consents | {
        "attributes": "\n".join(lines)
    }  # fmt: skip


def _told(form: EnrolForm | ChangeForm) -> dict[str, Any]:
    """The facts that were filled in, as the API takes them."""
    told = {name: _plain(form.cleaned_data[name]) for name in _FACTS}
    return {name: value for name, value in told.items() if value}


def _plain(value: object) -> str:
    return "" if value is None else str(value).strip()


def _attributes(text: str) -> dict[str, Any]:
    """Attributes from lines of names and values; true, false and numbers are read as such."""
    lines = [line.partition("=") for line in text.splitlines() if line.strip()]
    told = [(name.strip(), value.strip()) for name, _equals, value in lines if name.strip()]
    return {name: _value(value) for name, value in told[:_LONGEST_ATTRIBUTES]}


def _value(text: str) -> object:
    if text in ("true", "false"):
        return text == "true"
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or _written(number) != text:
        return text
    return int(number) if "." not in text else number


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _read[Read: BaseModel](model: type[Read], told: dict[str, Any]) -> Read:
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise invalid_fields(error) from None


@require_POST
@console_page(Right.CHANGE_MEMBERS)
async def add_note(visit: Visit, member_id: UUID) -> HttpResponse:
    """Write a note about a member."""
    form = NoteForm(visit.request.POST)
    if form.is_valid():
        try:
            async with (
                visit.connect() as connection,
                program_transaction(connection, visit.program_id),
            ):
                await write_note(
                    connection,
                    visit.program_id,
                    member_id,
                    form.cleaned_data["text"],
                    author=_author(visit),
                    now=visit.now,
                )
        except NotFound:
            raise Http404 from None
        except Refusal as refusal:
            form.blame(visit.problem(refusal), visit.field_problems(refusal))
        else:
            await visit.note("member.noted", about=f"member:{member_id}")
            return visit.back("member", member_id)
    return await member_page(visit, member_id, form, status=422)


@require_POST
@console_page(Right.CHANGE_MEMBERS)
async def throw_note_away(visit: Visit, member_id: UUID, note_id: UUID) -> HttpResponse:
    """Throw a note away."""
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        found = await existing_member(visit, connection, member_id)
        led = await merged_into(connection, visit.program_id, found.id)
        ids = [found.id, *(place.member_id for place in led)]
        try:
            await drop_note(connection, visit.program_id, ids, note_id)
        except NotFound:
            raise Http404 from None
    await visit.note("member.note_dropped", about=f"member:{found.id}")
    return visit.back("member", found.id)


@console_page(Right.CHANGE_MEMBERS)
async def manager(visit: Visit, member_id: UUID) -> HttpResponse:
    """Say who of the staff looks after a member."""
    async with visit.reading() as connection:
        found = await existing_member(visit, connection, member_id)
    async with visit.owner() as owner:
        people = [
            person
            for person in await people_of(owner, visit.program_id, now=visit.wall)
            if person.is_open
        ]
    if visit.request.method != "POST":
        shown = {"member": found, "name": name_of(found), "people": people}
        return visit.page("console/members/manager.html", shown)
    chosen = next(
        (each for each in people if str(each.user_id) == visit.request.POST.get("user")), None
    )
    named = None if chosen is None else Author(chosen.user_id, chosen.name or chosen.email)
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        await assign_manager(connection, visit.program_id, found.id, named, now=visit.now)
    about = f"member:{found.id}"
    await visit.note("member.assigned", about=about, to=named.name if named else None)
    visit.say(_("Saved."))
    return visit.back("member", found.id)


def _author(visit: Visit) -> Author:
    return Author(visit.user.id, str(visit.user))
