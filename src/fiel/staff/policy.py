"""A program's rules for its staff: a second factor, and how much each role may move alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString, cast
from uuid import UUID

import orjson

from fiel.ledger.scope import Connection
from fiel.staff.roles import Right, Role, rights_of

READ: LiteralString = (
    "SELECT second_factor, limits, card_limits FROM staff_policy WHERE program_id = %s"
)
PUT: LiteralString = """
INSERT INTO staff_policy (program_id, second_factor, limits, card_limits, changed_at)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (program_id) DO UPDATE SET second_factor = excluded.second_factor,
  limits = excluded.limits, card_limits = excluded.card_limits, changed_at = excluded.changed_at
"""
HAS_SECOND_FACTOR: LiteralString = """
SELECT EXISTS (SELECT FROM mfa_authenticator WHERE user_id = %s AND type <> 'recovery_codes')
"""

type Limits = Mapping[Role, Mapping[str, int]]

# Whoever may adjust points; each may have a limit beyond which another person must agree.
LIMITED_ROLES = tuple(role for role in Role if Right.ADJUST_POINTS in rights_of(role))
# Whoever may issue gift cards and pay with them.
CARD_ROLES = tuple(role for role in Role if Right.MANAGE_CODES in rights_of(role))


@dataclass(frozen=True, slots=True)
class StaffPolicy:
    """What a program asks of its staff.

    `limits` are points of a unit that a role may give or take at once, `card_limits` what it may
    put on a gift card or take off one, in minor units; where there is none, it may any number.
    """

    second_factor: bool = False
    limits: Limits = field(default_factory=dict)
    card_limits: Mapping[Role, int] = field(default_factory=dict)

    def limit(self, role: Role, unit: str) -> int | None:
        """The most points of a unit that a role may adjust alone; None without a limit."""
        return self.limits.get(role, {}).get(unit)

    def needs_approval(self, role: Role, unit: str, points: int) -> bool:
        """Whether an adjustment, given or taken, is too large for one person."""
        limit = self.limit(role, unit)
        return limit is not None and abs(points) > limit

    def card_needs_approval(self, role: Role, amount: int) -> bool:
        """Whether an amount on a gift card, in minor units, is too large for one person."""
        limit = self.card_limits.get(role)
        return limit is not None and amount > limit


async def staff_policy(connection: Connection, program_id: UUID) -> StaffPolicy:
    """A program's rules for its staff, in a transaction of that program."""
    row = await (await connection.execute(READ, [program_id])).fetchone()
    if row is None:
        return StaffPolicy()
    kept = cast("dict[str, dict[str, int]]", row[1])
    limits = {Role(role): dict(of_units) for role, of_units in kept.items()}
    of_cards = {Role(role): limit for role, limit in cast("dict[str, int]", row[2]).items()}
    return StaffPolicy(second_factor=bool(row[0]), limits=limits, card_limits=of_cards)


async def put_staff_policy(
    connection: Connection, program_id: UUID, policy: StaffPolicy, *, now: datetime
) -> None:
    """Set a program's rules for its staff, in a transaction of that program."""
    limits = {str(role): dict(units) for role, units in policy.limits.items() if units}
    of_cards = {str(role): limit for role, limit in policy.card_limits.items()}
    kept = (orjson.dumps(limits).decode(), orjson.dumps(of_cards).decode())
    await connection.execute(PUT, [program_id, policy.second_factor, *kept, now])


async def has_second_factor(connection: Connection, user_id: UUID) -> bool:
    """Whether an account has an authenticator app or a passkey."""
    row = await (await connection.execute(HAS_SECOND_FACTOR, [user_id])).fetchone()
    return row is not None and bool(row[0])
