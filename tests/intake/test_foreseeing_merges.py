"""What a merge would come to is told before it is made, and telling it changes nothing."""

from __future__ import annotations

import pytest

from fiel.intake.adjusting import adjust_points
from fiel.intake.contents.adjustments import AdjustmentBody
from fiel.intake.merging import foresee_merge, merge_members
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Place
from fiel.ledger.queries import book_now
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member
from fiel.members.refusals import AlreadyMerged
from fiel.platform.database import Database
from tests.members.conftest import NOON, Club, club_of

pytestmark = pytest.mark.anyio


async def _given(club: Club, to: object, points: int) -> None:
    body = AdjustmentBody.model_validate({"member": str(to), "points": points, "reason": "gift"})
    await adjust_points(
        club.database.posting, club.versions, club.program_id, body,
        request_id=new_id(), author="tests", now=NOON,
    )  # fmt: skip


async def _has(club: Club, name: object) -> int:
    async with (
        club.database.connection() as connection,
        program_transaction(connection, club.program_id),
    ):
        found = await member(connection, club.program_id, name)  # type: ignore[arg-type]
        assert found is not None
        book = await book_now(connection, Place(club.program_id, found.shard), found.id, NOON)
    assert book is not None
    return book.account("points").balance().available


async def test_a_merge_is_foreseen_to_the_point_and_nothing_moves(database: Database) -> None:
    club = await club_of(database)
    ana, anita = await club.enrols("Ana Ruiz"), await club.enrols("Anita Ruiz")
    await _given(club, ana, 30)
    await _given(club, anita, 12)

    foreseen = await foresee_merge(
        database.posting, club.versions, club.program_id, anita, ana, now=NOON
    )

    points = [
        each.balances["points"].available
        for each in (foreseen.gone, foreseen.stays, foreseen.after)
    ]
    assert points == [12, 30, 42]
    assert (await _has(club, ana), await _has(club, anita)) == (30, 12)

    merged = await merge_members(
        database.posting, club.versions, club.program_id, anita, ana,
        request_id=new_id(), now=NOON,
    )  # fmt: skip
    assert (merged.moved, await _has(club, ana)) == (foreseen.merged.moved, 42)


async def test_a_merge_that_was_made_is_not_foreseen_again(database: Database) -> None:
    club = await club_of(database)
    ana, anita = await club.enrols("Ana Ruiz"), await club.enrols("Anita Ruiz")
    await merge_members(
        database.posting, club.versions, club.program_id, anita, ana,
        request_id=new_id(), now=NOON,
    )  # fmt: skip

    with pytest.raises(AlreadyMerged):
        await foresee_merge(database.posting, club.versions, club.program_id, anita, ana, now=NOON)
