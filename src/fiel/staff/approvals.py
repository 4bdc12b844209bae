"""Approvals: what is too large for one person waits until another agrees.

Who asks does not agree, and what was agreed to is done once: an approval's id is the id of the
request that carries it out, so that a repeat changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import LiteralString, cast
from uuid import UUID

import orjson

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound, Refusal
from fiel.ledger.scope import Connection

COLUMNS: LiteralString = """
id, kind, about, content, unit, points, reason, asked_by, asked_by_name, asked_at, state,
decided_by, decided_by_name, decided_at, note
"""
INSERT: LiteralString = """
INSERT INTO approval
  (program_id, id, kind, about, content, unit, points, reason, asked_by, asked_by_name, asked_at,
   state)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'waiting')
ON CONFLICT (program_id, id) DO NOTHING
"""
ONE: LiteralString = f"SELECT {COLUMNS} FROM approval WHERE program_id = %s AND id = %s"
OF_PROGRAM: LiteralString = f"""
SELECT {COLUMNS} FROM approval WHERE program_id = %s AND state = ANY(%s)
ORDER BY asked_at DESC, id DESC LIMIT %s
"""
HOW_MANY: LiteralString = """
SELECT count(*) FROM approval WHERE program_id = %s AND state IN ('waiting', 'approved')
"""
DECIDE: LiteralString = f"""
UPDATE approval SET state = %s, decided_by = %s, decided_by_name = %s, decided_at = %s, note = %s
WHERE program_id = %s AND id = %s AND state = 'waiting' RETURNING {COLUMNS}
"""
FINISH: LiteralString = """
UPDATE approval SET state = %s, note = %s
WHERE program_id = %s AND id = %s AND state = 'approved'
"""

FORGET: LiteralString = """
UPDATE approval SET reason = '', note = '', content = content || '{"reason": "-"}'
WHERE program_id = %s AND about = ANY(%s)
"""


class ApprovalKind(StrEnum):
    """What is asked for; the value is what the database keeps."""

    ADJUSTMENT = "adjustment"
    CARD_ISSUE = "card_issue"
    CARD_CHARGE = "card_charge"


class ApprovalState(StrEnum):
    """Where an approval stands.

    APPROVED is what was agreed to and is being done; FAILED what could not be done then.
    """

    WAITING = "waiting"
    APPROVED = "approved"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"


OPEN = (ApprovalState.WAITING, ApprovalState.APPROVED)
CLOSED = (ApprovalState.DONE, ApprovalState.FAILED, ApprovalState.REFUSED)


class OwnApproval(Refusal):
    """Nobody approves what she asked for herself."""

    code = "own_approval"


class AlreadyDecided(Refusal):
    """Somebody has approved or refused it before."""

    code = "already_decided"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks or decides: an account, with the name that stays when the account goes."""

    user_id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: `content` as the API takes it, `about` what it is to change.

    `points` are of a unit, or minor units of the currency that `unit` names.
    """

    kind: ApprovalKind
    about: str
    content: Mapping[str, object]
    unit: str
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Approval:
    """Something large that waits, or waited, for another person."""

    id: UUID
    kind: ApprovalKind
    about: str
    content: Mapping[str, object]
    unit: str
    points: int
    reason: str
    asked_by: UUID
    asked_by_name: str
    asked_at: datetime
    state: ApprovalState
    decided_by: UUID | None
    decided_by_name: str
    decided_at: datetime | None
    note: str


async def ask_for(
    connection: Connection,
    program_id: UUID,
    wanted: Wanted,
    *,
    request_id: UUID,
    asked_by: Asker,
    now: datetime,
) -> bool:
    """Let something wait for another person under its request's id, in the program's transaction.

    Whether it is new: the same request, made before, waits as it did or has been decided on.
    """
    told = orjson.dumps(dict(wanted.content), default=str).decode()
    asked = await connection.execute(
        INSERT,
        [
            program_id, request_id, str(wanted.kind), wanted.about, told, wanted.unit,
            wanted.points, wanted.reason, asked_by.user_id, asked_by.name, now,
        ],
    )  # fmt: skip
    return bool(asked.rowcount)


async def approvals_of(
    connection: Connection,
    program_id: UUID,
    states: tuple[ApprovalState, ...] = OPEN,
    *,
    limit: int = 200,
) -> list[Approval]:
    """A program's approvals in some states, newest first, in a transaction of that program."""
    asked = [program_id, [str(state) for state in states], limit]
    rows = await (await connection.execute(OF_PROGRAM, asked)).fetchall()
    return [_approval(row) for row in rows]


