"""Answers: a status and bytes, made once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from fiel.api.writing import json_bytes

JSON_TYPE = b"application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the caller; `headers` are beside those that every answer has.

    `tells` is the member about whom it tells more than points: what is kept of such an answer is
    forgotten with the person.
    """

    status: int
    body: bytes
    media_type: bytes = JSON_TYPE
    headers: tuple[tuple[bytes, bytes], ...] = ()
    tells: UUID | None = None

    def telling(self, member_id: UUID) -> Answer:
        """The same answer, marked as one that tells about a person."""
        return replace(self, tells=member_id)


def ok(content: object) -> Answer:
    """What was asked for, or what a repeat already did."""
    return Answer(200, json_bytes(content))


def created(content: object) -> Answer:
    """What was just made."""
    return Answer(201, json_bytes(content))


def page(items: list[dict[str, object]], next_cursor: str | None = None) -> Answer:
    """A list, with where it goes on."""
    return ok({"data": items, "next_cursor": next_cursor})
