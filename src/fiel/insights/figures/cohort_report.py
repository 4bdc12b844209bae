"""The report of cohorts: by the period in which members joined, or first bought."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from fiel.domain.language import N_
from fiel.insights.figures.asking import Times, times_of
from fiel.insights.figures.cohorts import Begun, Cohort, cohorts, visits
from fiel.insights.figures.definitions import DEFINITIONS
from fiel.insights.figures.narrowing import Narrowed
from fiel.insights.figures.purchases import returns_without_sales
from fiel.insights.figures.statements import lost_returns
from fiel.insights.reporting.asked import Asked, Entry
from fiel.insights.reporting.report import (
    Cell,
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Statement,
    Table,
)

MOST_COHORTS = 60

_DEFINITIONS = (
    Definition(
        "cohort",
        N_("Cohort"),
        N_(
            "Those who began in the same period: members who joined in it, or who made their first"
            " purchase in it. Whoever was erased has not joined, but has bought."
        ),
    ),
    Definition(
        "cohort_retention",
        N_("Retention of a cohort"),
        N_(
            "Those of the cohort who made a purchase so many periods after the one in which it"
            " began, in percent of the cohort: 0 is that period itself. Periods that are not over"
            " are not told."
        ),
    ),
    Definition(
        "cohort_value",
        N_("Value of a cohort"),
        N_("Net sales of the cohort up to the end of that period, divided by its members."),
    ),
    *(each for each in DEFINITIONS if each.id == "purchase"),
)


def make_cohorts(asked: Asked) -> Report:
    """Tell how many of those who began together still buy."""
    times = times_of(asked, most=MOST_COHORTS)
    narrowed = Narrowed.of(asked.options)
    told = asked.columns, times.told
    with visits(*told, narrowed).cache() as visited:
        places = narrowed.names_places
        joined = [] if places else cohorts(*told, Begun.JOINED, narrowed, visited)
        bought = cohorts(*told, Begun.BOUGHT, narrowed, visited)
    finished = len(times.told) - times.is_running
    return Report(
        name="cohorts",
        title=N_("Cohorts"),
        since=times.whole.since,
        until=times.whole.until,
        as_of=asked.columns.as_of,
        tables=(
            _retention("joined", N_("By when they joined"), joined, finished),
            _retention("bought", N_("By when they first bought"), bought, finished),
            _value("joined_value", N_("Value by when they joined"), joined, finished),
            _value("bought_value", N_("Value by when they first bought"), bought, finished),
        ),
        statements=(
            *_statements(times, narrowed, bought, finished),
            *lost_returns(*returns_without_sales(asked.columns), asked.program.currency),
        ),
        definitions=_DEFINITIONS,
    )


def _retention(name: str, title: str, told: Sequence[Cohort], finished: int) -> Table:
    return _table(name, title, told, finished, Kind.PERCENT, Cohort.retention)


def _value(name: str, title: str, told: Sequence[Cohort], finished: int) -> Table:
    return _table(name, title, told, finished, Kind.MONEY, Cohort.value)


def _table(
    name: str,
    title: str,
    told: Sequence[Cohort],
    finished: int,
    kind: Kind,
    read: Callable[[Cohort, int], Fraction | None],
) -> Table:
    """A row for each cohort; a cell for each period since that is over."""
    columns = (
        Column("from", N_("From"), Kind.DAY),
        Column("to", N_("To"), Kind.DAY),
        Column("members", N_("Members"), Kind.COUNT),
        *(Column(f"after_{number}", str(number), kind) for number in range(finished)),
    )
    rows: list[tuple[Cell, ...]] = []
    for number, cohort in enumerate(told):
        cells = [
            read(cohort, after) if number + after < finished else None for after in range(finished)
        ]
        rows.append((cohort.period.since, cohort.period.until, cohort.members, *cells))
    return Table(name, title, columns, tuple(rows))


def _statements(
    times: Times, narrowed: Narrowed, bought: Sequence[Cohort], finished: int
) -> Iterator[Statement]:
    if times.is_running:
        yield Statement(
            "period_running",
            Say(
                N_("The period that ends on {day} is not whole: nothing is told of it yet."),
                {"day": times.told[-1].until.isoformat()},
            ),
        )
    if not any(cohort.members for cohort in bought):
        yield Statement(
            "no_members_sales",
            Say(N_("Nobody made a first purchase as a member in this time.")),
        )
    elif finished < 2:
        yield Statement(
            "too_few_periods",
            Say(N_("Retention of a cohort needs two periods that are over: ask for more time.")),
        )
    if narrowed.names_places:
        yield Statement(
            "places_have_no_members",
            Say(N_("Members join no store and no channel: only first purchases are told here.")),
        )
    if narrowed.names_members:
        yield Statement(
            "holdings_of_today",
            Say(N_("Segments and tiers are those of today, also for the past.")),
        )


COHORTS = Entry(make_cohorts, options=frozenset({"every", "store", "channel", "segment", "tier"}))
