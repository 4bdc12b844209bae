"""What a person asks of a report: from the page's query to a question, with presets of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from fiel.domain.language import pick, say
from fiel.insights.reporting.asked import EVERY, Question
from fiel.insights.segments.groups import GROUPS
from fiel.web.console.reports.shelf import Days, Shelved
from fiel.web.ui.visit import Visit

_DAY = timedelta(days=1)
_LONGEST = 200  # letters of an option


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option, with what it is called."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Filter:
    """An option of a report as a control: a list of choices, or a text with suggestions."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    value: str
    is_free: bool = False
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A time by its name."""

    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of one report; `problems` says what could not be read, by the field's name."""

    report: Shelved
    since: date | None
    until: date | None
    options: Mapping[str, str]
    problems: Mapping[str, str] = field(default_factory=dict)

    def question(self, visit: Visit) -> Question:
        """The question as the report reads it."""
        published = visit.published
        assert published is not None, "the page asked for the program in force"
        return Question(
            program=visit.program,
            program_id=visit.program_id,
            shards=published.shards,
            now=visit.now,
            since=self.since,
            until=self.until,
            options=self.options,
        )

    @property
    def query(self) -> str:
        """The same as a query."""
        days = {"from": self.since, "to": self.until}
        told = {name: day.isoformat() for name, day in days.items() if day is not None}
        return urlencode({**told, **self.options})


def read_asking(query: QueryDict, report: Shelved, stores: Sequence[str]) -> Asking:
    """What a query asks; whoever has stores of her own asks of one of them."""
    problems: dict[str, str] = {}
    days: dict[str, date | None] = {"from": None, "to": None}
    for name in days if report.days is not Days.NONE else ():
        text = query.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            problems[name] = _("It must be a day, like 2026-03-31.")
    if report.days is Days.END:
        days["from"] = None
    options = {
        name: value[:_LONGEST] for name in report.narrows if (value := query.get(name, "").strip())
    }
    if stores and "store" in report.narrows:
        options["store"] = options["store"] if options.get("store") in stores else stores[0]
    return Asking(report, days["from"], days["to"], options, problems)


def filters_of(asking: Asking, visit: Visit) -> list[Filter]:
    """The controls that narrow a report."""
    return [_filter(name, asking, visit) for name in asking.report.narrows]


def _filter(name: str, asking: Asking, visit: Visit) -> Filter:
    program, language = visit.program, visit.language
    value = asking.options.get(name, "")

    def named(texts: Mapping[str, str], id_: str) -> str:
        return pick(texts, language, program.locale) or id_

    if name == "every":
        label = _("How far ahead") if asking.report.looks_ahead else _("For each")
        return Filter(name, label, _periods(asking.report), value)
    if name == "store":
        if visit.stores:
            stores = tuple(Choice(store, store) for store in visit.stores)
            return Filter(name, _("Store"), stores, value, is_fixed=True)
        stores = tuple(Choice(store, store) for store in program.stores)
        return Filter(name, _("Store"), stores, value, is_free=not stores)
    if name == "channel":
        return Filter(name, _("Channel"), (), value, is_free=True)
    if name == "segment":
        return Filter(name, _("Segment"), tuple(_segments(visit)), value)
    if name == "tier":
        levels = program.tiers.levels if program.tiers else ()
        tiers = tuple(Choice(level.id, named(level.name, level.id)) for level in levels)
        return Filter(name, _("Tier"), tiers, value)
    if name == "unit":
        units = tuple(Choice(id_, named(unit.name, id_)) for id_, unit in program.units.items())
        return Filter(name, _("Unit"), units, value)
    assert name == "promotion", "every option has a control"
    rules = tuple(Choice(rule.id, named(rule.name, rule.id)) for rule in program.earn)
    return Filter(name, _("Promotion"), rules, value)


def _periods(report: Shelved) -> tuple[Choice, ...]:
    names = {
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Quarter"),
        "year": _("Year"),
    }
    assert tuple(names) == EVERY, "each period has a name"
    return tuple(Choice(each, names[each]) for each in EVERY if report.name != "cohorts" or
                 each != "day")  # fmt: skip


def _segments(visit: Visit) -> Iterator[Choice]:
    program = visit.program
    for segment in program.segments.values():
        yield Choice(segment.id, pick(segment.name, visit.language, program.locale) or segment.id)
    for group, told in GROUPS.items():
        yield Choice(group, say(visit.language, told[0]))


def presets_of(asking: Asking, today: date) -> list[Preset]:
    """Times by their names, each keeping the other options."""
    if asking.report.days is Days.NONE:
        return []
    if asking.report.days is Days.END:
        return [_preset(asking, label, None, day, "") for label, day in _ends(today)]
    every = "every" in asking.report.narrows
    return [
        _preset(asking, label, since, until, step if every else "")
        for label, since, until, step in _ranges(today)
    ]


def _ends(today: date) -> Iterator[tuple[str, date]]:
    month = today.replace(day=1)
    yield _("Today"), today
    yield _("End of last month"), month - _DAY
    yield _("End of last year"), date(today.year - 1, 12, 31)


def _ranges(today: date) -> Iterator[tuple[str, date, date, str]]:
    month = today.replace(day=1)
    last_month = (month - _DAY).replace(day=1)
    yield _("This month"), month, today, "week"
    yield _("Last month"), last_month, month - _DAY, "week"
    yield _("3 months"), _months_before(month, 2), today, "week"
    yield _("12 months"), _months_before(month, 11), today, "month"
    yield _("This year"), today.replace(month=1, day=1), today, "month"
    yield _("Last year"), date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), "month"


def _preset(asking: Asking, label: str, since: date | None, until: date, every: str) -> Preset:
    options = dict(asking.options)
    if every:
        options["every"] = every
    wanted = Asking(asking.report, since, until, options)
    chosen = (asking.since, asking.until) == (since, until)
    return Preset(label, wanted.query, chosen)


def _months_before(month: date, many: int) -> date:
    year, number = divmod(month.year * 12 + month.month - 1 - many, 12)
    return date(year, number + 1, 1)
