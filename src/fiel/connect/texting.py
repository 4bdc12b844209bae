"""Text messages, through whatever gateway takes an HTTP request.

`FIEL_SMS_URL` is where to send one. Without more it takes JSON, `{"to": "+34…", "text": "…"}`. A
gateway that wants a form is told so by `FIEL_SMS_FIELDS`, such as `From=Fiel&To={to}&Body={text}`.
A name and a password in the URL are sent as such (Basic), `FIEL_SMS_TOKEN` as a bearer's token.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import httpcore
import orjson

URL_VARIABLE = "FIEL_SMS_URL"
FIELDS_VARIABLE = "FIEL_SMS_FIELDS"
TOKEN_VARIABLE = "FIEL_SMS_TOKEN"  # noqa: S105 - the variable's name

SECONDS = 10.0


class TextNotSent(Exception):
    """The gateway did not take the message; the text says why, without the message."""


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway: its address, how it knows us, and the fields of its form, if it wants one."""

    url: str
    authorization: str = ""
    fields: tuple[tuple[str, str], ...] = ()

    async def send(self, to: str, text: str) -> None:
        """Send a message.

        Raises:
            TextNotSent: the gateway did not answer, or refused it.
        """
        kind, body = self._body(to, text)
        headers = [("content-type", kind), ("accept", "application/json")]
        if self.authorization:
            headers.append(("authorization", self.authorization))
        try:
            async with asyncio.timeout(SECONDS), httpcore.AsyncConnectionPool() as pool:
                answer = await pool.request("POST", self.url, headers=headers, content=body)
        except (TimeoutError, httpcore.TimeoutException) as failure:
            raise TextNotSent("the gateway did not answer in time") from failure
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as failure:
            raise TextNotSent("the gateway cannot be reached") from failure
        if not 200 <= answer.status < 300:
            raise TextNotSent(f"the gateway answered {answer.status}")

    def _body(self, to: str, text: str) -> tuple[str, bytes]:
        if not self.fields:
            return "application/json", orjson.dumps({"to": to, "text": text})
        filled = [
            # A text may hold what looks like a place, so that it is put in last.
            (name, text.join(part.replace("{to}", to) for part in value.split("{text}")))
            for name, value in self.fields
        ]
        return "application/x-www-form-urlencoded", urlencode(filled).encode()


def gateway_of(environment: Mapping[str, str]) -> Gateway | None:
    """The gateway that the environment names; None where it names none, or none that can be."""
    told = environment.get(URL_VARIABLE, "").strip()
    try:
        url = urlsplit(told)
        host, port = url.hostname, url.port
    except ValueError:
        return None
    if url.scheme not in ("http", "https") or not host:
        return None
    place = f"[{host}]" if ":" in host else host
    plain = urlunsplit(url._replace(netloc=f"{place}:{port}" if port else place, fragment=""))
    fields = tuple(parse_qsl(environment.get(FIELDS_VARIABLE, ""), keep_blank_values=True))
    return Gateway(plain, _authorization(url.username, url.password, environment), fields)


def _authorization(name: str | None, password: str | None, environment: Mapping[str, str]) -> str:
    if token := environment.get(TOKEN_VARIABLE, "").strip():
        return f"Bearer {token}"
    if name is None:
        return ""
    pair = f"{unquote(name)}:{unquote(password or '')}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"
