"""A Café Sol that has lived for some months, with its staff: for pages that tell of time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from fiel.insights.alerts.finding import Finding, Kind
from fiel.insights.alerts.kept import raise_alert
from fiel.insights.reporting.report import Say
from fiel.ledger.scope import program_transaction
from fiel.platform.database import open_database
from fiel.programs.drafts import Draft, save_draft
from fiel.staff.memberships import put_membership
from fiel.staff.roles import Role
from tests.web.program import STAGE_PROGRAM
from tests.web.stage import Stage, staged

# The sandbox lives in a year to come: what was sold before it began has ended by then.
YEAR = datetime.now(UTC).year + 2
MONTHS = (1, 2, 3, 4, 5)
NOW = f"{YEAR}-06-12T12:00:00Z"


@contextmanager
def lived(database_url: str, document: str = STAGE_PROGRAM) -> Iterator[Stage]:
    """Serve a Café Sol after five months of sales, in the middle of the sixth."""
    with staged(database_url, document=document, sandbox=True) as stage:
        with ThreadPoolExecutor() as another_thread:
            another_thread.submit(_live, stage).result()
        yield stage


def _live(stage: Stage) -> None:
    """Ana buys every month, Berta every second, somebody unknown too; Ana redeems once."""
    shop = stage.shop
    for month in MONTHS:
        shop.lives_at(f"{YEAR}-{month:02}-10T10:00:00Z")
        shop.sells("40.00", to="ana", store="centro", cashier="iker")
        shop.sells("15.50", store="norte", cashier="nora")
        if month % 2:
            shop.sells("22.00", to="berta", store="norte", cashier="nora")
    redeemed = shop.http.post(
        "/redemptions", json={"member": shop.members["ana"], "reward": "cafe-gratis"}
    )
    assert redeemed.status_code == 201, redeemed.text
    shop.lives_at(NOW)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run something beside the browser, whose loop is in this thread."""
    with ThreadPoolExecutor() as another_thread:
        return another_thread.submit(asyncio.run, work).result()


def works_in(stage: Stage, role: Role, *stores: str) -> None:
    """Let somebody see some stores only; without any, all of them."""

    async def put() -> None:
        program_id, user_id = stage.shop.program_id, stage.users[role]
        async with (
            open_database(stage.database_url, connections=1) as database,
            database.owner() as owner,
        ):
            await put_membership(owner, program_id, user_id, role, stores)

    run(put())


def raises_alert(stage: Stage, *, kind: Kind = Kind.STORE, subject: str = "norte") -> UUID:
    """An alert that nobody has looked at; its id."""

    async def put() -> UUID:
        finding = Finding(
            kind, "drift" if kind is Kind.STORE else "many_sales_to_one_member", subject,
            date(YEAR, 5, 20), 12.0, 3.0, 0.9995,
            Say("In “{subject}” {now} sales are made a day since {since}.",
                {"subject": subject, "now": "3", "since": f"{YEAR}-05-20"}),
        )  # fmt: skip
        program_id = stage.shop.program_id
        async with (
            open_database(stage.database_url, connections=1) as database,
            database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            at = datetime(YEAR, 6, 12, 6, tzinfo=UTC)
            alert = await raise_alert(connection, program_id, finding, at=at, zone=UTC)
            assert alert is not None, "it is a new one"
            return alert.id

    id_: UUID = run(put())
    return id_


def leaves_draft(stage: Stage, document: str = STAGE_PROGRAM) -> None:
    """Somebody has begun to change the program."""

    async def put() -> None:
        program_id = stage.shop.program_id
        async with (
            open_database(stage.database_url, connections=1) as database,
            database.connection() as connection,
            program_transaction(connection, program_id),
        ):
            draft = Draft(document, "yaml", "Ana", datetime(YEAR, 6, 11, tzinfo=UTC))
            await save_draft(connection, program_id, draft)

    run(put())


def deeds(stage: Stage) -> list[tuple[str, str]]:
    """What people did, by the audit trail: the action, and what it was about."""

    async def read() -> list[tuple[str, str]]:
        async with (
            open_database(stage.database_url, connections=1) as database,
            database.connection() as connection,
            program_transaction(connection, stage.shop.program_id),
        ):
            asked = "SELECT action, about FROM audit_entry WHERE program_id = %s ORDER BY id"
            rows = await (await connection.execute(asked, [stage.shop.program_id])).fetchall()
        return [(str(row[0]), str(row[1])) for row in rows]

    found: list[tuple[str, str]] = run(read())
    return found
