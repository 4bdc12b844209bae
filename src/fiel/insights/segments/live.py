"""Which segments are live: those that a program says, and the groups that it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fiel.domain.conditions import Condition
from fiel.domain.document.segmenting import RFM_PREFIX
from fiel.domain.program import Program
from fiel.insights.segments.groups import GROUPS


@dataclass(frozen=True, slots=True)
class Wanted:
    """A segment to find members of: a condition, or a group by recency, frequency and value."""

    id: str
    where: Condition | None = None

    @property
    def reads(self) -> frozenset[str]:
        """The facts that it reads."""
        if self.where is None:
            return frozenset({"rfm"})
        return frozenset(name.split(".")[1] for name in self.where.reads)


def live_segments(program: Program) -> list[Wanted]:
    """The program's own segments, then the groups that its rules, rewards and the like name."""
    own = [Wanted(segment.id, segment.where) for segment in program.segments.values()]
    return [*own, *(Wanted(group) for group in GROUPS if group in named_groups(program))]


def named_groups(program: Program) -> frozenset[str]:
    """The groups by recency, frequency and value that conditions of the program name."""
    return frozenset(
        text
        for condition in _conditions(program)
        if "member.segments" in condition.reads
        for text in condition.literals
        if text.startswith(RFM_PREFIX)
    )


def _conditions(program: Program) -> Iterator[Condition]:
    told = [
        *(rule.where for rule in program.earn),
        *(milestone.where for milestone in program.milestones),
        *(reward.where for reward in program.rewards.values()),
        *(coupon.where for coupon in program.coupons.values()),
    ]
    yield from (where for where in told if where is not None)
