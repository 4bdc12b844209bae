"""Segments in members' books: entered and left under the member's lock, each once."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fiel.ledger.membership import keep_segments, members_in
from fiel.ledger.opening import Place
from fiel.ledger.posting import Version
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member
from fiel.platform.database import Database
from tests.ledger.counter import Counter
from tests.support.program import CAFE_SOL
from tests.support.till import named

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
_EVENTS = """
SELECT o.type, a.kind, a.facts ->> 'segment', o.member_sequence
FROM outbox o JOIN activity a ON a.id = o.activity_id
WHERE o.type LIKE 'segment.%' ORDER BY o.sequence
"""


@pytest.fixture
async def shop(database: Database) -> Counter:
    counter = Counter(database)
    await counter.till.publishes(CAFE_SOL, now=NOON)
    await counter.till.enrols("ana", now=NOON)
    return counter


async def _keeps(shop: Counter, *segments: str) -> tuple[int, Place, UUID]:
    program_id = shop.till.program_id
    async with (
        shop.database.connection() as connection,
        program_transaction(connection, program_id),
    ):
        published = await shop.till.versions.in_force(connection, program_id)
        ana = await member(connection, program_id, named("ana"))
        assert ana is not None
        place = Place(program_id, ana.shard)
        version = Version(published.number, published.program)
        wanted = {ana.id: frozenset(segments)}
        return await keep_segments(connection, place, version, wanted, NOON), place, ana.id


async def _in(shop: Counter, place: Place, segment: str) -> list[UUID]:
    async with (
        shop.database.connection() as connection,
        program_transaction(connection, place.program_id),
    ):
        return await members_in(connection, place, segment, after=UUID(int=0), most=10)


async def test_entering_and_leaving_are_activities_of_the_member(shop: Counter) -> None:
    entered, place, ana = await _keeps(shop, "vip", "madrid")
    changed, _, _ = await _keeps(shop, "madrid", "new")

    assert (entered, changed) == (2, 2)
    assert await _in(shop, place, "madrid") == [ana]
    assert await _in(shop, place, "vip") == []
    async with (
        shop.database.connection() as connection,
        program_transaction(connection, place.program_id),
    ):
        rows = await (await connection.execute(_EVENTS)).fetchall()
    assert rows == [
        ("segment.entered", "segment_entered", "madrid", 2),
        ("segment.entered", "segment_entered", "vip", 3),
        ("segment.left", "segment_left", "vip", 4),
        ("segment.entered", "segment_entered", "new", 5),
    ]


async def test_who_is_where_one_belongs_is_left_alone(shop: Counter) -> None:
    await _keeps(shop, "vip")

    assert (await _keeps(shop, "vip"))[0] == 0


async def test_a_sale_leaves_segments_as_they_are(shop: Counter) -> None:
    _, place, ana = await _keeps(shop, "vip")

    await shop.sells("ana", 6000, 1, 0, "T-1", NOON)

    assert await _in(shop, place, "vip") == [ana]
