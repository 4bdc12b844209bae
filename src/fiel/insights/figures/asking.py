"""Which periods a report tells, from what was asked of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem
from fiel.insights.figures.periods import (
    DEFAULT_PERIODS,
    Every,
    Period,
    before,
    before_all,
    later,
    period_of,
    periods,
)
from fiel.insights.reporting.asked import Asked
from fiel.intake.contents.errors import invalid

MOST_PERIODS = 100
_EARLIEST = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Times:
    """The periods a report tells, each with what it is compared with, and all of them as one."""

    every: Every
    told: tuple[Period, ...]

    @property
    def befores(self) -> tuple[Period, ...]:
        """What each is compared with."""
        return tuple(before(period, self.every) for period in self.told)

    @property
    def whole(self) -> Period:
        """All of them as one."""
        return Period(self.told[0].since, self.told[-1].until)

    @property
    def before_whole(self) -> Period:
        """What all of them as one are compared with."""
        return before_all(self.told, self.every)

    @property
    def all(self) -> Sequence[Period]:
        """All that must be measured, the earliest first, none twice."""
        return sorted({*self.befores, *self.told})

    @property
    def is_running(self) -> bool:
        """Whether the last period is not over."""
        return self.told[-1].until < period_of(self.told[-1].until, self.every).until


def times_of(asked: Asked, *, most: int = MOST_PERIODS) -> Times:
    """The periods that are asked for: if nothing is said, twelve up to today.

    Raises:
        Invalid: they lie in the future or in no calendar of a shop, or there are too many of them.
    """
    every = Every(asked.options.get("every", Every.MONTH))
    until = min(asked.until or asked.today, asked.today)
    since = asked.since
    if since is None:
        since = later(period_of(until, every), every, 1 - DEFAULT_PERIODS).since
    problem = None
    if since > asked.today:
        problem = FieldProblem("from", "too_late", N_("It must not lie in the future."))
    elif since < _EARLIEST or until < since:
        problem = FieldProblem(
            "from", "too_early", N_("It must be {day} or later."), {"day": _EARLIEST.isoformat()}
        )
    if problem is not None:
        raise invalid([problem])
    told = []
    for period in periods(since, until, every):
        told.append(period)
        if len(told) > most:
            text = N_("That makes more than {most} periods: ask for longer ones or for less time.")
            raise invalid([FieldProblem("every", "too_many", text, {"most": most})])
    return Times(every, tuple(told))
