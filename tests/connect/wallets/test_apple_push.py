"""Apple's push, told to a real server of HTTP/2 that asks for the pass certificate."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from fiel.connect.wallets.apple_push import Line
from fiel.connect.wallets.apple_signing import apple_signer
from tests.connect.wallets.makers import PASS_TYPE, apple_files
from tests.connect.wallets.push_server import push_server

pytestmark = pytest.mark.anyio
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("apple")
    environment = apple_files(folder)
    with push_server(folder, folder / "wwdr.cer") as pushes, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(folder / "trusted.pem"))
        yield apple_signer(environment), pushes


@pytest.fixture
def apple(service):
    yield service
    service[1].take()


async def answers_to(apple, *tokens):
    signer, pushes = apple
    async with Line({"FIEL_APPLE_PUSH": f"{pushes.address}/"}) as line:
        await line.open(signer)
        return await asyncio.gather(*(line.push(token) for token in tokens))


async def test_a_push_is_empty_and_shows_the_certificate_of_the_passes(apple):
    _, pushes = apple
    connected = len(pushes.shown)

    answers = await answers_to(apple, "0a", "0b", "0c")

    assert all(answer.is_taken for answer in answers)
    assert pushes.shown[connected:] == [PASS_TYPE]  # one connection for all
    [(_, headers, body), *_] = pushes.heard
    assert pushes.take() == ["0a", "0b", "0c"]
    assert body == b"{}"
    assert (headers[":method"], headers["apns-topic"]) == ("POST", PASS_TYPE)
    assert (headers["apns-push-type"], headers["apns-priority"]) == ("background", "5")
    kept = int(headers["apns-expiration"]) - time.time()
    assert timedelta(days=29) < timedelta(seconds=kept) <= timedelta(days=30)


async def test_a_phone_that_is_gone_is_known_by_the_answer(apple):
    _, pushes = apple
    since = int(NOW.timestamp()) * 1000
    pushes.answers |= {
        "gone": (410, {"reason": "Unregistered", "timestamp": since}),
        "bad": (400, {"reason": "BadDeviceToken"}),
        "other": (400, {"reason": "DeviceTokenNotForTopic"}),
        "busy": (429, {"reason": "TooManyRequests"}),
        "down": (503, {"reason": "ServiceUnavailable"}),
    }

    gone, bad, other, busy, down = await answers_to(apple, "gone", "bad", "other", "busy", "down")

    assert gone.is_gone(NOW - timedelta(days=1))
    assert bad.is_gone(NOW)
    assert not gone.is_gone(NOW + timedelta(seconds=1))  # it registered anew after that
    assert [answer.is_gone(NOW) for answer in (other, busy, down)] == [False] * 3
    assert [answer.pause for answer in (other, busy)] == [None, None]
    assert down.pause == timedelta(minutes=15)


async def test_a_token_leads_nowhere_else(apple):
    _, pushes = apple

    await answers_to(apple, "../../x?y")

    assert pushes.take() == ["..%2F..%2Fx%3Fy"]


async def test_a_connection_that_apple_closed_is_opened_anew(apple):
    signer, pushes = apple
    async with Line({"FIEL_APPLE_PUSH": pushes.address}) as line:
        await line.open(signer)
        assert (await line.push("0a")).is_taken
        pushes.hang_up()
        await asyncio.sleep(0.1)
        after = await line.push("0a")
        await line.hang_up()
        await line.open(signer)
        anew = await line.push("0a")

    assert after.status is None
    assert anew.is_taken
    assert pushes.take() == ["0a", "0a"]


async def test_who_is_not_trusted_and_who_is_not_there_do_not_answer(apple, monkeypatch):
    signer, pushes = apple
    monkeypatch.delenv("SSL_CERT_FILE")

    [untrusted] = await answers_to(apple, "0a")
    async with Line({"FIEL_APPLE_PUSH": "https://127.0.0.1:9"}) as line:
        await line.open(signer)
        nobody = await line.push("0a")

    assert (untrusted.status, nobody.status) == (None, None)
    assert pushes.take() == []
