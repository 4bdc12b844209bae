"""The demo's faces: whoever comes steps into each with one click. Sandboxes only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from django.contrib.auth import alogin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_noop

from fiel.programs.known import KnownProgram, known_programs
from fiel.staff.demo import DemoDoor, demo_doors
from fiel.staff.models import User
from fiel.web.doors import database

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"

type Enter = Callable[[HttpRequest, KnownProgram, DemoDoor], Awaitable[HttpResponse]]


@dataclass(frozen=True, slots=True)
class Face:
    """One of the faces, as the front page offers it."""

    name: str
    icon: str
    title: str
    says: str
    button: str
    enter: Enter


async def enter(request: HttpRequest, slug: str, face: str) -> HttpResponse:
    """Step into a face of a demo program."""
    wanted = next((each for each in FACES if each.name == face), None)
    async with database().owner() as owner:
        known = next((each for each in await known_programs(owner) if each.slug == slug), None)
        doors = {door.program_id: door for door in await demo_doors(owner)}
    if wanted is None or known is None or known.id not in doors:
        raise Http404
    return await wanted.enter(request, known, doors[known.id])


async def _enter_console(request: HttpRequest, known: KnownProgram, door: DemoDoor) -> HttpResponse:
    user = await User.objects.aget(id=door.user_id)
    await alogin(request, user, backend=_BACKEND)
    return HttpResponseRedirect(reverse("console:home", args=[known.slug]))


FACES = (
    Face(
        "console", "layout-dashboard", gettext_noop("Console"),
        gettext_noop("What the owner and the marketer see: members, program, reports."),
        gettext_noop("Open the console"), _enter_console,
    ),
)  # fmt: skip
