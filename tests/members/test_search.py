"""Finding members by what somebody types at a counter."""

from __future__ import annotations

import pytest

from fiel.intake.erasing import erase_member
from fiel.intake.merging import merge_members
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.change import change_member
from fiel.members.references import KeyKind
from fiel.members.search import folded, search_members, what_is_typed
from tests.members.conftest import NOON, Club, club_of
from tests.support.program import CAFE_SOL

pytestmark = pytest.mark.anyio


async def _found(club: Club, text: str) -> list[str]:
    async with (
        club.database.connection() as connection,
        program_transaction(connection, club.program_id),
    ):
        members = await search_members(connection, club.program_id, text, region="ES")
    return [member.person.name for member in members]


@pytest.mark.parametrize(
    "text",
    ["ana", "Áná R", "ruiz an", "600 111", "+34 600-11", "0034600111", "1222", "ANA@exa", "4000 00",
     "crm-7"],
)  # fmt: skip
async def test_a_member_is_found_by_the_beginning_of_whatever_she_is_known_by(
    club: Club, text: str
) -> None:
    await club.enrols(
        "Ana Ruiz Núñez", phone="+34600111222", email="ana@example.com", card="4000001",
        external_id="crm-77",
    )  # fmt: skip
    await club.enrols("Berta Gil", phone="+34699999333", email="berta@example.com")

    assert await _found(club, text) == ["Ana Ruiz Núñez"]


@pytest.mark.parametrize("text", ["", "  ", "xyz", "ana gil", "ruiz ana berta", "33", "%", "_na"])
async def test_who_is_not_meant_is_not_found(club: Club, text: str) -> None:
    await club.enrols("Ana Ruiz", phone="+34600111222")
    await club.enrols("Berta Gil")

    assert await _found(club, text) == []


async def test_an_exact_word_comes_before_longer_ones(club: Club) -> None:
    await club.enrols("Anabel Mora")
    await club.enrols("Ana Ruiz")

    assert await _found(club, "ana") == ["Ana Ruiz", "Anabel Mora"]


async def test_a_new_name_is_found_and_the_old_one_is_not(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz")
    async with (
        club.database.connection() as connection,
        program_transaction(connection, club.program_id),
    ):
        await change_member(
            connection, program_id=club.program_id, member_id=ana, changes={"name": "Ana Vega"}
        )

    assert (await _found(club, "vega"), await _found(club, "ruiz")) == (["Ana Vega"], [])


async def test_whoever_was_merged_is_found_as_the_survivor(club: Club) -> None:
    ana, anita = await club.enrols("Ana Ruiz"), await club.enrols("Anita Peral")
    await merge_members(
        club.database.posting, club.versions, club.program_id, anita, ana,
        request_id=new_id(), now=NOON,
    )  # fmt: skip

    assert await _found(club, "peral") == ["Ana Ruiz"]


async def test_whoever_was_erased_is_found_by_nothing(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz", phone="+34600111222")
    await erase_member(
        club.database.posting, club.versions, club.program_id, ana, request_id=new_id(), now=NOON
    )

    assert [await _found(club, text) for text in ("ana", "600111222", "1222", str(ana))] == [[]] * 4


async def test_another_program_finds_nobody(club: Club) -> None:
    await club.enrols("Ana Ruiz", phone="+34600111222")
    rival = await club_of(club.database, CAFE_SOL.replace("cafe-sol", "el-rival"))

    assert [await _found(rival, text) for text in ("ana", "600111222")] == [[], []]


async def test_an_id_finds_its_member(club: Club) -> None:
    ana = await club.enrols("Ana Ruiz")

    assert await _found(club, str(ana)) == ["Ana Ruiz"]


def test_a_phone_is_meant_with_and_without_the_countrys_prefix() -> None:
    typed = what_is_typed("600 11", "ES")

    phones = [value for kind, value in typed.keys if kind is KeyKind.PHONE]
    assert phones == ["+3460011", "+60011"]


async def test_words_are_kept_as_they_are_sought(club: Club) -> None:
    async with club.database.owner() as owner:
        for told in ("Ñandú", "O'Neill", "ÉCLAIR", "Łódź", "ﬁn", "Ömer", "Straße"):
            row = await (await owner.execute("SELECT fiel_folded(%s)", [told])).fetchone()
            assert row == (folded(told),)
