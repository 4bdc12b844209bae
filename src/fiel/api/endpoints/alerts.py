"""Operations on alerts: what is unusual, seen and closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query

from fiel.api.answers import Answer, ok
from fiel.api.bodies.alerts import Alerts, Closing
from fiel.api.call import Call
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import alerts as schemas
from fiel.insights.alerts.kept import State, alerts_of, close_alert, last_look, see_alert
from fiel.insights.alerts.telling import alert_content
from fiel.insights.alerts.watching import watch
from fiel.insights.reporting.report import Statement
from fiel.insights.reporting.telling import said
from fiel.staff.keys import Scope

_STANDING = (State.OPEN, State.SEEN)


async def list_alerts(call: Call, query: Annotated[Alerts, Query()]) -> Answer:
    """What is unusual, newest first, and what could not be looked at."""
    cursors = call.house.cursors
    after = None if query.cursor is None else UUID(str(cursors.read("alerts", query.cursor)[0]))
    states = _STANDING if query.state is None else (State(query.state),)
    async with call.reading() as connection:
        alerts = await alerts_of(
            connection, call.program_id, states, after=after, limit=query.limit + 1
        )
        look = await last_look(connection, call.program_id)
    shown = alerts[: query.limit]
    more = len(alerts) > query.limit
    return ok(
        {
            "data": [alert_content(alert, call.language) for alert in shown],
            "next_cursor": cursors.write("alerts", [str(shown[-1].id)]) if more else None,
            "looked_until": look.day if look else None,
            "looked_at": look.looked_at if look else None,
            "statements": _told(look.statements if look else (), call.language),
        }
    )


async def look_now(call: Call) -> Answer:
    """Look for what is unusual by the end of yesterday, without waiting for the daily look."""
    house = call.house
    watched = await watch(house.posting, house.open_columns, call.published, call.now)
    return ok(
        {
            "raised": [alert_content(alert, call.language) for alert in watched.raised],
            "found": watched.found,
            "statements": _told(watched.statements, call.language),
        }
    )


async def see(call: Call, alert_id: UUID) -> Answer:
    """Say that an alert was seen; it stays until it is closed."""
    async with call.writing() as connection:
        alert = await see_alert(connection, call.program_id, alert_id, at=call.now)
    return ok(alert_content(alert, call.language))


async def close(call: Call, alert_id: UUID, body: Closing) -> Answer:
    """Close an alert: the same is not told again for what had happened by now."""
    async with call.writing() as connection:
        alert = await close_alert(
            connection, call.program_id, alert_id,
            at=call.now, by=f"key {call.caller.key_id}", note=body.note,
        )  # fmt: skip
    return ok(alert_content(alert, call.language))


def _told(statements: Sequence[Statement], language: str) -> list[dict[str, str]]:
    return [{"code": one.code, "detail": said(one.text, language)} for one in statements]


_MANAGES = Manner(Scope.MANAGE, writes=True)
OFFERS = (
    Offer(
        "GET", "/alerts", list_alerts, Manner(Scope.READ), "List alerts", schemas.AlertList,
        tag="Reports",
    ),
    Offer(
        "POST", "/alerts/look", look_now, _MANAGES, "Look for alerts now", schemas.Look,
        tag="Reports",
    ),
    Offer(
        "POST", "/alerts/{alert_id}/see", see, _MANAGES, "See an alert", schemas.Alert,
        refusals=(404,), tag="Reports",
    ),
    Offer(
        "POST", "/alerts/{alert_id}/close", close, _MANAGES, "Close an alert", schemas.Alert,
        refusals=(404,), tag="Reports",
    ),
)  # fmt: skip
