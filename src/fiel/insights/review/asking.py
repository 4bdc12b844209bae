"""Asking for a review: what it stands on is loaded only where there is a past to read."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from importlib import import_module
from typing import LiteralString
from uuid import UUID

from fiel.domain.program import Program
from fiel.insights.reporting.making import Connect, OpenColumns
from fiel.insights.review.review import Review, review_without_past
from fiel.ledger.scope import program_transaction

_SOLD: LiteralString = """
SELECT EXISTS (SELECT FROM activity WHERE program_id = %s AND kind = 'sale')
"""


async def reviewed(
    program: Program,
    program_id: UUID,
    *,
    connect: Connect,
    open_columns: OpenColumns,
    margin: Fraction | None = None,
) -> Review:
    """The review of a draft of a program, on what that program has sold so far.

    `margin` is what the merchant says of it; it counts where no sale tells.
    """
    async with connect() as connection, program_transaction(connection, program_id):
        row = await (await connection.execute(_SOLD, (program_id,))).fetchone()
    if row is None or not row[0]:
        return review_without_past(program, margin=margin)
    reviewing = await asyncio.to_thread(import_module, "fiel.insights.review.reviewing")
    async with open_columns(program_id) as columns:
        review: Review = await asyncio.to_thread(reviewing.review_of, program, columns, margin)
    return review
