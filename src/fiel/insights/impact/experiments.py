"""Experiments: which holdouts were kept, from which day to which, and of whom all the time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from fiel.domain.holdout import WHOLE_PROGRAM, Holdout, holdout_of
from fiel.ledger.scope import Connection
from fiel.programs.beginnings import IN_FORCE_SINCE

DAY = timedelta(days=1)

_VERSIONS: LiteralString = f"""
    SELECT {IN_FORCE_SINCE},
           content ->> 'program',
           content #>> '{{holdout,share}}',
           ARRAY(SELECT jsonb_build_array(rule ->> 'id', rule #>> '{{holdout,share}}',
                                          rule #>> '{{when,from}}', rule #>> '{{when,to}}')
                 FROM jsonb_array_elements(content -> 'earn') AS rule)
    FROM program_version
    WHERE program_id = %s
    ORDER BY number
"""


@dataclass(frozen=True, slots=True)
class Promotion:
    """What a version says of a rule: the share kept out of it, and between which days it holds."""

    share: Decimal | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What a version of a program says about who is kept out of what, and since when."""

    published_at: datetime
    slug: str
    promotions: Mapping[str, Promotion] = field(default_factory=dict)
    share: Decimal | None = None

    def named(self, name: str) -> Promotion | None:
        """The rule of this id, or the program itself as if it were one."""
        if name == WHOLE_PROGRAM:
            return Promotion(self.share)
        return self.promotions.get(name)


@dataclass(frozen=True, slots=True)
class Experiment:
    """A holdout that was kept without a break.

    `since` is the first whole day of it and `until` the last, None while it is kept. `out` are
    those who were kept out all the time, `touched` those who were at some time: where the share
    was changed, members between the two are in neither group.
    """

    id: str
    since: date
    until: date | None
    out: Holdout
    touched: Holdout


async def read_versions(connection: Connection, program_id: UUID) -> tuple[Version, ...]:
    """Every version of a program, as far as comparisons ask; inside its transaction."""
    rows = await (await connection.execute(_VERSIONS, [program_id])).fetchall()
    return tuple(_version(*row) for row in rows)


def experiments_of(versions: Sequence[Version], zone: ZoneInfo) -> dict[str, Experiment]:
    """The latest experiment of the program and of each promotion that had one, by id."""
    found: dict[str, Experiment] = {}
    for version in versions:
        day = version.published_at.astimezone(zone).date()
        for name in (WHOLE_PROGRAM, *version.promotions, *found):
            rule = version.named(name)
            running = found.get(name)
            if rule is None or rule.share is None:
                if running is not None and running.until is None:
                    found[name] = replace(running, until=day - DAY)
                continue
            told = holdout_of(version.slug, name, rule.share)
            if running is None or running.until is not None:
                found[name] = Experiment(name, day + DAY, None, told, told)
            else:
                found[name] = replace(
                    running,
                    out=min(running.out, told, key=_size),
                    touched=max(running.touched, told, key=_size),
                )
    if versions:
        found = {name: _within(one, versions[-1].named(name)) for name, one in found.items()}
    return {name: one for name, one in found.items() if one.until is None or one.since <= one.until}


def started_on(versions: Sequence[Version], name: str, zone: ZoneInfo) -> date | None:
    """The first whole day of a promotion, or of the program's version in force."""
    if name == WHOLE_PROGRAM:
        return versions[-1].published_at.astimezone(zone).date() + DAY if versions else None
    for version in versions:
        if (rule := version.promotions.get(name)) is not None:
            first = version.published_at.astimezone(zone).date() + DAY
            return max(first, rule.first) if rule.first else first
    return None


def _within(experiment: Experiment, rule: Promotion | None) -> Experiment:
    """The experiment on the days on which its promotion holds."""
    if rule is None:
        return experiment
    since, until = experiment.since, experiment.until
    if rule.first is not None:
        since = max(since, rule.first)
    if rule.last is not None:
        until = rule.last if until is None else min(until, rule.last)
    return replace(experiment, since=since, until=until)


def _size(holdout: Holdout) -> int:
    return holdout.until


def _version(
    published_at: datetime, slug: str, share: str | None, rules: Sequence[Sequence[Any]]
) -> Version:
    return Version(
        published_at,
        slug,
        {
            name: Promotion(_decimal(kept), _day(first), _day(last))
            for name, kept, first, last in rules
        },
        _decimal(share),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
