"""Alerts as pages show them: named in words, with what changed and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import gettext as _

from fiel.domain.language import number_text, percent_text
from fiel.insights.alerts.finding import Kind
from fiel.insights.alerts.kept import Alert, State
from fiel.insights.reporting.report import Say
from fiel.insights.reporting.telling import said
from fiel.web.console.reports.addresses import member_url
from fiel.web.console.reports.words import DASH, Words
from fiel.web.ui.visit import Visit

_LARGE = 10
_FIGURES = ("usual", "now", "pace")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

ICONS = {
    Kind.ISSUANCE: "arrow-up-right",
    Kind.REDEMPTION: "gift",
    Kind.LIABILITY: "scale",
    Kind.STORE: "building-store",
    Kind.BUDGET: "coins",
    Kind.CASHIER: "user-exclamation",
}


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert in a language: what it is, what it says, and by how much the figure changed."""

    alert: Alert
    title: str
    text: str
    icon: str
    usual: str
    now: str
    change: str
    sure: str
    url: str
    member_url: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has dealt with it."""
        return self.alert.state == State.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether a person has closed it."""
        return self.alert.state == State.CLOSED


def told_alerts(visit: Visit, alerts: Iterable[Alert]) -> list[ToldAlert]:
    """The alerts that a person may see, told: of her stores, if she has stores of her own."""
    return [told_alert(visit, alert) for alert in alerts if may_see(visit, alert)]


def may_see(visit: Visit, alert: Alert) -> bool:
    """Whether an alert is for a person."""
    return not visit.stores or (alert.kind == Kind.STORE and alert.subject in visit.stores)


def told_alert(visit: Visit, alert: Alert) -> ToldAlert:
    """An alert in the page's language."""
    words = Words(visit.program, visit.language)
    subject = alert.subject
    if alert.kind in (Kind.ISSUANCE, Kind.REDEMPTION, Kind.LIABILITY):
        subject = words.called("unit", alert.subject)
    if alert.kind == Kind.BUDGET:
        subject = words.called("rule", alert.subject)
    return ToldAlert(
        alert,
        f"{kind_name(alert.kind)}: {subject}",
        said(_named(alert.words, words, subject), visit.language),
        ICONS.get(Kind(alert.kind), "bell"),
        figure_text(alert.usual, visit.language),
        figure_text(alert.now, visit.language),
        _change(alert, visit.language),
        _sure_text(alert.sure, visit.language),
        visit.address("alert", alert.id),
        member_url(visit, alert.about) or "",
    )


def _named(told: Say, words: Words, subject: str) -> Say:
    """What an alert says, with the names of what it is about, and figures that can be written."""
    named: dict[str, object] = dict(told.parameters)
    for name, value in told.parameters.items():
        if name in ("rule", "unit") and isinstance(value, str):
            named[name] = words.called(name, value)
        if name in _FIGURES and isinstance(value, str) and _NUMBER.fullmatch(value):
            named[name] = Decimal(value)
    return Say(told.msgid, named | {"subject": subject} if "subject" in named else named)


def kind_name(kind: str) -> str:
    """What a kind of alert is called."""
    names = {
        Kind.ISSUANCE: _("Points issued"),
        Kind.REDEMPTION: _("Points redeemed"),
        Kind.LIABILITY: _("Points held"),
        Kind.STORE: _("Sales of a store"),
        Kind.BUDGET: _("Budget"),
        Kind.CASHIER: _("Cashier"),
    }
    return names[Kind(kind)]


def figure_text(figure: Decimal | None, language: str) -> str:
    """A figure of an alert: whole where it is large, to the tenth where it is small."""
    if figure is None:
        return DASH
    places = Decimal(1) if abs(figure) >= _LARGE else Decimal("0.1")
    return number_text(language, figure.quantize(places))


def _sure_text(sure: Decimal, language: str) -> str:
    """A certainty in percent, never more than it is."""
    percent = (sure * 100).quantize(Decimal("0.01"), ROUND_DOWN)
    return percent_text(language, number_text(language, percent))


def _change(alert: Alert, language: str) -> str:
    if not alert.usual:
        return ""
    return percent_text(language, f"{float(alert.now / alert.usual - 1) * 100:+.0f}")
