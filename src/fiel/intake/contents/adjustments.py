"""The body of an adjustment."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from fiel.intake.contents.base import Body, Ref
from fiel.intake.contents.fields import (
    Code,
    ExternalId,
    LongText,
    ShortText,
    SignedPoints,
    Source,
    Time,
)


class AdjustmentBody(Body):
    """Points that a person gives, or takes where they are below zero, and why.

    `unit` left out is `points`, or the only one; `expires_at` is for points that are given, which
    otherwise last as if they were earned now.
    """

    external_id: ExternalId | None = None
    source: Source = ""
    member: Ref
    unit: Code | None = None
    points: SignedPoints
    reason: Annotated[LongText, Field(min_length=1)]
    author: ShortText = ""
    expires_at: Time | None = None
