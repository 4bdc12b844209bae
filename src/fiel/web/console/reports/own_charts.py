"""Charts that a table has of its own: what it is asked for most is drawn first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from fiel.domain.language import N_
from fiel.insights.reporting.report import Cell, Kind
from fiel.web.console.reports.drawing import Drawn, Pen, each_figure, period_name
from fiel.web.ui import chart_options as options
from fiel.web.ui.chart_options import Interval, Measure, Series, Span

type Draw = Callable[[Pen], Iterator[Drawn]]

_ROLLED = (
    "earned", "reversed", "redeemed", "restored", "expired", "revived", "adjusted", "transferred",
    "brought_in", "uncollected", "partner",
)  # fmt: skip
_CARDS = ("sold", "given", "paid", "refunded", "withdrawn", "expired")
_TAKES_AWAY = frozenset({"paid", "withdrawn", "expired"})
_MOST_COHORTS_OF_LINES = 8
_FUNNEL_DAYS = 92


def _together(title: str, *figures: str, stack: bool = False, lines: tuple[str, ...] = ()) -> Draw:
    """One chart of several figures of the periods, then one of each."""

    def draw(pen: Pen) -> Iterator[Drawn]:
        if len(pen.table.rows) > 1:
            series = [
                pen.series(name, stack="all" if stack and name not in lines else "",
                           is_line=name in lines)
                for name in (*figures, *lines)
            ]  # fmt: skip
            measure = pen.measure((*figures, *lines)[0])
            yield Drawn(pen.say(title), options.over_time(pen.periods(), series, measure))
        yield from each_figure(pen)

    return draw


def _members(pen: Pen) -> Iterator[Drawn]:
    yield from _together(N_("New and active members"), "new_members", "active_members")(pen)
    if (told := _funnel(pen)) is not None:
        yield Drawn(pen.say(N_("From members to buyers")), told)


def _funnel(pen: Pen) -> options.Option | None:
    """Of the members, who are customers, and who bought in the last period."""
    since, until = pen.table.rows[-1][:2]
    retention = next((each for each in pen.report.tables if each.id == "retention"), None)
    if retention is None or not isinstance(since, date) or not isinstance(until, date):
        return None
    if (until - since).days > _FUNNEL_DAYS:
        return None  # who bought in so long a time need be no customer any more
    other = replace(pen, table=retention)
    steps = (
        (pen.say(N_("Members")), pen.values("members")[-1]),
        (pen.say(N_("Bought within 90 days")), other.values("customers_at_end")[-1]),
        (f"{pen.say(N_('Bought'))} ({pen.periods()[-1]})", pen.values("active_members")[-1]),
    )
    if any(value is None for _, value in steps):
        return None
    return options.funnel(steps, Measure(Kind.COUNT))


def _points(pen: Pen) -> Iterator[Drawn]:
    for unit, rows in pen.groups("unit").items():
        name = pen.words.called("unit", unit)
        if len(rows) < 2:
            continue
        series = [
            Series(pen.say(pen.column(each).label), pen.values(each, rows))
            for each in ("issued", "redeemed", "expired")
        ]
        measure = pen.measure("issued")
        yield Drawn(name, options.over_time(pen.periods(rows), series, measure))
        rates = [
            Series(pen.say(pen.column(each).label), pen.values(each, rows), is_line=True)
            for each in ("redemption_rate", "breakage_rate")
        ]
        label = f"{name}: {pen.say(N_('rates'))}"
        yield Drawn(
            label, options.over_time(pen.periods(rows), rates, pen.measure("redemption_rate"))
        )


def _apart(pen: Pen) -> Iterator[Drawn]:
    """Stores, channels, segments and tiers: net sales first."""
    told = list(each_figure(pen))
    first = pen.say(pen.column("net").label)
    yield from sorted(told, key=lambda drawn: drawn.label != first)


def _cohorts(pen: Pen) -> Iterator[Drawn]:
    after = [column for column in pen.table.columns if column.id.startswith("after_")]
    if not after:
        return
    down = [f"{period_name(row, pen.words)} ({row[2]})" for row in pen.table.rows]
    first = len(pen.table.columns) - len(after)
    cells = [
        (across, place, pen.words.value(row[first + across], column))
        for place, row in enumerate(pen.table.rows)
        for across, column in enumerate(after)
    ]
    measure = Measure.of(after[0].kind, pen.words.program)
    names = [column.label for column in after]
    yield Drawn(pen.say(N_("Heat map")), options.heat_map(names, down, cells, measure))
    lines = [
        Series(
            period_name(row, pen.words),
            [
                pen.words.value(cell, column)
                for cell, column in zip(row[first:], after, strict=True)
            ],
            is_line=True,
        )
        for row in pen.table.rows[-_MOST_COHORTS_OF_LINES:]
    ]
    yield Drawn(pen.say(N_("Lines")), options.over_time(names, lines, measure))


def _rolled(pen: Pen) -> Iterator[Drawn]:
    measure = pen.measure("opening")
    for unit, rows in pen.groups("unit").items():
        name = pen.words.called("unit", unit)
        first, last = rows[0], rows[-1]
        sums = {each: sum(_whole(row[pen.place(each)]) for row in rows) for each in _ROLLED}
        if not any(sums.values()) and not last[pen.place("closing")]:
            continue
        steps = _steps(
            pen, _whole(first[pen.place("opening")]), sums, _whole(last[pen.place("closing")])
        )
        yield Drawn(name, options.waterfall(steps, measure))
        if len(rows) > 1:
            moved = [each for each in _ROLLED if sums[each]]
            series = [
                Series(pen.say(pen.column(each).label), pen.values(each, rows), stack="all")
                for each in moved
            ]
            series.append(
                Series(pen.say(pen.column("closing").label), pen.values("closing", rows),
                       is_line=True)
            )  # fmt: skip
            label = f"{name}: {pen.say(N_('over time'))}"
            yield Drawn(label, options.over_time(pen.periods(rows), series, measure))


def _steps(pen: Pen, opening: int, changes: Mapping[str, int], closing: int) -> list[Span]:
    steps = [Span(pen.say(pen.column("opening").label), 0, opening, opening, is_whole=True)]
    at = opening
    for each, change in changes.items():
        if change:
            steps.append(Span(pen.say(pen.column(each).label), at, at + change, change))
            at += change
    label = pen.say(pen.column("closing").label)
    return [*steps, Span(label, 0, closing, closing, is_whole=True)]


def _gift_cards(pen: Pen) -> Iterator[Drawn]:
    """All cards together: from what was owed to what is."""

    def total(column: str) -> int:
        return sum(_whole(row[pen.place(column)]) for row in pen.table.rows)

    moved = {each: -total(each) if each in _TAKES_AWAY else total(each) for each in _CARDS}
    steps = _steps(pen, total("opening"), moved, total("closing"))
    currency = pen.words.program.currency
    told = [
        replace(
            step,
            start=str(currency.decimal(_whole(step.start))),
            end=str(currency.decimal(_whole(step.end))),
            change=str(currency.decimal(_whole(step.change))),
        )
        for step in steps
    ]
    yield Drawn(pen.say(N_("From the beginning to the end")),
                options.waterfall(told, pen.measure("opening")))  # fmt: skip


def _owed_by_month(pen: Pen) -> Iterator[Drawn]:
    """Of which months' points something is still owed, by what gave them."""
    for unit, rows in pen.groups("unit").items():
        months = sorted({row[pen.place("month")] for row in rows}, key=str)
        if len(months) < 2:
            continue
        names = [pen.words.period(*_month(month)) for month in months]
        for figure in ("outstanding", "liability", "deferred"):
            sources = dict.fromkeys(pen.texts("source", rows))
            series = []
            for source in sources:
                found = {
                    row[pen.place("month")]: row
                    for row, text in zip(rows, pen.texts("source", rows), strict=True)
                    if text == source
                }
                values = [
                    pen.words.value(found[month][pen.place(figure)], pen.column(figure))
                    if month in found
                    else None
                    for month in months
                ]
                series.append(Series(source, values, stack="all"))
            label = f"{pen.words.called('unit', unit)}: {pen.say(pen.column(figure).label)}"
            yield Drawn(label, options.over_time(names, series, pen.measure(figure)))


