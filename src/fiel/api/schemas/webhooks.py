"""Answers about webhook endpoints."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class Endpoint(BaseModel):
    """A receiver and how it fares.

    Events up to `cursor` were tried; of them, `waiting` are tried again and `given_up` are not.
    """

    id: UUID
    url: str
    types: list[str] | None
    description: str
    enabled: bool
    disabled_at: datetime | None
    disabled_because: Literal["asked", "gone", "given_up"] | None
    created_at: datetime
    delivered_at: datetime | None
    failing_since: datetime | None
    waiting: int
    given_up: int
    previous_secret_until: datetime | None
    cursor: str


class EndpointWithSecret(Endpoint):
    """A receiver with its secret, which is not shown again."""

    secret: str


class EndpointList(BaseModel):
    """A part of the list, oldest first."""

    data: list[Endpoint]
    next_cursor: str | None


class DeletedEndpoint(BaseModel):
    """An endpoint that is no more."""

    id: UUID
    deleted: bool


class Attempt(BaseModel):
    """An attempt to deliver: what was answered, or why there was no answer (`error`)."""

    id: UUID
    webhook_id: str
    type: str
    sequence: int
    attempt: int
    attempted_at: datetime
    milliseconds: int
    outcome: Literal["delivered", "failed", "given_up", "gone"]
    status: int | None
    error: Literal["timeout", "name", "connection", "tls", "protocol", "address"] | None
    next_attempt_at: datetime | None


class AttemptList(BaseModel):
    """A part of the list, newest first."""

    data: list[Attempt]
    next_cursor: str | None
