"""The `fiel` command: the command line over the house that the platform puts together."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from fiel.api.bodies.members import MemberBody, person_of
from fiel.api.bodies.sales import SaleBody
from fiel.api.errors import invalid, invalid_fields
from fiel.api.fields import read_time
from fiel.cli.main import run
from fiel.cli.session import chosen_language
from fiel.connect.importing.roads import MemberContent
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem
from fiel.members.identity import region_of_zone
from fiel.platform.database import Database, open_database
from fiel.platform.serving import serve
from fiel.platform.unavailable import progress_in


class House:
    """What the commands work with, over the real database and the real server."""

    @asynccontextmanager
    async def open_database(self) -> AsyncIterator[Database]:
        """Find the database of a running server, or start it for this command's time."""
        async with open_database(progress=progress_in(_language())) as database:
            yield database

    def serve(self, *, host: str, port: int, workers: int) -> None:
        """Serve everything until the process is told to stop."""
        serve(host=host, port=port, workers=workers, language=_language())

    def now(self) -> datetime:
        """The time on the wall."""
        return datetime.now(UTC)

    def read_sale(self, content: Mapping[str, object]) -> SaleBody:
        """Read a sale's content as the API reads it.

        Raises:
            Invalid: names the fields that are wrong.
        """
        try:
            return SaleBody.model_validate(content)
        except ValidationError as error:
            raise invalid_fields(error) from None

    def read_member(
        self, content: Mapping[str, object], program: Program, now: datetime
    ) -> MemberContent:
        """Read a member's content as the API reads it; files also know since when.

        Raises:
            Invalid: names the fields that are wrong.
        """
        told = dict(content)
        joined = told.pop("joined_at", None)
        try:
            body = MemberBody.model_validate(told)
        except ValidationError as error:
            raise invalid_fields(error) from None
        person = person_of(body, region=region_of_zone(program.timezone.key), now=now)
        return MemberContent(person, body.source, body.referred_by, _read_joined(joined))


def _language() -> str:
    """The language of this process's command line."""
    return chosen_language(sys.argv[1:])


def main() -> int:
    """Run the command line of this process."""
    return run(House(), sys.argv[1:])


def _read_joined(value: object) -> datetime | None:
    if value is None:
        return None
    try:
        return read_time(value)
    except PydanticCustomError as error:
        context = dict(error.context or {})
        text = str(context.pop("msgid"))
        raise invalid([FieldProblem("joined_at", error.type, text, context)]) from None
