"""The tables of the figures: which figure stands in which column, and how its change is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fiel.domain.language import N_
from fiel.insights.figures.figures import (
    Figures,
    Number,
    breakage_rate,
    change,
    difference,
    redemption_rate,
)
from fiel.insights.figures.flows import Flow
from fiel.insights.reporting.report import Cell, Column, Kind, Table

_CHANGE, _POINTS = N_("Change"), N_("Change, points")
_FROM, _TO = Column("from", N_("From"), Kind.DAY), Column("to", N_("To"), Kind.DAY)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a table: its name, what it is, and how it is read."""

    id: str
    label: str
    kind: Kind
    read: Callable[[Figures], Number]

    @property
    def columns(self) -> tuple[Column, Column]:
        """The figure and its change: in percent, and of a percentage in percentage points."""
        name = f"{self.id}_change"
        changed = (
            Column(name, _POINTS, Kind.NUMBER)
            if self.kind is Kind.PERCENT
            else Column(name, _CHANGE, Kind.PERCENT)
        )
        return Column(self.id, self.label, self.kind), changed

    def cells(self, now: Figures, before: Figures) -> tuple[Number, Fraction | None]:
        """The figure and its change."""
        value, was = self.read(now), self.read(before)
        return value, (difference if self.kind is Kind.PERCENT else change)(value, was)


_MEMBERS = (
    Figure("members", N_("Members"), Kind.COUNT, lambda f: f.members),
    Figure("new_members", N_("New members"), Kind.COUNT, lambda f: f.new_members),
    Figure("active_members", N_("Active members"), Kind.COUNT, lambda f: f.active_members),
)
_ACTIVE_RATE = Figure("active_rate", N_("Active rate"), Kind.PERCENT, lambda f: f.active_rate)
_SALES = Figure("sales", N_("Sales"), Kind.COUNT, lambda f: f.all_sold.purchases)
_NET = Figure("net", N_("Net sales"), Kind.MONEY, lambda f: f.all_sold.net)
_ENROLMENT = Figure(
    "enrolment_rate", N_("Enrolment rate"), Kind.PERCENT, lambda f: f.enrolment_rate
)
_SPEND = Figure("average_spend", N_("Average spend"), Kind.MONEY, lambda f: f.average_spend)
_FREQUENCY = Figure(
    "purchase_frequency", N_("Purchase frequency"), Kind.NUMBER, lambda f: f.purchase_frequency
)
_RETENTION = (
    Figure("retention_rate", N_("Retention rate"), Kind.PERCENT, lambda f: f.retention_rate),
    Figure(
        "strict_retention_rate",
        N_("Retention rate, strict"),
        Kind.PERCENT,
        lambda f: f.strict_retention_rate,
    ),
)
_LIFETIME_VALUE = Figure(
    "lifetime_value", N_("Customer lifetime value"), Kind.MONEY, lambda f: f.lifetime_value
)
_POINTS_COST = Figure("points_cost", N_("Points cost"), Kind.MONEY, lambda f: f.points_cost)
_OF_MARGIN = Figure(
    "points_cost_of_margin",
    N_("Points cost of margin"),
    Kind.PERCENT,
    lambda f: f.points_cost_of_margin,
)

