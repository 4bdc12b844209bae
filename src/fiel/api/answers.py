"""Answers: a status and bytes, made once."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.api.writing import json_bytes

JSON_TYPE = b"application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the caller; `headers` are beside those that every answer has."""

    status: int
    body: bytes
    media_type: bytes = JSON_TYPE
    headers: tuple[tuple[bytes, bytes], ...] = ()


def ok(content: object) -> Answer:
    """What was asked for, or what a repeat already did."""
    return Answer(200, json_bytes(content))


def created(content: object) -> Answer:
    """What was just made."""
    return Answer(201, json_bytes(content))


def page(items: list[dict[str, object]], next_cursor: str | None = None) -> Answer:
    """A list, with where it goes on."""
    return ok({"data": items, "next_cursor": next_cursor})
