"""Setting the clock of a sandbox: time goes on, and everything that is due by then happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid, Refusal
from fiel.domain.time import utc_text
from fiel.intake.calendar.errand import Errand
from fiel.intake.calendar.running import run_step_by_step
from fiel.intake.recording import Lend
from fiel.ledger.recorded import newest_recorded_at
from fiel.ledger.scope import program_transaction
from fiel.programs.clock import begin_days_anew, set_clock
from fiel.programs.scheduling import publish_due, waiting_publication
from fiel.programs.versions import Published, Versions

# Nobody tries out more than a lifetime.
FARTHEST = timedelta(days=100 * 366)

_A_DAY = timedelta(days=1)


class LiveProgram(Refusal):
    """The program is live: its time is the world's."""

    code = "forbidden"


def require_sandbox(published: Published) -> None:
    """Refuse a program whose clock nobody sets.

    Raises:
        LiveProgram: it is no sandbox.
    """
    if not published.sandbox:
        raise LiveProgram(
            N_(
                "This program is live, and its time is the world's. Try things out in a sandbox: "
                "“fiel program apply FILE --sandbox --yes” with another slug."
            )
        )


async def move_clock(
    lend: Lend, versions: Versions, published: Published, to: datetime, *, wall: datetime
) -> datetime:
    """Let a sandbox live up to a moment, and stand still there; the moment it stands at.

    Time goes forward only. A sandbox whose clock was never set lives by the time on the wall; as
    long as nothing was recorded in it, it may begin earlier.

    Raises:
        LiveProgram: the program is no sandbox.
        Invalid: the moment is before the clock, or a lifetime away.
    """
    require_sandbox(published)
    if to > wall + FARTHEST:
        raise _not_valid(FieldProblem("now", "too_late", N_("It is too far in the future.")))
    since = await _since(lend, published, to, wall)
    if to < since:
        text = N_("Time goes forward only; it is {now}.")
        raise _not_valid(FieldProblem("now", "backwards", text, {"now": utc_text(since)}))
    while (moment := await _next_publication(lend, published.program_id, until=to)) is not None:
        moment = max(moment, since)
        await run_step_by_step(Errand(lend, versions, published, until=moment, since=since))
        async with lend() as connection, program_transaction(connection, published.program_id):
            await set_clock(connection, published.program_id, moment)
            await publish_due(connection, published.program_id, now=moment)
            published = await versions.in_force(connection, published.program_id)
        since = moment
    await run_step_by_step(Errand(lend, versions, published, until=to, since=since))
    async with lend() as connection, program_transaction(connection, published.program_id):
        await set_clock(connection, published.program_id, to)
    return to


async def _next_publication(lend: Lend, program_id: UUID, *, until: datetime) -> datetime | None:
    """The moment of the publication that waits and falls due; None when there is none."""
    async with lend() as connection, program_transaction(connection, program_id):
        waiting = await waiting_publication(connection, program_id)
    return waiting.publish_at if waiting is not None and waiting.publish_at <= until else None


async def _since(lend: Lend, published: Published, to: datetime, wall: datetime) -> datetime:
    """From when on time goes: the clock, or, where none was set, what was recorded last."""
    if published.clock_at is not None:
        return published.clock_at
    program_id = published.program_id
    async with lend() as connection, program_transaction(connection, program_id):
        newest = await newest_recorded_at(connection, program_id, published.shards)
        if to >= wall:
            return wall
        if newest is None or newest <= to:
            zone = published.program.timezone
            await begin_days_anew(connection, program_id, to.astimezone(zone).date() - _A_DAY)
            return to
    return newest


def _not_valid(problem: FieldProblem) -> Invalid:
    return Invalid(N_("Some fields are not valid."), problems=[problem])
