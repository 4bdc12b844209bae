"""A till of a shop: a device that was let in, and who stands there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx

from fiel.ledger.scope import Connection, program_transaction
from fiel.platform.database import open_database
from fiel.platform.folders import secret_key
from fiel.staff.tills.cashiers import Cashier, Terms, add_cashier
from fiel.staff.tills.devices import Paired, add_device, pair_device, start_pairing
from fiel.staff.tills.shifts import Purpose, Shifts
from tests.api.shop import Shop


class Till:
    """A device of a shop, let in by its code."""

    def __init__(self, shop: Shop, *, name: str = "Caja 1", store: str = "centro") -> None:
        self.shop = shop
        self.paired = at_shop(shop, lambda connection: _let_in(connection, shop, name, store))

    def hires(self, name: str = "Eva", *, pin: str = "4071", **terms: Any) -> Cashier:
        """Make a cashier."""
        return at_shop(
            self.shop,
            lambda connection: add_cashier(
                connection, self.shop.program_id, Terms(name, **terms), pin=pin, now=now()
            ),
        )

    def mark(self, cashier: Cashier, purpose: Purpose = Purpose.SHIFT) -> str:
        """What tells that a cashier stands here."""
        shifts = Shifts(secret_key().encode())
        return shifts.start(purpose, self.paired.device, cashier, now=now())[0]

    def by(
        self,
        cashier: Cashier | None,
        *,
        purpose: Purpose = Purpose.SHIFT,
        approved_by: Cashier | None = None,
    ) -> httpx.Client:
        """What a cashier at this till speaks to the API by."""
        headers = {}
        if cashier is not None:
            headers["fiel-cashier"] = self.mark(cashier, purpose)
        if approved_by is not None:
            headers["fiel-approval"] = self.mark(approved_by, Purpose.APPROVAL)
        return self.shop.caller(self.paired.secret, **headers)


def now() -> datetime:
    """The time on the wall."""
    return datetime.now(UTC)


def at_shop[T](shop: Shop, work: Callable[[Connection], Awaitable[T]]) -> T:
    """Do something with the rows of a shop."""

    async def run() -> T:
        async with (
            open_database(shop.database_url, connections=1) as database,
            database.connection() as connection,
            program_transaction(connection, shop.program_id),
        ):
            return await work(connection)

    # A test that looks at pages has a loop in its own thread already.
    with ThreadPoolExecutor(1) as another_thread:
        return another_thread.submit(asyncio.run, run()).result()


async def _let_in(connection: Connection, shop: Shop, name: str, store: str) -> Paired:
    device = await add_device(connection, shop.program_id, name=name, store=store, now=now())
    pairing = await start_pairing(connection, shop.program_id, device.id, now=now())
    return await pair_device(connection, shop.program_id, pairing.code, now=now())
