"""What the figures cannot say and what is needed for it, what they assume, what to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fiel.domain.language import N_
from fiel.domain.money import Amount, Currency
from fiel.insights.figures.asking import Times
from fiel.insights.figures.figures import ENOUGH_MARGIN, Figures
from fiel.insights.figures.narrowing import Narrowed
from fiel.insights.reporting.report import Say, Statement


def statements(
    now: Sequence[Figures], before: Sequence[Figures], times: Times, narrowed: Narrowed
) -> Iterator[Statement]:
    """What is to be said beside the figures of some periods."""
    if times.is_running:
        yield _said(
            "period_running",
            N_(
                "The last period is not whole: it ends on {day}, and is compared with as many days."
            ),
            day=times.told[-1].until.isoformat(),
        )
    if not any(each.all_sold.purchases for each in now):
        yield _said("no_sales", N_("There are no sales in this time: most figures need some."))
    elif not any(each.sold.members.purchases for each in now):
        yield _said(
            "no_members_sales",
            N_(
                "No sale of this time was made with a member: frequency, retention and lifetime"
                " value need sales that name their member."
            ),
        )
    else:
        yield from _of_customers(now)
        yield from _of_margin(now)
    yield from _of_changes(now, before)
    if narrowed.names_members:
        yield _said(
            "holdings_of_today",
            N_("Segments and tiers are those of today, also for the past."),
        )
    if narrowed.names_places:
        yield _said(
            "places_have_no_members",
            N_("Members belong to no store and no channel: how many there are is not told here."),
        )


def of_apart(apart: Iterable[Figures]) -> Iterator[Statement]:
    """What is to be said of figures told by store, channel, segment or tier."""
    short = [each for each in apart if each.active_members and not each.knows_start]
    if short:
        yield _said(
            "apart_too_short",
            N_(
                "By store, channel, segment or tier, retention is told once members have bought"
                " there for {days} days before the time that is told."
            ),
            days=short[0].customer_days,
        )


def lost_returns(many: int, net: int, currency: Currency) -> Iterator[Statement]:
    """What is to be said of returns whose sale is not known."""
    if many:
        yield _said(
            "returns_without_sales",
            N_(
                "{many} returns over {amount} wait for a sale that is not known. They take nothing"
                " away here until it comes."
            ),
            many=many,
            amount=Amount(net, currency),
        )


def _of_customers(now: Sequence[Figures]) -> Iterator[Statement]:
    last = now[-1]
    days, since = last.customer_days, last.customers.since
    if since is not None and not all(each.knows_start for each in now):
        yield _said(
            "history_too_short",
            N_(
                "Retention is not told for periods that begin less than {days} days after the first"
                " purchase of a member ({since}): nobody could have left yet."
            ),
            days=days,
            since=since.isoformat(),
        )
    if any(each.knows_start and not each.customers.at_start for each in now):
        yield _said(
            "no_customers_at_start",
            N_("Retention is not told for periods at whose start nobody was a customer."),
        )
    if not last.customers.again:
        yield _said(
            "nobody_bought_again",
            N_(
                "Customer lifetime value is not told: no member has bought on more than one day, so"
                " there is no frequency and no lifetime yet."
            ),
        )
    elif not all(each.knows_lifetime for each in now):
        yield _said(
            "lifetime_too_short",
            N_(
                "Customer lifetime value is told once there are {days} days of members’ purchases,"
                " and somebody has bought again."
            ),
            days=days,
        )


def _of_margin(now: Sequence[Figures]) -> Iterator[Statement]:
    with_sales = [each for each in now if each.sold.members.net > 0]
    unknown = sum(each.sold.members.margins_unknown for each in with_sales)
    counts = {"unknown": unknown, "sales": sum(each.sold.members.purchases for each in with_sales)}
    if any(each.margin is None for each in with_sales):
        yield _said(
            "margin_unknown",
            N_(
                "Points cost cannot be set against the margin: {unknown} of {sales} sales to"
                " members name no cost of goods. Send the cost of each line: {enough} % must be"
                " known."
            ),
            **counts,
            enough=ENOUGH_MARGIN,
        )
    if any(each.margin is not None and each.sold.members.margins_unknown for each in with_sales):
        yield _said(
            "margin_estimated",
            N_(
                "{unknown} of {sales} sales to members name no cost of goods; where few are"
                " unknown, they are taken to bring as much as the others."
            ),
            **counts,
        )
    issued = any(flow.given for each in now for flow in each.flows.values())
    if issued and all(each.points_cost is None for each in now):
        yield _said(
            "points_without_value",
            N_(
                "Points cost is not told: no unit has a value. Give it one (`value`) to say what a"
                " point is worth when it pays."
            ),
        )


def _of_changes(now: Sequence[Figures], before: Sequence[Figures]) -> Iterator[Statement]:
    if any(
        each.all_sold.purchases and not was.all_sold.purchases
        for each, was in zip(now, before, strict=True)
    ):
        yield _said(
            "nothing_before",
            N_("Where nothing was sold in the period before, no change is told: it has no base."),
        )


def _said(code: str, msgid: str, **parameters: object) -> Statement:
    return Statement(code, Say(msgid, parameters))
