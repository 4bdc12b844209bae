"""Alerts as they are kept: raised once, seen, and closed by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import LiteralString
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound
from fiel.insights.alerts.finding import Finding
from fiel.insights.reporting.report import Say, Statement
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection


class State(StrEnum):
    """Whether somebody has dealt with an alert."""

    OPEN = "open"
    SEEN = "seen"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Alert:
    """Something unusual that was told, with the figures of the last look that found it."""

    id: UUID
    kind: str
    pattern: str
    subject: str
    about: str
    since: date
    usual: Decimal | None
    now: Decimal
    sure: Decimal
    text: str
    told: dict[str, object]
    state: str
    raised_at: datetime
    found_at: datetime
    seen_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    note: str

    @property
    def words(self) -> Say:
        """What it says."""
        return Say(self.text, self.told)


@dataclass(frozen=True, slots=True)
class Look:
    """The last look at a program: up to which day, when, and what it could not look at."""

    day: date
    looked_at: datetime
    statements: tuple[Statement, ...]


_COLUMNS: LiteralString = (
    "id, kind, pattern, subject, about, since, usual, now, sure, text, told, state, raised_at, "
    "found_at, seen_at, closed_at, closed_by, note"
)
_ALERTS: LiteralString = f"""
SELECT {_COLUMNS} FROM alert
WHERE program_id = %(program)s AND state = ANY(%(states)s::text[])
  AND (%(after)s::uuid IS NULL OR id < %(after)s::uuid)
ORDER BY id DESC LIMIT %(limit)s
"""
# Whatever had been so when somebody closed it is not told again.
_DEALT_WITH: LiteralString = """
SELECT max(closed_at) FROM alert
WHERE program_id = %(program)s AND kind = %(kind)s AND pattern = %(pattern)s
  AND subject = %(subject)s AND about = %(about)s AND state = 'closed'
"""
_RAISE: LiteralString = f"""
INSERT INTO alert (program_id, id, kind, pattern, subject, about, since, usual, now, sure, text,
                   told, state, raised_at, found_at)
VALUES (%(program)s, %(id)s, %(kind)s, %(pattern)s, %(subject)s, %(about)s, %(since)s, %(usual)s,
        %(now)s, %(sure)s, %(text)s, %(told)s, 'open', %(at)s, %(at)s)
ON CONFLICT (program_id, kind, pattern, subject, about) WHERE state <> 'closed'
DO UPDATE SET usual = excluded.usual, now = excluded.now, sure = excluded.sure,
  text = excluded.text, told = excluded.told, found_at = excluded.found_at
RETURNING {_COLUMNS}
"""
_SEE: LiteralString = f"""
UPDATE alert SET state = 'seen', seen_at = %(at)s
WHERE program_id = %(program)s AND id = %(id)s AND state = 'open' RETURNING {_COLUMNS}
"""
_CLOSE: LiteralString = f"""
UPDATE alert SET state = 'closed', closed_at = %(at)s, closed_by = %(by)s, note = %(note)s
WHERE program_id = %(program)s AND id = %(id)s AND state <> 'closed' RETURNING {_COLUMNS}
"""
_ONE: LiteralString = f"SELECT {_COLUMNS} FROM alert WHERE program_id = %(program)s AND id = %(id)s"
_CLAIM: LiteralString = """
INSERT INTO alert_look (program_id, day, looked_at, statements)
VALUES (%(program)s, %(day)s, %(at)s, '[]')
ON CONFLICT (program_id) DO UPDATE SET day = excluded.day, looked_at = excluded.looked_at
WHERE alert_look.day < excluded.day
"""
_LOOKED: LiteralString = """
INSERT INTO alert_look (program_id, day, looked_at, statements)
VALUES (%(program)s, %(day)s, %(at)s, %(statements)s)
ON CONFLICT (program_id) DO UPDATE
SET day = excluded.day, looked_at = excluded.looked_at, statements = excluded.statements
"""
_LOOK: LiteralString = """
SELECT day, looked_at, statements FROM alert_look WHERE program_id = %(program)s
"""


async def alerts_of(
    connection: Connection,
    program_id: UUID,
    states: Sequence[State],
    *,
    after: UUID | None = None,
    limit: int = 1000,
) -> list[Alert]:
    """A program's alerts in these states, newest first."""
    told = {"program": program_id, "states": [str(state) for state in states], "after": after,
            "limit": limit}  # fmt: skip
    async with connection.cursor(row_factory=class_row(Alert)) as reading:
        return await (await reading.execute(_ALERTS, told)).fetchall()


