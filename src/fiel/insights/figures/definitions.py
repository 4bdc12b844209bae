"""What each figure means, in words printed beside the numbers."""

from __future__ import annotations

from fiel.domain.language import N_
from fiel.insights.reporting.report import Definition

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "purchase",
        N_("Purchase"),
        N_(
            "A sale of which something is left. What came back counts on the day of its sale,"
            " whenever it came back; a sale that came back whole or was cancelled is no purchase."
            " Amounts are of goods, after discounts, before tax, without shipping."
        ),
    ),
    Definition(
        "change",
        N_("Change"),
        N_(
            "Against the period before, in percent; of a percentage, in percentage points. A"
            " period that is not over is compared with the same days of the one before."
        ),
    ),
    Definition(
        "members",
        N_("Members"),
        N_(
            "Who had joined by the end of the period; new members joined within it. Whoever was"
            " erased since is not counted, their purchases are."
        ),
    ),
    Definition(
        "active_members",
        N_("Active members"),
        N_(
            "Members who made a purchase within the period; the active rate is their share of all"
            " members at its end."
        ),
    ),
    Definition(
        "enrolment_rate",
        N_("Enrolment rate"),
        N_(
            "Purchases with a member in percent of all purchases; net: by their amount. Who"
            " bought without a member is not known, so customers cannot be counted instead."
        ),
    ),
    Definition(
        "average_spend",
        N_("Average spend"),
        N_(
            "Net sales divided by purchases. That members spend more than others does not say"
            " that the program caused it: the impact report does."
        ),
    ),
    Definition(
        "purchase_frequency",
        N_("Purchase frequency"),
        N_("Purchases with a member divided by active members, within the period."),
    ),
    Definition(
        "customer",
        N_("Customer"),
        N_(
            "A member is a customer on a day who made a purchase within the 90 days up to it, that"
            " day included. New is who is a customer at the end and made the first purchase within"
            " the period; reactivated, who is one at the end, was none at the start and is not"
            " new. Told of a store or a channel, only purchases made there count."
        ),
    ),
    Definition(
        "retention_rate",
        N_("Retention rate"),
        N_(
            "(Customers at the end − new) ÷ customers at the start × 100. The reactivated count,"
            " so it can be more than 100."
        ),
    ),
    Definition(
        "strict_retention_rate",
        N_("Retention rate, strict"),
        N_(
            "Those of the customers at the start who are customers at the end, × 100. The"
            " reactivated do not count."
        ),
    ),
    Definition(
        "lifetime_value",
        N_("Customer lifetime value"),
        N_(
            "Average purchase value × average purchase frequency × average customer lifetime, of"
            " all members who have bought by the end of the period: what one has brought so far,"
            " not a forecast. Value: net sales divided by purchases. Frequency: purchases divided"
            " by years of customers’ lives. Lifetime: from the first purchase until 90 days after"
            " the last one, or to the end of the period. A year has 365 days."
        ),
    ),
    Definition(
        "redemption_rate",
        N_("Redemption rate"),
        N_(
            "Points redeemed, less those that came back, in percent of the points issued in the"
            " same period, less those that were taken back. What a return moves counts on the day"
            " of its sale. Old points can be redeemed too, so it can be more than 100."
        ),
    ),
    Definition(
        "breakage_rate",
        N_("Breakage rate"),
        N_("Points that expired in percent of the points that were redeemed or expired."),
    ),
    Definition(
        "points_cost",
        N_("Points cost"),
        N_(
            "The points issued, each at what one was worth on average when the period’s points"
            " were earned: their cost if all of them are redeemed. Units without a value cost"
            " nothing here."
        ),
    ),
    Definition(
        "points_cost_of_margin",
        N_("Points cost of margin"),
        N_(
            "Points cost in percent of the margin (net sales less the cost of goods) of purchases"
            " with a member. Where margins are known for at least 90 % of these sales, the rest is"
            " taken to bring as much."
        ),
    ),
)
