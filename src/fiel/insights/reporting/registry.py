"""Which reports there are. Each is imported when it is asked for: some rest on heavy libraries."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from fiel.domain.language import N_
from fiel.insights.reporting.asked import Entry, NoSuchReport

# The name of a report, what it tells, and the `Entry` that makes it.
REPORTS: Mapping[str, tuple[str, str]] = {
    "kpis": (N_("Figures"), "fiel.insights.figures.report:KPIS"),
    "cohorts": (N_("Cohorts"), "fiel.insights.figures.cohort_report:COHORTS"),
    "segments": (N_("Segments"), "fiel.insights.segments.report:ENTRY"),
    "goals": (N_("Goals"), "fiel.insights.goals.reports:ENTRY"),
    "review": (N_("The review of the program"), "fiel.insights.review.report:ENTRY"),
    "simulation": (N_("Simulation"), "fiel.insights.simulation.own:ENTRY"),
    "predictions": (N_("Predictions"), "fiel.insights.prediction.report:ENTRY"),
    "alerts": (N_("Alerts"), "fiel.insights.alerts.report:ENTRY"),
    "cashiers": (N_("Cashiers and stores"), "fiel.insights.alerts.served:ENTRY"),
    "impact": (N_("What the program caused"), "fiel.insights.impact.report:ENTRY"),
    "liability": (N_("Liability"), "fiel.insights.accounts.liability:ENTRY"),
    "roll-forward": (N_("Points roll-forward"), "fiel.insights.accounts.roll_forward:ENTRY"),
    "journal": (N_("Journal"), "fiel.insights.accounts.journal:ENTRY"),
    "gift-cards": (N_("Gift cards"), "fiel.insights.accounts.gift_cards:ENTRY"),
}


def entry_of(name: str) -> Entry:
    """The entry of a report.

    Raises:
        NoSuchReport: no report has this name.
    """
    if name not in REPORTS:
        raise NoSuchReport(
            N_("There is no report “{name}”; there are: {known}."),
            name=name[:100],
            known=", ".join(REPORTS),
        )
    module, _, attribute = REPORTS[name][1].partition(":")
    entry = getattr(import_module(module), attribute)
    assert isinstance(entry, Entry), "the registry names entries"
    return entry
