"""What the API offers: each operation with how it is carried and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fiel.api.operations import Endpoint, Manner
from fiel.api.schemas.problem import Problem

_TOLD_ALWAYS = (401, 403, 422, 429)
_TOLD_OF_WRITES = (409, 413, 415)


@dataclass(frozen=True, slots=True)
class Offer:
    """One operation. `refusals` are the statuses it can answer beside those all can."""

    method: str
    path: str
    endpoint: Endpoint
    manner: Manner
    summary: str
    answer: Any
    status: int = 200
    also: tuple[int, ...] = ()  # other statuses with the same answer
    refusals: tuple[int, ...] = ()
    request_body: dict[str, Any] | None = None
    tag: str = ""


def responses(offer: Offer) -> dict[int | str, dict[str, Any]]:
    """What the OpenAPI document says about an operation's answers."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"model": offer.answer, "description": "The same answer to a repeat."}
        for status in offer.also
    }
    statuses: Sequence[int] = (*_TOLD_ALWAYS, *offer.refusals)
    if offer.manner.writes:
        statuses = (*statuses, *_TOLD_OF_WRITES)
    for status in sorted(set(statuses)):
        told[status] = {
            "description": "Problem details",
            "content": {"application/problem+json": {"schema": _PROBLEM}},
        }
    return told


_PROBLEM = {"$ref": f"#/components/schemas/{Problem.__name__}"}
