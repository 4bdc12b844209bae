"""The report of predictions: the forecast, its back-test, and what it says of single members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from fiel.domain.language import N_
from fiel.insights.prediction import columns_told as told
from fiel.insights.prediction.forecast import HORIZON_DAYS, Forecast, made_forecast
from fiel.insights.prediction.model import TooLittle
from fiel.insights.prediction.reasons import reason_of
from fiel.insights.prediction.tastes import Of, Suggestion, Tastes, Thing, read_own, read_tastes
from fiel.insights.prediction.trial import Compared, banded
from fiel.insights.reporting.asked import Asked, Entry
from fiel.insights.reporting.report import Cell, Report, Say, Statement, Table

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns
    from fiel.insights.prediction.kinds import Integers

_AHEAD = {"day": 1, "week": 7, "month": 30, "quarter": HORIZON_DAYS, "year": 365}
_SHOWN = 100
_PAIRS_SHOWN = 50
_LEAVING = 0.5  # a risk from which a member who used to come is told among those who are leaving
_USED_TO_COME = 3  # purchases

TITLE = N_("Predictions")


def predictions(asked: Asked) -> Report:
    """What members will do in the days to come, and how well the same was foretold before."""
    # Days to come are no silence.
    until = min(asked.until or asked.today, asked.today)
    days = _AHEAD[asked.options.get("every", "quarter")]
    tastes = read_tastes(asked.columns, until=until)
    try:
        forecast = made_forecast(asked.columns, until=until, days=days)
    except TooLittle as too_little:
        return _report(asked, until, (_pairs(tastes),), (too_little.statement, *_little(tastes)))
    shown = _most_spending(forecast)
    leaving = _leaving(forecast)
    told_of = [int(forecast.history.member[place]) for place in (*shown, *leaving)]
    ids = member_ids(asked.columns, told_of)
    own = read_own(asked.columns, told_of, until=until)
    possible = possible_things(tastes, asked.program.rewards)

    def best_of(member: int) -> Suggestion | None:
        return next(iter(tastes.suggested(own[member], possible=possible)), None)

    tables = (
        _forecast(forecast),
        _back_test(forecast),
        _risks(forecast),
        Table("members", N_("Members who will spend most"), told.MEMBERS,
              tuple(_member(forecast, place, ids, best_of) for place in shown)),
        Table("leaving", N_("Members who came often and are leaving"), told.MEMBERS,
              tuple(_member(forecast, place, ids, best_of) for place in leaving)),
        _pairs(tastes),
    )  # fmt: skip
    return _report(asked, until, tables, (*forecast.statements, *_little(tastes)))


def possible_things(tastes: Tastes, rewards: Mapping[str, object]) -> list[Thing]:
    """What can be suggested: the program's rewards, and the categories that members buy of."""
    categories = [thing for thing in tastes.having if thing.of is Of.CATEGORY]
    return [*(Thing(Of.REWARD, reward) for reward in rewards), *categories]


def member_ids(columns: Columns, members: Sequence[int]) -> Mapping[int, str]:
    """The ids of members by their numbers."""
    if not members:
        return {}
    table = columns["members"]
    found = table.filter(table.member.isin(members)).select("member", "member_id").to_pyarrow()
    return {row["member"]: row["member_id"] for row in found.to_pylist()}


def _report(
    asked: Asked, until: date, tables: tuple[Table, ...], statements: tuple[Statement, ...]
) -> Report:
    return Report(
        name="predictions", title=TITLE, since=None, until=until, as_of=asked.columns.as_of,
        tables=tables, statements=statements, definitions=told.DEFINITIONS,
    )  # fmt: skip


def _little(tastes: Tastes) -> tuple[Statement, ...]:
    if any(thing.of is Of.REWARD for _, thing in tastes.both):
        return ()
    text = N_("Too few rewards have been redeemed to say who likes which.")
    return (Statement("too_few_redemptions", Say(text)),)


def _forecast(forecast: Forecast) -> Table:
    foretold = forecast.foretold
    purchases = float(foretold.purchases.sum())
    spend = float(foretold.spend.sum())
    row: tuple[Cell, ...] = (
        forecast.days,
        len(forecast.history),
        round(float(foretold.buys.sum())),
        purchases,
        round(spend),
        round(spend / purchases) if purchases else None,
    )
    return Table("forecast", N_("Forecast"), told.FORECAST, (row,))


def _back_test(forecast: Forecast) -> Table:
    trial = forecast.trial
    rows = [
        _compared(str(least) if most == least else f"{least}+" if most is None
                  else f"{least}–{most}", compared)
        for (least, most), compared in trial.groups
    ]  # fmt: skip
    rows.append(_compared(Say(N_("all")), trial.whole))
    return Table("back_test", N_("Back-test"), told.BACK_TEST, tuple(rows))


def _compared(group: str | Say, compared: Compared) -> tuple[Cell, ...]:
    off = compared.off
    return (
        group,
        compared.members,
        compared.foretold,
        compared.happened,
        None if off is None else off * 100,
        compared.carried_on,
        round(compared.spend_foretold),
        round(compared.spend_happened),
    )


def _risks(forecast: Forecast) -> Table:
    risk = 1.0 - forecast.foretold.buys
    rows: list[tuple[Cell, ...]] = []
    for (least, most, now), then in zip(banded(risk), forecast.trial.bands, strict=True):
        rows.append(
            (
                f"{least * 100:.0f}–{most * 100:.0f} %",
                int(now.sum()),
                round(float(forecast.foretold.spend[now].sum())),
                then.members,
                None if then.foretold is None else then.foretold * 100,
                None if then.happened is None else then.happened * 100,
            )
        )
    return Table("risk", N_("Risk of staying away"), told.RISKS, tuple(rows))


def _member(
    forecast: Forecast, place: int, ids: Mapping[int, str], best_of: told.BestOf
) -> tuple[Cell, ...]:
    foretold, whole = forecast.foretold, forecast.history.whole
    member = int(forecast.history.member[place])
    best = best_of(member)
    once = int(whole.repeats[place]) == 0
    return (
        ids[member],
        int(whole.repeats[place]) + 1,
        told.last_day(forecast, place),
        (1.0 - float(foretold.buys[place])) * 100,
        # The model takes whoever bought once for a customer still: that says nothing.
        None if once else float(foretold.stays[place]) * 100,
        float(foretold.purchases[place]),
        round(float(foretold.each[place])),
        round(float(foretold.spend[place])),
        best.thing.id if best else None,
        reason_of(best) if best else None,
    )


def _most_spending(forecast: Forecast) -> list[int]:
    return _first(np.argsort(-forecast.foretold.spend, kind="stable"))


def _leaving(forecast: Forecast) -> list[int]:
    whole = forecast.history.whole
    risk = 1.0 - forecast.foretold.buys
    which = np.flatnonzero((risk >= _LEAVING) & (whole.repeats + 1 >= _USED_TO_COME))
    return _first(which[np.argsort(-whole.spent[which], kind="stable")])


def _first(places: Integers) -> list[int]:
    return [int(place) for place in places[:_SHOWN]]


def _pairs(tastes: Tastes) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            one.because.of.value,
            one.because.id,
            one.thing.of.value,
            one.thing.id,
            one.takers,
            one.sharers,
            one.share * 100,
            one.of_all * 100,
        )
        for one in tastes.pairs()[:_PAIRS_SHOWN]
        if one.because is not None
    ]
    return Table("tastes", N_("Who likes what"), told.TASTES, tuple(rows))


ENTRY = Entry(make=predictions, options=frozenset({"every"}))
