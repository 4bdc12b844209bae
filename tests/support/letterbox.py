"""A real mail server, and what it received."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Letterbox:
    """What a mail server received, and whether each letter came encrypted."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a letter."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        self.letters.append(letter)
        return "250 OK"

    @property
    def url(self) -> str:
        """How to name it in FIEL_SMTP_URL."""
        return f"smtp://localhost:{self.port}"

    def letter_to(self, address: str, seconds: float = 10) -> EmailMessage:
        """The newest letter to an address, waited for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for letter in reversed(self.letters):
                if address in str(letter["To"]):
                    return letter
            time.sleep(0.02)
        raise AssertionError(f"no letter to {address}")


def text_of(letter: EmailMessage) -> str:
    """What a letter says, as plain text."""
    body = letter.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def links_in(letter: EmailMessage) -> list[str]:
    """The addresses that a letter leads to."""
    return re.findall(r"https?://\S+", text_of(letter))


@contextmanager
def mail_server(**told: Any) -> Iterator[Letterbox]:
    """A mail server of this process; `told` as aiosmtpd takes it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    box = Letterbox(port)
    controller = Controller(box, hostname="localhost", port=port, **told)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
