"""A crowd of tills at a real server with several workers: the same moment, hundreds of times."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

WORKERS = 3
TILLS = 8

type Ask = tuple[str, dict[str, Any]]  # path and body


@contextmanager
def served(database_url: str) -> Iterator[str]:
    """`fiel up` with several workers over a database; yields its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fiel = Path(sys.executable).with_name("fiel")
    process = subprocess.Popen(
        [fiel, "up", "--port", str(port), "--workers", str(WORKERS)],
        env={**os.environ, "DATABASE_URL": database_url, "FIEL_RATE_LIMIT": "1000000000"},
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            if httpx.get(f"{url}/healthz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not come up")


@dataclass
class Crowd:
    """Tills that each keep a line of their own to the server."""

    tills: Sequence[httpx.AsyncClient]

    async def at_once(self, asks: Sequence[Ask], **headers: str) -> list[httpx.Response]:
        """Ask all of these at the same moment, each at another till."""
        assert len(asks) <= len(self.tills), "each till asks one thing"
        gate = asyncio.Event()

        async def ask(till: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
            await gate.wait()
            return await till.post(path, json=body, headers=headers)

        waiting = [
            asyncio.create_task(ask(till, *told))
            for till, told in zip(self.tills, asks, strict=False)
        ]
        await asyncio.sleep(0)
        gate.set()
        return await asyncio.gather(*waiting)

    async def asks(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask one thing that is granted."""
        answer = await self.tills[0].post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def enrols(self, name: str, **told: Any) -> str:
        """Enrol somebody; the member's id."""
        member: str = (await self.asks("/members", {"external_id": name, **told}))["id"]
        return member

    async def gives(self, member: str, points: int) -> None:
        """Give a member points."""
        await self.asks("/adjustments", {"member": member, "points": points, "reason": "prueba"})

    async def points(self, member: str) -> dict[str, int]:
        """What a member has."""
        answer = await self.tills[0].get(f"/members/{member}/balances")
        balance: dict[str, int] = answer.json()["balances"]["points"]
        return balance


def with_crowd(url: str, key: str, work: Callable[[Crowd], Awaitable[None]]) -> None:
    """Let a crowd of tills work."""

    async def run() -> None:
        told = {"authorization": f"Bearer {key}"}
        tills = [
            # A connection each, which another worker may have taken.
            httpx.AsyncClient(base_url=f"{url}/v1", headers=told, timeout=60)
            for _ in range(TILLS)
        ]
        try:
            await work(Crowd(tills))
        finally:
            for till in tills:
                await till.aclose()

    asyncio.run(run())


def told(answers: Sequence[httpx.Response]) -> Counter[str]:
    """How often each answer was given: its status, or the code of its refusal."""
    return Counter(
        str(answer.status_code) if answer.status_code < 400 else answer.json()["code"]
        for answer in answers
    )
