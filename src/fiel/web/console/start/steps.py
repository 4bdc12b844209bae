"""The steps from nothing to a published program, as each page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

MODEL, QUESTIONS, SALES, RESULT, PUBLISH = "model", "questions", "sales", "result", "publish"
_TITLES = {
    MODEL: gettext_noop("Model"),
    QUESTIONS: gettext_noop("Your shop"),
    SALES: gettext_noop("Your sales"),
    RESULT: gettext_noop("What it brings"),
    PUBLISH: gettext_noop("Publish"),
}


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the row of steps shows it."""

    title: str
    is_here: bool
    is_done: bool


def shown_steps(here: str) -> list[ShownStep]:
    """The row of steps, at one of them."""
    place = list(_TITLES).index(here)
    return [
        ShownStep(gettext(title), number == place, number < place)
        for number, title in enumerate(_TITLES.values())
    ]
