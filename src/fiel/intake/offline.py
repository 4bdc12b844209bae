"""What a till tells that had no network: when it happened, by a clock that may be wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.time import utc_text
from fiel.intake.contents.offline import OfflineBody

LATEST_AHEAD = timedelta(days=1)  # clocks of tills go wrong, but not by more


@dataclass(frozen=True, slots=True)
class Moment:
    """When something counts, and the mark that is kept of a till without a network."""

    occurred_at: datetime
    mark: Mapping[str, object] | None = None


def moment_of(
    told_at: datetime | None, offline: OfflineBody | None, program: Program, now: datetime
) -> Moment:
    """When what was told happened.

    A till that had no network says what its clock shows as it sends; where that is further off
    than the program allows, the server's time counts, and the mark says so.

    Raises:
        Invalid: it lies more than a day in the future.
    """
    if offline is not None:
        return _moment_offline(told_at, offline, program, now)
    if told_at is not None and told_at > now + LATEST_AHEAD:
        text = N_("It lies more than a day in the future.")
        raise Invalid(
            N_("Some fields are not valid."),
            problems=[FieldProblem("occurred_at", "too_late", text)],
        )
    return Moment(told_at or now)


def _moment_offline(
    told_at: datetime | None, offline: OfflineBody, program: Program, now: datetime
) -> Moment:
    tolerance = timedelta(minutes=program.offline.clock_minutes)
    mark: dict[str, object] = {"till": offline.till, "clock": "till"}
    sent_at = offline.sent_at or now
    if told_at is None:
        return Moment(now, mark)
    if abs(sent_at - now) <= tolerance and told_at <= now + tolerance:
        return Moment(told_at, mark)
    return Moment(now, mark | {"clock": "server", "told_at": utc_text(told_at)})
