"""Milestones and badges: what members get for each level that they reach."""

from __future__ import annotations

from fiel.domain.document.reaching import BADGES, MILESTONES
from fiel.domain.document.shapes import ListOf, Record
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Choice, Counted, Flag, Icon, Named, Prose, Word
from fiel.programs.editing.kinds_of_units import UnitAmounts
from fiel.programs.editing.known import Known
from fiel.programs.editing.parts.common import (
    condition,
    identified,
    limit,
    named,
    names,
    number,
    order_of,
    stamps_of,
    times,
)
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Case, Group, Question, Steer
from fiel.programs.editing.said import Said


def _turned(said: Said, wanted: str, other: str) -> Said:
    block = said if isinstance(said, dict) else {}
    value = block.get(wanted, block.get(other))
    kept = {key: each for key, each in block.items() if key != other}
    return {**kept, wanted: value if value is not None else number(10)}


HOW_OFTEN = Steer(
    (
        Case(
            "every",
            N_("Again and again, for every so much"),
            lambda said: isinstance(said, dict) and "every" in said and "at" not in said,
            lambda said: _turned(said, "every", "at"),
        ),
        Case(
            "at",
            N_("Once, when it is reached"),
            lambda said: isinstance(said, dict) and "every" not in said,
            lambda said: _turned(said, "at", "every"),
        ),
    )
)
COUNTED = (
    ("spend", N_("What they spend")),
    ("visits", N_("Their purchases")),
    ("streak", N_("Days, weeks or months in a row with a purchase")),
    ("activities", N_("Their activities: reviews, visits")),
)

_GIFT_BESIDE = ("reward", "badge")
NOTHING = ("", N_("Nothing"))

MILESTONE_GROUPS = (
    Group(
        N_("What is counted"),
        (
            named(N_("For example: The tenth coffee is free.")),
            Question(("of",), Named(also=COUNTED), N_("It counts")),
            Question(
                ("period",),
                Choice((("day", N_("Days")), ("week", N_("Weeks")), ("month", N_("Months")))),
                N_("In a row"),
                only_if={"of": ("streak",)},
            ),
            Question((), HOW_OFTEN, N_("It is reached"), named="often"),
            Question(("every",), Counted(), N_("For every"), only_if={"often": ("every",)}),
            Question(("at",), Counted(), N_("At"), only_if={"often": ("at",)}),
            Question(
                ("consume",),
                Flag(),
                N_("So many are handed in, as a full card is"),
                N_("What counts is then what members have, and it is taken."),
                only_if={"often": ("every",)},
            ),
            Question(
                ("restart",),
                Choice(
                    (
                        ("", N_("Never")),
                        ("day", N_("With each day")),
                        ("week", N_("With each week")),
                        ("month", N_("With each month")),
                        ("year", N_("With each year")),
                    )
                ),
                N_("It begins anew"),
                is_more=True,
            ),
            Question(
                ("activity",),
                Word(),
                N_("Only this activity"),
                N_("As your shop calls it: review, check-in. Empty for any."),
                is_more=True,
            ),
        ),
    ),
    Group(
        N_("What it gives"),
        (
            Question(("give", "reward"), Named(of="rewards", also=(NOTHING,)), N_("A reward")),
            Question(("give", "badge"), Named(of="badges", also=(NOTHING,)), N_("A badge")),
            Question(("give",), UnitAmounts(_GIFT_BESIDE), N_("And so much")),
        ),
    ),
    Group(
        N_("Only if"),
        (condition(N_("Condition"), N_("Only what matches counts. Empty: everything.")),),
    ),
    times(hint=N_("Only what happens then counts. Leave it empty for always.")),
    Group(
        N_("How much at most"),
        (*limit(N_("Times for one member")), identified()),
        is_more=True,
    ),
)


def _first_reward(known: Known) -> dict[str, Said]:
    rewards = known.named("rewards")
    return {"reward": rewards[0][0]} if rewards else {}


def _card(known: Known) -> dict[str, Said]:
    return {"name": names(es="Tarjeta completa", en="Full card", pt="Cartão completo"),
            "of": stamps_of(known), "every": number(10), "give": _first_reward(known),
            "consume": True}  # fmt: skip


def _spend(known: Known) -> dict[str, Said]:
    return {"name": names(es="Cada 100 de compra", en="For every 100 spent",
                          pt="Por cada 100 de compras"),
            "of": "spend", "every": "100.00", "give": _first_reward(known)}  # fmt: skip


def _visits(known: Known) -> dict[str, Said]:
    return {"name": names(es="La décima visita", en="The tenth visit", pt="A décima visita"),
            "of": "visits", "at": number(10), "give": _first_reward(known)}  # fmt: skip


def _streak(known: Known) -> dict[str, Said]:
    return {"name": names(es="Cuatro semanas seguidas", en="Four weeks in a row",
                          pt="Quatro semanas seguidas"),
            "of": "streak", "period": "week", "every": number(4),
            "give": _first_reward(known)}  # fmt: skip


_MILESTONES, _BADGES = MILESTONES.shape, BADGES.shape
assert isinstance(_MILESTONES, ListOf)
assert isinstance(_MILESTONES.shape, Record)
assert isinstance(_BADGES, ListOf)
assert isinstance(_BADGES.shape, Record)

REACHED = Part(
    id="milestones",
    title=N_("Milestones"),
    way=("milestones",),
    manner=Manner.LIST,
    purpose=N_("A gift for each level reached: a full stamp card, every 100 spent, a streak."),
    groups=MILESTONE_GROUPS,
    order=order_of(_MILESTONES.shape.keys),
    samples=(
        Sample("card", N_("A full card"), N_("Ten stamps for a reward."), _card, needs="stamps"),
        Sample(
            "spent",
            N_("Each spend level"),
            N_("A reward for every {amount} spent."),
            _spend,
            amount=100,
        ),
        Sample("visits", N_("A number of visits"), N_("A reward for the tenth."), _visits),
        Sample("streak", N_("A streak"), N_("A reward for four weeks in a row."), _streak),
    ),
    one=N_("milestone"),
)

SHOWN = Part(
    id="badges",
    title=N_("Badges"),
    way=("badges",),
    manner=Manner.LIST,
    purpose=N_("Something to hold and show. Milestones give them."),
    groups=(
        Group(
            N_("This badge"),
            (
                named(),
                Question(("description",), Prose(), N_("What it is held for")),
                Question(
                    ("icon",),
                    Icon(),
                    N_("Picture"),
                    N_("A character like 🏅, or the address of an image."),
                    example="🏅",
                ),
                identified(),
            ),
        ),
    ),
    order=order_of(_BADGES.shape.keys),
    samples=(
        Sample(
            "badge",
            N_("A badge"),
            N_("Then name it in a milestone."),
            lambda known: {  # noqa: ARG005
                "name": names(es="Insignia nueva", en="New badge", pt="Novo emblema"),
                "icon": "🏅",
            },
        ),
    ),
    one=N_("badge"),
    inside="milestones",
)
