"""What the columns of the report of predictions are called, and what they mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from fiel.domain.language import N_
from fiel.insights.prediction.forecast import Forecast
from fiel.insights.prediction.tastes import Suggestion
from fiel.insights.reporting.report import Column, Definition, Kind

type BestOf = Callable[[int], Suggestion | None]

FORECAST = (
    Column("days", N_("Days ahead"), Kind.COUNT),
    Column("members", N_("Members who bought"), Kind.COUNT),
    Column("buyers", N_("Of them will buy"), Kind.COUNT),
    Column("purchases", N_("Purchases"), Kind.NUMBER),
    Column("spend", N_("Spend"), Kind.MONEY),
    Column("each", N_("Per purchase"), Kind.MONEY),
)
BACK_TEST = (
    Column("purchases", N_("Purchases before"), Kind.TEXT),
    Column("members", N_("Members"), Kind.COUNT),
    Column("foretold", N_("Purchases foretold"), Kind.NUMBER),
    Column("happened", N_("Purchases made"), Kind.COUNT),
    Column("off", N_("Off by"), Kind.PERCENT),
    Column("carried_on", N_("If all had gone on as before"), Kind.NUMBER),
    Column("spend_foretold", N_("Spend foretold"), Kind.MONEY),
    Column("spend_happened", N_("Spend made"), Kind.MONEY),
)
RISKS = (
    Column("risk", N_("Risk"), Kind.TEXT),
    Column("members", N_("Members"), Kind.COUNT),
    Column("spend", N_("Spend expected of them"), Kind.MONEY),
    Column("members_then", N_("Members in the back-test"), Kind.COUNT),
    Column("foretold", N_("Risk foretold"), Kind.PERCENT),
    Column("happened", N_("Stayed away"), Kind.PERCENT),
)
MEMBERS = (
    Column("member", N_("Member"), Kind.TEXT),
    Column("purchases", N_("Purchases before"), Kind.COUNT),
    Column("last", N_("Last bought"), Kind.DAY),
    Column("risk", N_("Risk"), Kind.PERCENT),
    Column("customer", N_("Still a customer"), Kind.PERCENT),
    Column("purchases_expected", N_("Purchases expected"), Kind.NUMBER),
    Column("each", N_("Per purchase"), Kind.MONEY),
    Column("spend", N_("Spend expected"), Kind.MONEY),
    Column("next", N_("Offer next"), Kind.TEXT),
    Column("reason", N_("Because"), Kind.TEXT),
)
TASTES = (
    Column("of", N_("Those who have"), Kind.TEXT),
    Column("taste", N_("Which"), Kind.TEXT),
    Column("takes", N_("Take"), Kind.TEXT),
    Column("thing", N_("Which"), Kind.TEXT),
    Column("takers", N_("Took it"), Kind.COUNT),
    Column("sharers", N_("Of members"), Kind.COUNT),
    Column("share", N_("Share"), Kind.PERCENT),
    Column("of_all", N_("Share of all members"), Kind.PERCENT),
)
DEFINITIONS = (
    Definition(
        "purchase",
        N_("Purchase"),
        N_("A day on which a member bought for more than came back."),
    ),
    Definition(
        "forecast",
        N_("Forecast"),
        N_(
            "What BG/NBD and Gamma-Gamma expect of members who have bought, from how often and how "
            "lately they did and what they spent. Seasons and offers are not in it."
        ),
    ),
    Definition(
        "back_test",
        N_("Back-test"),
        N_(
            "The same forecast made with nothing known of the last days, beside what members then "
            "did."
        ),
    ),
    Definition(
        "risk",
        N_("Risk"),
        N_("The chance that a member does not buy once within the days ahead."),
    ),
    Definition(
        "customer",
        N_("Still a customer"),
        N_(
            "The chance that a member has not left for good. Of members who bought once it cannot "
            "be said."
        ),
    ),
    Definition(
        "each",
        N_("Per purchase"),
        N_(
            "What a member is expected to spend on a purchase: their own mean after the first, and "
            "the nearer to the mean of all the fewer of them are known."
        ),
    ),
    Definition(
        "next",
        N_("Offer next"),
        N_(
            "What most of the members with a taste in common took in a year and this one did not; "
            "few members count less. Of very many members a part is asked."
        ),
    ),
)


def last_day(forecast: Forecast, place: int) -> date:
    """The day on which a member last bought."""
    whole = forecast.history.whole
    silent = int(whole.age[place]) - int(whole.recency[place])
    return forecast.until - timedelta(days=silent)
