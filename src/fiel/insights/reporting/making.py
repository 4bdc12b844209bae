"""Making a report: read what the database must say, then work in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from fiel.insights.reporting.asked import Asked, Question, checked
from fiel.insights.reporting.registry import entry_of
from fiel.insights.reporting.report import Report
from fiel.ledger.scope import Connection, program_snapshot

if TYPE_CHECKING:
    from uuid import UUID

    from fiel.insights.columns.opening import Columns

type Connect = Callable[[], AbstractAsyncContextManager[Connection]]
type OpenColumns = Callable[[UUID], AbstractAsyncContextManager[Columns]]


async def make_report(
    name: str, question: Question, *, connect: Connect, open_columns: OpenColumns
) -> Report:
    """Make a report by its name.

    Raises:
        NoSuchReport: no report has this name.
        Invalid: the question cannot be asked of it.
    """
    # What a report stands on may take a second to load, and sales must not wait for it.
    entry = await asyncio.to_thread(entry_of, name)
    question = checked(question, entry)
    prepared: object = None
    if entry.prepare is not None:
        async with connect() as connection, program_snapshot(connection, question.program_id):
            prepared = await entry.prepare(connection, question)
    if not entry.needs_columns:
        return await asyncio.to_thread(entry.make, Asked(question, None, prepared))
    async with open_columns(question.program_id) as columns:
        # What it computes must not keep the sales of this process waiting.
        return await asyncio.to_thread(entry.make, Asked(question, columns, prepared))
