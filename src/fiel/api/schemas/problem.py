"""Problem details (RFC 9457)."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FieldError(BaseModel):
    """One field that cannot be accepted."""

    field: str
    code: str
    detail: str


class Problem(BaseModel):
    """Why a request was refused; some codes bring further members."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldError]
    request_id: str