def _sensitivity(pen: Pen) -> Iterator[Drawn]:
    for unit, rows in pen.groups("unit").items():
        series = [
            Series(pen.say(pen.column(each).label), pen.values(each, rows))
            for each in ("liability", "deferred")
        ]
        names = pen.texts("expected_redemption", rows)
        label = pen.words.called("unit", unit)
        yield Drawn(label, options.over_time(names, series, pen.measure("deferred")))


def _lifts(pen: Pen) -> Iterator[Drawn]:
    """Each estimate with its interval: what crosses zero has not been seen."""
    rows = [
        Interval(f"{of} · {metric}", low, value, high)
        for of, metric, low, value, high in zip(
            pen.texts("of"), pen.texts("metric"), pen.values("low"), pen.values("lift"),
            pen.values("high"), strict=True,
        )
        if value is not None
    ]  # fmt: skip
    if rows:
        yield Drawn(pen.say(pen.table.title), options.intervals(rows, pen.measure("lift")))


def _differences(pen: Pen) -> Iterator[Drawn]:
    rows = [
        Interval(f"{of} · {metric}", low, value, high)
        for of, metric, low, value, high in zip(
            pen.texts("of"), pen.texts("metric"), pen.values("low"), pen.values("difference"),
            pen.values("high"), strict=True,
        )
        if value is not None
    ]  # fmt: skip
    if rows:
        yield Drawn(pen.say(pen.table.title), options.intervals(rows, pen.measure("difference")))


