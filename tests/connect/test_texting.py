"""Text messages through a real little gateway."""

from __future__ import annotations

import base64
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import orjson
import pytest

from fiel.connect.texting import TextNotSent, gateway_of

pytestmark = pytest.mark.anyio


@contextmanager
def gateway_server(status=202):
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            taken.append((self.path, dict(self.headers), body))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", taken
    finally:
        server.shutdown()
        server.server_close()


async def test_a_message_goes_as_json_with_a_token():
    with gateway_server() as (place, taken):
        told = {"FIEL_SMS_URL": f"http://{place}/send", "FIEL_SMS_TOKEN": "t0ken"}
        await gateway_of(told).send("+34600111222", "123456 is your code")

    [(path, headers, body)] = taken
    assert path == "/send"
    assert headers["authorization"] == "Bearer t0ken"
    assert orjson.loads(body) == {"to": "+34600111222", "text": "123456 is your code"}


async def test_a_message_goes_as_a_form_with_name_and_password():
    with gateway_server() as (place, taken):
        told = {
            "FIEL_SMS_URL": f"http://sol:p%40ss@{place}/Messages.json",
            "FIEL_SMS_FIELDS": "From=Sol&To={to}&Body=Sol: {text}",
        }
        await gateway_of(told).send("+34600111222", "what {to} says")

    [(_, headers, body)] = taken
    assert headers["authorization"] == f"Basic {base64.b64encode(b'sol:p@ss').decode()}"
    assert parse_qs(body.decode()) == {
        "From": ["Sol"], "To": ["+34600111222"], "Body": ["Sol: what {to} says"],
    }  # fmt: skip


async def test_a_gateway_that_refuses_or_is_away_is_said_without_the_message():
    with gateway_server(403) as (place, _):
        gateway = gateway_of({"FIEL_SMS_URL": f"http://{place}/"})
        with pytest.raises(TextNotSent, match="403"):
            await gateway.send("+34600111222", "secret")
    with pytest.raises(TextNotSent) as away:
        await gateway.send("+34600111222", "secret")
    assert "secret" not in str(away.value)


@pytest.mark.parametrize("told", ["", "mailto:a@b", "http://", "http://host:port/"])
def test_what_names_no_gateway_is_none(told):
    assert gateway_of({"FIEL_SMS_URL": told}) is None
