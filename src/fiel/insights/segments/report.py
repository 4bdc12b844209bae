"""The report of segments: how large each is, what it spends and what its points cost."""

from __future__ import annotations

from fiel.domain.language import N_
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
from fiel.insights.segments.asking import Told, name_of, told_segments
from fiel.insights.segments.sizing import Sizes

# Scores from 1 to 5 by the share of those who are worse say nothing of fewer.
LEAST_BUYERS = 25
_YES, _NO = N_("yes"), N_("no")

_COLUMNS = (
    Column("segment", N_("Segment"), Kind.TEXT),
    Column("name", N_("Name"), Kind.TEXT),
    Column("live", N_("Live"), Kind.TEXT),
    Column("members", N_("Members"), Kind.COUNT),
    Column("share", N_("Share"), Kind.PERCENT),
    Column("sales", N_("Sales in 365 days"), Kind.COUNT),
    Column("spend", N_("Spend in 365 days"), Kind.MONEY),
    Column("average_spend", N_("Average spend"), Kind.MONEY),
    Column("points_cost", N_("Cost of points"), Kind.MONEY),
)
_POINTS = (
    Column("segment", N_("Segment"), Kind.TEXT),
    Column("unit", N_("Unit"), Kind.TEXT),
    Column("issued", N_("Given in 365 days"), Kind.POINTS),
)
_DEFINITIONS = (
    Definition(
        "live",
        N_("Live"),
        N_(
            "Members enter and leave it by themselves, and rules can name it. Segments of the "
            "program are; groups by recency, frequency and value where a rule names them."
        ),
    ),
    Definition(
        "sales",
        N_("Sales and spend"),
        N_(
            "Of the 365 days up to the day: sales that were not cancelled, and their net value "
            "less what came back."
        ),
    ),
    Definition(
        "rfm",
        N_("Groups by recency, frequency and value"),
        N_(
            "Members who ever bought are scored from 1 to 5 by how long ago they bought, how "
            "often and for how much in 365 days: by the share of those who are worse, half of "
            "those who are equal among them."
        ),
    ),
    Definition(
        "points_cost",
        N_("Cost of points"),
        N_(
            "What the points given in 365 days, less those taken back, are worth at the unit's "
            "value; points that pay nothing cost nothing."
        ),
    ),
)


def segments(asked: Asked) -> Report:
    """All segments as of the last day that is asked for."""
    on = asked.until or asked.today
    told, found = told_segments(asked.columns, asked.program, on)
    buyers = sum(
        each.size.members
        for each in told
        if each.id.startswith("rfm-") and each.id != "rfm-never-bought"
    )
    statements = []
    if buyers < LEAST_BUYERS:
        text = Say(
            N_(
                "Only {buyers} members ever bought; groups by recency, frequency and value need "
                "at least {least} to mean something."
            ),
            {"buyers": buyers, "least": LEAST_BUYERS},
        )
        statements.append(Statement("too_few_members", text))
    return Report(
        name="segments",
        title=TITLE,
        since=None,
        until=on,
        as_of=asked.columns.as_of,
        tables=(_sizes(asked, told, found), _points(told)),
        statements=tuple(statements),
        definitions=_DEFINITIONS,
    )


def _sizes(asked: Asked, told: list[Told], found: Sizes) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            each.id,
            name_of(asked.program, each.id),
            Say(_YES if each.is_live else _NO),
            each.size.members,
            found.share(each.id),
            each.size.sales,
            each.size.spend,
            each.size.average_spend,
            each.size.cost,
        )
        for each in told
    ]
    return Table("segments", TITLE, _COLUMNS, tuple(rows))


def _points(told: list[Told]) -> Table:
    rows = tuple(
        (each.id, unit, points) for each in told for unit, points in each.size.issued.items()
    )
    return Table("points", N_("Points given to segments"), _POINTS, rows)


TITLE = N_("Segments")
ENTRY = Entry(segments)
