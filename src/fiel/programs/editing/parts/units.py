"""What members accumulate."""

from __future__ import annotations

from fiel.domain.document.shapes import MappingOf, Record
from fiel.domain.document.units import UNITS as SHAPE
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Choice, Digits, Prose, Several
from fiel.programs.editing.kinds_of_time import DayOfYear, Span
from fiel.programs.editing.parts.common import named, names, order_of
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Case, Group, Question, Steer
from fiel.programs.editing.said import Said

DOINGS = (
    ("sale", N_("A purchase")),
    ("activity", N_("An activity, like a review")),
    ("redemption", N_("Redeeming a reward")),
    ("return", N_("A return")),
    ("adjustment", N_("A correction by you")),
)
KEPT_ALIVE_BY = ("sale", "activity", "redemption")


def _has(key: str, said: Said) -> bool:
    return isinstance(said, dict) and key in said


EXPIRY = Steer(
    (
        Case("never", N_("Never"), lambda said: said in (None, "never"), lambda _: "never"),
        Case(
            "after",
            N_("Some time after they were earned"),
            lambda said: _has("after", said),
            lambda _: {"after": "12 months"},
        ),
        Case(
            "inactivity",
            N_("When the member does nothing for some time"),
            lambda said: _has("inactivity", said),
            lambda _: {"inactivity": "12 months"},
        ),
        Case(
            "day",
            N_("On a day of the year"),
            lambda said: _has("day", said),
            lambda _: {"day": "12-31"},
        ),
    )
)

GROUPS = (
    Group(
        N_("What it is"),
        (
            named(N_("What several are called: points, stamps, stars.")),
            Question(
                ("one",),
                Prose(),
                N_("A single one is called"),
                N_("Only where the plural does not tell."),
                is_more=True,
            ),
            Question(
                ("value",),
                Digits("currency"),
                N_("One is worth"),
                N_("Needed to pay with them, and to know what you owe your members."),
                example="0.01",
            ),
        ),
    ),
    Group(
        N_("When they end"),
        (
            Question(("expiry",), EXPIRY, N_("They end"), named="expires"),
            Question(
                ("expiry", "after"),
                Span(),
                N_("How long they last"),
                only_if={"expires": ("after",)},
            ),
            Question(
                ("expiry", "inactivity"),
                Span(),
                N_("They end after this long without activity"),
                only_if={"expires": ("inactivity",)},
            ),
            Question(
                ("expiry", "extended_by"),
                Several(DOINGS, KEPT_ALIVE_BY),
                N_("What keeps them alive"),
                only_if={"expires": ("inactivity",)},
            ),
            Question(
                ("expiry", "day"), DayOfYear(), N_("They end on"), only_if={"expires": ("day",)}
            ),
            Question(
                ("expiry", "years"),
                Digits(default="1"),
                N_("Of which year"),
                N_("0 is the next such day, 1 that of the year after they were earned."),
                only_if={"expires": ("day",)},
            ),
        ),
        N_("A soft end keeps what you owe in check; a long one feels generous."),
    ),
    Group(
        N_("How they are counted"),
        (
            Question(
                ("round",),
                Choice(
                    (
                        ("floor", N_("Down: 4.9 gives 4")),
                        ("half_up", N_("To the nearest: 4.5 gives 5")),
                        ("ceil", N_("Up: 4.1 gives 5")),
                    ),
                    "floor",
                ),
                N_("Fractions are rounded"),
            ),
            Question(
                ("round_per",),
                Choice(
                    (
                        ("sale", N_("Once for the whole purchase")),
                        ("line", N_("For each line of the receipt")),
                    ),
                    "sale",
                ),
                N_("Rounded"),
            ),
            Question(
                ("pending",),
                Span("0 days"),
                N_("They can be used after"),
                N_("Wait as long as goods can come back, if you like to be safe."),
            ),
        ),
        is_more=True,
    ),
    Group(
        N_("When goods come back"),
        (
            Question(
                ("returns",),
                Choice(
                    (
                        ("recompute", N_("Decide the purchase again without what came back")),
                        ("proportional", N_("Take back the share of what came back")),
                    ),
                    "recompute",
                ),
                N_("What is taken back"),
            ),
            Question(
                ("negative",),
                Choice(
                    (
                        ("debt", N_("The balance goes below zero")),
                        ("clamp", N_("Take what is left and let the rest go")),
                        ("pending_only", N_("Only take what cannot be used yet")),
                    ),
                    "debt",
                ),
                N_("If they are already spent"),
            ),
            Question(
                ("grace",),
                Span("0 days"),
                N_("What comes back after it ended can be used for"),
            ),
        ),
        is_more=True,
    ),
)

_SHAPE = SHAPE.shape
assert isinstance(_SHAPE, MappingOf)
assert isinstance(_SHAPE.shape, Record)

UNITS = Part(
    id="units",
    title=N_("What members collect"),
    way=("units",),
    manner=Manner.NAMED,
    purpose=N_(
        "Points, stamps, stars or money: what members earn, what it is worth, how long it lasts."
    ),
    groups=GROUPS,
    order=order_of(_SHAPE.shape.keys),
    samples=(
        Sample(
            "points",
            N_("Points"),
            N_("The usual: points for what is spent."),
            lambda known: {  # noqa: ARG005
                "name": names(es="puntos", en="points", pt="pontos"),
                "value": "0.01",
                "expiry": {"after": "12 months"},
            },
        ),
        Sample(
            "stamps",
            N_("Stamps"),
            N_("One for each item or visit, as on a paper card."),
            lambda known: {  # noqa: ARG005
                "name": names(es="sellos", en="stamps", pt="selos"),
                "expiry": "never",
            },
        ),
        Sample(
            "cashback",
            N_("Money back"),
            N_("Cents that members pay with the next time."),
            lambda known: {  # noqa: ARG005
                "name": names(es="céntimos", en="cents", pt="cêntimos"),
                "value": "0.01",
                "expiry": {"inactivity": "12 months"},
            },
        ),
    ),
    one=N_("unit"),
)
