"""How a program begins: from a merchant's answers to a draft, and, before it, sales alone.

Sales that were made before the program may be wanted to try it on. Until it is published, a version
without rules is in force that records them and gives nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, LiteralString
from uuid import UUID

import orjson

from fiel.domain.document import Format, read_document
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.drafts import Draft, save_draft
from fiel.programs.fitting import Answers, fitted, read_answers, without_rules
from fiel.programs.publishing import new_program, publish

_MOST_OF_A_NAME = 50

KEEP: LiteralString = """
INSERT INTO program_start (program_id, answers, begun_at) VALUES (%s, %s::jsonb, %s)
ON CONFLICT (program_id) DO UPDATE SET answers = excluded.answers
"""
READ: LiteralString = (
    "SELECT answers, quiet_version, begun_at FROM program_start WHERE program_id = %s"
)
VERSION: LiteralString = "SELECT version FROM program WHERE id = %s FOR NO KEY UPDATE"
QUIET: LiteralString = "UPDATE program_start SET quiet_version = %s WHERE program_id = %s"


@dataclass(frozen=True, slots=True)
class Start:
    """How a program began: what was answered, and the version that only recorded sales."""

    told: Mapping[str, str]
    quiet_version: int | None
    begun_at: datetime

    @property
    def answers(self) -> Answers:
        """What was answered, read."""
        return read_answers(self.told)


async def begin_program(
    owner: Connection, told: Mapping[str, str], *, author: str, now: datetime
) -> tuple[UUID, str]:
    """Make a program of a merchant's answers, with a draft and no version; its id and slug.

    `owner` sees every program. A slug that another program has gets a number.

    Raises:
        Invalid: names every answer that is none; too many programs have the name.
    """
    answers = read_answers(told)
    for number in range(1, _MOST_OF_A_NAME + 1):
        slug = answers.slug if number == 1 else f"{answers.slug}-{number}"
        mine = read_answers({**told, "slug": slug})
        document = read_document(without_rules(mine))
        async with owner.transaction():
            program_id = await new_program(owner, document, sandbox=False, now=now)
            if program_id is None:
                continue
            async with program_transaction(owner, program_id):
                kept = {**told, "slug": slug}
                await keep_answers(owner, program_id, kept, author=author, now=now)
        return program_id, slug
    text = N_("There are too many programs of this name. Choose another.")
    raise Invalid(text, problems=[FieldProblem("name", "taken", text)])


async def keep_answers(
    connection: Connection, program_id: UUID, told: Mapping[str, str], *, author: str, now: datetime
) -> None:
    """Keep the answers, and the draft that comes of them in place of the one before.

    `connection` is inside the program's transaction.

    Raises:
        Invalid: names every answer that is none.
    """
    answers = read_answers(told)
    source = fitted(answers, today=now.date())
    await connection.execute(KEEP, (program_id, orjson.dumps(dict(told)).decode(), now))
    await save_draft(connection, program_id, Draft(source, Format.YAML, author, now))


async def start_of_program(connection: Connection, program_id: UUID) -> Start | None:
    """How a program began; None for one that began from a document."""
    row: tuple[Any, ...] | None = await (await connection.execute(READ, (program_id,))).fetchone()
    return None if row is None else Start(*row)


async def margin_as_answered(connection: Connection, program_id: UUID) -> Fraction | None:
    """What the merchant said of the margin, as a share of net sales; None for who was not asked."""
    start = await start_of_program(connection, program_id)
    return None if start is None else start.answers.margin


async def record_sales_only(
    connection: Connection, program_id: UUID, start: Start, *, author: str, now: datetime
) -> None:
    """Put a version without rules in force, if none is yet; inside the program's transaction."""
    row = await (await connection.execute(VERSION, (program_id,))).fetchone()
    if row is None or row[0] is not None:
        return
    source = without_rules(start.answers)
    publication = await publish(
        connection, program_id, read_document(source),
        source=source, format=Format.YAML, author=author, now=now,
    )  # fmt: skip
    await connection.execute(QUIET, (publication.number, program_id))
