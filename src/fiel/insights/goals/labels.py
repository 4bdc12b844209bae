"""What the metrics of goals are called; apart, so that pages need not load what computes them."""

from __future__ import annotations

from collections.abc import Mapping

from fiel.domain.language import N_
from fiel.insights.reporting.report import Kind

# Each metric on screen, and what its months are.
LABELS: Mapping[str, tuple[str, Kind]] = {
    "average_spend": (N_("Average spend of members"), Kind.MONEY),
    "purchase_frequency": (N_("Purchases of an active member in a month"), Kind.NUMBER),
    "retention": (N_("Retention rate"), Kind.PERCENT),
    "new_members": (N_("New members in a month"), Kind.NUMBER),
    "engagement": (N_("Members who did something in a month"), Kind.PERCENT),
    "profit": (N_("Margin of members' sales in a month, less the cost of points"), Kind.MONEY),
}
