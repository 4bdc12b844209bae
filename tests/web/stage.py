"""A stage for pages: a served Café Sol with its cast and its staff, and ways to look at it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import psycopg
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from fiel.platform.database import open_database
from fiel.staff.memberships import put_membership
from fiel.staff.roles import Role
from tests.api.server import running_server
from tests.api.shop import Shop
from tests.support.chromium import Witness
from tests.web.program import STAGE_PROGRAM

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}
WCAG_22_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PASSWORD = "una-clave-muy-larga"


@dataclass
class Stage:
    """A server with the Café Sol, and who works there: an account for each role."""

    address: str
    database_url: str
    shop: Shop
    users: dict[Role, UUID]
    browser: Browser | None = None
    _open: list[Any] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The program's slug."""
        return "cafe-sol"

    def console(self, path: str = "") -> str:
        """The address of a page of the console."""
        return f"{self.address}/console/{self.slug}/{path}"

    def session(self, role: Role | str) -> str:
        """A session of somebody with a role, as after signing in."""
        with ThreadPoolExecutor() as another_thread:
            return another_thread.submit(_make_session, self.users[Role(role)]).result()

    def client(self, role: Role | str | None = "owner", *, language: str = "en") -> Client:
        """A browser without pages, signed in; None for nobody."""
        client = Client(
            base_url=self.address, headers={"accept-language": language}, follow_redirects=False,
            timeout=60,
        )  # fmt: skip
        if role is not None:
            client.cookies.set("sessionid", self.session(role))
        self._open.append(client)
        return client

    def page(
        self,
        role: Role | str | None = "owner",
        *,
        viewport: dict[str, int] | None = None,
        language: str = "es",
        scheme: str = "light",
        **told: Any,
    ) -> Page:
        """A page of a real browser, signed in; what it complains about fails `close`."""
        assert self.browser is not None, "the module opens Chromium (`chromium` fixture)"
        context = self.browser.new_context(
            viewport=viewport or WIDE, color_scheme=scheme, locale=language, **told
        )
        if role is not None:
            context.add_cookies(
                [{"name": "sessionid", "value": self.session(role), "url": self.address}]
            )
        page = context.new_page()
        self._open.append((context, Witness(page)))
        return page

    def close_pages(self) -> None:
        """Close what was opened; no page may have complained or asked anybody else."""
        opened, self._open = self._open, []
        for each in opened:
            if isinstance(each, httpx.Client):
                each.close()
                continue
            context, witness = each
            context.close()
            complaints = witness.faults, witness.strangers(self.address)
            assert complaints == ([], []), complaints

    @contextmanager
    def queries(self) -> Iterator[Queries]:
        """Counts the statements that this database is sent meanwhile."""
        with psycopg.connect(self.database_url, autocommit=True) as watching:
            watching.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            counted = Queries()
            watching.execute("SELECT pg_stat_statements_reset()")
            yield counted
            rows = watching.execute(
                "SELECT query, calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
                " WHERE d.datname = current_database()"
            ).fetchall()
        ours = [(query, calls) for query, calls in rows if not _IS_FRAME.match(query)]
        counted.statements = ours
        counted.count = sum(calls for _, calls in ours)


# What opens and closes a transaction asks for nothing, and neither does who counts; webhooks are
# looked after now and then by the server itself.
_IS_FRAME = re.compile(
    r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |SHOW |DISCARD|SELECT pg_stat_|SELECT \$1$)"
    r"|.*pg_stat_statements|\s*UPDATE webhook_",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class Queries:
    """How many statements there were, once the watch is over."""

    count: int = 0
    statements: list[tuple[str, int]] = field(default_factory=list)


class Client(httpx.Client):
    """A client that sends what Django wants of a form: its token and where it comes from."""

    def submit(self, path: str, told: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        """Send a form."""
        if "csrftoken" not in self.cookies:
            self.get("/accounts/login/", follow_redirects=True)
        if "csrftoken" not in self.cookies:  # no page with a form was on the way
            self.cookies.set("csrftoken", "a" * 32)
        headers = {
            "x-csrftoken": self.cookies["csrftoken"],
            "referer": str(self.base_url),
            **more.pop("headers", {}),
        }
        return self.post(path, data=told or {}, headers=headers, **more)


@contextmanager
def staged(
    database_url: str, *, document: str = STAGE_PROGRAM, sandbox: bool = False
) -> Iterator[Stage]:
    """Serve the Café Sol with Ana, Berta and Carla, some sales, and an account for each role."""
    with running_server(database_url) as address:
        with ThreadPoolExecutor() as another_thread:
            shop = another_thread.submit(_play, address, database_url, document, sandbox).result()
            users = another_thread.submit(_make_accounts).result()
            another_thread.submit(
                asyncio.run, _employ(database_url, shop.program_id, users)
            ).result()
        stage = Stage(address, database_url, shop, users)
        try:
            yield stage
        finally:
            stage.close_pages()
            shop.close()


def _play(address: str, database_url: str, document: str, sandbox: bool) -> Shop:
    shop = Shop(address, database_url, document, sandbox)
    shop.enrols("ana", email="ana@example.com", phone="+34600111222", name="Ana Ruiz")
    shop.enrols("berta", email="berta@example.com", phone="+34600111333", name="Berta Gil")
    shop.enrols("carla", name="Carla Mora", card="4000001")
    for price, to in (("12.40", "ana"), ("30.00", "ana"), ("8.00", "berta")):
        shop.sells(price, to=to, store="centro")
    return shop


async def _employ(database_url: str, program_id: UUID, users: dict[Role, UUID]) -> None:
    async with open_database(database_url, connections=1) as database, database.owner() as owner:
        for role, user_id in users.items():
            await put_membership(owner, program_id, user_id, role)


def _make_accounts() -> dict[Role, UUID]:
    from allauth.account.models import EmailAddress
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from fiel.staff.models import User

    hashed = make_password(PASSWORD)  # slow on purpose: once for all of them
    users: dict[Role, UUID] = {}
    for role in Role:
        email = f"{role}@cafe-sol.example"
        user = User.objects.create(email=email, password=hashed, name=str(role).title())
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        users[role] = user.id
    # Left open, it would be to this database for the tests of the next one too.
    connection.close()
    return users


def _make_session(user_id: UUID) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connection

    from fiel.staff.models import User

    user = User.objects.get(id=user_id)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    connection.close()
    key: str = session.session_key
    return key


def barriers(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds to keep somebody out, by the rules of WCAG 2.2 AA, and where."""
    rules = {"runOnly": {"type": "tag", "values": WCAG_22_AA}}
    found = Axe().run(page, options=rules).response["violations"]
    return [
        (violation["id"], violation["help"], [node["html"][:200] for node in violation["nodes"]])
        for violation in found
    ]


def is_as_wide_as_its_screen(page: Page) -> bool:
    """Whether nothing hangs over the edge."""
    widths: list[int] = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return widths[0] <= widths[1]
