"""Webhooks go out into the world and nowhere inside, unless whoever runs the server says so."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from pydantic_core import PydanticCustomError

from fiel.connect.webhooks import sending
from fiel.connect.webhooks.addresses import Allowed, Reach, check_url, may_reach, read_url
from fiel.connect.webhooks.sending import Sender
from fiel.domain.refusal import Invalid

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
NEAR = ("127.0.0.1", "127.8.9.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "fd12::1",
        "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::10.0.0.1")  # fmt: skip
NOWHERE = ("169.254.169.254", "fe80::1", "fd00:ec2::254", "100.64.0.1", "0.0.0.0", "::",
           "224.0.0.1", "ff02::1", "255.255.255.255", "192.0.2.1",
           "::ffff:169.254.169.254", "64:ff9b::169.254.169.254")  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_within_every_reach(address):
    assert all(may_reach(ip_address(address), reach) for reach in Reach)


@pytest.mark.parametrize("address", NEAR)
def test_addresses_nearby_are_for_sandboxes(address):
    within = [reach for reach in Reach if may_reach(ip_address(address), reach)]

    assert within == [Reach.NEAR, Reach.ANYWHERE]


@pytest.mark.parametrize("address", NOWHERE)
def test_what_clouds_and_networks_keep_for_themselves_needs_the_setting(address):
    within = [reach for reach in Reach if may_reach(ip_address(address), reach)]

    assert within == [Reach.ANYWHERE]


@pytest.mark.parametrize(
    ("private", "sandbox", "reach"),
    [
        (None, False, Reach.PUBLIC),
        (None, True, Reach.NEAR),
        (True, False, Reach.ANYWHERE),
        (True, True, Reach.ANYWHERE),
        (False, False, Reach.PUBLIC),
        (False, True, Reach.PUBLIC),
    ],
)
def test_how_far_a_program_reaches(private, sandbox, reach):
    assert Allowed(private).reach(sandbox=sandbox) is reach


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/fiel",
        "https://shop.example:8443/fiel?shop=1",
        "http://127.0.0.1:8080/",
        "https://[2606:2800::1]/fiel",
        "https://xn--caf-dma.example",
    ],
)
def test_a_plain_url_is_read(url):
    assert read_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "", "shop.example/fiel", "ftp://shop.example/", "file:///etc/passwd", "https://",
        "https:///fiel", "https://ana:sol@shop.example/", "https://@shop.example/",
        "https://shop.example/#top", "https://shop.example:0/", "https://shop.example:99999/",
        "https://shop example/", "https://shop.example/\r\nhost: other", "https://café.example/",
        "https://-shop.example/", "https://[::1", "https://shop..example/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_anything_else_is_no_receiver(url):
    with pytest.raises(PydanticCustomError):
        read_url(url)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("http://shop.example/", Reach.PUBLIC),
        ("https://127.0.0.1/", Reach.PUBLIC),
        ("https://localhost/", Reach.PUBLIC),
        ("https://127.1/", Reach.PUBLIC),
        ("https://2130706433/", Reach.PUBLIC),
        ("https://0x7f.0.0.1/", Reach.PUBLIC),
        ("https://[::1]/", Reach.PUBLIC),
        ("https://[::ffff:10.0.0.1]/", Reach.PUBLIC),
        ("http://169.254.169.254/latest/meta-data", Reach.NEAR),
    ],
)
async def test_a_url_that_leads_inside_is_refused_when_it_is_given(url, reach):
    with pytest.raises(Invalid) as refused:
        await check_url(url, reach)

    assert [problem.field for problem in refused.value.problems] == ["url"]


@pytest.mark.anyio
async def test_a_name_that_nobody_knows_yet_can_be_given():
    await check_url("https://cafe-sol.invalid/fiel", Reach.PUBLIC)


@pytest.mark.anyio
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1"])
async def test_nothing_is_sent_inside_whatever_was_given(receiver, host):
    url = receiver.url.replace("127.0.0.1", host)
    sender = Sender(Allowed())

    answer = await sender.send(url, [], b"{}", Reach.PUBLIC)

    assert (answer.status, answer.error) == (None, "address")
    assert receiver.received == []


@pytest.mark.anyio
async def test_a_name_that_changes_its_mind_is_looked_at_when_the_connection_is_made(
    receiver, monkeypatch
):
    """The first question is answered with a public address, the next with one inside."""
    answers = iter([[ip_address(PUBLIC[0])], [ip_address("127.0.0.1")]])

    async def changing(host):
        return next(answers)

    monkeypatch.setattr("fiel.connect.webhooks.addresses.addresses_of", changing)
    monkeypatch.setattr(sending, "addresses_of", changing)
    url = receiver.url.replace("http:", "https:").replace("127.0.0.1", "shop.example")
    await check_url(url, Reach.PUBLIC)

    answer = await Sender(Allowed()).send(url, [], b"{}", Reach.PUBLIC)

    assert answer.error == "address"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("https://cafe-sol.invalid/fiel", "name"),
        ("http://127.0.0.1:9/fiel", "connection"),
    ],
)
async def test_why_nobody_answered_is_said(url, error):
    answer = await Sender(Allowed()).send(url, [], b"{}", Reach.NEAR)

    assert (answer.status, answer.error) == (None, error)


@pytest.mark.anyio
async def test_who_speaks_no_tls_is_told_apart(receiver):
    url = receiver.url.replace("http:", "https:")

    answer = await Sender(Allowed()).send(url, [], b"{}", Reach.NEAR)

    assert (answer.status, answer.error) == (None, "tls")
