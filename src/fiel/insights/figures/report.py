"""The report of the figures, by period and over the whole time by store, channel and so on."""

from __future__ import annotations

from collections.abc import Iterator

from fiel.domain.language import N_
from fiel.insights.figures.asking import Times, times_of
from fiel.insights.figures.definitions import DEFINITIONS
from fiel.insights.figures.figures import Figures
from fiel.insights.figures.measuring import Measured, measured
from fiel.insights.figures.narrowing import By, Narrowed
from fiel.insights.figures.periods import Period
from fiel.insights.figures.purchases import returns_without_sales
from fiel.insights.figures.sheets import apart_sheet, points_sheet, sheets
from fiel.insights.figures.statements import lost_returns, statements
from fiel.insights.reporting.asked import Asked, Entry
from fiel.insights.reporting.report import Column, Kind, Report, Table

_APART = {
    By.STORE: ("stores", N_("By store"), N_("Store")),
    By.CHANNEL: ("channels", N_("By channel"), N_("Channel")),
    By.SEGMENT: ("segments", N_("By segment"), N_("Segment")),
    By.TIER: ("tiers", N_("By tier"), N_("Tier")),
}


def make_kpis(asked: Asked) -> Report:
    """Tell the figures of a time."""
    times = times_of(asked)
    narrowed = Narrowed.of(asked.options)
    needed = (*times.all, times.before_whole, times.whole)
    with measured(asked.columns, asked.program, needed, narrowed=narrowed) as read:
        found = dict(zip(times.all, read.of(times.all), strict=True))
        apart = tuple(_apart(read, times, asked))
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
            *lost_returns(*lost, asked.program.currency),
        ),
        definitions=DEFINITIONS,
    )


def _apart(read: Measured, times: Times, asked: Asked) -> Iterator[Table]:
    """Over the whole time, against as long a time before."""
    pair: tuple[Period, Period] = (times.before_whole, times.whole)
    told: dict[By, dict[str, list[Figures]]] = {
        By.STORE: read.by(By.STORE, pair),
        By.CHANNEL: read.by(By.CHANNEL, pair),
        **read.by_holding(pair),
    }
    unit = asked.options.get("unit") or next(iter(asked.program.units), None)
    for by, (name, title, head) in _APART.items():
        yield apart_sheet(
            name,
            title,
            Column(by.value, head, Kind.TEXT),
            told[by],
            unit=unit,
            counts_members=by.is_of_members and not read.narrowed.names_places,
        )


def _units(asked: Asked, now: list[Figures]) -> list[str]:
    """The unit asked for; or those of the program, then those that it has dropped."""
    if unit := asked.options.get("unit"):
        return [unit]
    moved = {unit for each in now for unit in each.flows}
    return [*asked.program.units, *sorted(moved - set(asked.program.units))]


KPIS = Entry(make_kpis, options=frozenset({"every", "store", "channel", "segment", "tier", "unit"}))
