"""Send one message to one receiver, and say what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpcore

from fiel.connect.webhooks.addresses import Address, Allowed, Reach, addresses_of, may_reach

SECONDS = 15.0
MOST_CONNECTIONS = 1000
MOST_WAITING_CONNECTIONS = 200
# Below the five seconds after which many servers hang up, at the moment when we would speak.
SECONDS_KEPT_OPEN = 4.0
MOST_ADDRESSES = 3
SECONDS_TO_CONNECT = 4.0  # to each
MOST_READ = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver answered; without a status, `error` says why it did not."""

    status: int | None
    error: str
    milliseconds: int
    retry_after: timedelta | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took the message."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more messages."""
        return self.status == 410


class Sender:
    """Holds the connections to receivers. Redirects are not followed, proxies not asked."""

    def __init__(self, allowed: Allowed, *, seconds: float = SECONDS) -> None:
        self.allowed = allowed
        self._seconds = seconds
        self._pools: dict[Reach, httpcore.AsyncConnectionPool] = {}

    async def send(
        self, url: str, headers: Sequence[tuple[str, str]], body: bytes, reach: Reach
    ) -> Answer:
        """Send a message; whatever happens is an answer."""
        began = time.monotonic()
        status, error, wait = await self._post(url, headers, body, reach)
        return Answer(status, error, round((time.monotonic() - began) * 1000), wait)

    async def aclose(self) -> None:
        """Hang up."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()

    async def _post(
        self, url: str, headers: Sequence[tuple[str, str]], body: bytes, reach: Reach
    ) -> tuple[int | None, str, timedelta | None]:
        told = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]
        status, wait = None, None
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._pool(reach).stream("POST", url, headers=told, content=body) as response,
            ):
                status, wait = response.status, _asked_to_wait(response.headers)
                await _read_a_little(response)
        except (TimeoutError, httpcore.TimeoutException):
            return status, "" if status else "timeout", wait
        except _NowhereToGo as nowhere:
            return None, str(nowhere), None
        except httpcore.ConnectError as failure:
            # The pool raises it anew, without its cause.
            is_tls = isinstance(failure.__context__, ssl.SSLError)
            return None, "tls" if is_tls else "connection", None
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol):
            return status, "" if status else "protocol", wait
        except (httpcore.NetworkError, OSError):
            return status, "" if status else "connection", wait
        return status, "", wait

    def _pool(self, reach: Reach) -> httpcore.AsyncConnectionPool:
        pool = self._pools.get(reach)
        if pool is None:
            pool = self._pools[reach] = httpcore.AsyncConnectionPool(
                max_connections=MOST_CONNECTIONS,
                max_keepalive_connections=MOST_WAITING_CONNECTIONS,
                keepalive_expiry=SECONDS_KEPT_OPEN,
                network_backend=_Guarded(reach),
            )
        return pool


class _NowhereToGo(Exception):
    """The receiver's name is not known, or leads nowhere that webhooks may go."""


class _Guarded(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was looked at, so that a name cannot change its mind."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's signature
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Connect to a receiver, trying its allowed addresses one after the other."""
        try:
            found = await addresses_of(host)
        except (OSError, UnicodeError) as failure:
            raise _NowhereToGo("name") from failure
        allowed = [address for address in found if may_reach(address, self._reach)]
        if not allowed:
            raise _NowhereToGo("address")
        *others, last = allowed[:MOST_ADDRESSES]
        for address in others:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._connect(address, port)
        return await self._connect(last, port)

    async def _connect(self, address: Address, port: int) -> httpcore.AsyncNetworkStream:
        return await self._plain.connect_tcp(str(address), port, SECONDS_TO_CONNECT)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._plain.sleep(seconds)


async def _read_a_little(response: httpcore.Response) -> None:
    """Read a short answer to its end, so that the connection can be used again."""
    read = 0
    async for part in response.aiter_stream():
        read += len(part)
        if read > MOST_READ:
            return


def _asked_to_wait(headers: Iterable[tuple[bytes, bytes]]) -> timedelta | None:
    for name, value in headers:
        if name.lower() == b"retry-after":
            return _read_wait(value.decode("latin-1").strip())
    return None


def _read_wait(text: str) -> timedelta | None:
    if text.isascii() and text.isdigit():
        return timedelta(seconds=int(text[:9]))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - datetime.now(UTC), timedelta(0))
