"""The first run: only whoever runs the server makes the first account, and once."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import psycopg
import pytest

from fiel.staff.first_run import first_run_token
from tests.api.server import running_server
from tests.support.database import TestDatabases, empty_all_tables
from tests.web.stage import PASSWORD, Client

ANA = {"name": "Ana Ruiz", "email": "ana@cafe-sol.example", "password1": PASSWORD}
ANSWERS = {
    "model": "points", "name": "Café Sol", "sells": "coffee", "tax": "10", "ticket": "4.95",
    "margin": "65", "visits": "weekly", "aim": "retention", "currency": "EUR",
    "timezone": "Europe/Madrid", "language": "es",
}  # fmt: skip
SALES = "Ticket;Fecha;Cliente;Importe\n" + "".join(
    f"T-{day};2026-0{1 + day // 28}-{1 + day % 28:02d};c{day % 7};12,40\n" for day in range(112)
)


@pytest.fixture(scope="module")
def served(databases: TestDatabases) -> Iterator[tuple[str, str]]:
    url = databases.new()
    with running_server(url) as address:
        yield address, url


@pytest.fixture
def server(served: tuple[str, str]) -> tuple[str, str]:
    """A server on which nobody has an account."""
    empty_all_tables(served[1])
    return served


@pytest.fixture
def browser(server: tuple[str, str]) -> Iterator[Client]:
    headers = {"accept-language": "en"}
    with Client(base_url=server[0], headers=headers, timeout=60) as client:
        client.get("/start/")
        yield client


def users(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM staff_user").fetchone()
    assert row is not None
    return int(row[0])


def owner(client: Client) -> Client:
    assert client.submit("/start/", ANA).headers["location"] == "/start/new/"
    return client


def program(client: Client, **told: str) -> str:
    answer = client.submit("/start/new/", {**ANSWERS, **told})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_a_new_server_leads_to_the_first_run(browser: Client) -> None:
    assert browser.get("/").headers["location"] == "/start/"


@pytest.mark.parametrize(
    "headers",
    [{"x-forwarded-for": "203.0.113.9"}, {"forwarded": "for=203.0.113.9"},
     {"host": "evil.example"}],
)  # fmt: skip
def test_who_is_not_at_the_machine_brings_the_token(
    browser: Client, server: tuple[str, str], headers: dict[str, str]
) -> None:
    assert browser.get("/start/", headers=headers).status_code == 403
    assert browser.submit("/start/", {**ANA, "token": "wrong"}, headers=headers).status_code == 403
    assert users(server[1]) == 0

    from django.conf import settings  # loaded by the server, in the tests' own data folder

    token = first_run_token(settings.SECRET_KEY)
    assert browser.get("/start/", params={"token": token}, headers=headers).status_code == 200


def test_the_first_account_is_made_once(browser: Client, server: tuple[str, str]) -> None:
    owner(browser)
    with httpx.Client(base_url=server[0]) as another:
        assert "/accounts/login/" in another.get("/start/").headers["location"]
    assert users(server[1]) == 1


def test_a_weak_password_is_refused_beside_its_field(
    browser: Client, server: tuple[str, str]
) -> None:
    answer = browser.submit("/start/", {**ANA, "password1": "corta"})
    assert answer.status_code == 200
    assert 'id="id_password1_error"' in answer.text
    assert "ana@cafe-sol.example" in answer.text  # what was typed is kept
    assert users(server[1]) == 0


def test_nine_models_with_a_promise_each(browser: Client) -> None:
    page = owner(browser).get("/start/new/").text
    assert page.count('href="?model=') == 9
    assert "A stamp for every visit, and a gift when ten are full." in page


def test_an_answer_that_is_missing_is_asked_for_beside_its_field(browser: Client) -> None:
    answer = owner(browser).submit(
        "/start/new/", {**ANSWERS, "ticket": "a lot", "aim": "", "tax": ""}
    )
    assert 'id="id_tax_error"' in answer.text  # "no tax" is an answer, to say nothing is none
    assert 'id="id_ticket_error"' in answer.text
    assert 'id="id_aim_error"' in answer.text
    assert 'id="id_margin_error"' not in answer.text
    assert 'value="a lot"' in answer.text
    assert "€12.50" in answer.text  # an example in the shop's currency


def test_answers_make_a_program_that_can_be_left_and_taken_up(browser: Client) -> None:
    start = program(owner(browser))
    assert start == "/console/cafe-sol/start/"
    # Whoever comes back later, to whatever page, is led to where the program stands.
    assert browser.get("/").headers["location"] == "/console/cafe-sol/"
    page = browser.get(start).text
    assert "You get 20 points on your birthday" in page or "20 points" in page


def test_another_model_makes_another_draft(browser: Client) -> None:
    program(owner(browser))
    answer = browser.submit(
        "/console/cafe-sol/start/questions/", {**ANSWERS, "model": "stamp-card"}
    )
    assert answer.headers["location"] == "/console/cafe-sol/start/"
    assert "stamp" in browser.get("/console/cafe-sol/start/").text


def test_sales_are_brought_in_before_the_program_and_earn_nothing(
    browser: Client, server: tuple[str, str]
) -> None:
    program(owner(browser))
    files = {"file": ("../ventas 2026.csv", SALES.encode(), "text/csv")}
    answer = browser.submit("/console/cafe-sol/start/sales/", files=files)
    mapping = answer.headers["location"]
    page = browser.get(mapping).text
    assert "112 sales were read to try." in page
    job = browser.submit(mapping, {"do": "bring"}).headers["location"]
    result = wait_for(browser, job)

    assert result["accepted"] == 112
    assert result["enrolled"] == 7
    with psycopg.connect(server[1]) as connection:
        rows = connection.execute(
            "SELECT (SELECT count(*) FROM activity WHERE kind = 'sale'),"
            " (SELECT count(*) FROM transfer), (SELECT version FROM program)"
        ).fetchone()
    assert rows == (112, 0, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [("ventas.exe", b"a,b\n1,2\n"), ("ventas.csv", b""), ("ventas.csv", b"PAR1...."),
     ("ventas.parquet", b"a,b\n")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(browser: Client, name: str, content: bytes) -> None:
    program(owner(browser))
    answer = browser.submit("/console/cafe-sol/start/sales/", files={"file": (name, content)})
    assert answer.status_code == 200
    assert 'id="id_file_error"' in answer.text


def test_a_key_connects_the_shops_system_before_the_program(browser: Client) -> None:
    program(owner(browser))
    page = browser.submit("/console/cafe-sol/start/connect/").text
    key = page.split('id="key" readonly value="')[1].split('"')[0]
    sale = {"external_id": "T-1", "lines": [{"quantity": 1, "unit_price": "12.50"}]}
    with httpx.Client(base_url=str(browser.base_url)) as system:
        answer = system.post("/v1/sales", json=sale, headers={"authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["earned"]) == (201, {"points": 0})


def test_without_sales_a_usual_customers_year_is_told(browser: Client) -> None:
    program(owner(browser))
    page = browser.get("/console/cafe-sol/start/result/").text
    assert "€234.00" in page  # 52 visits of 4.50
    assert "€152.10" in page  # 65 % of it
    (rate,) = re.findall(r"([0-9.]+)% of what is spent", page)
    # Before publishing the same figure stands, and where it comes from.
    cost = browser.get("/console/cafe-sol/versions/publish/").text.split("Cost if every point")[1]
    assert f">{rate}%<" in cost[:400]
    assert "for a usual customer, by your answers" in cost[:400]


def test_the_tax_that_was_told_is_that_of_the_tills_and_shown_before_publishing(
    browser: Client, server: tuple[str, str]
) -> None:
    program(owner(browser), tax="10,5")
    page = browser.get("/console/cafe-sol/versions/publish/").text
    assert "10.5%" in page
    assert "65%" in page  # the margin that was answered

    questions = "/console/cafe-sol/start/questions/"
    assert 'value="10.5"' in browser.get(questions).text
    assert "Antarctica/Palmer" not in browser.get(questions).text  # no shop stands there
    browser.submit(questions, {**ANSWERS, "tax": "0"})
    with psycopg.connect(server[1]) as connection:
        rows = connection.execute("SELECT tax_percent FROM till_setting").fetchall()
        told = connection.execute(
            "SELECT details->>'tax_percent' FROM audit_entry"
            " WHERE action = 'tills.settings_changed' ORDER BY id"
        ).fetchall()
    assert (rows, told) == ([(0,)], [("10.5",), ("0",)])


def test_a_program_begun_by_one_is_not_there_for_another(
    browser: Client, server: tuple[str, str]
) -> None:
    program(owner(browser))
    with httpx.Client(base_url=server[0]) as stranger:
        assert stranger.get("/console/cafe-sol/start/").status_code == 302
        assert stranger.get("/start/new/").status_code == 302


def wait_for(client: Client, job: str) -> dict[str, int]:
    """What a job came to, as the database keeps it."""
    for _ in range(300):
        client.get(job)
        found = _result(client, job)
        if found is not None:
            return found
    raise AssertionError("the job does not end")


def _result(client: Client, job: str) -> dict[str, int] | None:
    import time

    page = client.get(job).text
    if "figure-big" not in page:
        time.sleep(0.1)
        return None
    numbers = [int(part.split("<")[0].replace(",", "")) for part in page.split('figure-big">')[1:]]
    return dict(zip(("accepted", "enrolled", "repeated", "refused"), numbers, strict=True))
