"""The forecast: what members will do in the days to come, with its back-test beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from fiel.domain.language import N_
from fiel.insights.prediction.history import History, cut_of, first_day, read_history
from fiel.insights.prediction.model import Foretold, Model, TooLittle, fitted_model
from fiel.insights.prediction.trial import Trial, tried
from fiel.insights.reporting.report import Say, Statement

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

HORIZON_DAYS = 90
_SILENCE = 14  # days without any sale after which the copy is taken to end before the day asked for
_MISSED = 0.25  # of what happened: a back-test further off is said to have missed


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is foretold of all members who bought, by what they had bought until a day."""

    until: date
    days: int
    history: History
    model: Model
    foretold: Foretold
    trial: Trial
    statements: tuple[Statement, ...]


def made_forecast(columns: Columns, *, until: date, days: int) -> Forecast:
    """Foretell the days after `until`, and try the same forecast on the last days before it.

    Raises:
        TooLittle: the history says too little to foretell anything, or to check a forecast.
    """
    first = first_day(columns, until)
    history = read_history(columns, until=until, cut=cut_of(first, until, days)) if first else None
    if history is None:
        raise TooLittle(
            Statement("no_purchases", Say(N_("No member has bought anything in this time.")))
        )
    model = fitted_model(history.whole)
    try:
        trial = tried(history)
    except TooLittle as too_little:
        raise TooLittle(_cannot_be_checked(history, too_little)) from None
    return Forecast(
        until=until,
        days=days,
        history=history,
        model=model,
        foretold=model.foretold(history.whole, days=days),
        trial=trial,
        statements=(*model.statements, *_reservations(history, trial, days)),
    )


def _cannot_be_checked(history: History, too_little: TooLittle) -> Statement:
    return Statement(
        "cannot_be_checked",
        Say(
            N_(
                "A forecast is told only beside its back-test, and what was known on {day} is too "
                "little to make one: {reason}"
            ),
            {"day": history.cut.isoformat(), "reason": too_little.statement.text},
        ),
    )


def _reservations(history: History, trial: Trial, days: int) -> list[Statement]:
    said = []
    silent = (history.until - history.last).days
    if silent >= _SILENCE:
        said.append(
            Statement(
                "history_ends_early",
                Say(
                    N_(
                        "No member has bought since {day}. If sales are missing, forecast from "
                        "that day: silence is taken for members who left."
                    ),
                    {"day": history.last.isoformat()},
                ),
            )
        )
    if trial.days < days:
        said.append(
            Statement(
                "checked_over_fewer_days",
                Say(
                    N_(
                        "The forecast reaches {days} days ahead, the history allows a back-test "
                        "of {checked} days only."
                    ),
                    {"days": days, "checked": trial.days},
                ),
            )
        )
    off = trial.whole.off
    if off is None or abs(off) > _MISSED:
        said.append(
            Statement(
                "back_test_missed",
                Say(
                    N_(
                        "In the back-test {foretold} purchases were foretold and {happened} came: "
                        "do not rely on this forecast. Seasons, offers and closed days are "
                        "unknown to it."
                    ),
                    {"foretold": round(trial.whole.foretold), "happened": trial.whole.happened},
                ),
            )
        )
    return said
