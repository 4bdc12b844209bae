"""What the request's headers say, read once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from itertools import count

from fiel.domain.language import LANGUAGES

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:+/=@-]{1,128}")
# Ids of ours: this process's chance beginning, and a count.
_PROCESS = os.urandom(8).hex()
_COUNTED = count()
_WANTED = frozenset(
    (
        b"accept",
        b"authorization",
        b"accept-language",
        b"content-type",
        b"content-length",
        b"content-encoding",
        b"idempotency-key",
        b"x-request-id",
        b"fiel-cashier",
        b"fiel-approval",
    )
)


def read_headers(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers that the API looks at; of one that comes twice, the first."""
    found: dict[bytes, bytes] = {}
    for name, value in pairs:
        if name in _WANTED and name not in found:
            found[name] = value
    return found


def request_id(headers: dict[bytes, bytes]) -> str:
    """The caller's own id of the request where it is a sound one, else a new one."""
    given = headers.get(b"x-request-id")
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode("ascii")
    return f"{_PROCESS}{next(_COUNTED):08x}"


def preferred_language(header: bytes | None) -> str | None:
    """The language of ours that an `Accept-Language` header likes best; None for no wish."""
    if header is None:
        return None
    best: tuple[float, str] | None = None
    for part in header[:200].decode("latin-1").lower().split(","):
        tag, _, parameters = part.partition(";")
        language = tag.strip().split("-", 1)[0]
        if language not in LANGUAGES:
            continue
        weight = _weight(parameters)
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, language)
    return best[1] if best else None


def _weight(parameters: str) -> float:
    match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", parameters)
    return float(match[1]) if match else 0.0 if parameters.strip() else 1.0


def bearer(header: bytes | None) -> str | None:
    """The key that an `Authorization` header bears."""
    if header is None or len(header) > 500:
        return None
    scheme, _, secret = header.partition(b" ")
    if scheme.lower() != b"bearer":
        return None
    secret = secret.strip()
    return secret.decode("ascii") if secret and secret.isascii() else None


def media_type(header: bytes | None) -> str | None:
    """The type of the body without its parameters."""
    if header is None:
        return None
    return header.split(b";", 1)[0].strip().lower().decode("latin-1")
