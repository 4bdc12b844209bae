"""Passes for Google Wallet: a link that Google can check, and changes told to a real server."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64decode
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import google.auth.crypt
import google.auth.jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from fiel.connect.wallets.google import SAVE, GoogleTrouble, NotTold, google_account
from tests.connect.wallets.makers import CONTENT, google_files

pytestmark = pytest.mark.anyio


@contextmanager
def wallet_server(status=200):
    """Google's two servers in one: it hands out tokens, and keeps what it is told."""
    told = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self, status, body):
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            self.rfile.read(int(self.headers["content-length"]))
            token = {"access_token": "a-token", "expires_in": 3600, "token_type": "Bearer"}
            self._answer(200, json.dumps(token).encode())

        def do_PATCH(self):
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            told.append((self.path, self.headers["authorization"], body))
            self._answer(status, b"{}")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", told
    finally:
        server.shutdown()
        server.server_close()


def test_a_link_saves_class_and_object_signed_by_the_account(tmp_path):
    environment, certificate = google_files(tmp_path)
    account = google_account(environment)

    link = account.save_link(
        CONTENT, logo_url="https://fiel.example/icon.png", origin="https://fiel.example"
    )

    assert link.startswith(SAVE)
    pem = certificate.public_bytes(Encoding.PEM)
    signed, _, signature = link.removeprefix(SAVE).rpartition(".")
    assert google.auth.crypt.verify_signature(signed, urlsafe_b64decode(signature + "=="), pem)
    claims = google.auth.jwt.decode(link.removeprefix(SAVE), verify=False)
    [kept] = claims["payload"]["loyaltyObjects"]
    [shown] = claims["payload"]["loyaltyClasses"]
    assert claims["typ"] == "savetowallet"
    assert kept["id"] == f"3388000000012345678.{CONTENT.member_id}"
    assert kept["classId"] == shown["id"] == "3388000000012345678.cafe-sol"
    assert kept["loyaltyPoints"] == {"label": "puntos", "balance": {"string": "75"}}
    assert kept["barcode"]["value"] == CONTENT.barcode
    assert shown["hexBackgroundColor"] == "#0f766e"


async def test_a_change_is_told_with_a_token_of_the_account(tmp_path):
    with wallet_server() as (address, told):
        account = google_account(google_files(tmp_path, server=address)[0])

        assert await account.tell(replace(CONTENT, balance="117"))

    [(path, authorization, body)] = told
    assert path == f"/walletobjects/v1/loyaltyObject/3388000000012345678.{CONTENT.member_id}"
    assert authorization == "Bearer a-token"
    assert body["loyaltyPoints"]["balance"]["string"] == "117"


async def test_a_pass_that_nobody_keeps_is_known_by_the_answer(tmp_path):
    with wallet_server(404) as (address, _):
        account = google_account(google_files(tmp_path, server=address)[0])

        assert not await account.tell(CONTENT)


async def test_what_google_does_not_take_is_told_again(tmp_path):
    with wallet_server(503) as (address, _):
        account = google_account(google_files(tmp_path, server=address)[0])
        with pytest.raises(NotTold):
            await account.tell(CONTENT)
    with pytest.raises(NotTold):
        await account.tell(CONTENT)  # nobody is there any more


@pytest.mark.parametrize(
    "change", [{"FIEL_GOOGLE_ISSUER": ""}, {"FIEL_GOOGLE_WALLET": "/nowhere.json"}]
)
def test_what_cannot_be_used_is_said(tmp_path, change):
    with pytest.raises(GoogleTrouble):
        google_account(google_files(tmp_path)[0] | change)


def test_a_file_of_something_else_is_said(tmp_path):
    (tmp_path / "other.json").write_text("[]")
    with pytest.raises(GoogleTrouble):
        google_account(
            {"FIEL_GOOGLE_ISSUER": "1", "FIEL_GOOGLE_WALLET": str(tmp_path / "other.json")}
        )


def test_nothing_set_up_is_no_fault():
    assert google_account({}) is None
