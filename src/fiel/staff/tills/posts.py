"""Who stands at which till, answered from memory for a few seconds, as keys are."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from fiel.ledger.scope import program_transaction
from fiel.staff.keyring import MOST_REMEMBERED, SECONDS_TRUSTED, Connect
from fiel.staff.tills.cashiers import Cashier, cashier_of_row
from fiel.staff.tills.shifts import Purpose, Shift

STANDS: LiteralString = """
SELECT d.name, d.store, c.id, c.name, c.stores, c.may_approve, c.redeem_a_day, c.return_a_day,
       c.active, c.epoch, c.made_at
FROM till_device d JOIN cashier c ON c.program_id = d.program_id
WHERE d.program_id = %s AND d.id = %s AND c.id = %s AND d.revoked_at IS NULL
"""

type _Asked = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Post:
    """A cashier at a till."""

    device_id: UUID
    till: str
    store: str
    cashier: Cashier


@dataclass(frozen=True, slots=True)
class AtTill:
    """Who stands at a till that calls, by which mark, and who lets it go beyond a limit."""

    post: Post
    shift: Shift
    approved_by: UUID | None

    @property
    def is_late(self) -> bool:
        """Whether the mark is one that only sends what was done without a network."""
        return self.shift.purpose is Purpose.KEPT


class Posts:
    """Looks up who stands where, and remembers it for a few seconds, also that nobody does."""

    def __init__(
        self,
        connect: Connect,
        *,
        seconds: float = SECONDS_TRUSTED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = connect
        self._seconds = seconds
        self._clock = clock
        self._known: dict[_Asked, tuple[Post | None, float]] = {}

    async def at(self, program_id: UUID, device_id: UUID, cashier_id: UUID) -> Post | None:
        """The cashier at the till; None where one of them is not there, or the till was revoked."""
        asked = (program_id, device_id, cashier_id)
        known = self._known.get(asked)
        if known is not None and known[1] > self._clock():
            return known[0]
        async with (
            self._connect() as connection,
            program_transaction(connection, program_id),
        ):
            row = await (await connection.execute(STANDS, asked)).fetchone()
        post = None
        if row is not None:
            post = Post(device_id, cast(str, row[0]), cast(str, row[1]), cashier_of_row(row[2:]))
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[asked] = (post, self._clock() + self._seconds)
        return post
