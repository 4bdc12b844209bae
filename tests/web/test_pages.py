"""The front page and a demo at a glance, in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import PermissionDenied
from django.test import AsyncClient, RequestFactory
from django.urls import get_resolver
from django.utils import translation

from fiel.connect.demo.doors import open_doors_of_demo
from fiel.connect.importing.reading import read_sale
from fiel.connect.importing.roads import sale_ask
from fiel.domain.document import read_document
from fiel.intake.enrolling import Enrolment, enrol_member
from fiel.intake.recording import Recorder
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.members.records import Person
from fiel.platform.database import Database
from fiel.platform.django_database import serve_to_django
from fiel.platform.schema import set_django_up
from fiel.programs.publishing import open_program, publish
from fiel.programs.versions import Versions
from fiel.staff.accounts import create_account
from fiel.web.demo import FACES
from fiel.web.doors import open_doors
from tests.cli.conftest import CAFE_SOL

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def browser(database: Database) -> AsyncClient:
    set_django_up()
    serve_to_django(database.url, None)
    versions = Versions()
    open_doors(database, recorder=Recorder(database.posting, versions), versions=versions)
    return AsyncClient()


async def published(
    database: Database, slug: str = "cafe-sol", *, sandbox: bool = True, opens: bool = True
):
    """A program in force; its door `opens` for whoever comes."""
    source = CAFE_SOL.replace("cafe-sol", slug)
    document = read_document(source)
    async with database.owner() as owner:
        program_id = await open_program(owner, document, sandbox=sandbox, now=NOW)
        async with program_transaction(owner, program_id):
            await publish(
                owner, program_id, document, source=source, format="yaml", author="x", now=NOW
            )
        if opens:
            await open_doors_of_demo(owner, program_id, now=NOW)
    return program_id


async def enrol(database: Database, program_id, name: str):
    """A member; the id."""
    person = Person(external_id=name, name=name.title())
    enrolment = Enrolment(new_id(), person, name.encode(), NOW)
    made = await enrol_member(database.posting, Versions(), program_id, enrolment)
    return made.member.id


async def test_where_nobody_is_yet_the_first_run_begins(browser: AsyncClient) -> None:
    page = await browser.get("/")

    assert (page.status_code, page.headers["location"]) == (302, "/start/")


async def test_where_somebody_is_one_signs_in(database: Database, browser: AsyncClient) -> None:
    async with database.owner() as owner:
        await create_account(owner, email="ana@example.com", name="Ana", password_hash="!", now=NOW)

    page = await browser.get("/")

    assert (page.status_code, page.headers["location"]) == (302, "/accounts/login/")


async def test_where_no_demo_is_the_page_says_how_to_make_one(browser: AsyncClient) -> None:
    page = await browser.get("/programs/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "fiel demo" in page.text


async def test_a_demo_offers_its_faces(database: Database, browser: AsyncClient) -> None:
    await published(database)

    page = await browser.get("/")

    assert re.findall(r'action="(/demo/[^"]+)"', page.text) == [
        f"/demo/cafe-sol/{face.name}/" for face in FACES
    ]


async def test_one_click_signs_in_to_the_console(database: Database, browser: AsyncClient) -> None:
    await published(database)

    stepped = await browser.post("/demo/cafe-sol/console/")

    assert (stepped.status_code, stepped.headers["location"]) == (302, "/console/cafe-sol/")
    assert (await browser.get("/console/cafe-sol/")).status_code == 200


async def test_one_click_leads_to_a_till_of_ones_own(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    places = [(await browser.post("/demo/cafe-sol/till/")).headers["location"] for _ in range(2)]

    told = [dict(parse_qsl(place.removeprefix("/till/#"))) for place in places]
    assert told[0]["code"] != told[1]["code"]
    assert (told[0]["cashier"], told[0]["pin"]) == (told[1]["cashier"], told[1]["pin"])


async def test_one_click_signs_in_to_the_page_of_who_has_most(
    database: Database, browser: AsyncClient
) -> None:
    program_id = await published(database)
    recorder = Recorder(database.posting, Versions())
    for day, name, price in ((2, "ana", "5.00"), (3, "berta", "50.00")):
        enrolled = await enrol(database, program_id, name)
        content = {
            "member": str(enrolled),
            "occurred_at": f"2026-03-{day:02d}T10:00:00Z",
            "lines": [{"quantity": 1, "unit_price": price}],
        }
        await recorder.record(program_id, sale_ask(read_sale(content), NOW))

    stepped = await browser.post("/demo/cafe-sol/member/")
    page = await browser.get("/m/cafe-sol/", headers={"accept-language": "en"})

    assert stepped.headers["location"] == "/m/cafe-sol/"
    assert "Berta" in page.text


async def test_a_sandbox_whose_door_is_shut_is_shown_to_nobody(
    database: Database, browser: AsyncClient
) -> None:
    await published(database, opens=False)

    assert "cafe-sol" not in (await browser.get("/programs/")).text
    assert (await browser.get("/programs/cafe-sol/")).status_code == 404
    assert (await browser.post("/demo/cafe-sol/console/")).status_code == 404


async def test_a_live_program_has_no_door_whatever_the_table_says(
    database: Database, browser: AsyncClient
) -> None:
    await published(database, sandbox=False)

    assert "cafe-sol" not in (await browser.get("/programs/")).text
    assert (await browser.get("/programs/cafe-sol/")).status_code == 404
    assert (await browser.post("/demo/cafe-sol/console/")).status_code == 404


async def test_a_program_without_sales_teaches_the_next_step(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    page = await browser.get("/programs/cafe-sol/", headers={"accept-language": "en"})

    assert page.status_code == 200
    assert "No sale has come in yet" in page.text
    # All that is held, which is not what is expected to be redeemed.
    assert "Worth: €0.00" in page.text
    assert "Liability" not in page.text


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
        ("", {"accept-language": "de, pt;q=0.5, en;q=0.4"}, "en", "Members"),
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
    assert f'<html lang="{language}"' in page.text
    assert f"<dt>{word}</dt>" in page.text


async def test_a_language_that_was_chosen_is_remembered(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    await browser.get("/programs/cafe-sol/?language=en")
    later = await browser.get("/programs/cafe-sol/", headers={"accept-language": "es"})

    assert later.headers["content-language"] == "en"


async def test_from_a_glance_one_steps_into_the_faces(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    page = await browser.get("/programs/cafe-sol/")

    assert re.findall(r'action="(/demo/[^"]+)"', page.text) == [
        f"/demo/cafe-sol/{face.name}/" for face in FACES
    ]


async def test_a_page_needs_nothing_from_elsewhere(
    database: Database, browser: AsyncClient
) -> None:
    await published(database)

    page = await browser.get("/programs/cafe-sol/")

    assert re.findall(r'(?:src|href)="(https?:|//)', page.text) == []


@pytest.mark.parametrize(
    ("path", "beginning"),
    [
        ("/nothing/", "/"),
        ("/m/cafe-sol/", "/"),
        ("/m/cafe-sol/nothing/", "/m/cafe-sol/"),
        ("/console/cafe-sol/nothing/", "/console/cafe-sol/"),
    ],
)
async def test_who_finds_nothing_is_led_to_where_the_face_begins(
    browser: AsyncClient, path: str, beginning: str
) -> None:
    page = await browser.get(path, headers={"accept-language": "en"})

    assert page.status_code == 404
    assert page.headers["content-language"] == "en"
    assert re.findall(r'class="btn btn-primary" href="([^"]+)"', page.text) == [beginning]


async def test_a_form_without_its_token_is_told_in_the_readers_language(database: Database) -> None:
    await published(database)
    browser = AsyncClient(enforce_csrf_checks=True)

    page = await browser.post("/demo/cafe-sol/console/", headers={"accept-language": "en"})

    assert page.status_code == 403
    assert '<html lang="en"' in page.text
    assert "hreflang" in page.text


@pytest.mark.parametrize(("code", "language"), [(403, "es"), (403, "en"), (500, "es"), (500, "en")])
def test_a_refusal_and_a_fault_have_the_frame_of_all_pages(
    browser: AsyncClient, code: int, language: str
) -> None:
    request = RequestFactory().get("/console/cafe-sol/members/")
    answer = get_resolver().resolve_error_handler(code)
    told = {"exception": PermissionDenied()} if code == 403 else {}

    with translation.override(language):
        page = answer(request, **told)

    text = page.content.decode()
    assert page.status_code == code
    assert f'<html lang="{language}"' in text
    assert 'href="/console/cafe-sol/"' in text
