"""The report of the figures, by period and over the whole time by store, channel and so on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fiel.domain.language import N_
from fiel.insights.figures.asking import Times, times_of
from fiel.insights.figures.definitions import DEFINITIONS
from fiel.insights.figures.figures import Figures
from fiel.insights.figures.measuring import Measured, measured
from fiel.insights.figures.narrowing import By, Narrowed
from fiel.insights.figures.purchases import returns_without_sales
from fiel.insights.figures.sheets import apart_sheet, points_sheet, sheets
from fiel.insights.figures.statements import lost_returns, of_apart, statements
from fiel.insights.reporting.asked import Asked, Entry
from fiel.insights.reporting.report import Column, Kind, Report, Table

_APART = {
    By.STORE: ("stores", N_("By store"), N_("Store")),
    By.CHANNEL: ("channels", N_("By channel"), N_("Channel")),
    By.SEGMENT: ("segments", N_("By segment"), N_("Segment")),
    By.TIER: ("tiers", N_("By tier"), N_("Tier")),
}


type _Apart = Mapping[By, Mapping[str, Sequence[Figures]]]


def make_kpis(asked: Asked) -> Report:
    """Tell the figures of a time."""
    times = times_of(asked)
    narrowed = Narrowed.of(asked.options)
    needed = (*times.all, times.before_whole, times.whole)
    with measured(asked.columns, asked.program, needed, narrowed=narrowed) as read:
        found = dict(zip(times.all, read.of(times.all), strict=True))
        told_apart = _told_apart(read, times)
        apart = tuple(_apart(told_apart, asked, counts_members=not narrowed.names_places))
    now = [found[period] for period in times.told]
    before = [found[period] for period in times.befores]
    lost = returns_without_sales(asked.columns)
    return Report(
        name="kpis",
        title=N_("Figures"),
        since=times.whole.since,
        until=times.whole.until,
        as_of=asked.columns.as_of,
        tables=(*sheets(now, before), points_sheet(_units(asked, now), now, before), *apart),
        statements=(
            *statements(now, before, times, narrowed),
            *of_apart(pair[1] for each in told_apart.values() for pair in each.values()),
            *lost_returns(*lost, asked.program.currency),
        ),
        definitions=DEFINITIONS,
    )


def _told_apart(read: Measured, times: Times) -> _Apart:
    """Over the whole time, after as long a time before."""
    pair = (times.before_whole, times.whole)
    return {
        By.STORE: _largest_first(read.by(By.STORE, pair)),
        By.CHANNEL: _largest_first(read.by(By.CHANNEL, pair)),
        **read.by_holding(pair),
    }


def _largest_first(told: dict[str, list[Figures]]) -> dict[str, list[Figures]]:
    """Where most is sold comes first: a chain has hundreds of stores."""
    return dict(sorted(told.items(), key=lambda each: (-each[1][-1].all_sold.net, each[0])))


def _apart(told: _Apart, asked: Asked, *, counts_members: bool) -> Iterator[Table]:
    unit = asked.options.get("unit") or next(iter(asked.program.units), None)
    for by, (name, title, head) in _APART.items():
        yield apart_sheet(
            name,
            title,
            Column(by.value, head, Kind.TEXT),
            told[by],
            unit=unit,
            counts_members=by.is_of_members and counts_members,
        )


def _units(asked: Asked, now: list[Figures]) -> list[str]:
    """The unit asked for; or those of the program, then those that it has dropped."""
    if unit := asked.options.get("unit"):
        return [unit]
    moved = {unit for each in now for unit in each.flows}
    return [*asked.program.units, *sorted(moved - set(asked.program.units))]


KPIS = Entry(make_kpis, options=frozenset({"every", "store", "channel", "segment", "tier", "unit"}))
