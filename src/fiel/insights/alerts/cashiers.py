"""What is unusual about a cashier: the patterns of points that no customer earned.

A cashier is compared with the others of the same days and stores, never with a fixed number alone,
and only those are told whom chance would bring about less than once in a hundred such looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import exp, log
from statistics import median
from typing import TYPE_CHECKING

from scipy.stats import binom

from fiel.domain.language import N_
from fiel.insights.alerts.finding import SURE_ENOUGH, Finding, Kind, Looked, sureness
from fiel.insights.reporting.report import Say, Statement

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

DAYS = 28
_SALES_TO_ONE = 8
_CLAIMED_BY_ONE = 5
_RETURNS = 5
_ADJUSTMENTS = 5
_OTHERS = 10  # from whom one learns how often members are given points by hand

_ONE_MEMBER = N_(
    "{many} of the {all} sales to one member since {since} are by “{cashier}”, who would have had "
    "{usual} of them by the days both were there."
)
_CLAIMED = N_(
    "{many} sales without a member by “{cashier}” were claimed for one member since {since}; of "
    "the others' sales so many would be {usual}."
)
_RETURNED = N_(
    "{many} of the {all} returns that “{cashier}” took since {since} are of members who had "
    "redeemed points after the sale, or paid with them; of the others' returns so many would be "
    "{usual}."
)
_ADJUSTED = N_(
    "“{cashier}” gave one member points by hand {many} times since {since}, {points} in all; "
    "{usual} times would be usual."
)


def cashiers(columns: Columns, *, until: date) -> Looked:
    """What is unusual about cashiers in the last four weeks, and about who adjusts balances."""
    since = until - timedelta(days=DAYS - 1)
    sales = columns["sales"]
    sales = sales.filter(sales.day.between(since, until) & (sales.cashier != ""))
    named = sales.aggregate(n=sales.cashier.nunique()).to_pyarrow()["n"][0].as_py()
    findings = list(_adjusting(columns, since, until))
    if not named:
        return Looked(tuple(findings), (_NO_CASHIERS,))
    findings += _to_one_member(sales, since)
    findings += _claimed_by_one(sales, since)
    findings += _returned_after_redeeming(columns, since, until)
    return Looked(tuple(findings), () if named > 1 else (_ONE_CASHIER,))


_NO_CASHIERS = Statement(
    "no_cashiers",
    Say(N_("Sales do not say who made them: nothing can be told of single cashiers.")),
)
_ONE_CASHIER = Statement(
    "one_cashier",
    Say(N_("All sales are by one cashier: there is nobody to compare with.")),
)


def _to_one_member(sales: Table, since: date) -> Iterator[Finding]:
    """Sales to one member that lie with one cashier, though others served on the same days."""
    place = ["store", "day"]
    all_of_day = sales.group_by(place).aggregate(all=sales.count())
    of_cashier = sales.group_by([*place, "cashier"]).aggregate(served=sales.count())
    to_members = sales.filter(sales.member.notnull())
    bought = to_members.group_by([*place, "member"]).aggregate(bought=to_members.count())
    pairs = to_members.group_by(["member", "cashier"]).aggregate(many=to_members.count())
    looked_at = int(pairs.count().to_pyarrow().as_py())
    many = pairs.filter(pairs.many >= _SALES_TO_ONE)
    own = to_members.group_by([*place, "member", "cashier"]).aggregate(own=to_members.count())
    # Of each of the member's sales: the cashier's share of what others bought there that day.
    days = (
        many.join(bought, "member")
        .join(all_of_day, place)
        .left_join(of_cashier, [*place, "cashier"])
        .drop("store_right", "day_right", "cashier_right")
        .left_join(own, [*place, "member", "cashier"])
        .drop("store_right", "day_right", "cashier_right", "member_right")
    )
    others = (days.all - days.bought).cast("float64")
    share = (others > 0).ifelse(
        (days.served.fill_null(0) - days.own.fill_null(0)).cast("float64") / others, 1.0
    )
    told = (
        days.mutate(expected=share * days.bought)
        .group_by(["member", "cashier", "many"])
        .aggregate(all=lambda t: t.bought.sum(), expected=lambda t: t.expected.sum())
        .to_pyarrow()
        .to_pylist()
    )
    for row in told:
        sure = sureness(at_least(row["many"], row["all"], row["expected"]), looked_at)
        if sure >= SURE_ENOUGH:
            yield _finding(
                "many_sales_to_one_member", row["cashier"], since, row["expected"], row["many"],
                sure, _ONE_MEMBER, about=row["member"], all=row["all"],
            )  # fmt: skip


def _claimed_by_one(sales: Table, since: date) -> Iterator[Finding]:
    """Sales that were made without a member and claimed for the same one again and again."""
    nameless = sales.filter(sales.recorded_for.isnull())
    by_cashier = {
        row["cashier"]: row["made"]
        for row in nameless.group_by("cashier").aggregate(made=nameless.count())
        .to_pyarrow().to_pylist()
    }  # fmt: skip
    claimed = nameless.filter(nameless.member.notnull())
    rows = (
        claimed.group_by(["cashier", "member"]).aggregate(many=claimed.count())
        .to_pyarrow().to_pylist()
    )  # fmt: skip
    all_made, all_claimed = sum(by_cashier.values()), sum(row["many"] for row in rows)
    suspects = [row for row in rows if row["many"] >= _CLAIMED_BY_ONE]
    for row in suspects:
        made = by_cashier[row["cashier"]]
        own = sum(one["many"] for one in rows if one["cashier"] == row["cashier"])
        if all_made == made:
            continue  # nobody else made any
        # As if others had one more, so that none at all is not taken for impossible.
        rate = (all_claimed - own + 1) / (all_made - made + 1)
        sure = sureness(float(binom.sf(row["many"] - 1, made, min(rate, 1.0))), len(by_cashier))
        if sure >= SURE_ENOUGH:
            yield _finding(
                "points_without_the_member", row["cashier"], since, rate * made, row["many"],
                sure, _CLAIMED, about=row["member"],
            )  # fmt: skip


def _returned_after_redeeming(columns: Columns, since: date, until: date) -> Iterator[Finding]:
    """Returns by a cashier of sales whose points had been spent, or that points had paid."""
    returns, sales = columns["returns"], columns["sales"]
    taken = returns.filter(
        returns.day.between(since, until)
        & (returns.cashier != "")
        & returns.sale.notnull()
        & returns.member.notnull()
    ).select("return_id", "sale", "cashier", "member", back_at="occurred_at")
    bought = sales.select("sale", "paid_points", sold_at="occurred_at")
    redemptions = columns["redemptions"]
    spent = redemptions.filter(redemptions.status.isin(["held", "captured", "used"])).select(
        "made_at", redeemer=redemptions.member
    )
    of_sales = taken.inner_join(bought, "sale")
    after = (
        of_sales.inner_join(spent, of_sales.member == spent.redeemer)
        .filter(lambda t: (t.made_at >= t.sold_at) & (t.made_at <= t.back_at))
        .select("return_id")
        .distinct()
    )
    paid = of_sales.filter(of_sales.paid_points > 0).select("return_id").distinct()
    suspicious = after.union(paid, distinct=True).mutate(hit=1)
    told = (
        taken.select("return_id", "cashier").left_join(suspicious, "return_id")
        .group_by("cashier").aggregate(all=lambda t: t.count(), many=lambda t: t.hit.count())
        .to_pyarrow().to_pylist()
    )  # fmt: skip
    whole, hits = sum(row["all"] for row in told), sum(row["many"] for row in told)
    for row in told:
        if row["many"] < _RETURNS or row["all"] == whole:
            continue
        rate = (hits - row["many"] + 1) / (whole - row["all"] + 1)
        chance = float(binom.sf(row["many"] - 1, row["all"], min(rate, 1.0)))
        sure = sureness(chance, len(told))
        if sure >= SURE_ENOUGH:
            yield _finding(
                "returns_after_redemptions", row["cashier"], since, rate * row["all"],
                row["many"], sure, _RETURNED, all=row["all"],
            )  # fmt: skip


def _adjusting(columns: Columns, since: date, until: date) -> Iterator[Finding]:
    """Points that somebody gives by hand to the same member again and again."""
    activities, movements = columns["activities"], columns["movements"]
    made = activities.filter(
        (activities.kind == "adjustment")
        & activities.day.between(since, until)
        & (activities.author != "")
        & activities.member.notnull()
    ).select("activity_id", "author", "member")
    given = (
        movements.filter(movements.kind == "adjustment")
        .group_by("activity_id")
        .aggregate(points=lambda t: (t.points * ((t.debit >= 10).ifelse(1, -1))).sum())
    )
    told = (
        made.inner_join(given, "activity_id").filter(lambda t: t.points > 0)
        .group_by(["author", "member"])
        .aggregate(many=lambda t: t.count(), points=lambda t: t.points.sum())
        .to_pyarrow().to_pylist()
    )  # fmt: skip
    for row in told:
        others = [one["many"] for one in told if one is not row]
        if row["many"] < _ADJUSTMENTS:
            continue
        # With few others to compare with, once each is taken to be usual.
        usual = float(median(others)) if len(others) >= _OTHERS else 1.0
        chance = _poisson_at_least(row["many"], usual)
        sure = sureness(chance, len(told))
        if sure >= SURE_ENOUGH:
            yield _finding(
                "adjustments_to_one_member", row["author"], since, usual, row["many"], sure,
                _ADJUSTED, about=row["member"], points=int(row["points"]),
            )  # fmt: skip


def at_least(many: int, all_: int, expected: float) -> float:
    """How likely so many come of so many tries, each with its own chance (Hoeffding's bound)."""
    if expected >= many or not all_:
        return 1.0
    mean, seen = max(expected, 1e-9) / all_, many / all_
    apart = seen * log(seen / mean)
    if seen < 1.0:
        apart += (1.0 - seen) * log((1.0 - seen) / (1.0 - mean))
    return exp(-all_ * apart)


def _poisson_at_least(many: int, expected: float) -> float:
    return exp(many - expected - many * log(many / expected)) if expected < many else 1.0


def _finding(
    pattern: str, cashier: str, since: date, usual: float, many: int, sure: float, text: str,
    *, about: int | None = None, **told: object,
) -> Finding:  # fmt: skip
    return Finding(
        kind=Kind.CASHIER,
        pattern=pattern,
        subject=cashier,
        since=since,
        usual=usual,
        now=float(many),
        sure=sure,
        about="" if about is None else str(about),
        text=Say(
            text,
            {"cashier": cashier, "many": many, "usual": f"{usual:.1f}", "since": since.isoformat()}
            | told,
        ),
    )
