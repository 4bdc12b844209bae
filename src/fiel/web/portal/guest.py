"""A guest: whoever looks at a merchant's pages for members, known or not."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from fiel.domain.program import Program
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.merge import merged_into
from fiel.members.queries import Whereabouts
from fiel.members.queries import member as find_member
from fiel.members.records import Member
from fiel.members.sessions import keep_seen, open_session, session_of_token
from fiel.programs.brand import Brand, brand_of
from fiel.programs.known import KnownProgram, known_programs
from fiel.programs.versions import NoProgram, Published
from fiel.web.doors import database, versions
from fiel.web.ui.caller import Caller

COOKIE = "fiel_member"
COOKIE_SECONDS = 180 * 24 * 60 * 60
_SECONDS_KNOWN = 20.0
_SECONDS_BETWEEN = 1.0

# A page for members: a guest and what its address names make an answer.
type View = Callable[..., Awaitable[HttpResponse]]
type Page = Callable[..., Coroutine[Any, Any, HttpResponse]]


@dataclass(frozen=True)
class Guest(Caller):
    """Who looks at which program's pages, and how a page reaches the rooms below."""

    published: Published
    brand: Brand
    wall: datetime
    found: Member | None = None

    @property
    def program(self) -> Program:
        """The program in force."""
        return self.published.program

    @property
    def now(self) -> datetime:
        """The program's time: a sandbox lives by its own clock."""
        return self.published.now(self.wall)

    @property
    def member(self) -> Member:
        """The member who is signed in."""
        assert self.found is not None, "the door lets members in"
        return self.found

    @property
    def place(self) -> Place:
        """Where the member's rows are."""
        return Place(self.program_id, self.member.shard)

    @property
    def is_secure(self) -> bool:
        """Whether the page came by https, so that its cookies travel by nothing else."""
        return self.request.is_secure()

    async def ids(self, connection: Connection) -> list[UUID]:
        """The member's id, and those of whoever was merged into it."""
        others = await merged_into(connection, self.program_id, self.member.id)
        return [self.member.id, *(place.member_id for place in others)]

    def address(self, name: str, *args: object) -> str:
        """Where a page of these is."""
        return reverse(f"portal:{name}", args=[self.slug, *args])

    def url(self, name: str, *args: object) -> str:
        """The whole address of a page, to be sent to somebody."""
        return self.request.build_absolute_uri(self.address(name, *args))

    def back(self, name: str, *args: object) -> HttpResponse:
        """Lead to another page of these."""
        return HttpResponseRedirect(self.address(name, *args))

    def page(
        self, template: str, context: Mapping[str, object] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """A page in the merchant's colours."""
        framed: dict[str, object] = {
            "guest": self,
            "slug": self.slug,
            "brand": self.brand,
            "brand_rgb": ", ".join(str(int(self.brand.color[at : at + 2], 16)) for at in (1, 3, 5)),
            "member": self.found,
            "home": self.address("home"),
            "rules": self._rules(),
            "zone": self.program.timezone,
            "is_sandbox": self.known.sandbox,
            **(context or {}),
        }
        response = render(self.request, template, framed, status=status)
        response["Cache-Control"] = "no-store, private"
        return response

    def _rules(self) -> str:
        try:
            return reverse("portal:rules", args=[self.slug])
        except NoReverseMatch:
            return ""


def portal_page(view: View) -> Page:
    """Makes a view a page that anybody may see."""

    @wraps(view)
    async def answer(request: HttpRequest, slug: str, **named: Any) -> HttpResponse:  # noqa: ANN401
        return await view(await guest_of(request, slug), **named)

    return answer


def member_page(view: View) -> Page:
    """Makes a view a page for members; whoever is not signed in is asked to, and led back."""

    @wraps(view)
    async def answer(request: HttpRequest, slug: str, **named: Any) -> HttpResponse:  # noqa: ANN401
        guest = await guest_of(request, slug)
        if guest.found is None:
            response = guest.back("welcome")
            response.delete_cookie(COOKIE, path=guest.address("home"))
            return response
        return await view(guest, **named)

    return answer


async def guest_of(request: HttpRequest, slug: str) -> Guest:
    """Who looks at the pages of a program.

    Raises:
        Http404: there is no such program, or it was never published.
    """
    known = await known_program(slug)
    if known is None:
        raise Http404
    wall = datetime.now(UTC)
    token = request.COOKIES.get(COOKIE, "")
    async with (
        database().connection() as connection,
        program_transaction(connection, known.id),
    ):
        try:
            published = await versions().in_force(connection, known.id)
        except NoProgram as failure:
            raise Http404 from failure
        brand = await brand_of(connection, known.id)
        guest = Guest(request, known, published, brand, wall)
        if not token:
            return guest
        session = await session_of_token(connection, known.id, token, now=wall)
        if session is None:
            return guest
        found = await find_member(connection, known.id, session.member_id)
        if session.is_to_be_seen(wall):
            await keep_seen(connection, known.id, token, now=wall)
    return replace(guest, found=found)


async def sign_in(guest: Guest, member: Member, response: HttpResponse) -> None:
    """Sign a member in on the device that an answer goes to."""
    device = guest.request.headers.get("user-agent", "")
    async with guest.writing() as connection:
        token = await open_session(
            connection, guest.program_id, Whereabouts(member.shard, member.id),
            device=device, now=guest.wall,
        )  # fmt: skip
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_SECONDS, path=guest.address("home"), httponly=True,
        secure=guest.is_secure, samesite="Lax",
    )  # fmt: skip


class _Known:
    """The programs of a database as they were a moment ago, by slug."""

    of: object = None
    programs: dict[str, KnownProgram] = {}  # noqa: RUF012 - replaced whole
    read_at = 0.0


async def known_program(slug: str) -> KnownProgram | None:
    """The program of a slug; None where there is none.

    Programs come and go rarely, so that they are read anew only every few seconds; sooner, but not
    for every stranger, where one is asked for that is not known yet.
    """
    age = time.monotonic() - _Known.read_at
    is_old = _Known.of is not database() or age > _SECONDS_KNOWN
    if is_old or (slug not in _Known.programs and age > _SECONDS_BETWEEN):
        async with database().owner() as owner:
            found = await known_programs(owner)
        _Known.programs = {each.slug: each for each in found}
        _Known.of, _Known.read_at = database(), time.monotonic()
    return _Known.programs.get(slug)
