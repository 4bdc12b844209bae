"""The card in a phone's wallet, as phones ask for it."""

from __future__ import annotations

import asyncio
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import pytest

from fiel.platform.database import open_database
from fiel.platform.passes import tell_wallets
from fiel.programs.versions import Versions
from tests.connect.wallets.makers import PASS_TYPE, apple_files, google_files
from tests.connect.wallets.test_google import wallet_server
from tests.web.portal.cast import HOME, guest, signed_in


@pytest.fixture
def apple(tmp_path, monkeypatch):
    for name, value in apple_files(tmp_path).items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def google(tmp_path, monkeypatch):
    with wallet_server() as (address, told):
        for name, value in google_files(tmp_path, server=address)[0].items():
            monkeypatch.setenv(name, value)
        yield told


def told_by(file):
    with zipfile.ZipFile(BytesIO(file)) as archive:
        return json.loads(archive.read("pass.json"))


def test_without_certificates_there_is_no_button_and_no_pass(stage):
    client = signed_in(stage)

    page = client.get(f"{HOME}card/").text

    assert "Wallet" not in page
    assert client.get(f"{HOME}apple.pkpass").status_code == 404
    assert client.get(f"{HOME}google-wallet/").status_code == 404


def test_a_phone_keeps_the_pass_and_hears_of_a_new_balance(stage, apple):
    client = signed_in(stage)
    assert "Apple Wallet" in client.get(f"{HOME}card/").text
    file = client.get(f"{HOME}apple.pkpass")
    told = told_by(file.content)
    phone = guest(stage)
    authorization = {"authorization": f"ApplePass {told['authenticationToken']}"}
    service = told["webServiceURL"].removeprefix(stage.address)
    serial = told["serialNumber"]
    place = f"{service}v1/devices/phone-1/registrations/{PASS_TYPE}"

    def balance(file):
        [field] = told_by(file)["storeCard"]["primaryFields"]
        return field["value"]

    assert file.headers["content-type"] == "application/vnd.apple.pkpass"
    assert balance(file.content) == str(stage.shop.balance("ana"))
    register = {"json": {"pushToken": "push"}, "headers": authorization}
    assert phone.post(f"{place}/{serial}", **register).status_code == 201
    assert phone.post(f"{place}/{serial}", **register).status_code == 200
    listed = phone.get(place).json()
    assert listed["serialNumbers"] == [serial]
    since = {"passesUpdatedSince": listed["lastUpdated"]}
    assert phone.get(place, params=since).status_code == 204

    stage.shop.sells("7.00", to="ana")

    assert phone.get(place, params=since).json()["serialNumbers"] == [serial]
    latest = phone.get(f"{service}v1/passes/{PASS_TYPE}/{serial}", headers=authorization)
    assert balance(latest.content) == str(stage.shop.balance("ana"))
    known = authorization | {"if-modified-since": latest.headers["last-modified"]}
    again = phone.get(f"{service}v1/passes/{PASS_TYPE}/{serial}", headers=known)
    assert again.status_code == 304
    assert phone.delete(f"{place}/{serial}", headers=authorization).status_code == 200
    assert phone.get(place).status_code == 204
    assert phone.post(f"{service}v1/log", json={"logs": ["x"]}).status_code == 200


def test_a_pass_is_only_for_who_shows_its_token(stage, apple):
    told = told_by(signed_in(stage).get(f"{HOME}apple.pkpass").content)
    other = told_by(signed_in(stage, "berta").get(f"{HOME}apple.pkpass").content)
    phone = guest(stage)
    latest = f"{HOME}passes/v1/passes/{PASS_TYPE}/{told['serialNumber']}"
    register = f"{HOME}passes/v1/devices/d/registrations/{PASS_TYPE}/{told['serialNumber']}"

    for shown in ("", "ApplePass", f"ApplePass {other['authenticationToken']}"):
        headers = {"authorization": shown}
        assert phone.get(latest, headers=headers).status_code == 401
        assert phone.post(register, json={"pushToken": "p"}, headers=headers).status_code == 401
    good = {"authorization": f"ApplePass {told['authenticationToken']}"}
    assert phone.post(register, content=b"{", headers=good).status_code == 400
    assert phone.get(latest.replace(PASS_TYPE, "pass.other"), headers=good).status_code == 401


def test_google_keeps_the_pass_and_is_told_of_a_new_balance_once(stage, google):
    client = signed_in(stage, "berta")

    answer = client.get(f"{HOME}google-wallet/")
    assert answer.headers["location"].startswith("https://pay.google.com/gp/v/save/")
    tell(stage)
    google.clear()
    stage.shop.sells("9.00", to="berta")
    tell(stage)
    tell(stage)

    [(path, _, body)] = google
    assert path.endswith(stage.shop.members["berta"])
    assert body["loyaltyPoints"]["balance"]["string"] == str(stage.shop.balance("berta"))


def test_whoever_is_erased_leaves_no_name_with_google(stage, google):
    stage.shop.enrols("jana", email="jana@example.com", name="Jana Paz")
    signed_in(stage, "jana").get(f"{HOME}google-wallet/")
    tell(stage)
    google.clear()
    assert stage.shop.http.delete(f"/members/{stage.shop.members['jana']}").status_code == 200
    tell(stage)
    tell(stage)

    [(path, _, body)] = google
    assert path.endswith(stage.shop.members["jana"])
    assert body == {"state": "INACTIVE", "accountName": ""}


def tell(stage):
    async def run():
        async with open_database(stage.database_url, connections=2) as database:
            await tell_wallets(database, Versions(), datetime.now(UTC))

    with ThreadPoolExecutor() as another_thread:
        another_thread.submit(asyncio.run, run()).result()
