"""The report of who serves: each cashier's and each store's numbers beside the others'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fiel.domain.language import N_
from fiel.insights.alerts.finding import Kind as Of
from fiel.insights.alerts.kept import State, alerts_of
from fiel.insights.reporting.asked import Asked, Entry, Question
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
from fiel.ledger.scope import Connection

if TYPE_CHECKING:
    from ibis import Table as Rows

    from fiel.insights.columns.opening import Columns

DAYS = 28
_PERCENT = 100

_COUNTS = (
    Column("sales", N_("Sales"), Kind.COUNT),
    Column("net", N_("Net sales"), Kind.MONEY),
    Column("with_member", N_("With a member"), Kind.PERCENT),
    Column("most_to_one", N_("Most to one member"), Kind.COUNT),
    Column("claimed", N_("Claimed later"), Kind.COUNT),
    Column("returns", N_("Returns"), Kind.COUNT),
    Column("returned_net", N_("Net that came back"), Kind.MONEY),
    Column("alerts", N_("Open alerts"), Kind.COUNT),
)
_DEFINITIONS = (
    Definition(
        "most_to_one",
        N_("Most to one member"),
        N_("How many of the sales went to the member who had most of them."),
    ),
    Definition(
        "claimed",
        N_("Claimed later"),
        N_("Sales that were made without a member and claimed for one afterwards."),
    ),
    Definition(
        "with_member",
        N_("With a member"),
        N_("The share of the sales that were told with a member when they were made."),
    ),
)


@dataclass(frozen=True, slots=True)
class OpenAlerts:
    """How many alerts nobody has closed, by what they are about."""

    cashiers: Mapping[str, int]
    stores: Mapping[str, int]


async def _prepare(connection: Connection, question: Question) -> OpenAlerts:
    alerts = await alerts_of(connection, question.program_id, (State.OPEN, State.SEEN))
    return OpenAlerts(
        Counter(each.subject for each in alerts if each.kind == Of.CASHIER),
        Counter(each.subject for each in alerts if each.kind == Of.STORE),
    )


def served(asked: Asked) -> Report:
    """What each cashier and each store did, over four weeks if no days are named."""
    open_ = asked.prepared
    assert isinstance(open_, OpenAlerts), "it was prepared"
    until = min(asked.until or asked.today, asked.today)
    since = asked.since or until - timedelta(days=DAYS - 1)
    columns = asked.columns
    cashiers = tuple(_rows(columns, "cashier", since, until, open_.cashiers))
    stores = tuple(_rows(columns, "store", since, until, open_.stores))
    return Report(
        name="cashiers",
        title=N_("Cashiers and stores"),
        since=since,
        until=until,
        as_of=columns.as_of,
        tables=(
            Table(
                "cashiers",
                N_("Cashiers"),
                (Column("cashier", N_("Cashier"), Kind.TEXT), *_COUNTS),
                cashiers,
            ),
            Table(
                "stores",
                N_("Stores"),
                (Column("store", N_("Store"), Kind.TEXT), *_COUNTS),
                stores,
            ),
        ),
        statements=() if cashiers else (_NO_CASHIERS,),
        definitions=_DEFINITIONS,
    )


_NO_CASHIERS = Statement(
    "no_cashiers",
    Say(N_("Sales do not say who made them (`cashier`): nothing can be told of single cashiers.")),
)


def _rows(
    columns: Columns, by: str, since: date, until: date, alerts: Mapping[str, int]
) -> Iterator[tuple[Cell, ...]]:
    """The numbers of each cashier or store, who sold most first."""
    sales, returns = columns["sales"], columns["returns"]
    sales = sales.filter(sales.day.between(since, until) & (sales[by] != ""))
    returns = returns.filter(returns.day.between(since, until) & (returns[by] != ""))
    sold = _told(
        sales.group_by(name=sales[by]).aggregate(
            sales=sales.count(),
            net=sales.net.sum(),
            with_member=sales.recorded_for.count(),
            claimed=(sales.member.notnull() & sales.recorded_for.isnull()).sum(),
        )
    )
    to_one = sales.filter(sales.member.notnull())
    to_one = to_one.group_by(name=to_one[by], member=to_one.member).aggregate(many=to_one.count())
    most = _told(to_one.group_by("name").aggregate(most=to_one.many.max()))
    back = _told(
        returns.group_by(name=returns[by]).aggregate(returns=returns.count(), net=returns.net.sum())
    )
    for name, row in sorted(sold.items(), key=lambda each: (-each[1]["sales"], each[0])):
        returned = back.get(name, {})
        yield (
            name,
            int(row["sales"]),
            int(row["net"]),
            Fraction(int(row["with_member"]) * _PERCENT, int(row["sales"])),
            int(most.get(name, {}).get("most", 0)),
            int(row["claimed"]),
            int(returned.get("returns", 0)),
            int(returned.get("net", 0)),
            alerts.get(name, 0),
        )


def _told(rows: Rows) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in rows.to_pyarrow().to_pylist()}


ENTRY = Entry(make=served, prepare=_prepare)
