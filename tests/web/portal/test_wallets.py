"""The card in a phone's wallet, as phones ask for it."""

from __future__ import annotations

import asyncio
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

import httpx
import pytest

from fiel.connect.wallets.apple_push import Line
from fiel.platform.database import open_database
from fiel.platform.passes import keep_passes_live, tell_google
from fiel.platform.pushes import tell_apple
from fiel.programs.versions import Versions
from tests.connect.wallets.makers import PASS_TYPE, apple_files, google_files
from tests.connect.wallets.push_server import push_server
from tests.connect.wallets.test_google import wallet_server
from tests.support.servers import eventually
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


@pytest.fixture
def pushes(stage, apple, tmp_path, monkeypatch):
    with push_server(tmp_path, tmp_path / "wwdr.cer") as pushes:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
        monkeypatch.setenv("FIEL_APPLE_PUSH", pushes.address)
        monkeypatch.setenv("FIEL_URL", stage.address)
        yield pushes


@dataclass
class Phone:
    """A phone with a member's pass, which asks as Apple's phones do."""

    http: httpx.Client
    name: str
    service: str
    serial: str
    authorization: dict[str, str]
    since: str = ""

    @property
    def place(self):
        return f"{self.service}v1/devices/{self.name}/registrations/{PASS_TYPE}"

    def registers(self, token):
        return self.http.post(
            f"{self.place}/{self.serial}", json={"pushToken": token}, headers=self.authorization
        ).status_code

    def changed(self):
        """The passes of the phone that changed since it asked last."""
        answer = self.http.get(self.place, params={"passesUpdatedSince": self.since})
        if answer.status_code == 204:
            return []
        self.since = answer.json()["lastUpdated"]
        return answer.json()["serialNumbers"]

    def balance(self):
        """What the newest pass says, which is another version of the same."""
        newest = f"{self.service}v1/passes/{PASS_TYPE}/{self.serial}"
        told = told_by(self.http.get(newest, headers=self.authorization).content)
        assert f"ApplePass {told['authenticationToken']}" == self.authorization["authorization"]
        assert told["serialNumber"] == self.serial
        [field] = told["storeCard"]["primaryFields"]
        return field["value"]


def phone_of(stage, name, member):
    """A phone to which a member added the pass."""
    told = told_by(signed_in(stage, member).get(f"{HOME}apple.pkpass").content)
    return Phone(
        guest(stage), name, told["webServiceURL"].removeprefix(stage.address),
        told["serialNumber"], {"authorization": f"ApplePass {told['authenticationToken']}"},
    )  # fmt: skip


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


def test_a_new_balance_is_pushed_once_to_each_phone_which_fetches_it(stage, pushes):
    one, other = phone_of(stage, "one", "ana"), phone_of(stage, "other", "ana")
    assert (one.registers("0a"), other.registers("0b")) == (201, 201)
    assert one.changed() == [one.serial]
    tell(stage, tell_apple)
    assert pushes.take() == ["0b"]  # which has not asked: it may have been given an older pass

    stage.shop.sells("7.00", to="ana")
    tell(stage, tell_apple, processes=2)
    tell(stage, tell_apple)

    assert pushes.take() == ["0a", "0b"]
    assert one.changed() == [one.serial]
    assert one.balance() == str(stage.shop.balance("ana"))
    assert one.changed() == []
    stage.shop.sells("8.00", to="ana")
    assert other.changed() == [other.serial]  # asks before it is told
    tell(stage, tell_apple)
    assert pushes.take() == ["0a"]
    assert one.balance() == other.balance() == str(stage.shop.balance("ana"))