async def waiting_approvals(connection: Connection, program_id: UUID) -> int:
    """How many approvals are open, in a transaction of their program."""
    row = await (await connection.execute(HOW_MANY, [program_id])).fetchone()
    return 0 if row is None else cast(int, row[0])


async def approval_named(connection: Connection, program_id: UUID, approval_id: UUID) -> Approval:
    """One approval, in a transaction of its program.

    Raises:
        NotFound: the program has no such approval.
    """
    row = await (await connection.execute(ONE, [program_id, approval_id])).fetchone()
    if row is None:
        raise NotFound(N_("There is no such request."))
    return _approval(row)


async def approve(
    connection: Connection,
    program_id: UUID,
    approval_id: UUID,
    *,
    by: Asker,
    now: datetime,
) -> Approval:
    """Agree to what another person asked for; whoever calls then carries it out.

    What was agreed to and is not done yet may be agreed to again, by anybody but who asked: the
    first time stands, and it is carried out then.

    Raises:
        NotFound: the program has no such approval.
        OwnApproval: it was asked for by the same person.
        AlreadyDecided: it was refused, or done.
    """
    return await _decide(connection, program_id, approval_id, ApprovalState.APPROVED, by, "", now)


async def refuse(
    connection: Connection,
    program_id: UUID,
    approval_id: UUID,
    *,
    by: Asker,
    note: str,
    now: datetime,
) -> Approval:
    """Say no to what was asked for. Who asked may take her own request back this way.

    Raises:
        NotFound: the program has no such approval.
        AlreadyDecided: it was approved or refused before.
    """
    return await _decide(connection, program_id, approval_id, ApprovalState.REFUSED, by, note, now)


async def finish(
    connection: Connection, program_id: UUID, approval_id: UUID, *, problem: str = ""
) -> None:
    """Note what became of what was approved; a problem says why it could not be done."""
    state = ApprovalState.FAILED if problem else ApprovalState.DONE
    await connection.execute(FINISH, [str(state), problem, program_id, approval_id])


async def forget_reasons(connection: Connection, program_id: UUID, members: Sequence[UUID]) -> None:
    """Forget what people wrote about members who are erased; what was asked for stays."""
    about = [f"member:{member_id}" for member_id in members]
    await connection.execute(FORGET, [program_id, about])


async def _decide(
    connection: Connection,
    program_id: UUID,
    approval_id: UUID,
    state: ApprovalState,
    by: Asker,
    note: str,
    now: datetime,
) -> Approval:
    found = await approval_named(connection, program_id, approval_id)
    agreed = state is ApprovalState.APPROVED
    if agreed and found.asked_by == by.user_id:
        raise OwnApproval(N_("You asked for this yourself: another person has to approve it."))
    decided = await connection.execute(
        DECIDE, [str(state), by.user_id, by.name, now, note, program_id, approval_id]
    )
    row = await decided.fetchone()
    if row is not None:
        return _approval(row)
    found = await approval_named(connection, program_id, approval_id)
    if agreed and found.state is ApprovalState.APPROVED:
        return found
    raise AlreadyDecided(N_("{name} has decided on this already."), name=found.decided_by_name)


def _approval(row: tuple[object, ...]) -> Approval:
    return Approval(
        id=cast(UUID, row[0]),
        kind=ApprovalKind(cast(str, row[1])),
        about=cast(str, row[2]),
        content=cast("dict[str, object]", row[3]),
        unit=cast(str, row[4]),
        points=cast(int, row[5]),
        reason=cast(str, row[6]),
        asked_by=cast(UUID, row[7]),
        asked_by_name=cast(str, row[8]),
        asked_at=cast(datetime, row[9]),
        state=ApprovalState(cast(str, row[10])),
        decided_by=cast("UUID | None", row[11]),
        decided_by_name=cast(str, row[12]),
        decided_at=cast("datetime | None", row[13]),
        note=cast(str, row[14]),
    )
