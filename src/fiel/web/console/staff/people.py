"""People: who is on the staff, what each is, who was invited, and what is asked of all."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import Refusal
from fiel.staff.invitations import (
    Invitation,
    invite,
    waiting_invitations,
    withdraw_invitation,
)
from fiel.staff.people import (
    Person,
    change_person,
    people_of,
    person_of,
    remove_person,
    sign_out_everywhere,
)
from fiel.staff.roles import ROLE_NAMES, Right, Role
from fiel.web.console.staff.forms import InviteForm, RoleForm, joined_stores
from fiel.web.console.staff.stores import known_stores
from fiel.web.ui.letters import INVITATION, can_post, post_letter
from fiel.web.ui.links import outward
from fiel.web.ui.lists import csv_response
from fiel.web.ui.visit import Visit, console_page

_SORTED_BY = {
    "name": lambda person: (person.name or person.email).lower(),
    "role": lambda person: list(Role).index(person.role),
    "seen": lambda person: person.last_sign_in.timestamp() if person.last_sign_in else 0.0,
}


@console_page(Right.MANAGE_STAFF)
async def staff(visit: Visit) -> HttpResponse:
    """Everybody on the staff, and who was invited and has not come yet."""
    async with visit.reading() as connection:
        everybody = await people_of(connection, visit.program_id, now=visit.wall)
        invitations = await waiting_invitations(connection, visit.program_id)
    people = _wanted(visit, everybody)
    if visit.request.GET.get("format") == "csv":
        return _as_csv(people)
    shown = {
        "people": [(person, _(ROLE_NAMES[person.role])) for person in people],
        "invitations": [(each, _(ROLE_NAMES[each.role])) for each in invitations],
        "roles": [(str(role), _(name)) for role, name in ROLE_NAMES.items()],
        "wanted": visit.request.GET,
        "sort": "name",
        "wall": visit.wall,
        "nobody_else": len(everybody) == 1 and not invitations,
    }
    return visit.page("console/staff/list.html", shown)


@console_page(Right.MANAGE_STAFF)
async def invite_person(visit: Visit) -> HttpResponse:
    """Invite somebody: by letter, or by a link to copy."""
    form = InviteForm(visit.request.POST or None, initial={"role": str(Role.SUPPORT)})
    async with visit.reading() as connection:
        known = await known_stores(visit, connection)
    context: dict[str, object] = {
        "form": form, "choices": form.choices(known), "can_post": can_post(),
    }  # fmt: skip
    if visit.request.method != "POST" or not form.is_valid():
        return visit.page("console/staff/invite.html", context)
    role, seen = form.chosen()
    try:
        async with visit.connect() as connection:
            made = await invite(
                connection,
                program_id=visit.program_id,
                email=form.cleaned_data["email"],
                role=role,
                stores=seen,
                invited_by=visit.user.id,
                now=visit.wall,
            )
    except Refusal as refusal:
        form.add_error("email", visit.field_problems(refusal).get("email", visit.problem(refusal)))
        return visit.page("console/staff/invite.html", context)
    await visit.note(
        "staff.invited", f"invitation:{made.invitation.id}",
        email=made.invitation.email, role=str(role), stores=made.invitation.stores,
    )  # fmt: skip
    return _show_link(visit, made.invitation, made.secret)


def _show_link(visit: Visit, invitation: Invitation, secret: str) -> HttpResponse:
    link = outward(visit.request, reverse("invitation", args=[secret]))
    told = {"program": visit.known.name, "who": str(visit.user), "url": link}
    posted = post_letter(invitation.email, INVITATION, told)
    shown = {"invitation": invitation, "link": link, "posted": posted}
    return visit.page("console/staff/invited.html", shown)


@require_POST
@console_page(Right.MANAGE_STAFF)
async def withdraw(visit: Visit, invitation_id: UUID) -> HttpResponse:
    """Let an invitation's link lead nowhere."""
    try:
        async with visit.connect() as connection:
            gone = await withdraw_invitation(
                connection, visit.program_id, invitation_id, now=visit.wall
            )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
        return visit.back("staff")
    await visit.note("staff.invitation_withdrawn", f"invitation:{invitation_id}", email=gone.email)
    visit.say(_("The invitation was withdrawn."))
    return visit.back("staff")


