"""Forms that are carried out once, however often they are sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from fiel.ledger.ids import new_id

FIELD = "request_id"


def request_id(request: HttpRequest) -> UUID:
    """The id that a form bears (`{% once %}`); a new one if it bears none that can be read."""
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return new_id()
