"""Looking at a program: what is unusual by the end of yesterday is kept and told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from fiel.insights.alerts.finding import Finding, Looked
from fiel.insights.alerts.kept import Alert, keep_look, may_look, raise_alert
from fiel.insights.alerts.telling import tell_of_alerts
from fiel.insights.reporting.report import Statement
from fiel.ledger.budgets import budgets_left
from fiel.ledger.scope import Connection, program_transaction

if TYPE_CHECKING:
    from fiel.domain.program import Program
    from fiel.insights.columns.opening import Columns
    from fiel.programs.versions import Published

    type Connect = Callable[[], AbstractAsyncContextManager[Connection]]
    type OpenColumns = Callable[[UUID], AbstractAsyncContextManager[Columns]]


@dataclass(frozen=True, slots=True)
class Watched:
    """What a look came to: the alerts that are new, how many things were found, what was not."""

    raised: tuple[Alert, ...]
    found: int
    statements: tuple[Statement, ...]


async def watch_once_a_day(
    connect: Connect, open_columns: OpenColumns, published: Published, now: datetime
) -> Watched | None:
    """Look at a program unless that was done today, by whichever process; None: it was."""
    day = _last_whole_day(published.program, now)
    async with connect() as connection, program_transaction(connection, published.program_id):
        if not await may_look(connection, published.program_id, day, at=now):
            return None
    return await watch(connect, open_columns, published, now)


async def watch(
    connect: Connect, open_columns: OpenColumns, published: Published, now: datetime
) -> Watched:
    """Look at a program's last weeks; `now` is the program's time."""
    program, program_id = published.program, published.program_id
    until = _last_whole_day(program, now)
    async with connect() as connection, program_transaction(connection, program_id):
        left = await budgets_left(connection, program_id, _budgets(program))
    async with open_columns(program_id) as columns:
        looked = await asyncio.to_thread(look, columns, program, left, until)
    raised = []
    async with connect() as connection, program_transaction(connection, program_id):
        for finding in looked.findings:
            alert = await raise_alert(
                connection, program_id, finding, at=now, zone=program.timezone
            )
            if alert is not None:
                raised.append(alert)
        await tell_of_alerts(connection, published, raised, now)
        await keep_look(connection, program_id, until, looked.statements, at=now)
    return Watched(tuple(raised), len(looked.findings), looked.statements)


def look(
    columns: Columns, program: Program, left: Mapping[tuple[str, str], int], until: date
) -> Looked:
    """What is unusual by the end of a day."""
    # What they stand on takes a second to load: for who looks, and for nobody else.
    from fiel.insights.alerts.budgets import budgets_ending  # noqa: PLC0415
    from fiel.insights.alerts.cashiers import cashiers  # noqa: PLC0415
    from fiel.insights.alerts.drifts import drifts  # noqa: PLC0415

    parts = [drifts(columns, until=until), cashiers(columns, until=until)]
    ending = tuple(budgets_ending(columns, program, left, until=until))
    findings = (*(finding for part in parts for finding in part.findings), *ending)
    statements = tuple(statement for part in parts for statement in part.statements)
    return Looked(_with_members(columns, findings), statements)


def _with_members(columns: Columns, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings about a member by their id, not by the number that the copy gives them."""
    numbers = [int(finding.about) for finding in findings if finding.about]
    if not numbers:
        return tuple(findings)
    members = columns["members"]
    told = members.filter(members.member.isin(numbers)).select("member", "member_id").to_pyarrow()
    ids = {str(row["member"]): row["member_id"] for row in told.to_pylist()}
    return tuple(
        replace(finding, about=ids.get(finding.about, "")) if finding.about else finding
        for finding in findings
    )


def _budgets(program: Program) -> dict[tuple[str, str], int]:
    return {
        (rule.id, unit): whole
        for rule in program.earn
        if rule.budget is not None
        for unit, whole in rule.budget.amounts.items()
    }


def _last_whole_day(program: Program, now: datetime) -> date:
    return now.astimezone(program.timezone).date() - timedelta(days=1)
