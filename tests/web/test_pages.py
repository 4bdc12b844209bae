"""The first pages: what a program comes to, in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import AsyncClient

from fiel.connect.importing.reading import read_sale
from fiel.connect.importing.roads import sale_ask
from fiel.domain.document import read_document
from fiel.intake.recording import Recorder
from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.platform.schema import set_django_up
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions
from fiel.web.doors import open_doors
from tests.cli.conftest import CAFE_SOL

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def browser(database: Database) -> AsyncClient:
    set_django_up()
    open_doors(database)
    return AsyncClient()


async def published(database: Database, slug: str = "cafe-sol", *, sandbox: bool = True):
    source = CAFE_SOL.replace("cafe-sol", slug)
    document = read_document(source)
    async with database.owner() as owner:
        program_id = await open_program(owner, document, sandbox=sandbox, now=NOW)
        async with program_transaction(owner, program_id):
            await publish(
                owner, program_id, document, source=source, format="yaml", author="x", now=NOW
            )
    return program_id


async def test_where_nothing_is_there_the_page_says_how_to_begin(browser: AsyncClient) -> None:
    page = await browser.get("/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "fiel demo" in page.text


async def test_the_only_program_opens_at_once(database: Database, browser: AsyncClient) -> None:
    await published(database)

    page = await browser.get("/")

    assert (page.status_code, page.headers["location"]) == (302, "/programs/cafe-sol/")


async def test_several_programs_are_listed(database: Database, browser: AsyncClient) -> None:
    await published(database)
    await published(database, "cafe-luna")

    page = await browser.get("/")

    assert re.findall(r'href="(/programs/[^"]+)"', page.text) == [
        "/programs/cafe-luna/", "/programs/cafe-sol/",
    ]  # fmt: skip


async def test_a_live_program_is_shown_to_nobody(database: Database, browser: AsyncClient) -> None:
    await published(database, sandbox=False)

    assert "cafe-sol" not in (await browser.get("/")).text
    assert (await browser.get("/programs/cafe-sol/")).status_code == 404


async def test_a_program_without_sales_teaches_the_next_step(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    page = await browser.get("/programs/cafe-sol/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "No sale has come in yet" in page.text


async def test_the_page_tells_what_the_ledger_holds(
    database: Database, browser: AsyncClient
) -> None:
    program_id = await published(database)
    recorder = Recorder(database.posting, Versions())
    for day in (2, 3, 10):
        content = {
            "external_id": f"T-{day}",
            "occurred_at": f"2026-03-{day:02d}T10:00:00Z",
            "lines": [{"quantity": 1, "unit_price": "500.00"}],
        }
        await recorder.record(program_id, sale_ask(read_sale(content), NOW))

    page = await browser.get("/programs/cafe-sol/", headers={"accept-language": "en"})

    assert "€1,500.00" in page.text
    assert "March 2, 2026 to March 10, 2026" in page.text
    # Two sales in the first week, one in the second.
    assert re.findall(r"<title>(Week of .*?)</title>", page.text) == [
        "Week of March 2, 2026: €1,000.00",
        "Week of March 9, 2026: €500.00",
    ]


@pytest.mark.parametrize(
    ("query", "headers", "language", "word"),
    [
        ("", {}, "es", "Socios"),
        ("", {"accept-language": "en-GB,en;q=0.9,es;q=0.8"}, "en", "Members"),
        ("", {"accept-language": "de, pt;q=0.5, en;q=0.4"}, "pt", "Membros"),
        ("", {"accept-language": "de;q=x,,;"}, "es", "Socios"),
        ("?language=en", {"accept-language": "es"}, "en", "Members"),
        ("?language=xx", {"accept-language": "en"}, "en", "Members"),
    ],
)
async def test_the_page_speaks_the_readers_language(
    database: Database,
    browser: AsyncClient,
    query: str,
    headers: dict[str, str],
    language: str,
    word: str,
) -> None:
    await published(database)

    page = await browser.get(f"/programs/cafe-sol/{query}", headers=headers)

    assert page.headers["content-language"] == language
    assert f'<html lang="{language}">' in page.text
    assert f"<dt>{word}</dt>" in page.text


async def test_a_language_that_was_chosen_is_remembered(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    await browser.get("/programs/cafe-sol/?language=en")
    later = await browser.get("/programs/cafe-sol/", headers={"accept-language": "es"})

    assert later.headers["content-language"] == "en"


async def test_a_page_needs_nothing_from_elsewhere(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    page = await browser.get("/programs/cafe-sol/")

    assert re.findall(r'(?:src|href)="(https?:|//)', page.text) == []
