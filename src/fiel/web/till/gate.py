"""What every door of the till asks first: whose device it is, and who stands there.

Each request bears the device's key, which no page can send by itself: there is no cookie here that
another site could make use of.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from fiel.domain.language import N_, say
from fiel.domain.refusal import Invalid, Refusal
from fiel.ledger.scope import Connection, program_transaction
from fiel.staff.keys import Caller, caller_of_hash, key_hash
from fiel.staff.tills.cashiers import cashier_of
from fiel.staff.tills.refusals import CashierNeeded, cashier_needed
from fiel.staff.tills.shifts import Purpose
from fiel.web.doors import database, shifts

type Door = Callable[..., Coroutine[Any, Any, HttpResponse]]

MOST_BYTES = 2_000
_STATUS = {
    "invalid": 422, "not_found": 404, "pairing_over": 404, "wrong_pin": 403, "till_locked": 429,
    "unauthorized": 401, "cashier_needed": 401, "rate_limited": 429,
}  # fmt: skip


class _Unauthorized(CashierNeeded):
    """The device brings no key, or one that was revoked."""

    code = "unauthorized"


def answers_refusals(door: Door) -> Door:
    """A door that tells a refusal as the API does."""

    @wraps(door)
    async def answer(request: HttpRequest, **named: UUID) -> HttpResponse:
        try:
            response = await door(request, **named)
        except Refusal as refusal:
            language = translation.get_language() or "es"
            told = {
                **refusal.facts,
                "code": refusal.code,
                "detail": say(language, refusal.text, **refusal.parameters),
            }
            response = JsonResponse(told, status=_STATUS.get(refusal.code, 409))
        response["Cache-Control"] = "no-store"
        return response

    return answer


def of_device(door: Door) -> Door:
    """A door that a paired device opens by its key.

    Raises:
        _Unauthorized: there is no key, or it is not that of a till that was let in.
    """

    @wraps(door)
    async def answer(request: HttpRequest, **named: UUID) -> HttpResponse:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        caller = None
        if scheme.lower() == "bearer" and secret:
            async with database().connection() as connection:
                caller = await caller_of_hash(connection, key_hash(secret.strip()))
        if caller is None or caller.device_id is None:
            raise _Unauthorized(N_("This till was disconnected. Pair it again in the console."))
        return await door(request, caller, **named)

    return answers_refusals(answer)


def of_cashier(door: Door) -> Door:
    """A door that a paired device opens while somebody is signed in at it.

    Raises:
        CashierNeeded: nobody is.
    """

    @wraps(door)
    async def answer(request: HttpRequest, caller: Caller, **named: UUID) -> HttpResponse:
        mark = request.headers.get("fiel-cashier", "")
        shift = shifts().read(mark, now=datetime.now(UTC))
        is_here = shift is not None and shift.device_id == caller.device_id
        if shift is None or not is_here or shift.purpose is not Purpose.SHIFT:
            raise cashier_needed()
        async with of_program(caller) as connection:
            cashier = await cashier_of(connection, caller.program_id, shift.cashier_id)
        if not cashier.active or cashier.epoch != shift.epoch:
            raise cashier_needed()
        return await door(request, caller, **named)

    return of_device(answer)


@asynccontextmanager
async def of_program(caller: Caller) -> AsyncIterator[Connection]:
    """A connection that sees the program of the device, in one transaction."""
    async with (
        database().connection() as connection,
        program_transaction(connection, caller.program_id),
    ):
        yield connection


def body_of(request: HttpRequest) -> dict[str, Any]:
    """What a request says.

    Raises:
        Invalid: it cannot be read.
    """
    try:
        told = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Invalid(N_("The body could not be read."))
    return told


def text_of(body: dict[str, Any], name: str) -> str:
    """A text that the request has to bring.

    Raises:
        Invalid: it does not, or it is too long.
    """
    told = body.get(name)
    if not isinstance(told, str) or not told or len(told) > 100:
        raise Invalid(N_("Some fields are not valid."))
    return told
