"""A program's summary on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from fiel.cli.session import Session
from fiel.domain.language import N_, day_text, money_text, number_text, percent_text
from fiel.domain.program import Event, Program
from fiel.insights.naming import award_name, reward_name, tier_name, unit_name
from fiel.insights.summary import Summary
from fiel.insights.unit_figures import unit_figures


def summary_content(summary: Summary, program: Program) -> Mapping[str, object]:
    """A summary as plain data; amounts as in the API."""
    return {
        "members": summary.members,
        "sales": summary.sales,
        "net": program.currency.decimal(summary.net),
        "currency": program.currency.code,
        "units": [
            {
                "unit": unit.unit,
                "issued": unit.issued,
                "given": unit.given,
                "brought": unit.brought,
                "taken_back": unit.taken_back,
                "redeemed": unit.redeemed,
                "restored": unit.restored,
                "expired": unit.expired,
                "adjusted": unit.adjusted,
                "uncollected": unit.uncollected,
                "held": unit.held,
                "owed": unit.owed,
                "outstanding": unit.outstanding,
                "liability": (
                    None if unit.liability is None else program.currency.decimal(unit.liability)
                ),
            }
            for unit in summary.units
        ],
        "rules": [asdict(rule) for rule in summary.rules],
        "rewards": [asdict(reward) for reward in summary.rewards],
        "tiers": [asdict(tier) for tier in summary.tiers],
        "from": summary.days[0].day if summary.days else None,
        "to": summary.days[-1].day if summary.days else None,
    }


def show_summary(summary: Summary, program: Program, session: Session) -> None:
    """Tell a person how a program stands."""
    console = session.console
    console.print()
    console.print(f"[bold]{escape(program.name)}[/]")
    if summary.days:
        console.print(
            session.say(
                N_("From {first} to {last}."),
                first=day_text(session.language, summary.days[0].day),
                last=day_text(session.language, summary.days[-1].day),
            ),
            style="dim",
        )
    console.print()
    console.print(_figures(summary, program, session))
    console.print()
    console.print(_rules(summary, program, session))
    if any(rule.event is Event.BIRTHDAY for rule in program.earn) and not summary.birthdays_known:
        console.print(
            session.say(N_("No member's birthday is known, so the birthday rule gives nothing.")),
            style="dim",
            soft_wrap=True,
        )
    if summary.rewards:
        console.print()
        console.print(_rewards(summary, program, session))
    if program.tiers is not None:
        console.print()
        console.print(_tiers(summary, program, session))


def _table() -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", no_wrap=True, style="dim")
    return table


def _figures(summary: Summary, program: Program, session: Session) -> Table:
    language, currency = session.language, program.currency
    table = _table()
    table.add_row(session.say(N_("Members")), number_text(language, summary.members), "")
    table.add_row(
        session.say(N_("Sales")),
        number_text(language, summary.sales),
        money_text(language, currency, summary.net),
    )
    for totals in summary.units:
        *moved, (label, outstanding) = unit_figures(totals, program, language)
        for flow, points in moved:
            table.add_row(escape(flow), number_text(language, points), "")
        worth = ""
        if totals.liability is not None:
            amount = money_text(language, currency, totals.liability)
            worth = session.say(N_("Worth: {amount}"), amount=amount)
        table.add_row(escape(label), number_text(language, outstanding), worth)
    return table


def _rules(summary: Summary, program: Program, session: Session) -> Table:
    table = _table()
    table.title = session.say(N_("Points by rule"))
    table.title_justify = "left"
    for totals in summary.rules:
        name = unit_name(program, totals.unit, session.language)
        table.add_row(
            escape(award_name(program, totals.rule, session.language)),
            f"{number_text(session.language, totals.points)} {escape(name)}",
            f"×{number_text(session.language, totals.awards)}",
        )
    return table


def _rewards(summary: Summary, program: Program, session: Session) -> Table:
    table = _table()
    table.title = session.say(N_("Redeemed by reward"))
    table.title_justify = "left"
    for totals in summary.rewards:
        paid = ""
        if totals.unit is not None:
            name = unit_name(program, totals.unit, session.language)
            paid = f"{number_text(session.language, totals.points)} {escape(name)}"
        table.add_row(
            escape(reward_name(program, totals.reward, session.language)),
            paid,
            f"×{number_text(session.language, totals.redemptions)}",
        )
    return table


def _tiers(summary: Summary, program: Program, session: Session) -> Table:
    table = _table()
    table.title = session.say(N_("Members by tier"))
    table.title_justify = "left"
    for count in summary.tiers:
        label = tier_name(program, count.tier, session.language)
        share = count.members * 100 / summary.members if summary.members else 0
        table.add_row(
            escape(label),
            number_text(session.language, count.members),
            percent_text(session.language, f"{share:.0f}"),
        )
    return table
