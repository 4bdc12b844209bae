"""Read a request's body as far as its operation allows."""

from __future__ import annotations

from starlette.types import Receive

from fiel.api.refusals import TooLarge, UnsupportedMediaType
from fiel.domain.language import N_


class CallerGone(Exception):
    """The caller hung up before the body was complete."""


async def read_body(receive: Receive, headers: dict[bytes, bytes], *, most: int) -> bytes:
    """The whole body.

    Raises:
        TooLarge: it has more than `most` bytes, or says that it will.
        UnsupportedMediaType: it is compressed.
        CallerGone: it never came whole.
    """
    length = headers.get(b"content-length")
    if length is not None and length.isdigit() and int(length[:20]) > most:
        raise too_large(most)
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    if encoding not in (b"identity", b""):
        raise UnsupportedMediaType(N_("Send the body as it is, without compression."))
    message = await receive()
    if message["type"] == "http.disconnect":
        raise CallerGone
    if not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > most:
            raise too_large(most)
        return body
    return await _rest(receive, message.get("body", b""), most)


async def _rest(receive: Receive, first: bytes, most: int) -> bytes:
    parts, size, more = [first], len(first), True
    while more:
        if size > most:
            raise too_large(most)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise CallerGone
        part = message.get("body", b"")
        parts.append(part)
        size += len(part)
        more = message.get("more_body", False)
    if size > most:
        raise too_large(most)
    return b"".join(parts)


def too_large(most: int) -> TooLarge:
    """The refusal of a body beyond the limit."""
    return TooLarge(N_("The body can have at most {limit} bytes."), limit=most)
