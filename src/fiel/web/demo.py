"""The demo's faces: whoever comes steps into each with one click. Sandboxes only."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString
from urllib.parse import urlencode

from django.contrib.auth import alogin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_noop

from fiel.ledger.scope import program_transaction
from fiel.members.queries import member as find_member
from fiel.programs.known import KnownProgram, known_programs
from fiel.staff.demo import DemoDoor, demo_doors
from fiel.staff.models import User
from fiel.staff.tills.cashiers import Terms, add_cashier, cashiers_of
from fiel.staff.tills.devices import add_device, start_pairing
from fiel.web.doors import database
from fiel.web.portal.guest import guest_of, sign_in

NAME = "Demo"
_PIN = "4826"  # of a sandbox, for everybody
RICHEST: LiteralString = """
SELECT member_id FROM account WHERE program_id = %s
ORDER BY available_in - available_out DESC LIMIT 1
"""
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


async def _enter_till(_request: HttpRequest, known: KnownProgram, _door: DemoDoor) -> HttpResponse:
    """Each visitor gets a till of her own: pairing one anew would shut out who stands there."""
    now = datetime.now(UTC)
    async with (
        database().connection() as connection,
        program_transaction(connection, known.id),
    ):
        cashiers = await cashiers_of(connection, known.id)
        cashier = next((each for each in cashiers if each.name == NAME and each.active), None)
        if cashier is None:
            terms = Terms(NAME, may_approve=True)
            cashier = await add_cashier(connection, known.id, terms, pin=_PIN, now=now)
        device = await add_device(connection, known.id, name=NAME, store="", now=now)
        pairing = await start_pairing(connection, known.id, device.id, now=now)
    # Behind the fragment's mark nothing is sent to any server.
    told = urlencode({"code": pairing.code, "cashier": str(cashier.id), "pin": _PIN})
    return HttpResponseRedirect(f"{reverse('till')}#{told}")


async def _enter_portal(request: HttpRequest, known: KnownProgram, _door: DemoDoor) -> HttpResponse:
    """Whoever has most: there is most to look at."""
    guest = await guest_of(request, known.slug)
    async with guest.reading() as connection:
        row = await (await connection.execute(RICHEST, [known.id])).fetchone()
        found = await find_member(connection, known.id, row[0]) if row else None
    if found is None:
        return guest.back("welcome")
    response = guest.back("home")
    await sign_in(guest, found, response)
    return response


FACES = (
    Face(
        name="console", icon="layout-dashboard", title=gettext_noop("Console"),
        says=gettext_noop("What the owner and the marketer see: members, program, reports."),
        button=gettext_noop("Open the console"), enter=_enter_console,
    ),
    Face(
        name="till", icon="device-tablet", title=gettext_noop("Till"),
        says=gettext_noop("What cashiers work with: it sells, also without a network."),
        button=gettext_noop("Open the till"), enter=_enter_till,
    ),
    Face(
        name="member", icon="user-heart", title=gettext_noop("Member's page"),
        says=gettext_noop("What members see on their phone: balance, rewards, their code."),
        button=gettext_noop("Open the member's page"), enter=_enter_portal,
    ),
)  # fmt: skip