async def alert_named(connection: Connection, program_id: UUID, alert_id: UUID) -> Alert:
    """One alert of a program.

    Raises:
        NotFound: there is no such alert.
    """
    return await _first(connection, (_ONE,), {"program": program_id, "id": alert_id})


async def raise_alert(
    connection: Connection, program_id: UUID, finding: Finding, *, at: datetime, zone: tzinfo
) -> Alert | None:
    """Keep what was found; the alert when it is a new one, None when it was told already."""
    told = {
        "program": program_id, "id": new_id(), "kind": str(finding.kind),
        "pattern": finding.pattern, "subject": finding.subject, "about": finding.about,
        "since": finding.since, "usual": finding.usual, "now": finding.now, "sure": finding.sure,
        "text": finding.text.msgid, "told": Jsonb(dict(finding.text.parameters)), "at": at,
    }  # fmt: skip
    closed = await (await connection.execute(_DEALT_WITH, told)).fetchone()
    if closed and closed[0] is not None and closed[0].astimezone(zone).date() >= finding.since:
        return None
    async with connection.cursor(row_factory=class_row(Alert)) as writing:
        kept = await (await writing.execute(_RAISE, told)).fetchone()
    assert kept is not None, "it is written or was there"
    return kept if kept.id == told["id"] else None


async def see_alert(
    connection: Connection, program_id: UUID, alert_id: UUID, *, at: datetime
) -> Alert:
    """Say that an alert was seen; one that was seen or closed stays as it is.

    Raises:
        NotFound: there is no such alert.
    """
    return await _changed(connection, _SEE, {"program": program_id, "id": alert_id, "at": at})


async def close_alert(
    connection: Connection, program_id: UUID, alert_id: UUID, *, at: datetime, by: str, note: str
) -> Alert:
    """Close an alert; one that is closed stays as it is.

    Raises:
        NotFound: there is no such alert.
    """
    told = {"program": program_id, "id": alert_id, "at": at, "by": by, "note": note}
    return await _changed(connection, _CLOSE, told)


async def may_look(connection: Connection, program_id: UUID, day: date, *, at: datetime) -> bool:
    """Whether nobody has looked at a program up to this day yet; whoever asks first does."""
    told = {"program": program_id, "day": day, "at": at}
    return bool((await connection.execute(_CLAIM, told)).rowcount)


async def keep_look(
    connection: Connection,
    program_id: UUID,
    day: date,
    statements: Sequence[Statement],
    *,
    at: datetime,
) -> None:
    """Write down that a program was looked at, and what could not be."""
    said = [
        {"code": one.code, "text": one.text.msgid, "told": dict(one.text.parameters)}
        for one in statements
    ]
    told = {"program": program_id, "day": day, "at": at, "statements": Jsonb(said)}
    await connection.execute(_LOOKED, told)


async def last_look(connection: Connection, program_id: UUID) -> Look | None:
    """The last look at a program; None: there has been none."""
    row = await (await connection.execute(_LOOK, {"program": program_id})).fetchone()
    if row is None:
        return None
    day, looked_at, said = row
    return Look(
        day, looked_at,
        tuple(Statement(one["code"], Say(one["text"], one["told"])) for one in said),
    )  # fmt: skip


async def _changed(
    connection: Connection, statement: LiteralString, told: dict[str, object]
) -> Alert:
    return await _first(connection, (statement, _ONE), told)


async def _first(
    connection: Connection, statements: Sequence[LiteralString], told: dict[str, object]
) -> Alert:
    """The alert that the first of some statements answers."""
    async with connection.cursor(row_factory=class_row(Alert)) as asking:
        for each in statements:
            found = await (await asking.execute(each, told)).fetchone()
            if found is not None:
                return found
    raise NotFound(N_("There is no such alert."))
