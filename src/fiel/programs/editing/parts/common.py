"""Questions that several parts ask: names, times, limits, conditions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fiel.domain.conditions import Scope
from fiel.domain.document.shapes import Key
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Choice, Digits, Prose, Word
from fiel.programs.editing.kinds_of_time import WEEK, Day, Hours
from fiel.programs.editing.kinds_of_units import Condition
from fiel.programs.editing.known import Known
from fiel.programs.editing.questions import Group, Question
from fiel.programs.editing.said import Number, Said

PERIODS = (
    ("day", N_("a day")),
    ("week", N_("a week")),
    ("month", N_("a month")),
    ("year", N_("a year")),
    ("program", N_("in all")),
)


def named(hint: str = "") -> Question:
    """What people call it."""
    return Question(("name",), Prose(), N_("Name"), hint or N_("What your members read."))


def identified(hint: str = "") -> Question:
    """Its id."""
    return Question(
        ("id",),
        Word(),
        N_("Short name"),
        hint or N_("For reports and other systems. Keep it once the program is published."),
        is_more=True,
    )


def condition(asks: str, hint: str, scope: Scope | None = None) -> Question:
    """Under which condition it holds."""
    return Question(("where",), Condition(scope), asks, hint)


WHEN = (
    Question(("when", "from"), Day(), N_("First day")),
    Question(("when", "to"), Day(), N_("Last day"), N_("This day still counts.")),
    Question(("when", "days"), WEEK, N_("Only on these days"), N_("None marked: every day.")),
    Question(
        ("when", "hours"),
        Hours(),
        N_("Only in these hours"),
        N_("They may run over midnight, like 22:00 to 02:00."),
    ),
)


def times(title: str = "", hint: str = "") -> Group:
    """When it holds."""
    return Group(title or N_("When"), WHEN, hint or N_("Leave it empty for always."))


def limit(asks: str, hint: str = "", *, way: tuple[str, ...] = ("limit",)) -> tuple[Question, ...]:
    """How often one member can have it."""
    return (
        Question((*way, "per_member"), Digits(), asks, hint or N_("Leave it empty for no limit.")),
        Question((*way, "every"), Choice(PERIODS, "program"), N_("Counted")),
    )


def order_of(keys: Sequence[Key[Any]]) -> tuple[str, ...]:
    """The keys of a block in the order of the reference."""
    return tuple(key.name for key in keys)


def unit_of(known: Known) -> str:
    """The unit that a new entry gives or costs, if nothing is said."""
    units = [unit for unit, _ in known.named("units")]
    return units[0] if units else "points"


def stamps_of(known: Known) -> str:
    """The unit that is counted one by one, like stamps; else the usual one."""
    return next((unit for unit, _ in known.named("stamps")), unit_of(known))


def names(**texts: str) -> dict[str, Said]:
    """A name in several languages."""
    return dict(texts)


def number(digits: int | str) -> Number:
    """A number, as documents hold it."""
    return Number(str(digits))
