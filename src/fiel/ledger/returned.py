"""Sales that come back: where a sale lies, and what is left of it after its returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from fiel.ledger.opening import Place
from fiel.ledger.posting import Recorded
from fiel.ledger.scope import Connection
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip

type State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class KeptSale:
    """A sale as it was recorded, and where; `state` is what its returns left, None before any.

    `status` is that of the member whose book it stands in.
    """

    recorded: Recorded
    place: Place
    status: str
    state: State | None

    @property
    def is_nameless(self) -> bool:
        """Whether nobody has the sale."""
        return self.status == "nameless"


async def sale_by_id(connection: Connection, program_id: UUID, sale_id: UUID) -> KeptSale | None:
    """A sale of the program; None when there is none such."""
    trip = Trip(connection)
    asked = trip.ask(prepared("sale_by_id"), {"program": str(program_id), "id": str(sale_id)})
    await trip.go()
    rows = trip.rows(asked)
    if not rows:
        return None
    *head, decision, fingerprint, about, counts_at, shard, status, state = rows[0]
    fields: list[Any] = [*head, orjson.loads(decision), bytes(fingerprint), about, counts_at]
    place = Place(program_id, shard)
    return KeptSale(
        Recorded(*fields), place, status, None if state is None else orjson.loads(state)
    )


async def returned_of_sale(connection: Connection, sale: KeptSale) -> State | None:
    """What the returns of a sale left of it; its member is locked."""
    trip = Trip(connection)
    asked = trip.ask(prepared("returned_of_sale"), _named(sale))
    await trip.go()
    rows = trip.rows(asked)
    return orjson.loads(rows[0][0]) if rows else None


def keep_returned(trip: Trip, sale: KeptSale, state: State) -> None:
    """Keep what a return leaves of a sale; its member is locked."""
    trip.ask(prepared("keep_returned"), _named(sale) | {"state": orjson.dumps(state).decode()})


def _named(sale: KeptSale) -> dict[str, str]:
    return {
        "program": str(sale.place.program_id),
        "shard": str(sale.place.shard),
        "member": str(sale.recorded.member_id),
        "sale": str(sale.recorded.id),
    }
