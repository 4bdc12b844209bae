"""What the till asks for beside the API: to be let in, what it needs to know, who stands there.

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
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fiel.domain.language import N_, say
from fiel.domain.refusal import Invalid, NotFound, Refusal
from fiel.ledger.scope import Connection, program_transaction
from fiel.members.identity import region_of_zone
from fiel.members.records import Member
from fiel.members.search import search_members
from fiel.members.sign_in_codes import network_of
from fiel.staff.keys import Caller, caller_of_hash, key_hash
from fiel.staff.tills.cashiers import cashier_of
from fiel.staff.tills.devices import (
    device_of,
    note_seen,
    pair_device,
    program_of_code,
)
from fiel.staff.tills.pins import cashier_by_pin
from fiel.staff.tills.refusals import (
    CashierNeeded,
    cashier_needed,
    no_such_cashier,
)
from fiel.staff.tills.shifts import Purpose
from fiel.staff.tills.tries import count_try
from fiel.web.doors import database, shifts, versions
from fiel.web.till.facts import till_facts
from fiel.web.ui.visit import address_of

type Answer = Coroutine[Any, Any, HttpResponse]
type Door = Callable[[HttpRequest], Answer]
type DoorOfDevice = Callable[[HttpRequest, Caller], Answer]

MOST_BYTES = 2_000
MOST_FOUND = 6
_STATUS = {
    "invalid": 422, "not_found": 404, "pairing_over": 404, "wrong_pin": 403, "till_locked": 429,
    "unauthorized": 401, "cashier_needed": 401, "rate_limited": 429,
}  # fmt: skip


class _Unauthorized(CashierNeeded):
    """The device brings no key, or one that was revoked."""

    code = "unauthorized"


def _answers_refusals(door: Door) -> Door:
    @wraps(door)
    async def answer(request: HttpRequest) -> HttpResponse:
        try:
            response = await door(request)
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


def _of_device(door: DoorOfDevice) -> Door:
    """A door that a paired device opens by its key.

    Raises:
        _Unauthorized: there is no key, or it is not that of a till that was let in.
    """

    @wraps(door)
    async def answer(request: HttpRequest) -> HttpResponse:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        caller = None
        if scheme.lower() == "bearer" and secret:
            async with database().connection() as connection:
                caller = await caller_of_hash(connection, key_hash(secret.strip()))
        if caller is None or caller.device_id is None:
            raise _Unauthorized(N_("This till was disconnected. Pair it again in the console."))
        return await door(request, caller)

    return _answers_refusals(answer)


@csrf_exempt
@require_POST
@_answers_refusals
async def pair(request: HttpRequest) -> HttpResponse:
    """Let a device in by the code that the console shows, once."""
    now = datetime.now(UTC)
    async with database().connection() as connection:
        await count_try(connection, network_of(address_of(request)), now=now)
        code = _text(_body(request), "code")
        program_id = await program_of_code(connection, code, now=now)
        async with program_transaction(connection, program_id):
            paired = await pair_device(connection, program_id, code, now=now)
        told = await till_facts(connection, program_id, paired.device, request, now=now)
    return JsonResponse({"key": paired.secret, "facts": told}, status=201)


@csrf_exempt
@require_GET
@_of_device
async def facts(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What the till needs to know; that it asks says that it is there."""
    assert caller.device_id is not None, "a device's key"
    now = datetime.now(UTC)
    async with _of_program(caller) as connection:
        await note_seen(connection, caller.program_id, caller.device_id, now=now)
        device = await device_of(connection, caller.program_id, caller.device_id)
    async with database().connection() as connection:
        told = await till_facts(connection, caller.program_id, device, request, now=now)
    return JsonResponse(told)


@csrf_exempt
@require_POST
@_of_device
async def sign_in(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Start a cashier's shift by the PIN."""
    body, now = _body(request), datetime.now(UTC)
    cashier, marks = await _by_pin(caller, body, (Purpose.SHIFT, Purpose.KEPT), now)
    (shift, ends_at), (kept, _) = marks
    return JsonResponse(
        {"cashier": cashier, "shift": shift, "ends_at": ends_at, "kept": kept}, status=201
    )


@csrf_exempt
@require_POST
@_of_device
async def approve(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Let the till go beyond another's limit, by the PIN of somebody who may."""
    body, now = _body(request), datetime.now(UTC)
    cashier, ((approval, ends_at),) = await _by_pin(caller, body, (Purpose.APPROVAL,), now)
    if not cashier["may_approve"]:
        raise NotFound(N_("{name} may not approve this."), name=cashier["name"])
    return JsonResponse({"cashier": cashier, "approval": approval, "ends_at": ends_at}, status=201)


@csrf_exempt
@require_GET
@_of_device
async def members(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Whom a cashier may mean by what is typed: a name, a phone, a card; just enough to choose."""
    assert caller.device_id is not None, "a device's key"
    now, program_id = datetime.now(UTC), caller.program_id
    mark = request.headers.get("fiel-cashier", "")
    shift = shifts().read(mark, now=now)
    if shift is None or shift.purpose is not Purpose.SHIFT or shift.device_id != caller.device_id:
        raise cashier_needed()
    async with _of_program(caller) as connection:
        cashier = await cashier_of(connection, program_id, shift.cashier_id)
        if not cashier.active or cashier.epoch != shift.epoch:
            raise cashier_needed()
        program = (await versions().in_force(connection, program_id)).program
        region = region_of_zone(program.timezone.key)
        text = request.GET.get("q", "")
        found = await search_members(connection, program_id, text, region=region, most=MOST_FOUND)
    return JsonResponse({"data": [_glimpse(each) for each in found]})


def _glimpse(member: Member) -> dict[str, object]:
    person = member.person
    hidden = f"… {person.phone[-3:]}" if person.phone else person.card or ""
    return {"id": member.id, "name": person.name, "hint": hidden}


async def _by_pin(
    caller: Caller, body: dict[str, Any], purposes: tuple[Purpose, ...], now: datetime
) -> tuple[dict[str, object], list[tuple[str, datetime]]]:
    assert caller.device_id is not None, "a device's key"
    try:
        cashier_id = UUID(_text(body, "cashier"))
    except ValueError:
        raise no_such_cashier() from None
    async with database().connection() as connection:
        cashier = await cashier_by_pin(
            connection, caller.program_id, caller.device_id, cashier_id, _text(body, "pin"), now=now
        )
        async with program_transaction(connection, caller.program_id):
            device = await device_of(connection, caller.program_id, caller.device_id)
    told: dict[str, object] = {
        "id": cashier.id, "name": cashier.name, "may_approve": cashier.terms.may_approve,
    }  # fmt: skip
    return told, [shifts().start(purpose, device, cashier, now=now) for purpose in purposes]


@asynccontextmanager
async def _of_program(caller: Caller) -> AsyncIterator[Connection]:
    async with (
        database().connection() as connection,
        program_transaction(connection, caller.program_id),
    ):
        yield connection


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        told = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Invalid(N_("The body could not be read."))
    return told


def _text(body: dict[str, Any], name: str) -> str:
    told = body.get(name)
    if not isinstance(told, str) or not told or len(told) > 100:
        raise Invalid(N_("Some fields are not valid."))
    return told