def test_what_apple_does_not_take_is_told_later_and_who_is_gone_is_forgotten(
    stage, pushes, monkeypatch
):
    phones = {token: phone_of(stage, f"phone-{token}", "berta") for token in ("0c", "0d", "0e")}
    for token, phone in phones.items():
        phone.registers(token)
        phone.changed()
    pushes.answers["0c"] = (410, {"reason": "Unregistered"})
    pushes.answers["0d"] = (503, {"reason": "ServiceUnavailable"})
    stage.shop.sells("9.00", to="berta")

    monkeypatch.setenv("FIEL_APPLE_PUSH", "https://127.0.0.1:9")
    tell(stage, tell_apple)  # nobody is there
    monkeypatch.setenv("FIEL_APPLE_PUSH", pushes.address)
    tell(stage, tell_apple)  # at once it is not tried again
    assert pushes.take() == []
    tell(stage, tell_apple, later=timedelta(seconds=10))
    assert pushes.take() == ["0c", "0d", "0e"]
    tell(stage, tell_apple, later=timedelta(minutes=10))
    assert pushes.take() == []

    pushes.answers.clear()
    tell(stage, tell_apple, later=timedelta(minutes=30))
    assert pushes.take() == ["0d"]
    stage.shop.sells("9.00", to="berta")
    tell(stage, tell_apple, later=timedelta(minutes=40))
    assert pushes.take() == ["0d", "0e"]


def test_without_what_it_takes_nothing_is_pushed_and_nothing_is_lost(stage, pushes, monkeypatch):
    phone_of(stage, "phone-z", "berta").registers("0f")
    for missing in ("FIEL_APPLE_PASS", "FIEL_URL"):
        with monkeypatch.context() as without:
            without.delenv(missing)
            tell(stage, tell_apple)
    assert (pushes.shown, pushes.take()) == ([], [])

    tell(stage, tell_apple)
    assert pushes.take() == ["0f"]


def test_the_pass_of_whoever_was_merged_follows_the_survivor(stage, pushes):
    stage.shop.enrols("eli", email="eli@example.com", name="Eli Mora")
    phone = phone_of(stage, "phone-e", "eli")
    phone.registers("2a")
    phone.changed()
    survivor = stage.shop.members["berta"]

    merged = stage.shop.http.post(f"/members/{phone.serial}/merge", json={"into": survivor})
    assert merged.status_code in (200, 201), merged.text
    tell(stage, tell_apple)
    assert "2a" in pushes.take()
    stage.shop.sells("5.00", to="berta")
    tell(stage, tell_apple)

    assert "2a" in pushes.take()
    assert phone.changed() == [phone.serial]
    assert phone.balance() == str(stage.shop.balance("berta"))


def test_a_server_tells_by_itself_again_and_again(stage, pushes):
    phone = phone_of(stage, "phone-s", "ana")
    phone.registers("3a")
    phone.changed()

    async def run():
        async with open_database(stage.database_url, connections=2) as database:
            beat = keep_passes_live(database, Versions(), lambda: datetime.now(UTC), seconds=0.1)
            serving = asyncio.create_task(beat)
            for _ in range(2):
                stage.shop.sells("3.00", to="ana")
                await asyncio.to_thread(eventually, lambda: "3a" in pushes.take())
            serving.cancel()

    with ThreadPoolExecutor() as another_thread:
        another_thread.submit(asyncio.run, run()).result(timeout=60)
    assert pushes.shown == [PASS_TYPE]  # over one connection


def test_the_phones_of_whoever_is_erased_are_forgotten(stage, pushes):
    stage.shop.enrols("pia", email="pia@example.com", name="Pia Sanz")
    phone = phone_of(stage, "phone-p", "pia")
    phone.registers("1a")
    assert stage.shop.http.delete(f"/members/{phone.serial}").status_code == 200

    tell(stage, tell_apple)

    assert pushes.take() == []
    assert phone.changed() == []


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


def tell(stage, wallet=tell_google, *, later=timedelta(0), processes=1):
    """What a server does every few seconds; as two processes of it would, at the same time."""

    async def run():
        now = datetime.now(UTC) + later
        async with open_database(stage.database_url, connections=2) as database, Line() as line:
            more = (line,) if wallet is tell_apple else ()
            await wallet(database, Versions(), now, *more)

    async def run_all():
        await asyncio.gather(*(run() for _ in range(processes)))

    with ThreadPoolExecutor() as another_thread:
        another_thread.submit(asyncio.run, run_all()).result()
