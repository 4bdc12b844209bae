"""Where the ids that reports and alerts name are told more of."""

from __future__ import annotations

from uuid import UUID

from django.urls import NoReverseMatch

from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit


def member_url(visit: Visit, member_id: str) -> str | None:
    """Where a member's story is told, for whoever may read it."""
    if not visit.may(Right.SEE_MEMBERS):
        return None
    try:
        return visit.address("member", UUID(member_id))
    except (NoReverseMatch, ValueError):
        return None
