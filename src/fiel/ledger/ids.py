"""Identifiers: whoever asks makes them before asking."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7: unique anywhere, and rising with time, so that indexes grow at one end."""
    return uuid7()
