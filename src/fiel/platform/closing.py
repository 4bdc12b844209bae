"""What a browser may do with an answer that is no page: nothing, and nobody may frame it."""

from __future__ import annotations

from starlette.types import Message, Send

POLICY = b"content-security-policy"
_NOTHING = b"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# What a script may do is the page's to say, but a worker goes by the policy of its own file.
_SCRIPT = b"frame-ancestors 'none'"
_SNIFFING = b"x-content-type-options"


def closed(send: Send) -> Send:
    """Send answers with a policy for browsers where they have none of their own."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = _with_policy(list(message.get("headers", ())))
        await send(message)

    return sending


def _with_policy(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    found = {name.lower(): value for name, value in headers}
    if POLICY not in found:
        is_script = b"javascript" in found.get(b"content-type", b"")
        headers.append((POLICY, _SCRIPT if is_script else _NOTHING))
    if _SNIFFING not in found:
        headers.append((_SNIFFING, b"nosniff"))
    return headers
