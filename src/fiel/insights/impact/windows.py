"""Windows: on which days members are compared, and which days lie before anything began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fiel.insights.impact.experiments import DAY, Experiment

LEAST_DAYS = 7  # of fewer days only the weekday is learned
BEFORE_DAYS = 365
_LONGEST_STRETCH = 90


@dataclass(frozen=True, slots=True)
class Window:
    """The days that are compared, `since` to `until`, and those before, all included.

    `last_since` is the first day of the last stretch, in which it shows who still buys.
    """

    since: date
    until: date
    before_since: date
    before_until: date

    @property
    def days(self) -> int:
        """How many days are compared."""
        return (self.until - self.since).days + 1

    @property
    def last_days(self) -> int:
        """How many days the last stretch has: half of them, ninety at most."""
        return max(1, min(_LONGEST_STRETCH, self.days // 2))

    @property
    def last_since(self) -> date:
        """The first day of the last stretch."""
        return self.until - timedelta(days=self.last_days - 1)


def window_of(
    experiment: Experiment, *, since: date | None, until: date | None, today: date
) -> Window | None:
    """The days of an experiment among those that are asked for; None where there are none yet.

    Today is not over. What was before is what was before the experiment: later days are marked by
    it, and the day on which it began is of neither.
    """
    first = max(experiment.since, since or experiment.since)
    last = min(experiment.until or today, until or today, today - DAY)
    if last < first:
        return None
    return _window(first, last, experiment.since - 2 * DAY)


def window_before(today: date, weeks: int) -> Window:
    """The last weeks, as if an experiment had run."""
    until = today - DAY
    since = today - timedelta(weeks=weeks)
    return _window(since, until, since - DAY)


def _window(since: date, until: date, before_until: date) -> Window:
    return Window(since, until, before_until - timedelta(days=BEFORE_DAYS - 1), before_until)
