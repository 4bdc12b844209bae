"""The report of alerts."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.domain.language import N_
from fiel.insights.alerts.kept import Alert, Look, State, alerts_of, last_look
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

_COLUMNS = (
    Column("kind", N_("Kind"), Kind.TEXT),
    Column("pattern", N_("Pattern"), Kind.TEXT),
    Column("subject", N_("About"), Kind.TEXT),
    Column("since", N_("Since"), Kind.DAY),
    Column("usual", N_("Usual"), Kind.NUMBER),
    Column("now", N_("Now"), Kind.NUMBER),
    Column("sure", N_("Sure"), Kind.PERCENT),
    Column("state", N_("State"), Kind.TEXT),
    Column("raised", N_("Raised"), Kind.MOMENT),
    Column("text", N_("What"), Kind.TEXT),
    Column("member", N_("Member"), Kind.TEXT),
    Column("id", N_("Alert"), Kind.TEXT),
)
_DEFINITIONS = (
    Definition(
        "drift",
        N_("Drift"),
        N_(
            "The last days, up to four weeks of them, against the eight weeks before, each day "
            "with its own weekday."
        ),
    ),
    Definition(
        "sure",
        N_("Sure"),
        N_("How certain it is that chance alone did not make it, all that is looked at counted."),
    ),
    Definition(
        "cashier",
        N_("Cashiers"),
        N_("Each is compared with the others of the same days and stores, over four weeks."),
    ),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of alerts."""

    alerts: list[Alert]
    look: Look | None


async def kept_alerts(connection: Connection, question: Question) -> Kept:
    """All alerts of a program, and its last look."""
    alerts = await alerts_of(connection, question.program_id, tuple(State))
    return Kept(alerts, await last_look(connection, question.program_id))


def alerts(asked: Asked) -> Report:
    """What is unusual and not closed, and what was raised in the time that is asked for."""
    kept = asked.prepared
    assert isinstance(kept, Kept), "it was prepared"
    zone = asked.program.timezone

    def is_asked(alert: Alert) -> bool:
        if asked.since is None and asked.until is None:
            return alert.state != State.CLOSED
        day = alert.raised_at.astimezone(zone).date()
        return (asked.since is None or asked.since <= day) and (
            asked.until is None or day <= asked.until
        )

    rows = tuple(_row(alert) for alert in kept.alerts if is_asked(alert))
    look = kept.look
    return Report(
        name="alerts",
        title=N_("Alerts"),
        since=asked.since,
        until=asked.until,
        as_of=look.looked_at if look else None,
        tables=(Table("alerts", N_("Alerts"), _COLUMNS, rows),),
        statements=look.statements if look else (_NEVER,),
        definitions=_DEFINITIONS,
    )


_NEVER = Statement("never_looked", Say(N_("Nobody has looked yet; “fiel up” looks once a day.")))


def _row(alert: Alert) -> tuple[Cell, ...]:
    return (
        alert.kind,
        alert.pattern,
        alert.subject,
        alert.since,
        alert.usual,
        alert.now,
        alert.sure * 100,
        alert.state,
        alert.raised_at,
        alert.words,
        alert.about or None,
        str(alert.id),
    )


ENTRY = Entry(make=alerts, prepare=kept_alerts, needs_columns=False)
