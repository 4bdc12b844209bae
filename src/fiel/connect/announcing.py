"""What happened, as everybody who follows a program is told of it: by the API and by webhooks."""

from __future__ import annotations

from fiel.domain.program import Program
from fiel.intake.telling import Told, told_after, told_time
from fiel.ledger.queries import Event


def told_event(event: Event, program: Program) -> Told:
    """An event, with the activity that it is about and where it left the member.

    Of several events about one member, the one with the highest `member_sequence` says where the
    member stands.
    """
    earned = dict.fromkeys(program.units, 0)
    for _, unit, points, *_ in event.decision.get("a", ()):
        earned[unit] = earned.get(unit, 0) + points
    segment, alert = event.decision.get("segment"), event.decision.get("alert")
    return {
        "type": event.type,
        "sequence": event.sequence,
        "member_sequence": event.member_sequence,
        "timestamp": told_time(event.recorded_at),
        "data": {
            "id": event.activity_id,
            "kind": event.kind,
            "member": event.member_id,
            "source": event.source,
            "external_id": event.external_id,
            "occurred_at": told_time(event.occurred_at),
            "net": program.currency.decimal(event.net),
            "gross": program.currency.decimal(event.gross),
            "earned": earned,
            **told_after(event.decision["after"], program),
            "program_version": event.version,
            **({"segment": segment} if segment is not None else {}),
            **({"alert": alert} if alert is not None else {}),
        },
    }
