"""What is foretold of one member, from models that are fitted to all of them once a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID

from fiel.domain.language import N_
from fiel.insights.prediction.columns_told import DEFINITIONS
from fiel.insights.prediction.forecast import HORIZON_DAYS, made_forecast
from fiel.insights.prediction.history import Bought, read_history
from fiel.insights.prediction.model import Model, TooLittle
from fiel.insights.prediction.reasons import reason_of
from fiel.insights.prediction.report import possible_things
from fiel.insights.prediction.tastes import Suggestion, Tastes, Thing, read_own, read_tastes
from fiel.insights.prediction.trial import Trial
from fiel.insights.reporting.report import Say, Statement
from fiel.insights.reporting.telling import said

if TYPE_CHECKING:
    from fiel.domain.program import Program
    from fiel.insights.columns.opening import Columns

_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of all members of a program up to a day."""

    until: date
    model: Model | None
    trial: Trial | None
    tastes: Tastes
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foretold of one member; spend in minor units, None: it cannot be said."""

    purchases: int
    last: date | None
    risk: float | None
    customer: float | None
    expected: float | None
    each: int | None
    spend: int | None


class Learning:
    """Fits the models of each program, and keeps them for the day."""

    def __init__(self) -> None:
        self._learned: dict[UUID, Learned] = {}
        self._one_at_a_time = Lock()  # a second that waits finds what the first has learned

    def learned(self, columns: Columns, program_id: UUID, *, until: date) -> Learned:
        """What is learned of a program's members, today's or made now."""
        with self._one_at_a_time:
            kept = self._learned.get(program_id)
            if kept is None or kept.until != until:
                kept = self._learned[program_id] = learned_of(columns, until=until)
            return kept


LEARNING = Learning()


def learned_of(columns: Columns, *, until: date) -> Learned:
    """Fit the models to all members of a copy."""
    tastes = read_tastes(columns, until=until)
    try:
        forecast = made_forecast(columns, until=until, days=HORIZON_DAYS)
    except TooLittle as too_little:
        return Learned(until, None, None, tastes, (too_little.statement,))
    return Learned(until, forecast.model, forecast.trial, tastes, forecast.statements)


def prediction_of_member(
    columns: Columns,
    program_id: UUID,
    program: Program,
    member_id: UUID,
    *,
    until: date,
    possible: Collection[str],
    language: str,
    learning: Learning = LEARNING,
) -> Mapping[str, object]:
    """What is foretold of a member, told in a language; `possible` are rewards they may have."""
    learned = learning.learned(columns, program_id, until=until)
    number = _number(columns, member_id)
    outlook, statements = _outlook(columns, learned, number)
    suggestions: list[Suggestion] = []
    if number is not None:
        own = read_own(columns, [number], until=until)[number]
        things = possible_things(learned.tastes, dict.fromkeys(possible))
        suggestions = learned.tastes.suggested(own, possible=things)[:_SUGGESTED]
    return {
        "member": member_id,
        "until": until,
        "days": HORIZON_DAYS,
        "as_of": columns.as_of,
        "purchases": outlook.purchases,
        "last_purchase": outlook.last,
        "risk": _percent(outlook.risk),
        "customer": _percent(outlook.customer),
        "purchases_expected": None if outlook.expected is None else round(outlook.expected, 4),
        "spend_per_purchase": _money(program, outlook.each),
        "spend_expected": _money(program, outlook.spend),
        "next": [_told_suggestion(one, language) for one in suggestions],
        "back_test": None if learned.trial is None else _told_trial(learned.trial),
        "statements": [
            {"code": one.code, "detail": said(one.text, language)} for one in statements
        ],
        "definitions": [
            {"id": one.id, "name": said(Say(one.name), language),
             "text": said(Say(one.text), language)}
            for one in DEFINITIONS
        ],
    }  # fmt: skip


def _number(columns: Columns, member_id: UUID) -> int | None:
    members = columns["members"]
    told = members.filter(members.member_id == str(member_id)).select("member").to_pyarrow()
    return int(told["member"][0].as_py()) if told.num_rows else None


def _outlook(
    columns: Columns, learned: Learned, number: int | None
) -> tuple[Outlook, tuple[Statement, ...]]:
    history = (
        None
        if number is None
        else read_history(columns, until=learned.until, cut=learned.until, member=number)
    )
    if history is None:
        text = N_("This member has bought nothing yet: nothing can be foretold from nothing.")
        nothing = Outlook(0, None, None, None, None, None, None)
        return nothing, (*learned.statements, Statement("member_bought_nothing", Say(text)))
    whole = history.whole
    purchases = int(whole.repeats[0]) + 1
    if learned.model is None:
        return Outlook(purchases, history.last, None, None, None, None, None), learned.statements
    return _foretold(learned.model, whole, history.last), learned.statements


def _foretold(model: Model, whole: Bought, last: date) -> Outlook:
    foretold = model.foretold(whole, days=HORIZON_DAYS)
    once = int(whole.repeats[0]) == 0
    return Outlook(
        purchases=int(whole.repeats[0]) + 1,
        last=last,
        risk=1.0 - float(foretold.buys[0]),
        customer=None if once else float(foretold.stays[0]),
        expected=float(foretold.purchases[0]),
        each=round(float(foretold.each[0])),
        spend=round(float(foretold.spend[0])),
    )


def _told_suggestion(one: Suggestion, language: str) -> Mapping[str, object]:
    return {
        "of": one.thing.of.value,
        "id": one.thing.id,
        "because": _told_thing(one.because),
        "took": one.takers,
        "members": one.sharers,
        "share": _percent(one.share),
        "share_of_all": _percent(one.of_all),
        "reason": said(reason_of(one), language),
    }


def _told_thing(thing: Thing | None) -> Mapping[str, object] | None:
    return None if thing is None else {"of": thing.of.value, "id": thing.id}


def _told_trial(trial: Trial) -> Mapping[str, object]:
    return {
        "days": trial.days,
        "members": trial.whole.members,
        "foretold": round(trial.whole.foretold, 4),
        "happened": trial.whole.happened,
        "off": _percent(trial.whole.off),
        "error_of_a_member": round(trial.error, 4),
        "error_if_all_went_on": round(trial.error_carried_on, 4),
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 4)


def _money(program: Program, minor: int | None) -> object:
    return None if minor is None else program.currency.decimal(minor)
