"""What the till asks for beside the API: to be let in, what it needs to know, who stands there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound
from fiel.ledger.scope import program_transaction
from fiel.members.identity import region_of_zone
from fiel.members.records import Member
from fiel.members.search import search_members
from fiel.members.sign_in_codes import network_of
from fiel.staff.keys import Caller
from fiel.staff.tills.devices import (
    device_of,
    note_seen,
    pair_device,
    program_of_code,
)
from fiel.staff.tills.pins import cashier_by_pin
from fiel.staff.tills.refusals import no_such_cashier
from fiel.staff.tills.shifts import Purpose
from fiel.staff.tills.tries import count_try
from fiel.web.doors import database, shifts, versions
from fiel.web.till.facts import till_facts
from fiel.web.till.gate import (
    answers_refusals,
    body_of,
    of_cashier,
    of_device,
    of_program,
    text_of,
)
from fiel.web.ui.visit import address_of

MOST_FOUND = 6


@csrf_exempt
@require_POST
@answers_refusals
async def pair(request: HttpRequest) -> HttpResponse:
    """Let a device in by the code that the console shows, once."""
    now = datetime.now(UTC)
    async with database().connection() as connection:
        await count_try(connection, network_of(address_of(request)), now=now)
        code = text_of(body_of(request), "code")
        program_id = await program_of_code(connection, code, now=now)
        async with program_transaction(connection, program_id):
            paired = await pair_device(connection, program_id, code, now=now)
        told = await till_facts(connection, program_id, paired.device, request, now=now)
    return JsonResponse({"key": paired.secret, "facts": told}, status=201)


@csrf_exempt
@require_GET
@of_device
async def facts(request: HttpRequest, caller: Caller) -> HttpResponse:
    """What the till needs to know; that it asks says that it is there."""
    assert caller.device_id is not None, "a device's key"
    now = datetime.now(UTC)
    async with of_program(caller) as connection:
        await note_seen(connection, caller.program_id, caller.device_id, now=now)
        device = await device_of(connection, caller.program_id, caller.device_id)
    async with database().connection() as connection:
        told = await till_facts(connection, caller.program_id, device, request, now=now)
    return JsonResponse(told)


@csrf_exempt
@require_POST
@of_device
async def sign_in(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Start a cashier's shift by the PIN."""
    body, now = body_of(request), datetime.now(UTC)
    cashier, marks = await _by_pin(caller, body, (Purpose.SHIFT, Purpose.KEPT), now)
    (shift, ends_at), (kept, _) = marks
    return JsonResponse(
        {"cashier": cashier, "shift": shift, "ends_at": ends_at, "kept": kept}, status=201
    )


@csrf_exempt
@require_POST
@of_device
async def approve(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Let the till go beyond another's limit, by the PIN of somebody who may."""
    body, now = body_of(request), datetime.now(UTC)
    cashier, ((approval, ends_at),) = await _by_pin(caller, body, (Purpose.APPROVAL,), now)
    if not cashier["may_approve"]:
        raise NotFound(N_("{name} may not approve this."), name=cashier["name"])
    return JsonResponse({"cashier": cashier, "approval": approval, "ends_at": ends_at}, status=201)


@csrf_exempt
@require_GET
@of_cashier
async def members(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Whom a cashier may mean by what is typed: a name, a phone, a card; just enough to choose."""
    program_id = caller.program_id
    async with of_program(caller) as connection:
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
        cashier_id = UUID(text_of(body, "cashier"))
    except ValueError:
        raise no_such_cashier() from None
    async with database().connection() as connection:
        cashier = await cashier_by_pin(
            connection,
            caller.program_id,
            caller.device_id,
            cashier_id,
            text_of(body, "pin"),
            now=now,
        )
        async with program_transaction(connection, caller.program_id):
            device = await device_of(connection, caller.program_id, caller.device_id)
    told: dict[str, object] = {
        "id": cashier.id, "name": cashier.name, "may_approve": cashier.terms.may_approve,
    }  # fmt: skip
    return told, [shifts().start(purpose, device, cashier, now=now) for purpose in purposes]
