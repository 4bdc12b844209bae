"""What a program at a glance shows: a program's summary, in words and numbers of a language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from fiel.domain.language import day_text, money_text, number_text, say, say_many
from fiel.domain.program import Program
from fiel.insights.naming import award_name, reward_name, tier_name, unit_name
from fiel.insights.summary import RewardTotals, Summary
from fiel.insights.unit_figures import unit_figures
from fiel.web.charts import BarChart, bars_over_time, by_week, percent, round_steps

_MOST_WEEKS = 53


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its name and, where it needs one, a remark."""

    label: str
    value: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a list of shares; `percent` of the longest."""

    label: str
    value: str
    percent: str


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of the page."""

    title: str
    note: str = ""
    rows: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """All that the template needs."""

    title: str
    lead: str
    tiles: tuple[Tile, ...]
    chart_title: str
    chart: BarChart | None
    rules: Section
    rewards: Section | None
    tiers: Section | None
    nothing_yet: str


def summary_page(summary: Summary, program: Program, language: str) -> SummaryPage:
    """Put a summary into a language."""
    days = [(day.day, day.net) for day in summary.days]
    return SummaryPage(
        title=program.name,
        lead=_lead(summary, language),
        tiles=tuple(_tiles(summary, program, language)),
        chart_title=say(
            language, "Sales by week, before tax, in {currency}", currency=program.currency.code
        ),
        chart=_sales_chart(days, program, language) if days else None,
        rules=Section(
            title=say(language, "Points by rule"),
            note=_birthday_note(summary, program, language),
            rows=_rules(summary, program, language),
        ),
        rewards=_rewards(summary, program, language),
        tiers=_tiers(summary, program, language),
        nothing_yet=say(
            language, "No sale has come in yet. Send one to the API, or import a file of them."
        ),
    )


def _lead(summary: Summary, language: str) -> str:
    if not summary.days:
        return ""
    return say(
        language,
        "From {first} to {last}.",
        first=day_text(language, summary.days[0].day),
        last=day_text(language, summary.days[-1].day),
    )


def _tiles(summary: Summary, program: Program, language: str) -> Iterator[Tile]:
    yield Tile(say(language, "Members"), number_text(language, summary.members))
    yield Tile(
        say(language, "Sales"),
        number_text(language, summary.sales),
        money_text(language, program.currency, summary.net),
    )
    for totals in summary.units:
        *moved, (label, outstanding) = unit_figures(totals, program, language)
        for flow, points in moved:
            yield Tile(flow, number_text(language, points))
        worth = ""
        if totals.liability is not None:
            amount = money_text(language, program.currency, totals.liability)
            worth = say(language, "Worth: {amount}", amount=amount)
        yield Tile(label, number_text(language, outstanding), worth)


def _sales_chart(days: list[tuple[date, int]], program: Program, language: str) -> BarChart:
    weeks = by_week(days)[-_MOST_WEEKS:]
    minor = program.currency.minor_per_major
    steps = round_steps(-(-max(week.amount for week in weeks) // minor))
    firsts = {
        index: format_date(week.monday, "LLL", locale=language)
        for index, week in enumerate(weeks)
        if index == 0 or week.monday.month != weeks[index - 1].monday.month
    }
    # The month that the chart starts in may have one week of it: its label would touch the next.
    if len(firsts) > 1 and 1 <= min(list(firsts)[1:]) <= 2:
        del firsts[0]
    return bars_over_time(
        [
            (
                week.amount,
                say(
                    language,
                    "Week of {day}: {amount}",
                    day=day_text(language, week.monday),
                    amount=money_text(language, program.currency, week.amount),
                ),
            )
            for week in weeks
        ],
        row_label={step * minor: number_text(language, step) for step in steps},
        column_label=firsts,
    )


def _rules(summary: Summary, program: Program, language: str) -> tuple[Share, ...]:
    most = max((totals.points for totals in summary.rules), default=0)
    return tuple(
        Share(
            label=award_name(program, totals.rule, language),
            value=" ".join(
                (
                    number_text(language, totals.points),
                    unit_name(program, totals.unit, language),
                )
            ),
            percent=percent(max(totals.points, 0), most),
        )
        for totals in summary.rules
    )


def _rewards(summary: Summary, program: Program, language: str) -> Section | None:
    if not summary.rewards:
        return None
    most = max(totals.points for totals in summary.rewards)
    rows = tuple(
        Share(
            label=reward_name(program, totals.reward, language),
            value=_got(totals, program, language),
            percent=percent(totals.points, most),
        )
        for totals in summary.rewards
    )
    return Section(say(language, "Redeemed by reward"), rows=rows)


def _got(totals: RewardTotals, program: Program, language: str) -> str:
    """What was paid for a reward, and how many times it was had."""
    times = f"×{number_text(language, totals.redemptions)}"
    if totals.unit is None:
        return times
    unit = unit_name(program, totals.unit, language)
    return f"{number_text(language, totals.points)} {unit} · {times}"


def _tiers(summary: Summary, program: Program, language: str) -> Section | None:
    if program.tiers is None:
        return None
    most = max((count.members for count in summary.tiers), default=0)
    rows = tuple(
        Share(
            label=tier_name(program, count.tier, language),
            value=say_many(language, "{count} member", "{count} members", count.members),
            percent=percent(count.members, most),
        )
        for count in summary.tiers
    )
    return Section(say(language, "Members by tier"), rows=rows)


def _birthday_note(summary: Summary, program: Program, language: str) -> str:
    honours = any(rule.event == "birthday" for rule in program.earn)
    if not honours or summary.birthdays_known or not summary.members:
        return ""
    return say(language, "No member's birthday is known, so the birthday rule gives nothing.")
