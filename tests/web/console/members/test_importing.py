"""Files of members, sales and balances by the console: looked at first, then brought in."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.web.stage import Client, Stage

MEMBERS = """Nº socio;Nombre;Tlf;Cumpleaños;Favorito
k-1;Kira Paz;600 555 001;17/05/1990;latte
k-2;Leo Rey;600 555 002;25/12/1985;té
k-3;Malo;12;25/12/1985;té
"""


def _path(stage: Stage, path: str = "") -> str:
    return f"/console/{stage.slug}/members/import/{path}"


def _uploads(client: Client, stage: Stage, kind: str, name: str, content: bytes) -> Any:
    client.get(_path(stage))
    return client.submit(_path(stage), {"kind": kind}, files={"file": (name, content)})


def _finished(client: Client, path: str) -> str:
    for _ in range(200):
        text = client.get(path).text
        if "progressbar" not in text:
            return text
        time.sleep(0.05)
    raise AssertionError("the job ends")


def test_members_come_from_a_file_once_it_was_looked_at(stage: Stage) -> None:
    client = stage.client()
    uploaded = _uploads(client, stage, "members", "socios.csv", MEMBERS.encode("cp1252"))
    assert uploaded.status_code == 302, uploaded.text[:500]
    look = uploaded.headers["location"]

    first = client.get(look).text
    assert '<option value="Nombre" selected>' in first
    told = {"column-external_id": "Nº socio", "column-phone": "Tlf", "column-name": "Nombre",
            "column-birthday": "Cumpleaños", "attribute-4": "on"}  # fmt: skip
    again = client.submit(look, told | {"do": "look"}).text
    assert "would be refused" in again

    brought = client.submit(look, told | {"do": "bring"})
    assert brought.status_code == 302, brought.text[:2000]
    result = _finished(client, brought.headers["location"])

    kira = stage.shop.http.get("/members", params={"phone": "+34600555001"}).json()["data"][0]
    assert (kira["name"], kira["birthday"]) == ("Kira Paz", "1990-05-17")
    assert kira["attributes"] == {"favorito": "latte"}
    assert stage.shop.http.get("/members", params={"external_id": "k-3"}).json()["data"] == []
    report = result.partition("members/import/")[2]
    link = next(
        part.partition('"')[0] for part in result.split('href="') if "/refused/" in part[:150]
    )
    assert report
    rows = client.get(link)
    assert rows.status_code == 200
    assert "4," in rows.text


def test_a_column_that_was_guessed_can_be_left_out(stage: Stage) -> None:
    client = stage.client()
    content = b"external_id,name,phone\nn-1,Nora Cid,600555009\n"
    look = _uploads(client, stage, "members", "nora.csv", content).headers["location"]

    brought = client.submit(look, {"column-phone": "-", "do": "bring"})
    _finished(client, brought.headers["location"])

    [nora] = stage.shop.http.get("/members", params={"external_id": "n-1"}).json()["data"]
    assert (nora["name"], nora["phone"]) == ("Nora Cid", None)


def test_balances_and_sales_come_from_files(stage: Stage) -> None:
    client = stage.client()
    before = stage.shop.balance("carla")
    balances = b"member.external_id,points,earned_at\ncarla,40,2026-01-15\n"
    sales = b"external_id,occurred_at,unit_price,member.external_id\nF-1,2026-02-01,9.00,carla\n"
    for kind, content in (("balances", balances), ("sales", sales)):
        look = _uploads(client, stage, kind, f"{kind}.csv", content).headers["location"]
        brought = client.submit(look, {"do": "bring", "dates": "iso"})
        assert brought.status_code == 302, brought.text[:3000]
        _finished(client, brought.headers["location"])

    assert stage.shop.balance("carla") == before + 40 + 9


@pytest.mark.parametrize(
    ("name", "content"),
    [("socios.xlsx", b"PK\x03\x04"), ("socios.csv", b""), ("socios.csv", b"PAR1xxxx"),
     ("socios.parquet", b"a,b\n1,2\n")],
)  # fmt: skip
def test_what_is_no_table_is_refused_beside_the_field(
    stage: Stage, name: str, content: bytes
) -> None:
    answer = _uploads(stage.client(), stage, "members", name, content)

    assert (answer.status_code, "invalid-feedback" in answer.text) == (422, True)


def test_a_file_without_what_is_needed_asks_for_the_column(stage: Stage) -> None:
    client = stage.client()
    look = _uploads(client, stage, "members", "x.csv", b"a,b\n1,2\n").headers["location"]

    page = client.get(look).text
    assert "is-invalid" in page
    assert 'value="bring"' not in page


@pytest.mark.parametrize("role", ["support", "manager", "finance"])
def test_importing_is_a_right_of_its_own(stage: Stage, role: str) -> None:
    assert stage.client(role).get(_path(stage)).status_code == 403
