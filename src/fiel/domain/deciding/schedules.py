"""Schedules: whether a rule holds at a moment of the program's zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from fiel.domain.program import Schedule


def is_open(schedule: Schedule, local: datetime) -> bool:
    """Whether a schedule holds at a local time.

    Hours that run over midnight belong to the day they begin on: Friday from 22:00 to 02:00
    holds at one on Saturday morning. Clocks are read as the wall shows them, so that on the day
    an hour repeats it holds twice.
    """
    day = local.date()
    if schedule.hours is not None:
        first_minute, end_minute = schedule.hours
        minute = local.hour * 60 + local.minute
        if first_minute < end_minute:
            if not first_minute <= minute < end_minute:
                return False
        elif minute < end_minute:
            day -= timedelta(days=1)
        elif minute < first_minute:
            return False
    if schedule.first is not None and day < schedule.first:
        return False
    if schedule.last is not None and day > schedule.last:
        return False
    return not schedule.days or day.weekday() in schedule.days
