"""The front page, the ways into the demo, and a demo program at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.defaults import server_error

from fiel.domain.language import N_
from fiel.insights.summary import program_summary
from fiel.ledger.scope import program_transaction
from fiel.programs.known import KnownProgram, known_programs
from fiel.staff.demo import demo_doors
from fiel.staff.memberships import is_anybody_here, memberships_of
from fiel.staff.models import User
from fiel.staff.roles import ROLE_NAMES, rights_of
from fiel.web.demo import FACES, enter
from fiel.web.doors import database, versions
from fiel.web.summary_page import summary_page
from fiel.web.ui.built import NotBuilt

_STEPS = (
    (N_("See a shop with a year of real sales"), "fiel demo"),
    (N_("Write a program of your own"), "fiel program new FILE"),
    (N_("Try it out"), "fiel program apply FILE --sandbox --yes"),
)


@dataclass(frozen=True, slots=True)
class OwnProgram:
    """A program with the role in it of whoever is signed in."""

    known: KnownProgram
    role: str


async def front(request: HttpRequest) -> HttpResponse:
    """Where everybody arrives: the own console, the demo, the first run, or sign-in."""
    user = await request.auser()
    if isinstance(user, User):
        mine = await _own_programs(user)
        if len(mine) == 1:
            return HttpResponseRedirect(reverse("console:home", args=[mine[0].known.slug]))
        return _own(request, mine)
    if shops := await _demos():
        return render(request, "ui/demo.html", {"shops": shops, "faces": FACES})
    async with database().owner() as owner:
        if not await is_anybody_here(owner):
            return HttpResponseRedirect(reverse("first-run"))
    return HttpResponseRedirect(reverse("account_login"))


async def _own_programs(user: User) -> list[OwnProgram]:
    """Those whose console is open to somebody."""
    async with database().owner() as owner:
        roles = {each.program_id: each.role for each in await memberships_of(owner, user.id)}
        every = await known_programs(owner)
    return [
        OwnProgram(known, ROLE_NAMES[roles[known.id]])
        for known in every
        if known.id in roles and rights_of(roles[known.id])
    ]


def _own(request: HttpRequest, mine: list[OwnProgram]) -> HttpResponse:
    return render(request, "ui/own_programs.html", {"programs": mine, "new_program": _new()})


def _new() -> str:
    try:
        return reverse("new-program")
    except NoReverseMatch:
        return ""


@require_POST
async def step_in(request: HttpRequest, slug: str, face: str) -> HttpResponse:
    """Sign in to a face of the demo, with one click."""
    return await enter(request, slug, face)


async def programs(request: HttpRequest) -> HttpResponse:
    """The programs of whoever is signed in; else the demos, which anybody may look at."""
    user = await request.auser()
    if isinstance(user, User):
        return _own(request, await _own_programs(user))
    if shops := await _demos():
        return render(request, "ui/demo.html", {"shops": shops, "faces": FACES})
    return render(request, "ui/no_programs.html", {"steps": _STEPS})


async def program_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A demo program at a glance."""
    known = next((one for one in await _demos() if one.slug == slug), None)
    if known is None or known.version is None:
        raise Http404
    async with database().connection() as connection:
        async with program_transaction(connection, known.id):
            published = await versions().in_force(connection, known.id)
        program = published.program
        summary = await program_summary(
            connection, program_id=known.id, program=program, now=published.now(datetime.now(UTC))
        )
    language = translation.get_language() or "es"
    page = summary_page(summary, program, language)
    return render(request, "ui/glance.html", {"page": page, "slug": slug, "faces": FACES})


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Say that a page failed, in the frame if there is one."""
    try:
        return render(request, "ui/failed.html", status=500)
    except NotBuilt:
        # Then it is the frame that failed.
        return server_error(request)


async def _demos() -> list[KnownProgram]:
    async with database().owner() as owner:
        doors = {door.program_id for door in await demo_doors(owner)}
        return [known for known in await known_programs(owner) if known.id in doors]
