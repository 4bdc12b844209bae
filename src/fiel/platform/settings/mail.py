"""Mail: FIEL_SMTP_URL names the server that sends it, FIEL_MAIL_FROM who it is from.

`smtp://` sends in the clear, `starttls://` asks the server for encryption first, `smtps://` is
encrypted from the start. A name and a password stand before the host, as in any address.
"""

from __future__ import annotations

import os
from email.utils import parseaddr
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from fiel.domain.language import N_
from fiel.domain.refusal import Invalid
from fiel.platform.settings.outside import public_url

SERVER_VARIABLE = "FIEL_SMTP_URL"
FROM_VARIABLE = "FIEL_MAIL_FROM"

_PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}
_SECONDS_TO_WAIT = 20
_NOWHERE = "django.core.mail.backends.dummy.EmailBackend"


class WrongMailServer(Invalid):
    """What FIEL_SMTP_URL says is no address of a mail server."""


def mail_is_set_up() -> bool:
    """Whether mail can be sent: a server is named, and the address that links in it lead to."""
    return bool(os.environ.get(SERVER_VARIABLE)) and public_url() is not None


def mailers() -> dict[str, Any]:
    """What Django sends mail by; nowhere when no server is named.

    Raises:
        WrongMailServer: the address cannot be read.
    """
    told = os.environ.get(SERVER_VARIABLE, "")
    if not told:
        return {"default": {"BACKEND": _NOWHERE}}
    url = _read(told)
    return {
        "default": {
            "OPTIONS": {
                "host": url.hostname,
                "port": url.port or _PORTS[url.scheme],
                "username": unquote(url.username or ""),
                "password": unquote(url.password or ""),
                "use_tls": url.scheme == "starttls",
                "use_ssl": url.scheme == "smtps",
                "timeout": _SECONDS_TO_WAIT,
            }
        }
    }


def sender() -> str:
    """Who mail is from: FIEL_MAIL_FROM, else who signs in to the mail server, else the host."""
    told = os.environ.get(FROM_VARIABLE, "").strip()
    if parseaddr(told)[1]:
        return told
    server = os.environ.get(SERVER_VARIABLE, "")
    user = unquote(_read(server).username or "") if server else ""
    if "@" in user:
        return f"Fiel <{user}>"
    host = urlsplit(public_url() or "").hostname or "localhost"
    return f"Fiel <fiel@{host}>"


def _read(told: str) -> SplitResult:
    try:
        url = urlsplit(told)
        readable = url.scheme in _PORTS and url.hostname and (url.port is None or url.port > 0)
    except ValueError:  # a port that is no number
        readable = False
    if not readable:
        # What was told is not repeated: it has a password in it.
        raise WrongMailServer(
            N_(
                "FIEL_SMTP_URL must look like smtp://host:25, starttls://name:password@host:587 "
                "or smtps://name:password@host:465."
            )
        )
    return url
