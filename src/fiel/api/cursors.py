"""Cursors: where a list goes on, opaque to whoever carries it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import cast

import orjson

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.intake.contents.errors import invalid

LONGEST = 500
_MARK = 6
_DIGITS_OF_A_SEQUENCE = 19


class Cursors:
    """Writes and reads cursors that only this installation can have made."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def write(self, kind: str, place: Sequence[str | int]) -> str:
        """Name a place in a list of some kind."""
        content = orjson.dumps([kind, *place])
        return base64.urlsafe_b64encode(self._mark(content) + content).rstrip(b"=").decode()

    def read(self, kind: str, cursor: str, *, field: str = "cursor") -> list[str | int]:
        """The place that a cursor names; `field` is where it stood.

        Raises:
            Invalid: the cursor was not made here, or for another kind of list.
        """
        if len(cursor) > LONGEST:
            raise _bad_cursor(field)
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise _bad_cursor(field) from None
        content = raw[_MARK:]
        if not hmac.compare_digest(raw[:_MARK], self._mark(content)):
            raise _bad_cursor(field)
        found_kind, *place = cast("list[str | int]", orjson.loads(content))
        if found_kind != kind:
            raise _bad_cursor(field)
        return place

    def event(self, after: str) -> int:
        """The sequence after which events are asked: one that an event bears, or a cursor's.

        Raises:
            Invalid: it is neither.
        """
        if after.isascii() and after.isdigit() and len(after) < _DIGITS_OF_A_SEQUENCE:
            return int(after)
        return int(self.read("events", after, field="after")[0])

    def _mark(self, content: bytes) -> bytes:
        return hmac.digest(self._secret, content, hashlib.sha256)[:_MARK]


def _bad_cursor(field: str = "cursor") -> Invalid:
    text = N_("This is no cursor of this list; start again without one.")
    return invalid([FieldProblem(field, "format", text)])
