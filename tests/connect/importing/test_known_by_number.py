"""A members' file tells who they are of whom past sales told the number alone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fiel.connect.importing import run as running
from fiel.connect.importing.bringing import Bench, bring_file
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.customers import enrol_customers
from fiel.connect.importing.mapping import Wishes, look_at
from fiel.ledger.scope import program_transaction
from fiel.members.queries import member
from fiel.members.records import Member
from fiel.platform.database import Database
from tests.support.program import CAFE_SOL
from tests.support.till import Till, named

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WELCOMING = CAFE_SOL + "  - {id: welcome, event: enrolment, give: {points: 10}}\n"
SALES = "Ticket;Fecha;Cliente;Importe\nT-1;2026-02-01;ana;12,40\nT-2;2026-02-03;berta;30,00\n"
HEADERS = "Código,Nombre,Teléfono,Correo,Cumpleaños,Alta,Padrino,Acepta correo\n"
SECOND_PHONE = [(3, "phone", "taken")]
CARLA = "carla,Carla,600111222,carla@example.com,,,,\n"
pytestmark = pytest.mark.anyio


class Shop:
    """A shop that began with its past sales, and then enrolled Carla."""

    def __init__(self, till: Till, bench: Bench, folder: Path) -> None:
        self.till, self.bench, self.folder = till, bench, folder

    async def brings(self, rows: str) -> tuple[int, int, list[tuple[int, str, str]]]:
        """How many of a members' file were accepted and repeated; who was refused, and why."""
        path = self.folder / "socios.csv"
        path.write_text(HEADERS + rows, encoding="utf-8")
        brought = await bring_file(self.bench, Kind.MEMBERS, path, Wishes(), tell=lambda *_: None)
        refused = [(row.line, row.field, row.code) for row in brought.report.first]
        return brought.figures.accepted, brought.figures.repeated, sorted(refused)

    async def knows(self, number: str) -> Member:
        """What is known of a member."""
        async with (
            self.till.database.connection() as connection,
            program_transaction(connection, self.till.program_id),
        ):
            found = await member(connection, self.till.program_id, named(number))
        assert found is not None
        return found


@pytest.fixture
async def shop(database: Database, tmp_path: Path) -> Shop:
    till = Till(database)
    await till.publishes(WELCOMING, now=NOW)
    async with (
        database.connection() as connection,
        program_transaction(connection, till.program_id),
    ):
        published = await till.versions.in_force(connection, till.program_id)
    bench = Bench(
        published, till.versions, database.posting, database.connection, lambda: NOW, "en"
    )
    sales = tmp_path / "ventas.csv"
    sales.write_text(SALES, encoding="utf-8")
    reading = look_at(sales, Kind.SALES, Wishes(), zone=published.program.timezone)
    assert await enrol_customers(bench, reading) == 2
    await bring_file(bench, Kind.SALES, sales, Wishes(), tell=lambda *_: None)
    made = Shop(till, bench, tmp_path)
    assert await made.brings(CARLA) == (1, 0, [])
    return made


async def test_who_is_known_by_the_number_is_filled_in_and_keeps_all_else(shop: Shop) -> None:
    before, book = await shop.knows("ana"), await shop.till.book("ana", now=NOW)
    row = "ana,Ana,600333444,ana@example.com,1990-05-01,2020-01-01,,si\n"

    assert await shop.brings(row) == (1, 0, [])

    after = await shop.knows("ana")
    person = after.person
    assert (person.name, person.phone, person.email) == ("Ana", "+34600333444", "ana@example.com")
    assert (person.birthday, person.consents) == (date(1990, 5, 1), {"email": True})
    assert (after.id, after.joined_at) == (before.id, before.joined_at)
    assert await shop.till.book("ana", now=NOW) == book  # no second welcome
    assert (await shop.till.balance("ana", now=NOW)).available == 22
    assert await shop.brings(row) == (0, 1, [])
    assert await shop.knows("ana") == after
    assert (await shop.till.proof()).ok


@pytest.mark.parametrize(
    ("rows", "accepted", "repeated", "refused", "name"),
    [
        ("ana,,,,,,,\n", 0, 1, [], ""),
        ("ana,,,,,2020-01-01,,\n", 0, 1, [], ""),
        ("ana,Ana,600111222,,,,,\nberta,Berta,,,,,,\n", 1, 0, [(2, "phone", "taken")], ""),
        ("ana,Ana,,CARLA@example.com,,,,\n", 0, 0, [(2, "email", "taken")], ""),
        ("ana,Ana,,,,,,\nana,Ana María,,,,,,\n", 1, 0, [(3, "external_id", "reused")], "Ana"),
        ("ana,Ana,,,,,,\nana,Ana,,,,,,\n", 1, 1, [], "Ana"),
        ("ana,Ana,,,,,CARLA-1,\n", 0, 0, [(2, "external_id", "reused")], ""),
        ("carla,Carla María,600111222,,,,,\n", 0, 0, [(2, "external_id", "reused")], ""),
        (CARLA, 0, 1, [], ""),
        ("ana,Ana,600555666,,,,,\ndora,Dora,600555666,,,,,\n", 1, 0, SECOND_PHONE, "Ana"),
        ("dora,Dora,600555666,,,,,\nana,Ana,600555666,,,,,\n", 1, 0, SECOND_PHONE, ""),
        ("ana,Ana,600555666,,,,,\nberta,Berta,600555666,,,,,\n", 1, 0, SECOND_PHONE, "Ana"),
    ],
)  # fmt: skip
async def test_each_row_has_its_answer(
    shop: Shop,
    rows: str,
    accepted: int,
    repeated: int,
    refused: list[tuple[int, str, str]],
    name: str,
) -> None:
    assert await shop.brings(rows) == (accepted, repeated, refused)
    assert (await shop.knows("ana")).person.name == name
    assert (await shop.knows("carla")).person.name == "Carla"
    assert (await shop.till.balance("ana", now=NOW)).available == 22


async def test_of_two_with_one_phone_the_first_line_has_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 3)
    rows = "".join(f"{who}{n},,6001110{n:02d},,,,,\n" for n in range(20) for who in ("b", "a"))

    # Line 2 is the first of the first two, line 3 the second.
    assert await shop.brings(rows) == (20, 0, [(3 + 2 * n, "phone", "taken") for n in range(20)])


async def test_what_was_filled_in_or_changed_since_is_not_written_over(shop: Shop) -> None:
    assert await shop.brings("ana,Ana,,,,,,\n") == (1, 0, [])
    other = "ana,Ana María,600333444,,,,,\n"

    assert await shop.brings(other) == (0, 0, [(2, "external_id", "reused")])

    person = (await shop.knows("ana")).person
    assert (person.name, person.phone) == ("Ana", None)
