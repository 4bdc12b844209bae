"""A shop with its cast: what happens is said in words, and goes over real HTTP."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import psycopg
from psycopg import AsyncConnection

from fiel.domain.document import read_document
from fiel.ledger.scope import program_transaction
from fiel.programs.publishing import open_program, publish
from fiel.staff.keys import create_key, keys_of_program, revoke_key
from tests.support.program import CAFE_SOL

ALL_SCOPES = ("read", "till", "manage")
_LONGEST_WAIT = 20.0


@dataclass
class Shop:
    """One merchant: its program, its key, and what its till says to the API."""

    url: str
    database_url: str
    document: str = CAFE_SOL
    sandbox: bool = False
    program_id: UUID = field(init=False)
    key: str = field(init=False)
    http: httpx.Client = field(init=False)
    members: dict[str, str] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        self.program_id = self.publishes(self.document)
        self.key = self.makes_key(ALL_SCOPES)
        self.http = self.caller(self.key)

    def caller(self, key: str | None, **headers: str) -> httpx.Client:
        """A client that brings a key."""
        authorization = {"authorization": f"Bearer {key}"} if key else {}
        return httpx.Client(
            base_url=f"{self.url}/v1", headers=authorization | headers,
            event_hooks={"request": [self._waits_for_events]},
        )  # fmt: skip

    def _waits_for_events(self, request: httpx.Request) -> None:
        """Events come in order: behind whatever the server's other databases are writing."""
        if request.url.path != "/v1/events":
            return
        deadline = time.monotonic() + _LONGEST_WAIT
        with psycopg.connect(self.database_url, autocommit=True) as watching:
            ask = "SELECT pg_snapshot_{}(pg_current_snapshot())::text::bigint"
            (newest,) = watching.execute(ask.format("xmax")).fetchone() or (0,)
            while time.monotonic() < deadline:
                (oldest,) = watching.execute(ask.format("xmin")).fetchone() or (0,)
                if oldest >= newest:
                    return
                time.sleep(0.02)

    def publishes(self, document: str) -> UUID:
        """Put a program in force."""
        return asyncio.run(_publish(self.database_url, document, sandbox=self.sandbox))

    def makes_key(self, scopes: Iterable[str]) -> str:
        """Make an API key; its secret."""
        return asyncio.run(_make_key(self.database_url, self.program_id, scopes))

    def revokes_own_key(self) -> None:
        """Revoke every key of the program."""
        asyncio.run(_revoke_keys(self.database_url, self.program_id))

    def enrols(self, name: str, /, **told: Any) -> str:
        """Enrol one of the cast; the member's id."""
        answer = self.http.post(
            "/members", json={"external_id": name, "name": name.title(), **told}
        )
        assert answer.status_code == 201, answer.text
        self.members[name] = answer.json()["id"]
        return self.members[name]

    def sale(self, price: str, *, to: str | None = None, **told: Any) -> dict[str, Any]:
        """The body of a sale of one thing."""
        self._number += 1
        body: dict[str, Any] = {
            "external_id": f"T-{self._number}",
            "lines": [{"quantity": 1, "unit_price": price}],
        }
        if to is not None:
            body["member"] = self.members[to]
        return body | told

    def sells(self, price: str, *, to: str | None = None, **told: Any) -> dict[str, Any]:
        """Sell one thing; the answer."""
        answer = self.http.post("/sales", json=self.sale(price, to=to, **told))
        assert answer.status_code == 201, answer.text
        sold: dict[str, Any] = answer.json()
        return sold

    def balance(self, name: str, unit: str = "points") -> int:
        """What a member can spend now."""
        answer = self.http.get(f"/members/{self.members[name]}/balances")
        assert answer.status_code == 200, answer.text
        available: int = answer.json()["balances"][unit]["available"]
        return available

    def lives_at(self, moment: str) -> None:
        """Set the sandbox's clock: everything that is due by then has happened."""
        answer = self.http.post("/sandbox/clock", json={"now": moment}, timeout=60)
        assert answer.status_code == 200, answer.text

    def close(self) -> None:
        """Hang up."""
        self.http.close()


@asynccontextmanager
async def _line(url: str) -> AsyncIterator[AsyncConnection]:
    """A line of the owner's that sees every program; opening a `Database` takes far longer."""
    async with await AsyncConnection.connect(url, autocommit=True) as owner:
        await owner.execute("SET fiel.every_program = 'on'")
        yield owner


async def _publish(url: str, source: str, *, sandbox: bool) -> UUID:
    document = read_document(source)
    now = datetime.now(UTC)
    async with _line(url) as owner:
        program_id = await open_program(owner, document, sandbox=sandbox, now=now)
        async with program_transaction(owner, program_id):
            await publish(
                owner, program_id, document, source=source, format="yaml", author="tests", now=now
            )
    return program_id


async def _make_key(url: str, program_id: UUID, scopes: Iterable[str]) -> str:
    async with _line(url) as owner:
        made = await create_key(
            owner, program_id=program_id, name="till", scopes=scopes, now=datetime.now(UTC)
        )
    return made.secret


async def _revoke_keys(url: str, program_id: UUID) -> None:
    async with _line(url) as owner:
        for key in await keys_of_program(owner, program_id):
            await revoke_key(owner, program_id=program_id, key_id=key.id, now=datetime.now(UTC))
