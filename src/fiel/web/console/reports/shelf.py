"""The reports as the console has them: what each tells, who may see it, what it can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop

from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit


class Days(StrEnum):
    """Which days a report can be asked of: from one to another, the last one, or none."""

    RANGE = "range"
    END = "end"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report on the shelf; `title` and `tells` are message ids, `narrows` its options.

    One that `is_long` is made as a job, with a page that can be left. `looks_ahead` reads “every”
    as how far ahead it looks.
    """

    name: str
    title: str
    tells: str
    icon: str
    days: Days = Days.RANGE
    narrows: tuple[str, ...] = ()
    right: Right = Right.SEE_REPORTS
    is_long: bool = False
    looks_ahead: bool = False

    @property
    def heading(self) -> str:
        """Its title in the page's language."""
        return gettext(self.title)

    @property
    def sentence(self) -> str:
        """What it tells, in the page's language."""
        return gettext(self.tells)

    def is_open_to(self, visit: Visit) -> bool:
        """Whether a person may see it; who has stores of her own sees what can be told of one."""
        return visit.may(self.right) and (not visit.stores or "store" in self.narrows)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Reports that belong together."""

    title: str
    reports: tuple[Shelved, ...]

    @property
    def heading(self) -> str:
        """Its title in the page's language."""
        return gettext(self.title)


_PEOPLE = ("store", "channel", "segment", "tier")

SHELVES: tuple[Shelf, ...] = (
    Shelf(
        gettext_noop("How it goes"),
        (
            Shelved(
                "kpis",
                gettext_noop("Figures"),
                gettext_noop(
                    "Members, sales, spend, retention, lifetime value and points, each with its"
                    " change; by period, store, channel, segment and tier."
                ),
                icon="chart-line",
                narrows=("every", *_PEOPLE, "unit"),
            ),
            Shelved(
                "cohorts",
                gettext_noop("Cohorts"),
                gettext_noop("Of those who joined or first bought together, how many still buy."),
                icon="grid-dots",
                narrows=("every", *_PEOPLE),
            ),
            Shelved(
                "goals",
                gettext_noop("Goals"),
                gettext_noop(
                    "Where each goal began, how far it has come, and whether it will be reached."
                ),
                icon="target-arrow",
                days=Days.NONE,
            ),
            Shelved(
                "segments",
                gettext_noop("Segments"),
                gettext_noop(
                    "How many members are in each segment, what they spend, what their points cost."
                ),
                icon="chart-pie",
                days=Days.END,
            ),
        ),
    ),
    Shelf(
        gettext_noop("What it causes, and what comes"),
        (
            Shelved(
                "impact",
                gettext_noop("What the program caused"),
                gettext_noop(
                    "Members against members who were kept out by lot: the difference with its"
                    " interval, and what could have been seen."
                ),
                icon="flask",
                narrows=("promotion",),
            ),
            Shelved(
                "predictions",
                gettext_noop("Predictions"),
                gettext_noop(
                    "Who will buy, who is leaving and what to offer next, beside how well the same"
                    " was foretold before."
                ),
                icon="crystal-ball",
                days=Days.END,
                narrows=("every",),
                looks_ahead=True,
            ),
            Shelved(
                "alerts",
                gettext_noop("Alerts raised"),
                gettext_noop("What was unusual, since when, and how sure that is."),
                icon="bell",
                right=Right.SEE_ALERTS,
            ),
            Shelved(
                "cashiers",
                gettext_noop("Cashiers and stores"),
                gettext_noop(
                    "Each cashier's and each store's numbers beside the others', and who has open"
                    " alerts."
                ),
                icon="user-exclamation",
                right=Right.SEE_ALERTS,
            ),
            Shelved(
                "review",
                gettext_noop("The review of the program"),
                gettext_noop("The program in force, read against the five classic mistakes."),
                icon="clipboard-check",
                days=Days.NONE,
                is_long=True,
            ),
            Shelved(
                "simulation",
                gettext_noop("The program on its own past"),
                gettext_noop(
                    "What the program in force gives on the sales there were, rule by rule beside"
                    " what was recorded."
                ),
                icon="history",
                is_long=True,
            ),
        ),
    ),
    Shelf(
        gettext_noop("Accounts"),
        (
            Shelved(
                "liability",
                gettext_noop("Liability"),
                gettext_noop(
                    "What is owed to members in points: by month of earning, what is expected to be"
                    " redeemed, and what it would be if more or less were."
                ),
                icon="scale",
                days=Days.END,
                narrows=("unit",),
                right=Right.SEE_ACCOUNTS,
            ),
            Shelved(
                "roll-forward",
                gettext_noop("Points roll-forward"),
                gettext_noop(
                    "Points from the beginning to the end of a time, by what changed them."
                ),
                icon="stairs-up",
                narrows=("every", "unit"),
                right=Right.SEE_ACCOUNTS,
            ),
            Shelved(
                "journal",
                gettext_noop("Journal"),
                gettext_noop("Entries for your books, in accounts of your own numbers."),
                icon="book-2",
                narrows=("every",),
                right=Right.SEE_ACCOUNTS,
            ),
            Shelved(
                "gift-cards",
                gettext_noop("Gift cards"),
                gettext_noop(
                    "What was sold, paid with and is still owed on gift cards, apart from points."
                ),
                icon="gift-card",
                right=Right.SEE_ACCOUNTS,
            ),
        ),
    ),
)

BY_NAME: Mapping[str, Shelved] = {
    report.name: report for shelf in SHELVES for report in shelf.reports
}


def shelves_for(visit: Visit) -> list[tuple[str, list[Shelved]]]:
    """The shelves with the reports that a person may see; none that would be empty."""
    found = [
        (shelf.heading, [report for report in shelf.reports if report.is_open_to(visit)])
        for shelf in SHELVES
    ]
    return [(heading, reports) for heading, reports in found if reports]
