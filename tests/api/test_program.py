"""The program document over HTTP."""

from __future__ import annotations

import pytest

from tests.support.program import CAFE_SOL

YAML = {"content-type": "application/yaml"}
BROKEN = CAFE_SOL.replace("currency: EUR", "currency: EUROS")


def test_the_document_in_force_is_read_as_json_and_as_it_was_written(shop):
    as_json = shop.http.get("/program")
    as_yaml = shop.http.get("/program", headers={"accept": "application/yaml"})

    assert as_json.json()["currency"] == "EUR"
    assert as_json.headers["x-program-version"] == "1"
    assert as_yaml.text == CAFE_SOL


def test_a_document_is_checked_without_being_published(shop):
    good = shop.http.post("/program/check", content=CAFE_SOL, headers=YAML).json()
    bad = shop.http.post("/program/check", content=BROKEN, headers=YAML).json()

    assert (good["ok"], bad["ok"]) == (True, False)
    assert [(f["path"], f["line"], f["severity"]) for f in bad["findings"]] == [
        ("currency", 5, "error")
    ]


def test_a_document_is_published_as_the_next_version_and_decides_at_once(shop):
    shop.enrols("ana")
    twice = CAFE_SOL.replace("points: 1, per", "points: 2, per")

    answer = shop.http.post("/program/publish", content=twice, headers=YAML)
    again = shop.http.post("/program/publish", content=twice, headers=YAML)

    assert (answer.status_code, again.status_code) == (201, 200)
    assert (answer.json()["version"], again.json()["version"]) == (2, 2)
    sold = shop.sells("10.00", to="ana")
    assert (sold["earned"], sold["program_version"]) == ({"points": 20}, 2)
    versions = shop.http.get("/program/versions").json()["data"]
    assert [version["version"] for version in versions] == [2, 1]


def test_what_the_document_says_in_json_is_the_same_program(shop):
    document = shop.http.get("/program").json()

    answer = shop.http.post("/program/publish", json=document)

    assert (answer.status_code, answer.json()["version"]) == (200, 1)


def test_a_document_with_faults_is_refused_with_each_of_them(shop):
    answer = shop.http.post("/program/publish", content=BROKEN, headers=YAML)

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "invalid")
    assert [error["field"] for error in told["errors"]] == ["currency"]
    assert told["findings"][0]["line"] == 5


def test_a_document_of_another_program_is_refused(shop):
    other = CAFE_SOL.replace("program: cafe-sol", "program: bar-luna")

    answer = shop.http.post("/program/publish", content=other, headers=YAML)

    assert answer.json()["errors"][0]["code"] == "other_program"


def test_the_currency_changes_only_until_something_is_recorded_in_it(shop):
    dollars = CAFE_SOL.replace("currency: EUR", "currency: USD")
    shop.enrols("ana")
    assert shop.http.post("/program/publish", content=dollars, headers=YAML).status_code == 201
    shop.sells("10.00", to="ana")

    refused = shop.http.post("/program/publish", content=CAFE_SOL, headers=YAML)

    assert refused.status_code == 422
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [
        ("currency", "differs")
    ]
    assert shop.http.get("/program").json()["currency"] == "USD"


@pytest.mark.parametrize("doing", ["check", "simulate", "publish"])
def test_without_a_document_and_a_draft_it_says_that_there_is_no_draft(shop, doing):
    answer = shop.http.post(f"/program/{doing}", headers={"accept-language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == "This program has no draft."


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{", b"\x00", b"[[[", b"a: &a [*a]"])
@pytest.mark.parametrize("content_type", ["application/yaml", "application/json"])
def test_what_is_no_document_is_refused(shop, content, content_type):
    answer = shop.http.post(
        "/program/publish", content=content, headers={"content-type": content_type}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_versions_are_listed_page_by_page(shop):
    for points in (2, 3):
        shop.http.post(
            "/program/publish",
            content=CAFE_SOL.replace("points: 1, per", f"points: {points}, per"),
            headers=YAML,
        )

    first = shop.http.get("/program/versions", params={"limit": 2}).json()
    rest = shop.http.get(
        "/program/versions", params={"limit": 2, "cursor": first["next_cursor"]}
    ).json()

    assert [v["version"] for v in first["data"] + rest["data"]] == [3, 2, 1]
    assert rest["next_cursor"] is None


def test_a_draft_is_kept_with_its_faults_and_decides_nothing(shop):
    shop.enrols("ana")

    saved = shop.http.put("/program/draft", content=BROKEN, headers=YAML)
    again = shop.http.get("/program/draft")

    assert (saved.status_code, saved.json()["ok"]) == (200, False)
    assert saved.json()["findings"][0]["line"] == 5
    assert (again.text, again.headers["content-type"]) == (BROKEN, "application/yaml")
    assert shop.sells("10.00", to="ana")["program_version"] == 1


def test_the_draft_is_checked_and_published_when_no_document_is_sent(shop):
    twice = CAFE_SOL.replace("points: 1, per", "points: 2, per")
    shop.http.put("/program/draft", content=twice, headers=YAML)

    checked = shop.http.post("/program/check")
    published = shop.http.post("/program/publish")

    assert checked.json()["ok"]
    assert (published.status_code, published.json()["version"]) == (201, 2)
    assert shop.http.get("/program", headers={"accept": "application/yaml"}).text == twice
    assert shop.http.get("/program/draft").status_code == 404


def test_a_later_draft_takes_the_place_of_the_one_before(shop):
    shop.http.put("/program/draft", content=BROKEN, headers=YAML)
    shop.http.put("/program/draft", json={"program": "cafe-sol"})

    assert shop.http.get("/program/draft").json() == {"program": "cafe-sol"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name: \x00"])
def test_a_draft_is_text_that_can_be_kept(shop, content):
    answer = shop.http.put("/program/draft", content=content, headers=YAML)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert shop.http.get("/program/draft").status_code == 404
