"""What the staff keeps about members, and when they consented."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from fiel.domain.refusal import Invalid, NotFound
from fiel.intake.erasing import erase_member
from fiel.intake.merging import merge_members
from fiel.intake.unmerging import unmerge_member
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.change import change_member
from fiel.members.consents import consents_of
from fiel.members.merge import kept_member, merged_into
from fiel.members.notes import (
    Author,
    assign_manager,
    drop_note,
    manager_of,
    notes_about,
    write_note,
)
from tests.members.conftest import NOON, Club

pytestmark = pytest.mark.anyio
OWNER = Author(UUID(int=7), "Olga")


@asynccontextmanager
async def _inside(club: Club) -> AsyncIterator[Connection]:
    async with (
        club.database.connection() as connection,
        program_transaction(connection, club.program_id),
    ):
        yield connection


async def _notes(club: Club, member_id: UUID) -> list[str]:
    async with _inside(club) as connection:
        led = await merged_into(connection, club.program_id, member_id)
        ids = [member_id, *(place.member_id for place in led)]
        return [note.text for note in await notes_about(connection, club.program_id, ids)]


async def _writes(club: Club, member_id: UUID, text: str) -> UUID:
    async with _inside(club) as connection:
        note = await write_note(
            connection, club.program_id, member_id, text, author=OWNER, now=NOON
        )
    return note.id


async def test_notes_stand_with_the_newest_first_and_can_be_thrown_away(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz")
    first = await _writes(club, ana, "Likes oat milk")
    await _writes(club, ana, "  Moved to Seville  ")

    assert await _notes(club, ana) == ["Moved to Seville", "Likes oat milk"]

    async with _inside(club) as connection:
        await drop_note(connection, club.program_id, [ana], first)
    assert await _notes(club, ana) == ["Moved to Seville"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
async def test_a_note_says_something_and_no_novel(club: Club, text: str) -> None:
    ana = await club.enrols("Ana Ruiz")

    with pytest.raises(Invalid):
        await _writes(club, ana, text)


async def test_a_note_about_somebody_else_is_not_thrown_away(club: Club) -> None:
    ana, berta = await club.enrols("Ana Ruiz"), await club.enrols("Berta Gil")
    note = await _writes(club, ana, "Likes oat milk")

    with pytest.raises(NotFound):
        async with _inside(club) as connection:
            await drop_note(connection, club.program_id, [berta], note)


async def test_notes_follow_a_merge_and_come_back_with_its_end(club: Club) -> None:
    ana, anita = await club.enrols("Ana Ruiz"), await club.enrols("Anita Ruiz")
    await _writes(club, anita, "Likes oat milk")
    lent = (club.database.posting, club.versions, club.program_id)

    await merge_members(*lent, anita, ana, request_id=new_id(), now=NOON)
    assert await _notes(club, ana) == ["Likes oat milk"]

    await unmerge_member(*lent, anita, request_id=new_id(), now=NOON)
    assert (await _notes(club, ana), await _notes(club, anita)) == ([], ["Likes oat milk"])


async def test_one_person_looks_after_a_member_at_a_time(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz")
    found = []
    for manager in (OWNER, Author(UUID(int=8), "Saúl"), None):
        async with _inside(club) as connection:
            await assign_manager(connection, club.program_id, ana, manager, now=NOON)
            kept = await kept_member(connection, club.program_id, ana)
            assert kept is not None
            now = await manager_of(connection, club.program_id, kept.place)
        found.append(now and now.name)

    assert found == ["Olga", "Saúl", None]


async def test_every_consent_is_kept_with_when(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz", consents={"email": True, "sms": False})
    for consents in ({"email": False}, {"email": False}, {"whatsapp": True}, {"whatsapp": None}):
        async with _inside(club) as connection:
            await change_member(
                connection, program_id=club.program_id, member_id=ana,
                changes={"consents": consents},
            )  # fmt: skip

    async with _inside(club) as connection:
        kept = await kept_member(connection, club.program_id, ana)
        assert kept is not None
        changes = await consents_of(connection, club.program_id, [kept.place])
    assert [(change.name, change.given) for change in reversed(changes)] == [
        ("sms", False), ("email", True), ("email", False), ("whatsapp", True), ("whatsapp", False),
    ]  # fmt: skip


async def test_nothing_of_it_stays_of_whoever_was_erased(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz", consents={"email": True})
    await _writes(club, ana, "Likes oat milk")
    async with _inside(club) as connection:
        await assign_manager(connection, club.program_id, ana, OWNER, now=NOON)
    await erase_member(
        club.database.posting, club.versions, club.program_id, ana, request_id=new_id(), now=NOON
    )

    async with _inside(club) as connection:
        for table in ("member_note", "member_manager", "member_consent", "member_word"):
            row = await (await connection.execute(f"SELECT count(*) FROM {table}")).fetchone()
            assert row == (0,), table
