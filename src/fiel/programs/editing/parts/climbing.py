"""Tiers and referral: how members rise, and how they bring friends."""

from __future__ import annotations

from fiel.domain.document.climbing import LEVEL, REFERRAL, TIERS
from fiel.domain.document.shapes import Record
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Amount, Choice, Counted, Digits, Flag, Lines, Named, Word
from fiel.programs.editing.kinds_of_time import Span
from fiel.programs.editing.kinds_of_units import UnitAmounts
from fiel.programs.editing.known import Known
from fiel.programs.editing.parts.common import (
    identified,
    limit,
    named,
    names,
    number,
    order_of,
    unit_of,
)
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Case, Group, Question, Steer
from fiel.programs.editing.said import Said

WINDOW = Steer(
    (
        Case(
            "rolling",
            N_("The last months, day by day"),
            lambda said: said != "calendar_year" and not isinstance(said, dict | list),
            lambda _: "12 months",
        ),
        Case(
            "calendar_year",
            N_("The calendar year"),
            lambda said: said == "calendar_year",
            lambda _: "calendar_year",
        ),
    )
)
DOWNGRADE = Steer(
    (
        Case(
            "never",
            N_("Never: a tier that was reached stays"),
            lambda said: said in (None, "never"),
            lambda _: "never",
        ),
        Case(
            "falls",
            N_("When it is not reached any more"),
            lambda said: isinstance(said, dict),
            lambda _: {"check": "window_end", "grace": "30 days", "one_step": True},
        ),
    )
)

_TIERS = TIERS.shape
assert isinstance(_TIERS, Record)

LADDER = Part(
    id="tiers",
    title=N_("Tiers"),
    way=("tiers",),
    manner=Manner.BLOCK,
    purpose=N_("Bronze, silver, gold: who buys more rises, and has more of everything."),
    groups=(
        Group(
            N_("How members rise"),
            (
                Question(
                    ("by",),
                    Choice(
                        (
                            ("spend", N_("What they spend")),
                            ("points", N_("What they earn")),
                            ("visits", N_("How often they buy")),
                        ),
                        "spend",
                    ),
                    N_("They rise by"),
                ),
                Question(
                    ("unit",),
                    Named(also=(("", N_("The usual one")),)),
                    N_("Of which unit"),
                    only_if={"by": ("points",)},
                ),
                Question(("window",), WINDOW, N_("What counts"), named="counts"),
                Question(
                    ("window",),
                    Span("12 months"),
                    N_("How long it counts"),
                    only_if={"counts": ("rolling",)},
                ),
            ),
        ),
        Group(
            N_("How a tier is lost"),
            (
                Question(("downgrade",), DOWNGRADE, N_("A tier is lost"), named="lost"),
                Question(
                    ("downgrade", "check"),
                    Choice(
                        (
                            ("window_end", N_("When its term is over")),
                            ("at_once", N_("Also at once, when goods come back")),
                        ),
                        "window_end",
                    ),
                    N_("It is looked at"),
                    only_if={"lost": ("falls",)},
                ),
                Question(
                    ("downgrade", "grace"),
                    Span("0 days"),
                    N_("Members keep it for another"),
                    N_("Time to come back before it is lost."),
                    only_if={"lost": ("falls",)},
                ),
                Question(
                    ("downgrade", "one_step"),
                    Flag(),
                    N_("They fall one tier at a time"),
                    only_if={"lost": ("falls",)},
                ),
            ),
        ),
    ),
    order=order_of(_TIERS.keys),
    is_optional=True,
)


def _level(known: Known) -> dict[str, Said]:
    taken = len(known.named("tiers"))
    return {"name": names(es="Nivel nuevo", en="New tier", pt="Nível novo"),
            "from": number(0 if not taken else 500 * taken), "multiply": number("1.5")}  # fmt: skip


LEVELS = Part(
    id="levels",
    title=N_("The tiers, from the lowest up"),
    way=("tiers", "levels"),
    manner=Manner.LIST,
    purpose=N_("The first starts at 0, so that everybody has one."),
    groups=(
        Group(
            N_("This tier"),
            (
                named(),
                Question(
                    ("from",),
                    Counted("by"),
                    N_("Reached from"),
                    N_("Exactly this much is enough."),
                ),
                Question(
                    ("multiply",),
                    Digits(affix="×", default="1"),
                    N_("What they earn is multiplied by"),
                    N_("1 is as everybody else."),
                ),
                Question(
                    ("perks",),
                    Lines(),
                    N_("What else they have"),
                    N_("One on each line: early access, a person to ask for, free delivery."),
                ),
                identified(N_("Conditions name the tier by it.")),
            ),
        ),
    ),
    order=order_of(LEVEL.keys),
    samples=(Sample("level", N_("A tier"), N_("Above those there are."), _level),),
    one=N_("tier"),
    inside="tiers",
)

_REFERRAL = REFERRAL.shape
assert isinstance(_REFERRAL, Record)


def starting_referral(known: Known) -> dict[str, Said]:
    """A referral to begin with."""
    return {
        "referrer": {unit_of(known): number(100)},
        "friend": {unit_of(known): number(50)},
        "after": "14 days",
        "min_spend": "20.00",
    }


FRIENDS = Part(
    id="referral",
    title=N_("Bring a friend"),
    way=("referral",),
    manner=Manner.BLOCK,
    purpose=N_("Both get something, once the friend really bought."),
    groups=(
        Group(
            N_("What both get"),
            (
                Question(("referrer",), UnitAmounts(), N_("Who brings a friend gets")),
                Question(("friend",), UnitAmounts(), N_("The friend gets")),
            ),
        ),
        Group(
            N_("When they get it"),
            (
                Question(
                    ("min_spend",),
                    Amount(),
                    N_("Once the friend has spent"),
                    N_("Empty: any purchase will do."),
                ),
                Question(
                    ("after",),
                    Span("0 days"),
                    N_("And then after"),
                    N_("As long as goods can come back, so that nobody plays with it."),
                ),
                *limit(N_("Friends for one member")),
                Question(
                    ("link",),
                    Word(),
                    N_("Where friends join"),
                    N_("Your own address, with {code} where the code goes. Empty: Fiel’s page."),
                    example="https://shop.example/join?by={code}",
                    is_more=True,
                ),
            ),
        ),
    ),
    order=order_of(_REFERRAL.keys),
    is_optional=True,
)
