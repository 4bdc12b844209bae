"""Where webhooks may go: never to addresses inside, unless whoever runs the server says so."""

from __future__ import annotations

import asyncio
import re
import socket
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.fields import refuse

type Address = IPv4Address | IPv6Address

LONGEST_URL = 2000
SECONDS_TO_RESOLVE = 2.0

_PRINTABLE = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_][a-z0-9_-]{0,62})*\.?")
# A host's own network, as far as developers need it: nothing that clouds keep their secrets at.
_NEAR = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
    )
)  # fmt: skip
_METADATA = ip_network("fd00:ec2::/32")
_TRANSLATED = IPv6Network("64:ff9b::/96")  # IPv4 behind a translator


class Reach(StrEnum):
    """How far webhooks of a program go: to the internet, also nearby, or anywhere."""

    PUBLIC = "public"
    NEAR = "near"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What whoever runs the server allows; None: what is private is for sandboxes alone."""

    private: bool | None = None

    def reach(self, *, sandbox: bool) -> Reach:
        """How far the webhooks of a program go."""
        if self.private:
            return Reach.ANYWHERE
        return Reach.NEAR if sandbox and self.private is None else Reach.PUBLIC


def read_url(value: str) -> str:
    """Read the address of a receiver: a plain https or http URL.

    Raises:
        PydanticCustomError: it is none, or carries credentials or a fragment.
    """
    try:
        url = urlsplit(value)
        host, port = url.hostname, url.port
    except ValueError:
        host, port = None, None
    if not _PRINTABLE.fullmatch(value) or host is None or url.scheme not in ("https", "http"):
        refuse("format", N_("It must be a URL such as “https://shop.example/fiel”."))
    if "@" in url.netloc or url.fragment:
        refuse("format", N_("The URL can have neither a user or password nor a fragment."))
    if port == 0 or not (_is_address(host) or _NAME.fullmatch(host)):
        refuse("format", N_("It must be a URL such as “https://shop.example/fiel”."))
    return value


async def check_url(url: str, reach: Reach) -> None:
    """Check that webhooks may go to a URL, as far as that can be known before they do.

    A name that is not known yet passes: where it leads is looked at again at every delivery.

    Raises:
        Invalid: it is not encrypted, or leads inside.
    """
    parts = urlsplit(url)
    host = parts.hostname
    assert host is not None, "checked when the URL was read"
    if parts.scheme == "http" and reach is Reach.PUBLIC:
        text = N_("The URL must begin with “https://”.")
        raise invalid([FieldProblem("url", "format", text)])
    try:
        async with asyncio.timeout(SECONDS_TO_RESOLVE):
            addresses = await addresses_of(host)
    except (OSError, UnicodeError, TimeoutError):
        return
    if not any(may_reach(address, reach) for address in addresses):
        text = N_("The URL leads to an address that webhooks may not go to.")
        raise invalid([FieldProblem("url", "address", text)])


async def addresses_of(host: str) -> list[Address]:
    """The addresses that a name leads to.

    Raises:
        OSError: the name is not known, or nobody could be asked.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(place[0]) for *_, place in found))


def may_reach(address: Address, reach: Reach) -> bool:
    """Whether webhooks that go so far may go to an address."""
    if reach is Reach.ANYWHERE:
        return True
    address = _meant(address)
    if address.is_global and not address.is_multicast:
        return True
    return reach is Reach.NEAR and _is_near(address)


def _is_near(address: Address) -> bool:
    is_near = any(address in network for network in _NEAR)
    return is_near and address not in _METADATA


def _meant(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
