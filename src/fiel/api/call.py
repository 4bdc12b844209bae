"""One request on its way through the house."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.types import Scope

from fiel.api.headers import preferred_language, read_headers, request_id
from fiel.api.house import House
from fiel.api.limits import Allowance
from fiel.domain.language import DEFAULT_LANGUAGE, N_
from fiel.domain.program import Program
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection, program_snapshot, program_transaction
from fiel.programs.versions import NoProgram, Published
from fiel.staff.keys import Caller
from fiel.staff.tills.posts import AtTill

_LOW = (1 << 62) - 1


class Call(Request):
    """A request with what is known about it: who calls, in which language, at what time.

    It is a `Request` so that FastAPI knows it for no field of the operation.
    """

    def __init__(self, scope: Scope, house: House) -> None:
        super().__init__(scope)
        self.house = house
        self.told = read_headers(scope["headers"])
        self.request_id = request_id(self.told)
        self.wall: datetime = house.now()
        self.now = self.wall
        self.wish = preferred_language(self.told.get(b"accept-language"))
        self.language = self.wish or DEFAULT_LANGUAGE
        self.allowance: Allowance | None = None
        self.new_id: UUID | None = None
        self.version: Published | None = None
        self.source = b""
        self.till: AtTill | None = None
        self._caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Who calls."""
        assert self._caller is not None, "the door asked for the key"
        return self._caller

    def knows(self, caller: Caller, version: Published | None) -> None:
        """Remember who calls; who has no wish is answered in the program's language."""
        self._caller = caller
        self.version = version
        if version is not None:
            # A sandbox lives by its own clock.
            self.now = version.now(self.wall)
        if self.wish is None and version is not None:
            self.language = version.program.locale

    @property
    def program_id(self) -> UUID:
        """The program that the caller's key belongs to."""
        return self.caller.program_id

    @property
    def published(self) -> Published:
        """The version in force.

        Raises:
            NoProgram: the program has not been published yet.
        """
        if self.version is None:
            raise NoProgram(N_("This program has not been published."))
        return self.version

    @property
    def program(self) -> Program:
        """The program in force.

        Raises:
            NoProgram: the program has not been published yet.
        """
        return self.published.program

    async def program_of(self, number: int) -> Program:
        """The program as a version of it says: the one that decided."""
        published = self.published
        if published.number == number:
            return published.program
        async with self.reading() as connection:
            version = await self.house.versions.numbered(
                connection, self.program_id, number, published.shards, published.sandbox
            )
        return version.program

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection on which all is as it was at one moment, and nothing can be written."""
        async with (
            self.house.connect() as connection,
            program_snapshot(connection, self.program_id),
        ):
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """A connection on which everything that is done is kept together, or nothing of it."""
        async with (
            self.house.connect() as connection,
            program_transaction(connection, self.program_id),
        ):
            yield connection

    def id_to_make(self) -> UUID:
        """The id of what the request makes: the same again when the request comes again."""
        return self.new_id or new_id()

    def ids_to_make(self, count: int) -> list[UUID]:
        """As many ids, each the same again when the request comes again."""
        if self.new_id is None:
            return [new_id() for _ in range(count)]
        first = self.new_id.int
        # Only the chance bits at the end count up.
        head, tail = first & ~_LOW, first & _LOW
        return [UUID(int=head | ((tail + step) & _LOW)) for step in range(count)]
