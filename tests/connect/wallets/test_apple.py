"""Passes for Apple Wallet: what stands on them, and a signature that holds."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from fiel.connect.wallets.apple import access_token, pass_file, pass_json
from fiel.connect.wallets.apple_signing import AppleTrouble, apple_signer
from tests.connect.wallets.makers import CONTENT, PASS_TYPE, TEAM, apple_files

SERVICE = "https://fiel.example/m/cafe-sol/passes/"


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return apple_files(tmp_path_factory.mktemp("apple"))


@pytest.fixture(scope="module")
def signer(environment):
    return apple_signer(environment)


def a_logo():
    written = BytesIO()
    Image.new("RGBA", (300, 100), (1, 2, 3, 255)).save(written, "PNG")
    return written.getvalue()


def test_who_we_are_stands_in_the_certificate(signer):
    assert (signer.pass_type, signer.team) == (PASS_TYPE, TEAM)


def test_a_pass_says_what_the_member_has(signer):
    told = pass_json(CONTENT, signer, service=SERVICE, token="t" * 32)

    assert told["passTypeIdentifier"] == PASS_TYPE
    assert told["serialNumber"] == CONTENT.member_id
    assert told["backgroundColor"] == "rgb(15, 118, 110)"
    assert told["barcodes"][0]["message"] == CONTENT.barcode
    card = told["storeCard"]
    assert [(field["label"], field["value"]) for field in card["primaryFields"]] == [
        ("puntos", "75")
    ]
    assert [field["value"] for field in card["secondaryFields"]] == ["plata", "faltan 3 sellos"]
    assert (told["webServiceURL"], told["authenticationToken"]) == (SERVICE, "t" * 32)


def test_the_archive_holds_together_and_openssl_finds_the_signature_good(
    signer, environment, tmp_path
):
    file = pass_file(CONTENT, a_logo(), signer, service=SERVICE, token="t" * 32)

    with zipfile.ZipFile(BytesIO(file)) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        assert names == {*manifest, "manifest.json", "signature"}
        assert {"icon.png", "icon@2x.png", "logo.png", "pass.json"} <= names
        for name, digest in manifest.items():
            assert hashlib.sha1(archive.read(name)).hexdigest() == digest
        (tmp_path / "signature").write_bytes(archive.read("signature"))
        (tmp_path / "manifest").write_bytes(archive.read("manifest.json"))
    checked = subprocess.run(
        [
            "openssl", "smime", "-verify", "-inform", "DER", "-in", tmp_path / "signature",
            "-content", tmp_path / "manifest", "-noverify",
        ],
        capture_output=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stderr


def test_the_token_of_a_pass_is_its_own():
    tokens = {
        access_token(secret, program, member)
        for secret in (b"a", b"b")
        for program in ("p", "q")
        for member in ("m", "n")
    }

    assert len(tokens) == 8


def test_nothing_set_up_is_no_fault():
    assert apple_signer({}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"FIEL_APPLE_WWDR": ""},
        {"FIEL_APPLE_PASS": "/nowhere/pass.p12"},
        {"FIEL_APPLE_PASS_PASSWORD": "another"},
    ],
)
def test_what_cannot_sign_is_said(environment, change):
    with pytest.raises(AppleTrouble):
        apple_signer(environment | change)


@pytest.mark.parametrize("told", [{"days": -1}, {"pass_type": "com.example.app"}])
def test_a_certificate_that_has_ended_or_is_for_something_else_is_said(tmp_path, told):
    with pytest.raises(AppleTrouble):
        apple_signer(apple_files(tmp_path, **told))