@console_page(Right.MANAGE_STAFF)
async def person(visit: Visit, user_id: UUID) -> HttpResponse:
    """One person: what she is, where she is signed in, and how she goes."""
    try:
        async with visit.reading() as connection:
            found = await person_of(connection, visit.program_id, user_id, now=visit.wall)
            known = await known_stores(visit, connection)
    except Refusal as refusal:
        return _gone(visit, refusal)
    initial = {"role": str(found.role), "stores": found.stores}
    form = RoleForm(visit.request.POST or None, initial=initial)
    if visit.request.method == "POST" and form.is_valid():
        role, seen = form.chosen()
        try:
            async with visit.connect() as connection:
                await change_person(connection, visit.program_id, user_id, role=role, stores=seen)
        except Refusal as refusal:
            form.add_error("role", visit.problem(refusal))
        else:
            await visit.note(
                "staff.changed", f"user:{user_id}",
                who=found.email, former=str(found.role), role=str(role), stores=seen,
            )  # fmt: skip
            visit.say(_("Changed."))
            return visit.back("staff")
    shown = {
        "person": found,
        "role": _(ROLE_NAMES[found.role]),
        "form": form,
        "choices": form.choices(known),
        "is_self": user_id == visit.user.id,
    }
    return visit.page("console/staff/person.html", shown)


@require_POST
@console_page(Right.MANAGE_STAFF)
async def remove(visit: Visit, user_id: UUID) -> HttpResponse:
    """Take somebody off the staff."""
    try:
        async with visit.connect() as connection:
            gone = await person_of(connection, visit.program_id, user_id, now=visit.wall)
            await remove_person(connection, visit.program_id, user_id)
    except Refusal as refusal:
        return _gone(visit, refusal)
    await visit.note("staff.removed", f"user:{user_id}", who=gone.email, role=str(gone.role))
    visit.say(_("%(who)s is not on the staff any more.") % {"who": gone.name or gone.email})
    return visit.back("staff") if user_id != visit.user.id else _home()


@require_POST
@console_page(Right.MANAGE_STAFF)
async def sign_out(visit: Visit, user_id: UUID) -> HttpResponse:
    """End every session of somebody on the staff."""
    try:
        async with visit.connect() as connection:
            ended = await sign_out_everywhere(connection, visit.program_id, user_id)
    except Refusal as refusal:
        return _gone(visit, refusal)
    await visit.note("staff.signed_out", f"user:{user_id}", sessions=ended)
    visit.say(_("Signed out everywhere."))
    return visit.back("staff-person", user_id)


def _home() -> HttpResponse:
    response = HttpResponse(status=302)
    response["Location"] = "/"
    return response


def _gone(visit: Visit, refusal: Refusal) -> HttpResponse:
    visit.say(visit.problem(refusal), messages.ERROR)
    return visit.back("staff")


def _wanted(visit: Visit, people: list[Person]) -> list[Person]:
    """Those of the staff that are looked for, in the order that was asked."""
    told = visit.request.GET
    text, role = told.get("q", "").strip().lower(), told.get("role", "")
    found = [
        person
        for person in people
        if text in f"{person.name} {person.email}".lower() and role in ("", str(person.role))
    ]
    sort = told.get("sort", "name")
    key = _SORTED_BY.get(sort.removeprefix("-"), _SORTED_BY["name"])
    return sorted(found, key=key, reverse=sort.startswith("-"))


def _as_csv(people: list[Person]) -> HttpResponse:
    headings = (
        _("Name"), _("E-mail"), _("Role"), _("Stores"), _("Second factor"), _("Last sign-in"),
    )  # fmt: skip
    rows = [
        (
            person.name, person.email, _(ROLE_NAMES[person.role]), joined_stores(person.stores),
            _("yes") if person.has_second_factor else _("no"),
            person.last_sign_in.isoformat(timespec="seconds") if person.last_sign_in else "",
        )
        for person in people
    ]  # fmt: skip
    return csv_response("staff", headings, rows)
