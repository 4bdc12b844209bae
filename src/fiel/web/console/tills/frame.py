"""What the pages about tills share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from django.forms import Form

from fiel.domain.refusal import Refusal
from fiel.ledger.scope import Connection, program_transaction
from fiel.web.ui.visit import Visit


def in_reach(visit: Visit, store: str) -> bool:
    """Whether a store is one that the person sees."""
    return not visit.stores or store in visit.stores


@asynccontextmanager
async def writing(visit: Visit) -> AsyncIterator[Connection]:
    """A connection on which all is done together, or nothing of it."""
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        yield connection


def refused_form(visit: Visit, form: Form, refusal: Refusal) -> None:
    """Say beside each field what a refusal says of it."""
    problems = visit.field_problems(refusal)
    for field, text in problems.items():
        form.add_error(field if field in form.fields else None, text)
    if not problems:
        form.add_error(None, visit.problem(refusal))