def _plan(pen: Pen) -> Iterator[Drawn]:
    """The lift that could be seen, by how long one waits."""
    weeks = sorted({_whole(row[pen.place("weeks")]) for row in pen.table.rows})
    for figure in ("spend", "retention"):
        series = []
        for rows in pen.groups("share").values():
            found = {
                _whole(row[pen.place("weeks")]): pen.words.value(
                    row[pen.place(figure)], pen.column(figure)
                )
                for row in rows
            }
            name = pen.texts("share", rows)[0]
            series.append(Series(name, [found.get(week) for week in weeks], is_line=True))
        names = [str(week) for week in weeks]
        label = pen.say(pen.column(figure).label)
        yield Drawn(label, options.over_time(names, series, pen.measure(figure)))


def _goals(pen: Pen) -> Iterator[Drawn]:
    """Month by month, with where it began and where it is to come."""
    stated = next(each for each in pen.report.tables if each.id == "goals")
    whole = replace(pen, table=stated)
    for goal, rows in pen.groups("goal").items():
        told = next((row for row in stated.rows if str(row[whole.place("goal")]) == goal), None)
        if told is None or len(rows) < 2:
            continue
        metric = whole.texts("metric", [told])[0]
        names = [pen.words.period(*_month(row[pen.place("month")])) for row in rows]
        series = [Series(metric, pen.values("value", rows), is_line=True)]
        measure = _measure_of_goal(str(told[whole.place("measure")] or ""), pen)
        lines = [
            (pen.say(whole.column(each).label), whole.values(each, [told])[0])
            for each in ("baseline", "target")
        ]
        option = options.marked(options.over_time(names, series, measure), lines)
        yield Drawn(metric, option)


def _measure_of_goal(measure: str, pen: Pen) -> Measure:
    """A goal says in words what it is measured in: a currency, percent, or nothing."""
    if measure == "%":
        return Measure(Kind.PERCENT)
    if measure:
        return Measure(Kind.MONEY, pen.words.program.currency.code)
    return Measure(Kind.NUMBER)


def _beside(title: str, *figures: str) -> Draw:
    """Figures beside each other under each name."""

    def draw(pen: Pen) -> Iterator[Drawn]:
        head = pen.table.columns[0].id
        if len(pen.table.rows) > 1:
            option = options.lying_bars(
                pen.texts(head), [pen.series(each) for each in figures], pen.measure(figures[0])
            )
            yield Drawn(pen.say(title), option)
        yield from each_figure(pen)

    return draw


