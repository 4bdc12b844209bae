"""The till's page by itself: small, installable, and closed to what it does not need."""

from __future__ import annotations

import json
import re

import pytest

from fiel.web.ui.built import BUILT, asset

HUNDRED_KILOBYTES = 100_000


def test_all_its_script_is_less_than_a_hundred_kilobytes():
    built = asset("till")

    files = [built.script, *built.preloads]
    sizes = [(BUILT / file.removeprefix("/static/")).stat().st_size for file in files]

    assert sum(sizes) < HUNDRED_KILOBYTES


@pytest.mark.parametrize(("language", "title"), [("en", "Till"), ("es", None)])
def test_the_page_brings_its_texts_and_nothing_of_any_program(stage, language, title):
    page = stage.client(None, language=language).get("/till/")

    assert page.status_code == 200
    assert f'lang="{language}"' in page.text
    assert title is None or f"<title>{title}</title>" in page.text
    told = re.search(r'<script id="messages" type="application/json">(.*?)</script>', page.text)
    assert told is not None
    assert isinstance(json.loads(told[1]), dict)
    assert "Café Sol" not in page.text
    policy = page.headers["content-security-policy"]
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert "frame-ancestors 'none'" in policy
    assert page.headers["permissions-policy"] == "camera=(self)"


def test_it_installs_and_its_worker_reaches_no_further(stage):
    client = stage.client(None)
    manifest = client.get("/till/manifest.webmanifest")
    worker = client.get("/till/sw.js")

    assert (manifest.json()["scope"], manifest.json()["display"]) == ("/till/", "standalone")
    for icon in manifest.json()["icons"]:
        assert client.get(icon["src"]).headers["content-type"] == "image/png"
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["service-worker-allowed"] == "/till/"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"code": 3}', b'{"code": ""}', b"x" * 5000])
def test_what_is_no_request_is_refused_plainly(stage, body):
    answer = stage.client(None).post("/till/pair", content=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("door", ["facts", "members"])
def test_without_a_tills_key_nothing_is_told(stage, door):
    ordinary = {"authorization": f"Bearer {stage.shop.key}"}

    for headers in ({}, ordinary, {"authorization": "Bearer nonsense"}):
        answer = stage.client(None).get(f"/till/{door}", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
