"""A program's summary on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from fiel.cli.session import Session
from fiel.domain.deciding.reasons import OPENING_AWARD, TIER_AWARD
from fiel.domain.language import N_, day_text, money_text, number_text, pick
from fiel.domain.program import Event, Program
from fiel.insights.summary import Summary


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
                "outstanding": unit.outstanding,
                "liability": (
                    None if unit.liability is None else program.currency.decimal(unit.liability)
                ),
            }
            for unit in summary.units
        ],
        "rules": [asdict(rule) for rule in summary.rules],
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
    if program.tiers is not None:
        console.print()
        console.print(_tiers(summary, program, session))


def rule_name(program: Program, rule_id: str, session: Session) -> str:
    """What a rule is called: its name in the program, else its id."""
    if rule_id == TIER_AWARD:
        return session.say(N_("Extra for the tier"))
    if rule_id == OPENING_AWARD:
        return session.say(N_("Brought in from before"))
    for rule in program.earn:
        if rule.id == rule_id:
            return pick(rule.name, session.language, program.locale) or rule_id
    return rule_id


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
        unit = program.units.get(totals.unit)
        name = pick(unit.name, language, program.locale) if unit else totals.unit
        table.add_row(
            session.say(N_("Given: {unit}"), unit=name), number_text(language, totals.issued), ""
        )
        worth = (
            ""
            if totals.liability is None
            else session.say(
                N_("Liability: {amount}"), amount=money_text(language, currency, totals.liability)
            )
        )
        table.add_row(
            session.say(N_("In members' hands: {unit}"), unit=name),
            number_text(language, totals.outstanding),
            worth,
        )
    return table


def _rules(summary: Summary, program: Program, session: Session) -> Table:
    table = _table()
    table.title = session.say(N_("Points by rule"))
    table.title_justify = "left"
    for totals in summary.rules:
        unit = program.units.get(totals.unit)
        name = pick(unit.name, session.language, program.locale) if unit else totals.unit
        table.add_row(
            escape(rule_name(program, totals.rule, session)),
            f"{number_text(session.language, totals.points)} {escape(name)}",
            f"×{number_text(session.language, totals.awards)}",
        )
    return table


def _tiers(summary: Summary, program: Program, session: Session) -> Table:
    assert program.tiers is not None, "asked only of a program with tiers"
    names = {
        level.id: pick(level.name, session.language, program.locale) or level.id
        for level in program.tiers.levels
    }
    table = _table()
    table.title = session.say(N_("Members by tier"))
    table.title_justify = "left"
    for count in summary.tiers:
        label = names.get(count.tier or "") or count.tier or session.say(N_("No tier yet"))
        share = count.members * 100 / summary.members if summary.members else 0
        table.add_row(escape(label), number_text(session.language, count.members), f"{share:.0f} %")
    return table
