"""The one entry: /v1 is the API, everything else the pages.

uvicorn fiel.platform.asgi:application
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fiel.api.app import PREFIX, Api
from fiel.api.cursors import Cursors
from fiel.api.house import House
from fiel.api.idempotency import IdempotencyKeys
from fiel.api.limits import Limiter, RateLimit
from fiel.api.shelf import Shelf
from fiel.intake.parking import recorder_of
from fiel.platform.alerts import keep_watch
from fiel.platform.calendar import SECONDS_BETWEEN, keep_calendars
from fiel.platform.closing import closed
from fiel.platform.columns import columns_opener
from fiel.platform.database import Database, open_database
from fiel.platform.delivering import sender_of_webhooks, webhooks_delivered
from fiel.platform.django_database import serve_to_django
from fiel.platform.files import STATIC, static_files
from fiel.platform.folders import secret_key
from fiel.platform.isolation import Isolation
from fiel.platform.migrate import APP_ROLE
from fiel.platform.parent import end_with_parent
from fiel.platform.passes import keep_passes_live
from fiel.platform.refreshing import keep_columns_fresh
from fiel.platform.schema import set_django_up
from fiel.platform.segments import keep_segments_live
from fiel.programs.versions import Versions
from fiel.staff.keyring import KeyRing
from fiel.staff.tills.posts import Posts
from fiel.staff.tills.shifts import Shifts
from fiel.web.doors import open_doors

RATE_LIMIT_VARIABLE = "FIEL_RATE_LIMIT"  # requests a key may make in a minute, in each process

_log = logging.getLogger(__name__)


class Entry:
    """Sends each request to the API or to the pages; opens the database for both.

    Beside that it goes through the calendars, as often as `calendar_seconds` says; 0: never.
    """

    def __init__(
        self, url: str | None = None, *, calendar_seconds: float = SECONDS_BETWEEN
    ) -> None:
        self._url = url
        self._calendar_seconds = calendar_seconds
        self._api: ASGIApp | None = None
        self._pages: ASGIApp | None = None
        self._files = static_files()
        self._open = AsyncExitStack()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "http":
            await self._answer(scope, receive, closed(send))
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            assert scope["type"] == "websocket", "ASGI knows no other"
            await send({"type": "websocket.close", "code": 1003})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        assert self._api is not None, "the server starts before it answers"
        assert self._pages is not None, "the server starts before it answers"
        if path == PREFIX or path.startswith(PREFIX + "/"):
            await self._api(scope, receive, send)
        elif path.startswith(STATIC):
            await self._files(scope, receive, send)
        elif path == "/healthz":
            await _say_healthy(send)
        else:
            await self._pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await _step(receive, send, "startup", self._start)
        await _step(receive, send, "shutdown", self._open.aclose)

    async def _start(self) -> None:
        end_with_parent()
        database = await self._open.enter_async_context(open_database(self._url))
        house = house_of(database)
        self._api = Api(house)
        if self._calendar_seconds:
            await self._open.enter_async_context(
                _beside(
                    keep_calendars(
                        database, house.versions, house.now, seconds=self._calendar_seconds
                    )
                )
            )
            await self._open.enter_async_context(
                _beside(keep_columns_fresh(database.connection, house.versions))
            )
            await self._open.enter_async_context(
                _beside(keep_segments_live(database, house.versions, house.now))
            )
            await self._open.enter_async_context(
                _beside(keep_watch(database, house.versions, house.now))
            )
            await self._open.enter_async_context(
                _beside(keep_passes_live(database, house.versions, house.now))
            )
        open_doors(database, recorder=house.recorder, versions=house.versions, shifts=house.shifts)
        role = APP_ROLE if database.isolation is Isolation.ROLE else None
        serve_to_django(database.url, role)
        self._pages = _pages()
        await self._open.enter_async_context(
            webhooks_delivered(database, house.versions, house.webhooks)
        )
        _spare_what_stays()


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something run until the server ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def house_of(database: Database) -> House:
    """What the API works with, over a database."""
    versions = Versions()
    return House(
        connect=database.connection,
        posting=database.posting,
        keys=KeyRing(database.connection),
        shelf=Shelf(database.connection, versions),
        versions=versions,
        recorder=recorder_of(database.posting, versions, lanes=1),
        idempotency=IdempotencyKeys(database.connection),
        limiter=Limiter(_rate_limit()),
        cursors=Cursors(secret_key().encode()),
        webhooks=sender_of_webhooks(),
        shifts=Shifts(secret_key().encode()),
        posts=Posts(database.connection),
        open_columns=columns_opener(database.connection, versions),
    )


def _rate_limit() -> RateLimit:
    told = os.environ.get(RATE_LIMIT_VARIABLE)
    return RateLimit(requests=int(told)) if told else RateLimit()


def _pages() -> ASGIApp:
    set_django_up()
    # Django's applications are loaded by now, and not before.
    from django.core.asgi import get_asgi_application  # noqa: PLC0415

    return cast(ASGIApp, get_asgi_application())


def _spare_what_stays() -> None:
    """Let the collector look at what requests leave behind, not at what was loaded for good.

    A request leaves hardly any cycle, so that it need not look often either: a tenth of a sale's
    time went into it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


async def _step(
    receive: Receive, send: Send, name: str, act: Callable[[], Awaitable[None]]
) -> None:
    message = await receive()
    assert message["type"] == f"lifespan.{name}", "the server's life has two steps"
    try:
        await act()
    except Exception as error:
        _log.exception("%s failed", name)
        await send({"type": f"lifespan.{name}.failed", "message": str(error)})
        raise
    await send({"type": f"lifespan.{name}.complete"})


async def _say_healthy(send: Send) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": 200,
        "headers": [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")],
    }
    await send(start)
    await send({"type": "http.response.body", "body": b"ok\n"})


application = Entry()
