"""The calendar: what happens because time passes.

What is due lies in the data: a lot's end, a tier's review, a birthday. Going through it is
repeatable, so that it may be done late, twice, or by two at once, and be broken off anywhere.
"""

from fiel.intake.calendar.errand import Due, Errand
from fiel.intake.calendar.running import run_calendar, run_step_by_step

__all__ = ["Due", "Errand", "run_calendar", "run_step_by_step"]
