"""A crowd enrols as each of them would alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from itertools import chain
from uuid import UUID

import pytest

from fiel.domain.document import read_document
from fiel.domain.refusal import Refusal
from fiel.intake.enrolling import Enrolment
from fiel.intake.enrolling_many import enrol_members
from fiel.ledger.audit import audit
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.records import Person
from fiel.platform.database import Database
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions
from tests.support.program import CAFE_SOL

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
async def cafe_sol(database: Database) -> UUID:
    document = read_document(CAFE_SOL)
    async with database.owner() as owner:
        program_id = await open_program(owner, document, sandbox=True, now=NOW, shards=3)
        async with program_transaction(owner, program_id):
            await publish(
                owner, program_id, document,
                source=CAFE_SOL, format="yaml", author="Ana", now=NOW,
            )  # fmt: skip
    return program_id


def somebody(name: str, *, phone: str | None = None, brought_by: str | None = None) -> Enrolment:
    person = Person(external_id=name, name=name.capitalize(), phone=phone)
    told = f"{name}|{phone}".encode()
    return Enrolment(new_id(), person, told, NOW, referred_by=brought_by)


async def enrolled(database: Database, program_id: UUID, *people: Enrolment) -> list[bool | str]:
    """Of each whether it was repeated, or the code of the refusal."""
    answers = await enrol_members(database.connection, Versions(), program_id, people)
    return [answer.code if isinstance(answer, Refusal) else answer for answer in answers]


async def members(database: Database) -> list[str]:
    async with database.owner() as owner:
        rows = await (await owner.execute("SELECT external_id FROM member ORDER BY 1")).fetchall()
        proof = await audit(owner)
    assert proof.differences == []
    assert proof.members == len(rows)
    return [str(name) for (name,) in rows]


async def test_a_crowd_is_enrolled_over_all_shards(database: Database, cafe_sol: UUID) -> None:
    crowd = [somebody(f"socio-{number:02d}") for number in range(30)]

    assert await enrolled(database, cafe_sol, *crowd) == [False] * 30
    assert await members(database) == [f"socio-{number:02d}" for number in range(30)]
    async with database.owner() as owner:
        shards = await (await owner.execute("SELECT DISTINCT shard FROM member")).fetchall()
        codes = await (
            await owner.execute("SELECT count(DISTINCT referral_code) FROM member")
        ).fetchone()
    assert len(shards) == 3
    assert codes == (30,)


async def test_the_same_again_is_repeated_and_another_with_the_id_refused(
    database: Database, cafe_sol: UUID
) -> None:
    ana = somebody("ana", phone="+34600111222")
    await enrolled(database, cafe_sol, ana)

    answers = await enrolled(
        database, cafe_sol, somebody("ana", phone="+34600111222"), somebody("ana"),
        somebody("berta"),
    )  # fmt: skip

    assert answers == [True, "external_id_reused", False]
    assert await members(database) == ["ana", "berta"]


async def test_two_of_one_crowd_with_one_phone_are_not_two_members(
    database: Database, cafe_sol: UUID
) -> None:
    answers = await enrolled(
        database, cafe_sol, somebody("ana", phone="+34600111222"),
        somebody("berta", phone="+34600111222"), somebody("carla"), somebody("carla"),
    )  # fmt: skip

    assert answers == [False, "member_exists", False, True]
    assert await members(database) == ["ana", "carla"]


async def test_one_whose_phone_is_taken_keeps_nobody_out(
    database: Database, cafe_sol: UUID
) -> None:
    await enrolled(database, cafe_sol, somebody("ana", phone="+34600111222"))

    answers = await enrolled(
        database, cafe_sol, somebody("berta", phone="+34600111222"), somebody("carla"),
    )  # fmt: skip

    assert answers == ["member_exists", False]
    assert await members(database) == ["ana", "carla"]


async def test_who_names_a_friend_that_is_nobody_is_refused(
    database: Database, cafe_sol: UUID
) -> None:
    answers = await enrolled(
        database, cafe_sol, somebody("ana", brought_by="NADIE-000"), somebody("berta")
    )

    assert answers == ["invalid", False]
    assert await members(database) == ["berta"]


async def test_two_crowds_of_the_same_people_at_once_make_each_once(
    database: Database, cafe_sol: UUID
) -> None:
    def crowd() -> list[Enrolment]:
        return [
            somebody(f"socio-{number:02d}", phone=f"+346001112{number:02d}") for number in range(40)
        ]

    answers = await asyncio.gather(*(enrolled(database, cafe_sol, *crowd()) for _ in range(3)))

    told = sorted(chain.from_iterable(answers))
    assert told == [False] * 40 + [True] * 80
    assert len(await members(database)) == 40