def _named(figure: str, *names: str) -> Draw:
    """One figure of rows that several columns name."""

    def draw(pen: Pen) -> Iterator[Drawn]:
        texts = [" · ".join(each) for each in zip(*(pen.texts(n) for n in names), strict=True)]
        if texts:
            series = [pen.series(figure)]
            label = pen.say(pen.column(figure).label)
            yield Drawn(label, options.lying_bars(texts[:40], series, pen.measure(figure)))

    return draw


def _segments(pen: Pen) -> Iterator[Drawn]:
    for figure in ("members", "spend", "average_spend", "points_cost"):
        option = options.lying_bars(pen.texts("name"), [pen.series(figure)], pen.measure(figure))
        yield Drawn(pen.say(pen.column(figure).label), option)


def _accounts(pen: Pen) -> Iterator[Drawn]:
    series = [pen.series("debit"), pen.series("credit")]
    option = options.lying_bars(pen.texts("account"), series, pen.measure("debit"))
    yield Drawn(pen.say(pen.table.title), option)


def _whole(cell: Cell) -> int:
    assert isinstance(cell, int), "what is counted is whole"
    return cell


def _month(cell: Cell) -> tuple[date, date]:
    """The first and the last day of the month of a day."""
    assert isinstance(cell, date), "a month is told by its first day"
    following = date(cell.year + cell.month // 12, cell.month % 12 + 1, 1)
    return cell, date.fromordinal(following.toordinal() - 1)


OWN: Mapping[tuple[str, str], Draw | None] = {
    ("kpis", "members"): _members,
    ("kpis", "sales"): _together(
        N_("Net sales"), "net_with_member", "net_without_member", stack=True
    ),
    ("kpis", "spend"): _together(
        N_("Average spend"), lines=("average_spend_members", "average_spend_others")
    ),
    ("kpis", "retention"): _together(
        N_("Retention"), lines=("retention_rate", "strict_retention_rate")
    ),
    ("kpis", "lifetime"): _together(N_("Value"), lines=("lifetime_value", "yearly_value")),
    ("kpis", "points"): _points,
    ("kpis", "cost"): each_figure,
    ("kpis", "stores"): _apart,
    ("kpis", "channels"): _apart,
    ("kpis", "segments"): _apart,
    ("kpis", "tiers"): _apart,
    ("cohorts", "joined"): _cohorts,
    ("cohorts", "bought"): _cohorts,
    ("cohorts", "joined_value"): _cohorts,
    ("cohorts", "bought_value"): _cohorts,
    ("roll-forward", "roll_forward"): _rolled,
    ("roll-forward", "late"): None,
    ("gift-cards", "gift_cards"): _gift_cards,
    ("liability", "liability"): None,
    ("liability", "cohorts"): _owed_by_month,
    ("liability", "expectations"): None,
    ("liability", "sensitivity"): _sensitivity,
    ("journal", "lines"): None,
    ("journal", "accounts"): _accounts,
    ("journal", "ties"): None,
    ("journal", "late"): None,
    ("impact", "lifts"): _lifts,
    ("impact", "amounts"): _differences,
    ("impact", "shares"): _differences,
    ("impact", "numbers"): _differences,
    ("impact", "groups"): None,
    ("impact", "plan"): _plan,
    ("goals", "goals"): None,
    ("goals", "months"): _goals,
    ("segments", "segments"): _segments,
    ("segments", "points"): None,
    ("predictions", "forecast"): None,
    ("predictions", "back_test"): _beside(N_("Foretold and made"), "foretold", "happened"),
    ("predictions", "risk"): _beside(N_("Risk of staying away"), "members"),
    ("predictions", "members"): None,
    ("predictions", "leaving"): None,
    ("predictions", "tastes"): None,
    ("alerts", "alerts"): None,
    ("review", "economics"): each_figure,
    ("review", "findings"): None,
    ("review", "figures"): None,
    ("simulation", "tiers"): _named("members", "tier"),
    ("simulation", "rules"): _named("points", "rule", "unit"),
    ("simulation", "rewards"): _named("redeemed", "reward"),
    ("simulation", "ties"): _named("difference", "rule", "unit"),
}
