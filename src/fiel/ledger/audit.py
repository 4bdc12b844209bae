"""Prove the ledger: every balance from its transfers and lots, every sum, every reference.

The proof goes stretch by stretch of members, each in a snapshot of its own, so that it can run
beside a system at work and holds no more than a stretch in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, LiteralString
from uuid import UUID

from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement

MEMBERS_AT_ONCE = 20_000
# More differences than anybody reads; their number is told all the same.
DIFFERENCES_TOLD = 1_000

OF_MEMBERS = (
    "counters",
    "balances",
    "lots",
    "draws",
    "decisions",
    "standings",
    "limits",
    "progress",
    "references",
    "redemptions",
    "returns",
)
OF_PROGRAMS = ("budgets", "pairs", "stock", "coupons", "gift_cards")

_FIRST = UUID(int=0)
_LAST = UUID(int=2**128 - 1)

PROGRAMS: LiteralString = "SELECT id, slug FROM program ORDER BY slug"
SHARDS: LiteralString = "SELECT DISTINCT shard FROM standing WHERE program_id = %s ORDER BY shard"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is not as what it follows from says."""

    program: str
    member_id: UUID | None
    what: str
    expected: str | None
    found: str | None


@dataclass(slots=True)
class Proof:
    """What an audit went through and what it found."""

    members: int = 0
    transfers: int = 0
    count: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything ties."""
        return not self.count

    def found(self, program: str, rows: list[tuple[Any, ...]]) -> None:
        """Keep what a check found."""
        self.count += len(rows)
        room = DIFFERENCES_TOLD - len(self.differences)
        self.differences += [Difference(program, *row) for row in rows[:room]]


async def audit(owner: Connection, slug: str | None = None) -> Proof:
    """Prove one program's ledger, or that of all; `owner` sees every program."""
    proof = Proof()
    programs = await (await owner.execute(PROGRAMS)).fetchall()
    for program_id, name in programs:
        if slug is None or slug == name:
            await _audit_program(owner, proof, program_id, name)
    return proof


async def _audit_program(owner: Connection, proof: Proof, program_id: UUID, name: str) -> None:
    shards = [row[0] for row in await (await owner.execute(SHARDS, [program_id])).fetchall()]
    for shard in shards or [0]:
        after = _FIRST
        while after != _LAST:
            after = await _audit_stretch(owner, proof, program_id, name, shard, after)
    for check in OF_PROGRAMS:
        cursor = await owner.execute(statement(f"audit/{check}"), {"program": program_id})
        proof.found(name, await cursor.fetchall())


async def _audit_stretch(
    owner: Connection, proof: Proof, program_id: UUID, name: str, shard: int, after: UUID
) -> UUID:
    """Prove the members after one, and tell up to whom.

    The last stretch goes to the end of all ids, so that rows of nobody are found too.
    """
    here: dict[str, Any] = {"program": program_id, "shard": shard, "after": after}
    async with owner.transaction():
        await owner.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor = await owner.execute(statement("audit/members"), {**here, "most": MEMBERS_AT_ONCE})
        row = await cursor.fetchone()
        assert row is not None, "a count has a row"
        standings, last, members = row
        until = UUID(last) if standings == MEMBERS_AT_ONCE else _LAST
        here["until"] = until
        counted = await (await owner.execute(statement("audit/transfers"), here)).fetchone()
        assert counted is not None, "a count has a row"
        proof.members += members
        proof.transfers += counted[0]
        for check in OF_MEMBERS:
            cursor = await owner.execute(statement(f"audit/{check}"), here)
            proof.found(name, await cursor.fetchall())
    return until
