"""A visit: one request to the console, by a person who may make it, to one program."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fiel.domain.language import say
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.known import KnownProgram, known_programs
from fiel.programs.versions import NoProgram, Published, Versions
from fiel.staff.audit import Actor, Deed, keep_deed
from fiel.staff.memberships import Membership, memberships_of
from fiel.staff.models import User
from fiel.staff.roles import Right, Role, rights_of
from fiel.web.doors import Database, database, versions
from fiel.web.ui.caller import Caller
from fiel.web.ui.navigation import sections_for, url_of

type Page = Callable[..., Coroutine[Any, Any, HttpResponse]]


class NotPublishedYet(Exception):
    """A page needs a program in force, and there is none yet."""


@dataclass(frozen=True)
class Visit(Caller):
    """Who asks for what, and how a page reaches the rooms below."""

    user: User
    membership: Membership
    programs: tuple[KnownProgram, ...]
    published: Published | None
    wall: datetime

    @property
    def role(self) -> Role:
        """What the person is in the program."""
        return self.membership.role

    @property
    def stores(self) -> tuple[str, ...]:
        """The stores that the person sees; empty for all."""
        return self.membership.stores

    @property
    def program(self) -> Program:
        """The program in force.

        Raises:
            NotPublishedYet: there is none; the person is led to where one is made.
        """
        if self.published is None:
            raise NotPublishedYet
        return self.published.program

    @property
    def now(self) -> datetime:
        """The program's time: a sandbox lives by its own clock."""
        return self.wall if self.published is None else self.published.now(self.wall)

    @property
    def is_htmx(self) -> bool:
        """Whether a part of a page is asked for, and not a page."""
        return self.request.headers.get("HX-Request") == "true"

    @property
    def database(self) -> Database:
        """The database that the process serves."""
        return database()

    @property
    def versions(self) -> Versions:
        """The program versions that the process has read."""
        return versions()

    def connect(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for services that open their own transaction."""
        return database().connection()

    def owner(self) -> AbstractAsyncContextManager[Connection]:
        """A connection that sees every program."""
        return database().owner()

    def open_columns(self, program_id: UUID) -> AbstractAsyncContextManager[Any]:
        """The columnar copy of a program, brought up to date first."""
        return database().open_columns(program_id)

    def may(self, right: Right) -> bool:
        """Whether the person has a right here."""
        return self.membership.may(right)

    def page(
        self, template: str, context: dict[str, object] | None = None, *, status: int = 200
    ) -> HttpResponse:
        """A page, or a part of one ("file.html#part"), with the frame that it stands in."""
        return render(self.request, template, self._framed(context or {}), status=status)

    def address(self, name: str, *args: object) -> str:
        """Where a page of this program is: `address("member", member_id)`."""
        return reverse(f"console:{name}", args=[self.slug, *args])

    def back(self, name: str, *args: object) -> HttpResponse:
        """Lead to another page of this program."""
        return HttpResponseRedirect(self.address(name, *args))

    def field_problems(self, refusal: Refusal) -> dict[str, str]:
        """What a refusal says of each field, in the page's language."""
        return {
            problem.field: say(self.language, problem.text, **problem.parameters)
            for problem in refusal.problems
        }

    async def note(self, action: str, about: str = "", **details: object) -> None:
        """Write what the person did into the audit trail."""
        async with database().connection() as connection:
            await keep_deed(
                connection,
                self.program_id,
                Actor(self.user.id, str(self.user), address_of(self.request)),
                Deed(action, about, details),
                at=self.wall,
            )

    def _framed(self, context: dict[str, object]) -> dict[str, object]:
        return {
            "visit": self,
            "slug": self.slug,
            "known": self.known,
            "program_now": self.now,
            "zone": None if self.published is None else self.published.program.timezone,
            "currency": "" if self.published is None else self.published.program.currency,
            "rights": {str(right) for right in rights_of(self.role)},
            "home_url": url_of("home", self.slug) or "/",
            "sections": sections_for(self.membership, self.slug, self.request.path),
            **context,
        }


def console_page(right: Right | None) -> Callable[[Page], Page]:
    """Makes a view a page of the console: who is not signed in is asked to, who may not is told.

    Without a `right`, everybody with a role that has any comes in. The page tells its `right`, so
    that a test can go through all pages with all roles.
    """

    def dressed(view: Page) -> Page:
        @wraps(view)
        async def answer(request: HttpRequest, slug: str, **named: Any) -> HttpResponse:  # noqa: ANN401
            user = await request.auser()
            if not isinstance(user, User):
                return signed_out(request)
            visit = await _visit(request, user, slug)
            if visit.membership.lacks_second_factor:
                return _lead_to(request, f"{reverse('mfa_index')}?required=1")
            allowed = visit.may(right) if right else bool(rights_of(visit.role))
            if not allowed:
                return visit.page("ui/forbidden.html", status=403)
            try:
                return await view(visit, **named)
            except NotPublishedYet:
                return visit.back("start")

        answer.right = right  # type: ignore[attr-defined]
        return answer

    return dressed


def signed_out(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page, and from there back; a part of a page says so instead."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=401)
        response["HX-Refresh"] = "true"
        return response
    return redirect_to_login(request.get_full_path())


def _lead_to(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another page, also whoever asked for a part of one."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def address_of(request: HttpRequest) -> str:
    """The network address that a request came from."""
    return str(request.META.get("REMOTE_ADDR", ""))


async def _visit(request: HttpRequest, user: User, slug: str) -> Visit:
    async with database().owner() as owner:
        roles = {each.program_id: each for each in await memberships_of(owner, user.id)}
        mine = tuple(known for known in await known_programs(owner) if known.id in roles)
    known = next((each for each in mine if each.slug == slug), None)
    if known is None:
        raise Http404
    return Visit(
        request, known, user, roles[known.id], mine, await published_of(known), datetime.now(UTC)
    )


async def published_of(known: KnownProgram) -> Published | None:
    """The version in force of a program; None before the first."""
    if known.version is None:
        return None
    async with (
        database().connection() as connection,
        program_transaction(connection, known.id),
    ):
        try:
            return await versions().in_force(connection, known.id)
        except NoProgram:
            return None
