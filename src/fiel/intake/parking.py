"""Park: a return that comes before its sale waits, and is applied when the sale arrives.

Whoever parks looks for the sale once more when the return is kept, and whoever records a sale
looks for its returns when it is recorded: whichever comes last finds the other. What finds both
applies it once, since a parked return keeps its id.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from uuid import UUID

import orjson
import psycopg

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Refusal
from fiel.intake.contents.returns import NamedReturnBody, ReturnBody
from fiel.intake.desk import Done
from fiel.intake.groups import ExternalIdReused
from fiel.intake.recording import Lend, Recorder
from fiel.intake.resolving import MovedAway
from fiel.intake.returning import RETURN, return_fingerprint, return_goods
from fiel.ledger.parked import (
    ParkedReturn,
    ask_parked,
    forget_parked,
    park_return,
    parked_like,
    parked_of,
    parked_ready,
    refuse_parked,
)
from fiel.ledger.recorded import ActivityName, activities_named
from fiel.ledger.scope import program_transaction
from fiel.ledger.trips import Trip
from fiel.programs.versions import Versions

# How many returns whose sale is there are applied at one go, of those that were left over.
MOST_LEFT_OVER = 500

_TRIES = 4
_NO_SALE = UUID(int=0)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A return that waits for its sale, told now or, when `repeated`, before."""

    parked: ParkedReturn
    repeated: bool


def recorder_of(lend: Lend, versions: Versions, *, lanes: int = 1) -> Recorder:
    """A recorder whose sales are followed by the returns that waited for them."""
    return Recorder(lend, versions, lanes=lanes, follow=partial(apply_parked, lend, versions))


async def return_named(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    body: NamedReturnBody,
    *,
    request_id: UUID,
    now: datetime,
) -> Done[None] | Waiting:
    """Return goods of a sale that is named, now or, where it is not known yet, once it comes.

    Raises:
        Refusal: as `return_goods` does; a return that waits is refused when its turn comes.
        ExternalIdReused: the external id belongs to another return.
    """
    told = _as_parked(body, request_id, now)
    for _ in range(_TRIES):
        sale_id = await _finish_earlier(lend, versions, program_id, told, now)
        if sale_id is not None:
            return await _apply(lend, versions, program_id, sale_id, told, now)
        waiting = await _park(lend, program_id, told)
        if await _sale_named(lend, program_id, told) is None and waiting is not None:
            return waiting
    raise AssertionError("a return is parked or its sale is there")


async def apply_parked(
    lend: Lend, versions: Versions, program_id: UUID, parked: Sequence[ParkedReturn], now: datetime
) -> None:
    """Apply returns whose sale has come; one that cannot be applied stays with its reason."""
    for each in parked:
        try:
            sale_id = await _sale_named(lend, program_id, each)
            if sale_id is not None:
                await _apply(lend, versions, program_id, sale_id, each, now)
        except Refusal as refusal:
            async with lend() as connection, program_transaction(connection, program_id):
                await refuse_parked(connection, program_id, each, refusal.code)
        except (psycopg.Error, MovedAway):
            # It waits on: the next that comes for the sale, or the calendar, finds it.
            _log.exception("a return that waited could not be applied")


async def apply_left_over(
    lend: Lend, versions: Versions, program_id: UUID, *, now: datetime
) -> None:
    """Apply what waits though its sale is there: whoever should have done it was cut off."""
    async with lend() as connection, program_transaction(connection, program_id):
        parked = await parked_ready(connection, program_id, most=MOST_LEFT_OVER)
    await apply_parked(lend, versions, program_id, parked, now)


async def _finish_earlier(
    lend: Lend, versions: Versions, program_id: UUID, told: ParkedReturn, now: datetime
) -> UUID | None:
    """Apply what has waited longer for the same sale; the sale, where it is there."""
    sale_id = await _sale_named(lend, program_id, told)
    if sale_id is not None:
        async with lend() as connection, program_transaction(connection, program_id):
            trip = Trip(connection)
            asked = ask_parked(trip, program_id, [told.sale_name])
            await trip.go()
            waiting = [each for each in parked_of(trip, asked) if each.id != told.id]
        await apply_parked(lend, versions, program_id, waiting, now)
    return sale_id


async def _apply(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    sale_id: UUID,
    parked: ParkedReturn,
    now: datetime,
) -> Done[None]:
    done = await return_goods(
        lend,
        versions,
        program_id,
        sale_id,
        ReturnBody.model_validate(parked.body),
        request_id=parked.id,
        now=now,
        told_at=parked.received_at,
    )
    async with lend() as connection, program_transaction(connection, program_id):
        await forget_parked(connection, program_id, parked)
    return done


async def _sale_named(lend: Lend, program_id: UUID, told: ParkedReturn) -> UUID | None:
    name = ActivityName("sale", told.source, told.sale_external_id)
    async with lend() as connection, program_transaction(connection, program_id):
        found = await activities_named(connection, program_id, [name])
    return found[name].id if name in found else None


async def _park(lend: Lend, program_id: UUID, told: ParkedReturn) -> Waiting | None:
    """Keep a return; None where one of its name stopped waiting just now.

    Raises:
        ExternalIdReused: another return has its name.
    """
    async with lend() as connection, program_transaction(connection, program_id):
        if told.external_id is not None:
            name = ActivityName(RETURN, told.source, told.external_id)
            if await activities_named(connection, program_id, [name]):
                raise _reused(told)
        if await park_return(connection, program_id, told):
            return Waiting(told, repeated=False)
        earlier = await parked_like(connection, program_id, told)
    if earlier is None:
        return None
    if _content(earlier) != _content(told):
        raise _reused(told)
    return Waiting(earlier, repeated=True)


def _reused(told: ParkedReturn) -> ExternalIdReused:
    text = N_("Send the same content again, or another external_id.")
    return ExternalIdReused(
        N_("“{external_id}” was recorded before with other content."),
        problems=[FieldProblem("external_id", "reused", text)],
        external_id=told.external_id,
    )


def _content(parked: ParkedReturn) -> tuple[str, bytes]:
    body = ReturnBody.model_validate(parked.body)
    return parked.sale_external_id, return_fingerprint(_NO_SALE, body)


def _as_parked(body: NamedReturnBody, request_id: UUID, now: datetime) -> ParkedReturn:
    content = body.model_dump(exclude={"sale_external_id"}, exclude_none=True)
    plain = orjson.loads(orjson.dumps(content, default=_decimal_text))
    return ParkedReturn(
        request_id, body.source, body.sale_external_id, body.external_id, plain, now
    )


def _decimal_text(value: object) -> str:
    assert isinstance(value, Decimal), "nothing else in a return is unknown to JSON"
    return format(value, "f")
