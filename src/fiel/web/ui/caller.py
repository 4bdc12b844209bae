"""Whoever asks for a page of a program: what the console and the member's page know alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils import translation

from fiel.domain.language import say
from fiel.domain.refusal import Refusal
from fiel.ledger.scope import Connection, program_snapshot, program_transaction
from fiel.programs.known import KnownProgram
from fiel.web.doors import database


@dataclass(frozen=True)
class Caller:
    """One request about one program, and how it reaches the program's rows."""

    request: HttpRequest
    known: KnownProgram

    @property
    def program_id(self) -> UUID:
        """The program's id."""
        return self.known.id

    @property
    def slug(self) -> str:
        """The program's slug, which every address names."""
        return self.known.slug

    @property
    def language(self) -> str:
        """The page's language."""
        return translation.get_language() or "es"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection on which all of this program is as it was at one moment."""
        async with (
            database().connection() as connection,
            program_snapshot(connection, self.program_id),
        ):
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """A connection on which everything that is done is kept together, or nothing of it."""
        async with (
            database().connection() as connection,
            program_transaction(connection, self.program_id),
        ):
            yield connection

    def lend(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for postings, as services borrow them; no transaction is open."""
        return database().posting()

    def say(self, text: str, level: int = messages.SUCCESS) -> None:
        """Show a text once, on the next page."""
        messages.add_message(self.request, level, text)

    def problem(self, refusal: Refusal) -> str:
        """What a refusal says, in the page's language."""
        return say(self.language, refusal.text, **refusal.parameters)
