"""The groups by recency, frequency and monetary value: their ids, names and meanings."""

from __future__ import annotations

from collections.abc import Mapping

from fiel.domain.language import N_

NEVER_BOUGHT = "rfm-never-bought"

# In the order of how much they are worth keeping, with what is meant by each.
GROUPS: Mapping[str, tuple[str, str]] = {
    "rfm-champions": (N_("Champions"), N_("Bought just now, often and for much.")),
    "rfm-loyal": (N_("Loyal"), N_("Buy often, and not long ago.")),
    "rfm-potential-loyal": (
        N_("Potential loyal"),
        N_("Bought lately, and more than once or for more than little."),
    ),
    "rfm-new": (N_("New"), N_("Bought just now, seldom and for little so far.")),
    "rfm-promising": (N_("Promising"), N_("Bought lately, seldom and for little so far.")),
    "rfm-need-attention": (
        N_("Need attention"),
        N_("In the middle by everything, and it has been a while."),
    ),
    "rfm-about-to-sleep": (
        N_("About to sleep"),
        N_("It has been a while, and it was seldom or for little."),
    ),
    "rfm-cannot-lose": (
        N_("Cannot be lost"),
        N_("Were among the best, and have not come for long."),
    ),
    "rfm-at-risk": (N_("At risk"), N_("Bought often or for much, and have not come for long.")),
    "rfm-hibernating": (
        N_("Hibernating"),
        N_("Bought seldom and for little, and have not come for long."),
    ),
    NEVER_BOUGHT: (N_("Never bought"), N_("Joined, and have not bought yet.")),
}