# The tables with a row for each period: their id, their title, their figures.
SHEETS: Sequence[tuple[str, str, tuple[Figure, ...]]] = (
    ("members", N_("Members"), (*_MEMBERS, _ACTIVE_RATE)),
    (
        "sales",
        N_("Sales"),
        (
            _SALES,
            Figure(
                "sales_with_member",
                N_("With a member"),
                Kind.COUNT,
                lambda f: f.sold.members.purchases,
            ),
            Figure(
                "sales_without_member",
                N_("Without a member"),
                Kind.COUNT,
                lambda f: f.sold.others.purchases,
            ),
            _NET,
            Figure(
                "net_with_member", N_("Net with a member"), Kind.MONEY, lambda f: f.sold.members.net
            ),
            Figure(
                "net_without_member",
                N_("Net without a member"),
                Kind.MONEY,
                lambda f: f.sold.others.net,
            ),
            _ENROLMENT,
            Figure(
                "enrolment_rate_net",
                N_("Enrolment rate, net"),
                Kind.PERCENT,
                lambda f: f.enrolment_rate_net,
            ),
        ),
    ),
    (
        "spend",
        N_("Spend and frequency"),
        (
            _SPEND,
            Figure(
                "average_spend_members",
                N_("Average spend of members"),
                Kind.MONEY,
                lambda f: f.average_spend_members,
            ),
            Figure(
                "average_spend_others",
                N_("Average spend of others"),
                Kind.MONEY,
                lambda f: f.average_spend_others,
            ),
            Figure(
                "spend_difference",
                N_("Members against others"),
                Kind.PERCENT,
                lambda f: f.spend_difference,
            ),
            _FREQUENCY,
        ),
    ),
    (
        "retention",
        N_("Retention"),
        (
            Figure(
                "customers_at_start",
                N_("Customers at start"),
                Kind.COUNT,
                lambda f: f.customers.at_start,
            ),
            Figure(
                "customers_at_end", N_("Customers at end"), Kind.COUNT, lambda f: f.customers.at_end
            ),
            Figure("new_customers", N_("New"), Kind.COUNT, lambda f: f.customers.new),
            Figure("reactivated", N_("Reactivated"), Kind.COUNT, lambda f: f.reactivated),
            *_RETENTION,
        ),
    ),
    (
        "lifetime",
        N_("Customer lifetime value"),
        (
            Figure(
                "purchase_value",
                N_("Average purchase value"),
                Kind.MONEY,
                lambda f: f.purchase_value,
            ),
            Figure(
                "yearly_frequency",
                N_("Purchases in a year"),
                Kind.NUMBER,
                lambda f: f.yearly_frequency,
            ),
            Figure(
                "lifetime_years",
                N_("Customer lifetime, years"),
                Kind.NUMBER,
                lambda f: f.lifetime_years,
            ),
            Figure("yearly_value", N_("Value in a year"), Kind.MONEY, lambda f: f.yearly_value),
            _LIFETIME_VALUE,
        ),
    ),
    (
        "cost",
        N_("Points cost against margin"),
        (
            _POINTS_COST,
            Figure("margin", N_("Margin of members’ sales"), Kind.MONEY, lambda f: f.margin),
            Figure("margin_known", N_("Margin known"), Kind.PERCENT, lambda f: f.margin_known),
            _OF_MARGIN,
            Figure(
                "points_cost_of_sales",
                N_("Points cost of sales"),
                Kind.PERCENT,
                lambda f: f.points_cost_of_sales,
            ),
        ),
    ),
)

_APART = (
    _SALES,
    _NET,
    _ENROLMENT,
    _SPEND,
    _FREQUENCY,
    *_RETENTION,
    _LIFETIME_VALUE,
    _POINTS_COST,
    _OF_MARGIN,
)


def sheets(now: Sequence[Figures], before: Sequence[Figures]) -> list[Table]:
    """The tables with a row for each period."""
    return [
        Table(
            name,
            title,
            (_FROM, _TO, *_columns(told)),
            tuple(
                (one.period.since, one.period.until, *_cells(told, one, was))
                for one, was in zip(now, before, strict=True)
            ),
        )
        for name, title, told in SHEETS
    ]


def points_sheet(units: Iterable[str], now: Sequence[Figures], before: Sequence[Figures]) -> Table:
    """What became of the points of each unit in each period."""
    columns = (_FROM, _TO, Column("unit", N_("Unit"), Kind.TEXT))
    rows: list[tuple[Cell, ...]] = []
    told: tuple[Figure, ...] = ()
    for unit in units:
        told = _of_unit(unit)
        rows += [
            (one.period.since, one.period.until, unit, *_cells(told, one, was))
            for one, was in zip(now, before, strict=True)
        ]
    return Table("points", N_("Points"), (*columns, *_columns(told or _of_unit(""))), tuple(rows))


def apart_sheet(
    name: str,
    title: str,
    head: Column,
    told: Mapping[str, Sequence[Figures]],
    *,
    unit: str | None,
    counts_members: bool,
) -> Table:
    """A table with a row for each store, channel, segment or tier, against the time before."""
    figures = (_MEMBERS if counts_members else _MEMBERS[2:]) + _APART
    if unit is not None:
        figures += tuple(each for each in _of_unit(unit) if each.kind is Kind.PERCENT)
    return Table(
        name,
        title,
        (head, *_columns(figures)),
        tuple((key, *_cells(figures, now, was)) for key, (was, now) in told.items()),
    )


def _of_unit(unit: str) -> tuple[Figure, ...]:
    def flow(figures: Figures) -> Flow:
        return figures.flows.get(unit, Flow())

    return (
        Figure("issued", N_("Issued"), Kind.POINTS, lambda f: flow(f).issued),
        Figure("redeemed", N_("Redeemed"), Kind.POINTS, lambda f: flow(f).redeemed),
        Figure("expired", N_("Expired"), Kind.POINTS, lambda f: flow(f).expired),
        Figure(
            "redemption_rate",
            N_("Redemption rate"),
            Kind.PERCENT,
            lambda f: redemption_rate(flow(f)),
        ),
        Figure(
            "breakage_rate", N_("Breakage rate"), Kind.PERCENT, lambda f: breakage_rate(flow(f))
        ),
    )


def _columns(told: Iterable[Figure]) -> list[Column]:
    return [column for figure in told for column in figure.columns]


def _cells(told: Iterable[Figure], now: Figures, before: Figures) -> list[Cell]:
    return [cell for figure in told for cell in figure.cells(now, before)]
