"""Alerts as they are told: as an event that others follow, and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
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


async def tell_of_alert(
    connection: Connection, published: Published, alert: Alert, now: datetime
) -> None:
    """Write the event of an alert, inside the program's transaction.

    Events are about members, and an alert is about the program: like a sale without a member it
    belongs to a nameless one of its own.
    """
    place, holder = Place(published.program_id, 0), new_id()
    book = Book(holder, Standing("nameless", now), lots_read=True, known_from=ALWAYS)
    told = alert_facts(alert)
    posting = Posting(Version(published.number, published.program))
    facts = orjson.dumps({"alert": told}).decode()
    activity = Told(new_id(), KIND, "", None, now, b"", facts=facts)
    posting.close(book, activity, {"alert": told}, now=now)
    back = Trip(connection)
    write(back, place, posting)
    new_nameless_members(back, published.program_id, place.shard, [(holder, now)])
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
        "usual": None if alert.usual is None else round(alert.usual, 4),
        "now": round(alert.now, 4),
        "sure": round(alert.sure * 100, 2),
        "text": said(alert.words, language),
        "state": alert.state,
        "raised_at": alert.raised_at,
        "found_at": alert.found_at,
        "seen_at": alert.seen_at,
        "closed_at": alert.closed_at,
        "closed_by": alert.closed_by,
        "note": alert.note,
    }
