"""Members at the pages: strangers, and members who are signed in already."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

from psycopg import AsyncConnection

from fiel.ledger.scope import program_transaction
from fiel.members.queries import Whereabouts
from fiel.members.sessions import open_session
from fiel.web.portal.guest import COOKIE
from tests.web.stage import Client, Stage

HOME = "/m/cafe-sol/"


def guest(stage: Stage, *, language: str = "en") -> Client:
    """Somebody whom nobody knows, who has looked at the first page."""
    client = Client(
        base_url=stage.address, headers={"accept-language": language}, follow_redirects=False,
        timeout=60,
    )  # fmt: skip
    client.get(HOME)
    stage._open.append(client)
    return client


def signed_in(stage: Stage, member: str = "ana", *, language: str = "en") -> Client:
    """A member on a device of hers."""
    client = guest(stage, language=language)
    client.cookies.set(COOKIE, session_of(stage, member))
    return client


def session_of(stage: Stage, member: str = "ana") -> str:
    """What a device keeps of a member who is signed in."""
    with ThreadPoolExecutor() as another_thread:
        opening = _open(stage, UUID(stage.shop.members[member]))
        return another_thread.submit(asyncio.run, opening).result()


async def _open(stage: Stage, member_id: UUID) -> str:
    program_id = stage.shop.program_id
    async with (
        await AsyncConnection.connect(stage.database_url, autocommit=True) as connection,
        program_transaction(connection, program_id),
    ):
        return await open_session(
            connection, program_id, Whereabouts(0, member_id), device="Firefox",
            now=datetime.now(UTC),
        )  # fmt: skip
