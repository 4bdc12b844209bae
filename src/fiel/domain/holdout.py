"""Holdouts: members who are kept out of a program, or of a promotion, to measure what it does.

Who is kept out follows from the program, the promotion and the member's id alone: it is the same
through every door and for good, and a greater share adds members and loses none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from uuid import UUID

from fiel.domain.program import Program

WHOLE_PROGRAM = ""  # the program itself, among ids of promotions
HELD_OUT = "held_out"  # why a rule gave nothing, and under which name a decision pins it

_BYTES = 8
_ALL = 1 << 8 * _BYTES

NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Holdout:
    """Whom one program or promotion keeps out: members whose place in a row is below `until`.

    A place is the first eight bytes of the digest of `salt` and the member's id.
    """

    id: str  # the promotion's; `WHOLE_PROGRAM` of the program
    until: int
    salt: str

    def holds(self, member_id: UUID) -> bool:
        """Whether a member is kept out."""
        digest = sha256(f"{self.salt}{member_id}".encode()).digest()
        return int.from_bytes(digest[:_BYTES]) < self.until

    @property
    def share(self) -> Fraction:
        """The share of the members that is kept out, from 0 to 1."""
        return Fraction(self.until, _ALL)


@dataclass(frozen=True, slots=True)
class Holdouts:
    """All holdouts of a version of a program, ready to be asked."""

    each: tuple[Holdout, ...]

    @classmethod
    def of(cls, program: Program) -> Holdouts:
        """Find what a program says about holdouts."""
        shares = [(WHOLE_PROGRAM, program.holdout)]
        shares += [(rule.id, rule.holdout) for rule in program.earn]
        return cls(
            tuple(
                holdout_of(program.slug, name, share) for name, share in shares if share is not None
            )
        )

    def of_member(self, member_id: UUID) -> frozenset[str]:
        """What a member is kept out of: ids of promotions, `WHOLE_PROGRAM` for the program."""
        if not self.each:
            return NOBODY
        return frozenset(one.id for one in self.each if one.holds(member_id))


def held_out(program: Program, member_id: UUID) -> frozenset[str]:
    """What a member is kept out of: ids of promotions, `WHOLE_PROGRAM` for the program.

    Members who were merged are those who they are now: ask for the survivor.
    """
    return Holdouts.of(program).of_member(member_id)


def is_held_out_of_all(held: Collection[str]) -> bool:
    """Whether somebody is kept out of the whole program."""
    return WHOLE_PROGRAM in held


def holdout_of(slug: str, name: str, percent: Decimal) -> Holdout:
    """The holdout of a program or promotion that keeps out so many of a hundred members."""
    # No slug and no id has a line break: no two pairs of them make the same salt.
    return Holdout(name, int(Fraction(percent) * _ALL / 100), f"{slug}\n{name}\n")
