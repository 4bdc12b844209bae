"""How the server is reached from outside: FIEL_URL, the address that people type."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

VARIABLE = "FIEL_URL"


def public_url() -> str | None:
    """The address that people reach the server by, without a slash at its end; None if not told."""
    told = os.environ.get(VARIABLE, "").rstrip("/")
    return told or None


def cookies_are_secure() -> bool:
    """Whether the server is reached by https, so that cookies may travel by nothing else."""
    url = public_url()
    return url is not None and urlsplit(url).scheme == "https"


def trusted_origins() -> list[str]:
    """The origins whose forms are taken beside the server's own."""
    url = public_url()
    return [] if url is None else [url]
