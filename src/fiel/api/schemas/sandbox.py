"""Answers about a sandbox."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Clock(BaseModel):
    """The time by which a sandbox lives; `is_set` is false while that is the time on the wall."""

    now: datetime
    is_set: bool
