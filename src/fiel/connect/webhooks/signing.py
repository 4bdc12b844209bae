"""Signatures as the Standard Webhooks have them, so that a receiver knows who speaks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from uuid import UUID

PREFIX = "whsec_"
BYTES = 32

type Headers = list[tuple[str, str]]


def new_secret() -> str:
    """A fresh secret, in the form in which receivers take it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def message_id(endpoint_id: UUID, sequence: int) -> str:
    """The id of an event's message to an endpoint: the same at every attempt."""
    return f"msg_{endpoint_id.hex}_{sequence}"


def signed_headers(
    secrets_valid: Sequence[str], message: str, body: bytes, *, now: datetime
) -> Headers:
    """The headers that go with a message, signed with every secret that is valid."""
    timestamp = str(int(now.timestamp()))
    signatures = [_signature(secret, message, timestamp, body) for secret in secrets_valid]
    return [
        ("content-type", "application/json"),
        ("user-agent", f"Fiel/{version('fiel')}"),
        ("webhook-id", message),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", " ".join(signatures)),
    ]


def _signature(secret: str, message: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
