"""Alerts as they are told: as an event that others follow, and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from fiel.insights.alerts.kept import Alert
from fiel.insights.reporting.telling import said
from fiel.ledger.books import Book, Standing
from fiel.ledger.ids import new_id
from fiel.ledger.opening import ALWAYS, Place
from fiel.ledger.posting import Posting, Told, Version
from fiel.ledger.scope import Connection
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write
from fiel.members.nameless import new_nameless_members

if TYPE_CHECKING:
    from fiel.programs.versions import Published

KIND = "alert"


async def tell_of_alerts(
    connection: Connection, published: Published, alerts: Sequence[Alert], now: datetime
) -> None:
    """Write the events of alerts, inside the program's transaction and by one posting.

    Events are about members, and an alert is about the program: like a sale without a member it
    belongs to a nameless one of its own.
    """
    if not alerts:
        return
    place = Place(published.program_id, 0)
    posting = Posting(Version(published.number, published.program))
    holders = [new_id() for _ in alerts]
    for holder, alert in zip(holders, alerts, strict=True):
        book = Book(holder, Standing("nameless", now), lots_read=True, known_from=ALWAYS)
        told = alert_facts(alert)
        facts = orjson.dumps({"alert": told}).decode()
        activity = Told(new_id(), KIND, "", None, now, b"", facts=facts)
        posting.close(book, activity, {"alert": told}, now=now)
    back = Trip(connection)
    write(back, place, posting)
    joined = [(holder, now) for holder in holders]
    new_nameless_members(back, published.program_id, place.shard, joined)
    await back.go()


def alert_facts(alert: Alert) -> dict[str, object]:
    """What of an alert does not change."""
    return {
        "id": str(alert.id),
        "kind": alert.kind,
        "pattern": alert.pattern,
        "subject": alert.subject,
        "member": alert.about or None,
        "since": alert.since.isoformat(),
    }


def alert_content(alert: Alert, language: str) -> Mapping[str, object]:
    """An alert as data, its text in a language."""
    return {
        "id": alert.id,
        "kind": alert.kind,
        "pattern": alert.pattern,
        "subject": alert.subject,
        "member": alert.about or None,
        "since": alert.since,
        "usual": None if alert.usual is None else round(float(alert.usual), 4),
        "now": round(float(alert.now), 4),
        "sure": round(float(alert.sure) * 100, 2),
        "text": said(alert.words, language),
        "state": alert.state,
        "raised_at": alert.raised_at,
        "found_at": alert.found_at,
        "seen_at": alert.seen_at,
        "closed_at": alert.closed_at,
        "closed_by": alert.closed_by,
        "note": alert.note,
    }
