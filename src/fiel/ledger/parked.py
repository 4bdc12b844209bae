"""Returns that came before their sale, and wait for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from fiel.ledger.arrays import text_array
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared, statement
from fiel.ledger.trips import Trip

type SaleName = tuple[str, str]  # source and external id


@dataclass(frozen=True, slots=True)
class ParkedReturn:
    """A return that waits for its sale; `source` qualifies both names, `body` is as it was told."""

    id: UUID
    source: str
    sale_external_id: str
    external_id: str | None
    body: dict[str, Any]
    received_at: datetime

    @property
    def sale_name(self) -> SaleName:
        """The name of the sale that it waits for."""
        return self.source, self.sale_external_id


async def park_return(connection: Connection, program_id: UUID, parked: ParkedReturn) -> bool:
    """Keep a return until its sale comes; False when one of its name or id is there already."""
    cursor = await connection.execute(
        statement("park_return"),
        {
            "program": program_id,
            "id": parked.id,
            "source": parked.source,
            "sale_external_id": parked.sale_external_id,
            "external_id": parked.external_id,
            "body": orjson.dumps(parked.body).decode(),
            "received_at": parked.received_at,
        },
    )
    return await cursor.fetchone() is not None


async def parked_like(
    connection: Connection, program_id: UUID, wanted: ParkedReturn
) -> ParkedReturn | None:
    """The return that waits under the same id or name; None where none does."""
    told = {"id": wanted.id, "source": wanted.source, "external_id": wanted.external_id}
    cursor = await connection.execute(
        statement("parked_return_named"), {"program": program_id, **told}
    )
    row = await cursor.fetchone()
    return None if row is None else _parked(row)


def ask_parked(trip: Trip, program_id: UUID, sales: Iterable[SaleName]) -> int:
    """Ask which returns wait for any of these sales; `parked_of` reads the answer."""
    names = list(sales)
    told = {
        "program": str(program_id),
        "sources": text_array(source for source, _ in names),
        "sales": text_array(external_id for _, external_id in names),
    }
    return trip.ask(prepared("parked_returns"), told)


def parked_of(trip: Trip, asked: int) -> list[ParkedReturn]:
    """The returns that wait, in the order in which they came."""
    return [_parked(row) for row in trip.rows(asked)]


async def parked_ready(
    connection: Connection, program_id: UUID, *, most: int
) -> list[ParkedReturn]:
    """Returns that wait though their sale is there, in the order in which they came."""
    cursor = await connection.execute(
        statement("parked_returns_ready"), {"program": program_id, "most": most}
    )
    return [_parked(row) for row in await cursor.fetchall()]


async def forget_parked(connection: Connection, program_id: UUID, parked: ParkedReturn) -> None:
    """Forget a return that was applied."""
    await connection.execute(
        statement("forget_parked_return"), {"program": program_id, "id": parked.id}
    )


async def refuse_parked(
    connection: Connection, program_id: UUID, parked: ParkedReturn, code: str
) -> None:
    """Keep why a return cannot be applied, so that nobody tries again."""
    await connection.execute(
        statement("refuse_parked_return"), {"program": program_id, "id": parked.id, "code": code}
    )


def _parked(row: tuple[Any, ...]) -> ParkedReturn:
    id_, source, sale, external_id, body, received_at = row
    return ParkedReturn(id_, source, sale, external_id, orjson.loads(body), received_at)
