"""A report's cells as a person reads them: months by their names, ids by what people call them."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from babel.dates import format_date, format_interval, format_time

from fiel.domain.language import N_, pick, say
from fiel.domain.money import Currency
from fiel.domain.program import Program
from fiel.insights.goals.labels import LABELS
from fiel.insights.naming import award_name, reward_name, tier_name, unit_name
from fiel.insights.reporting.report import Cell, Column, Kind, Say
from fiel.insights.reporting.telling import cell_text, minor_units, said
from fiel.insights.segments.groups import GROUPS
from fiel.programs.editing.naming import entry_name

DASH = "–"
_QUARTER_MONTHS = 3
_WEEK_DAYS = 7

# What ids of the reports are called that no program names.
_CALLED: Mapping[str, Mapping[str, str]] = {
    "metric": {
        "spend": N_("Spend of a member"),
        "retention": N_("Members who still buy"),
        "purchases": N_("Purchases of a member"),
        "basket": N_("Spend of a purchase"),
        "margin": N_("Margin of a member"),
    },
    "method": {
        "holdout": N_("Drawn by lot"),
        "difference_in_differences": N_("Before and since, weaker"),
    },
    "of": {"": N_("The program")},
    "program": {"in_force": N_("In force"), "draft": N_("Draft")},
    "account": {
        "sales": N_("Sales"),
        "deferred": N_("Deferred revenue"),
        "granted": N_("Points given"),
        "brought_in": N_("Brought in from before"),
        "redeemed": N_("Revenue of points redeemed"),
        "breakage": N_("Revenue of points not redeemed"),
        "cash": N_("Cash"),
        "gift_cards": N_("Gift cards"),
        "gift_card_rewards": N_("Gift cards got for points"),
        "gift_card_sales": N_("Sales paid with gift cards"),
        "gift_card_breakage": N_("Left on expired gift cards"),
    },
    "change": {
        "earned": N_("Earned"),
        "reversed": N_("Taken back"),
        "redeemed": N_("Redeemed"),
        "restored": N_("Given back"),
        "expired": N_("Expired"),
        "revived": N_("Come back after expiring"),
        "adjusted": N_("Given or taken by hand"),
        "transferred": N_("From or to other memberships"),
        "brought_in": N_("Brought in from before"),
        "uncollected": N_("Let go"),
        "partner": N_("With partners"),
    },
    "channel": {"": N_("Not told")},
    "store": {"": N_("Not told")},
    "segment": {"": N_("In no segment")},
    "kind": {
        "issuance": N_("Points issued"),
        "redemption": N_("Points redeemed"),
        "liability": N_("Points held"),
        "store": N_("Sales of a store"),
        "budget": N_("Budget"),
        "cashier": N_("Cashier"),
    },
    "state": {"open": N_("Open"), "seen": N_("Seen"), "closed": N_("Closed")},
    "takes": {"reward": N_("Reward"), "category": N_("Category")},
}


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader of a report reads: of a program, in a language."""

    program: Program
    language: str

    def say(self, text: str) -> str:
        """A message id in the language."""
        return say(self.language, text)

    def said(self, text: Say) -> str:
        """A text of a report; a goal in it is called by its metric, for it has no name."""
        goal = text.parameters.get("goal")
        if isinstance(goal, str):
            called = {**text.parameters, "goal": self.called("goal", goal)}
            text = replace(text, parameters=called)
        return said(text, self.language)

    def cell(self, cell: Cell, column: Column) -> str:
        """A cell as a person reads it."""
        if cell is None:
            return DASH
        if isinstance(cell, datetime):
            there = cell.replace(tzinfo=cell.tzinfo or UTC).astimezone(self.program.timezone)
            clock = format_time(there.time(), "short", locale=self.language)
            return f"{self.day(there.date())}, {clock}"
        if isinstance(cell, date):
            return self.day(cell)
        if isinstance(cell, str):
            return self.called(column.id, cell)
        return cell_text(cell, column, self.program, self.language)

    def called(self, column: str, id_: str) -> str:
        """What people call what an id of a column stands for."""
        if column == "segment" and id_ in GROUPS:
            return self.say(GROUPS[id_][0])
        if column == "segment" and id_ in self.program.segments:
            name = self.program.segments[id_].name
            return pick(name, self.language, self.program.locale) or id_
        if (text := _CALLED.get(column, {}).get(id_)) is not None:
            return self.say(text)
        if column == "goal":
            metrics = {goal.id: goal.metric for goal in self.program.goals}
            return self.say(LABELS[metrics[id_]][0]) if id_ in metrics else id_
        if column == "number" and id_ in _CALLED["account"]:
            # An account that was given no number of the merchant's goes by its id.
            return DASH
        named: Mapping[str, Callable[[Program, str, str], str]] = {
            "unit": unit_name,
            "reward": reward_name,
            "rule": award_name,
            "of": award_name,
            "tier": lambda program, tier, language: tier_name(program, tier or None, language),
        }
        if column not in named:
            return id_
        called = named[column](self.program, id_, self.language)
        is_rule = named[column] is award_name
        return entry_name("earn", id_, called, self.language) if is_rule else called

    def day(self, day: date) -> str:
        """A day, short."""
        return format_date(day, format="medium", locale=self.language)

    def period(self, since: date, until: date) -> str:
        """Some days, both included, by the name of the month, quarter or year if they are one."""
        last = calendar.monthrange(until.year, until.month)[1]
        is_whole = since.day == 1 and until.day == last and since.year == until.year
        months = until.month - since.month + 1
        if is_whole and months == 1:
            return format_date(since, format="MMM y", locale=self.language)
        if is_whole and months == _QUARTER_MONTHS and (since.month - 1) % _QUARTER_MONTHS == 0:
            return format_date(since, format="QQQ y", locale=self.language)
        if is_whole and months == len(calendar.month_name) - 1:
            return str(since.year)
        if since == until:
            return self.day(since)
        return format_interval(since, until, skeleton="yMMMd", locale=self.language)

    def value(self, cell: Cell, column: Column) -> str | int | float | None:
        """A cell as a chart draws it: money as a text of major units, so that it stays exact."""
        if cell is None or isinstance(cell, str | date) or not _is_number(cell):
            return None
        assert isinstance(cell, int | float | Decimal | Fraction), "it is a number"
        if column.kind is Kind.MONEY:
            return major_text(cell, self.program.currency)
        if isinstance(cell, int):
            return cell
        return round(float(cell), 4)


def major_text(minor: float | Decimal | Fraction, currency: Currency) -> str:
    """An amount of minor units as a plain decimal of major ones."""
    return str(currency.decimal(minor_units(minor)))


def is_period(columns: tuple[Column, ...]) -> bool:
    """Whether a table's rows are about days from … to …, told in its first two columns."""
    ids = [column.id for column in columns[:2]]
    return ids == ["from", "to"]


def days_before(day: date, many: int) -> date:
    """The day so many days before, that day included."""
    return day - timedelta(days=many - 1)


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float | Decimal | Fraction) and not isinstance(cell, bool)
