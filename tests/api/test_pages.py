"""The documentation pages, and what the document says."""

from __future__ import annotations

import re

import httpx
import pytest


def test_the_page_loads_nothing_from_anywhere_else(server, shop):
    page = shop.caller(None).get("/docs")

    assert page.status_code == 200
    assert re.findall(r'(?:src|href)="([^"]+)"', page.text) == [
        "docs/swagger-ui.css",
        "data:,",
        "openapi.json",
        "docs/swagger-ui-bundle.js",
        "docs/start.js",
    ]
    assert "default-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("start.js", "text/javascript; charset=utf-8"),
    ],
)
def test_its_scripts_and_styles_come_from_here(shop, name, media_type):
    asset = shop.caller(None).get(f"/docs/{name}")

    assert (asset.status_code, asset.headers["content-type"]) == (200, media_type)
    assert asset.text


def test_what_is_no_page_can_do_nothing_in_a_browser(server):
    closed = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

    for path in ("/v1/program", "/v1/none", "/v1/openapi.json", "/healthz", "/static/none.css"):
        answer = httpx.get(f"{server}{path}")
        assert answer.headers.get_list("content-security-policy") == [closed], path
        assert answer.headers.get_list("x-content-type-options") == ["nosniff"], path
    script = httpx.get(f"{server}/v1/docs/start.js")
    assert script.headers["content-security-policy"] == "frame-ancestors 'none'"
    [page] = httpx.get(f"{server}/v1/docs").headers.get_list("content-security-policy")
    assert page.startswith("default-src 'self'")


@pytest.mark.parametrize("name", ["../app.py", "secret", "%2e%2e%2fapp.py"])
def test_nothing_else_comes_from_there(shop, name):
    assert shop.caller(None).get(f"/docs/{name}").status_code == 404


def test_the_document_is_of_openapi_3_1_and_says_how_to_come_in(shop):
    document = shop.caller(None).get("/openapi.json").json()

    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"] == {
        "key": {"type": "http", "scheme": "bearer"}
    }
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation["security"] == [{"key": []}] for operation in operations)


def test_every_write_takes_an_idempotency_key(shop):
    document = shop.caller(None).get("/openapi.json").json()
    operations = {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    without = {
        name
        for name, operation in operations.items()
        if not any(p["name"] == "Idempotency-Key" for p in operation.get("parameters", ()))
    }

    # What only looks needs none, whatever it is asked by.
    assert {name for name in without if not name.startswith("get ")} == {
        "post /v1/quotes",
        "post /v1/program/check",
        "post /v1/program/simulate",
        "post /v1/segments/preview",
        "post /v1/coupons/{code}/check",
    }
