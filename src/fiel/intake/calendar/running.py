"""Going through a program's calendar: at one go, or midnight by midnight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fiel.domain.time import end_of_day
from fiel.intake.calendar.dues import DUES
from fiel.intake.calendar.errand import Due, Errand
from fiel.ledger.scope import program_transaction
from fiel.programs.clock import set_clock

_A_MOMENT = timedelta(microseconds=1)


async def run_calendar(errand: Errand, dues: Sequence[Due] = DUES) -> int:
    """Do everything that fell due up to the errand's moment; how much that was.

    Within a member everything is in its order, however late this comes: points start, tiers are
    looked at and points end at the moments when they did.
    """
    return sum([await due.run(errand) for due in dues])


async def run_step_by_step(errand: Errand, dues: Sequence[Due] = DUES) -> int:
    """Let a sandbox live up to the errand's moment, midnight by midnight.

    Days on which nothing falls due are left out. The program's clock goes along, so that whoever
    asks meanwhile, or comes after this was cut off, finds the days up to there done.
    """
    step = replace(errand, until=min(errand.since, errand.until), waits=True)
    done = await run_calendar(step, dues)
    while step.until < errand.until:
        moments = [await due.next_at(step) for due in dues]
        moment = min((at for at in moments if at is not None), default=errand.until)
        step = replace(step, until=min(_midnight_after(step, moment), errand.until))
        await _set_clock(step)
        done += await run_calendar(step, dues)
    return done


def _midnight_after(errand: Errand, moment: datetime) -> datetime:
    """The end of the day that a moment is on; midnight itself ends the day before it."""
    day = errand.day_of(moment - _A_MOMENT)
    return end_of_day(day, errand.published.program.timezone).astimezone(UTC)


async def _set_clock(errand: Errand) -> None:
    async with (
        errand.lend() as connection,
        program_transaction(connection, errand.program_id),
    ):
        await set_clock(connection, errand.program_id, errand.until)
