"""Links that leave the server, in letters or to be copied."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def outward(request: HttpRequest, path: str) -> str:
    """A path with the address that people reach the server by.

    A request may claim any host, so that a letter must not believe it: where letters are sent, the
    address is configured. What is only shown on a page may follow the request.
    """
    base = settings.PUBLIC_URL
    return f"{base}{path}" if base else request.build_absolute_uri(path)
