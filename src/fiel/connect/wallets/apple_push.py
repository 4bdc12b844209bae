"""Apple's push service, which has a phone ask for its passes anew.

What is pushed is empty. Who may push stands in the certificate that signs the passes: it is shown
when the connection is opened, which is held, as Apple wants it. `FIEL_APPLE_PUSH` names another
address than Apple's.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import ssl
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpcore
import orjson
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from fiel.connect.wallets.apple_signing import Signer

PUSH_VARIABLE = "FIEL_APPLE_PUSH"
ADDRESS = "https://api.push.apple.com"
SECONDS = 15.0
SECONDS_HELD = 600.0  # without a push
# Apple keeps a push so long for a phone that cannot be reached; more than thirty days it does not.
SECONDS_KEPT = 30 * 24 * 60 * 60
# So long Apple wants to be left alone after a failure of its own.
PAUSE_OF_APPLE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a push; without a status nobody answered, and `reason` says why."""

    status: int | None
    reason: str
    gone_since: datetime | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the phone will hear of it."""
        return self.status == 200

    @property
    def pause(self) -> timedelta | None:
        """How long Apple wants to be left alone at least."""
        is_fault_of_apple = self.status is not None and self.status >= 500
        return PAUSE_OF_APPLE if is_fault_of_apple else None

    def is_gone(self, registered_at: datetime) -> bool:
        """Whether there is no such phone, or it has let the pass go since it registered."""
        if self.status == 410:
            return self.gone_since is None or self.gone_since >= registered_at
        return self.reason == "BadDeviceToken"


class Line:
    """A connection to Apple's push service: opened when it is needed, and held.

    Where nobody answers, hang up, and open it anew: the connection may be broken.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._signer: Signer | None = None
        self._context: ssl.SSLContext | None = None
        self._pool: httpcore.AsyncConnectionPool | None = None

    async def __aenter__(self) -> Self:
        """The line itself; nothing is opened yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self.hang_up()

    async def open(self, signer: Signer) -> None:
        """Make ready to push with a certificate."""
        if self._context is None or self._signer is not signer:
            await self.hang_up()
            self._signer, self._context = signer, await asyncio.to_thread(_context, signer)
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=self._context, max_connections=1, keepalive_expiry=SECONDS_HELD,
                http1=False, http2=True,
            )  # fmt: skip

    async def hang_up(self) -> None:
        """Close the connection."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()

    async def push(self, token: str) -> Answer:
        """Have a phone ask for its passes; whatever happens is an answer."""
        assert self._pool is not None, "a line is opened before it is used"
        assert self._signer is not None, "who opens a line says with what"
        address = self._environment.get(PUSH_VARIABLE, "").rstrip("/") or ADDRESS
        headers = [
            ("apns-topic", self._signer.pass_type),
            ("apns-push-type", "background"),
            ("apns-priority", "5"),  # what is pushed in the background may have no other
            ("apns-expiration", str(int(time.time()) + SECONDS_KEPT)),
            ("content-type", "application/json"),
        ]
        try:
            async with asyncio.timeout(SECONDS):
                response = await self._pool.request(
                    "POST", f"{address}/3/device/{quote(token, safe='')}",
                    headers=headers, content=b"{}",
                )  # fmt: skip
        except (
            TimeoutError, OSError, httpcore.TimeoutException, httpcore.NetworkError,
            httpcore.ProtocolError, httpcore.UnsupportedProtocol,
        ) as failure:  # fmt: skip
            return Answer(None, type(failure).__name__)
        return _answer(response.status, response.content)


def _answer(status: int, body: bytes) -> Answer:
    try:
        told: Any = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError:
        told = {}
    if not isinstance(told, dict):
        told = {}
    since = told.get("timestamp")  # in milliseconds
    gone_since = (
        datetime.fromtimestamp(since // 1000, UTC)
        if isinstance(since, int) and 0 <= since < 10**14
        else None
    )
    return Answer(status, str(told.get("reason", "")), gone_since)


def _context(signer: Signer) -> ssl.SSLContext:
    """Trusts who is trusted elsewhere, and shows the pass certificate."""
    context = httpcore.default_ssl_context()
    # It takes files alone: the key is in one for a moment, behind a password that nobody knows.
    password = secrets.token_hex(32)
    encryption = BestAvailableEncryption(password.encode())
    shown = [
        signer.certificate.public_bytes(Encoding.PEM),
        signer.intermediate.public_bytes(Encoding.PEM),
        signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption),
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pass.pem"
        file.write_bytes(b"".join(shown))
        context.load_cert_chain(file, password=password)
    return context
