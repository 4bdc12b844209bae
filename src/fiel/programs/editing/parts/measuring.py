"""Goals, segments, who is kept out to measure, tills without a network, transfers, accounting."""

from __future__ import annotations

from fiel.domain.accounting.settings import Account
from fiel.domain.conditions import Scope
from fiel.domain.document.accounting import ACCOUNTING
from fiel.domain.document.offline import OFFLINE
from fiel.domain.document.rewarding import GOALS
from fiel.domain.document.segmenting import SEGMENTS
from fiel.domain.document.shapes import ListOf, Record
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Choice, Digits, Word
from fiel.programs.editing.kinds_of_time import Day
from fiel.programs.editing.kinds_of_units import Target, UnitAmounts
from fiel.programs.editing.known import Known
from fiel.programs.editing.parts.common import (
    condition,
    identified,
    limit,
    named,
    names,
    number,
    order_of,
)
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Case, Group, Question, Steer
from fiel.programs.editing.said import Said
from fiel.programs.words.aiming import METRICS

_GOALS, _SEGMENTS = GOALS.shape, SEGMENTS.shape
assert isinstance(_GOALS, ListOf)
assert isinstance(_GOALS.shape, Record)
assert isinstance(_SEGMENTS, ListOf)
assert isinstance(_SEGMENTS.shape, Record)


def _goal(metric: str, target: str) -> Sample:
    label = dict(METRICS)[metric]
    return Sample(
        metric.replace("_", "-"),
        label,
        N_("Set what it should become, and by when."),
        lambda known: {"metric": metric, "target": target, "by": known.in_a_year},
    )


AIMS = Part(
    id="goals",
    title=N_("Goals"),
    way=("goals",),
    manner=Manner.LIST,
    purpose=N_("What the program is for. Home shows how far you are."),
    groups=(
        Group(
            N_("This goal"),
            (
                Question(("metric",), Choice(METRICS), N_("What should change")),
                Question(("target",), Target(), N_("What it should become")),
                Question(("by",), Day(), N_("By when")),
                identified(),
            ),
        ),
    ),
    order=order_of(_GOALS.shape.keys),
    samples=(
        _goal("average_spend", "+10%"),
        _goal("purchase_frequency", "+10%"),
        _goal("retention", "+5%"),
        _goal("new_members", "500"),
        _goal("profit", "+5%"),
    ),
    one=N_("goal"),
)


def _regulars(known: Known) -> dict[str, Said]:  # noqa: ARG001
    return {"name": names(es="Habituales", en="Regulars", pt="Habituais"),
            "where": "member.frequency >= 12 && member.recency_days <= 60"}  # fmt: skip


def _drifting(known: Known) -> dict[str, Said]:  # noqa: ARG001
    return {"name": names(es="Hace tiempo que no vienen", en="Not seen for a while",
                          pt="Há tempo que não vêm"),
            "where": "member.recency_days > 90"}  # fmt: skip


GROUPED = Part(
    id="segments",
    title=N_("Segments"),
    way=("segments",),
    manner=Manner.LIST,
    purpose=N_("Groups of members that fill themselves. Rules, rewards and messages name them."),
    groups=(
        Group(
            N_("This segment"),
            (
                named(),
                condition(N_("Who is in it"), N_("Looked at every day."), Scope.SEGMENT),
                identified(N_("Rules name the segment by it.")),
            ),
        ),
    ),
    order=order_of(_SEGMENTS.shape.keys),
    samples=(
        Sample(
            "regulars", N_("Regulars"), N_("Twelve purchases in a year, one of late."), _regulars
        ),
        Sample(
            "drifting", N_("Not seen for a while"), N_("No purchase for three months."), _drifting
        ),
    ),
    one=N_("segment"),
)

MEASURE = Part(
    id="holdout",
    title=N_("Measure what it brings"),
    way=("holdout",),
    manner=Manner.BLOCK,
    purpose=N_("A few members, by lot, earn nothing: what they do shows what the program brings."),
    groups=(
        Group(
            N_("Who is kept out"),
            (
                Question(
                    ("share",),
                    Digits(affix="%"),
                    N_("Members who are kept out"),
                    N_("5 to 10 of a hundred are usual. Who they are never changes."),
                ),
            ),
        ),
    ),
    order=("share",),
    is_optional=True,
)

_OFFLINE = OFFLINE.shape
assert isinstance(_OFFLINE, Record)

TILLS = Part(
    id="offline",
    title=N_("Tills without a network"),
    way=("offline",),
    manner=Manner.BLOCK,
    purpose=N_("What a till may do on its own while the network is away."),
    groups=(
        Group(
            N_("Without a network"),
            (
                Question(
                    ("overdraw",),
                    UnitAmounts(),
                    N_("A member may come to owe"),
                    N_("What goes further waits for a manager. Empty: everything does."),
                ),
                Question(
                    ("clock_minutes",),
                    Digits(affix=N_("minutes"), default="10"),
                    N_("A till’s clock may be off by"),
                ),
            ),
        ),
    ),
    order=order_of(_OFFLINE.keys),
    is_optional=True,
)

GIVING = Steer(
    (
        Case("any", N_("Any number of points"), lambda said: said is None, lambda _: None),
        Case(
            "some",
            N_("Within limits"),
            lambda said: isinstance(said, dict),
            lambda _: {"min": number(1)},
        ),
        Case("never", N_("Nothing"), lambda said: said == "never", lambda _: "never"),
    )
)

TRANSFERS = Part(
    id="transfers",
    title=N_("Giving points to others"),
    way=(),
    manner=Manner.BLOCK,
    purpose=N_("Whether members may give each other what they have."),
    groups=(
        Group(
            N_("What members may give"),
            (
                Question(("transfers",), GIVING, N_("They may give"), named="giving"),
                Question(
                    ("transfers", "min"),
                    Digits(default="1"),
                    N_("At least"),
                    only_if={"giving": ("some",)},
                ),
                Question(
                    ("transfers", "max"),
                    Digits(),
                    N_("At most"),
                    N_("Empty: no limit."),
                    only_if={"giving": ("some",)},
                ),
                *(
                    Question(
                        question.way,
                        question.kind,
                        question.asks,
                        question.hint,
                        only_if={"giving": ("some",)},
                    )
                    for question in limit(N_("Times"), way=("transfers", "limit"))
                ),
            ),
        ),
    ),
    order=("transfers",),
)

_ACCOUNTING = ACCOUNTING.shape
assert isinstance(_ACCOUNTING, Record)
ACCOUNT_NAMES = {
    Account.SALES: N_("Revenue of sales"),
    Account.DEFERRED: N_("Owed to members in points"),
    Account.REDEEMED: N_("Revenue of points that were redeemed"),
    Account.BREAKAGE: N_("Revenue of points that will not be redeemed"),
    Account.GRANTED: N_("Cost of points that no sale gave"),
    Account.BROUGHT_IN: N_("Points brought in from before"),
    Account.CASH: N_("Money received for gift cards"),
    Account.GIFT_CARDS: N_("Owed to holders of gift cards"),
    Account.GIFT_CARD_SALES: N_("What gift cards paid in sales"),
    Account.GIFT_CARD_REWARDS: N_("Gift cards that members got for points"),
    Account.GIFT_CARD_BREAKAGE: N_("What was left on gift cards that expired"),
}


def accounting_groups(known: Known) -> tuple[Group, ...]:
    """What is asked about accounting, for the units that there are."""
    units = tuple(
        question
        for unit, name in known.named("units")
        for question in (
            Question(
                ("units", unit, "redeemed"),
                Digits(affix=N_("%")),
                N_("{unit}: how many of a hundred will be redeemed"),
                N_("Empty: estimated from your own past."),
                named=f"unit-{unit}-redeemed",
                about=name,
            ),
            Question(
                ("units", unit, "value"),
                Digits("currency"),
                N_("{unit}: what one is worth by itself"),
                N_("Empty: what it is worth when it pays."),
                named=f"unit-{unit}-value",
                about=name,
            ),
        )
    )
    return (Group(N_("What your members will redeem"), units), *ACCOUNTING_GROUPS)


ACCOUNTING_GROUPS = (
    Group(
        N_("Points that no sale gave"),
        (
            Question(
                ("without_sale",),
                Choice(
                    (
                        ("none", N_("Nothing is booked for them")),
                        ("expense", N_("What will be redeemed of them is a cost at once")),
                    ),
                    "none",
                ),
                N_("Welcome, birthday and other gifts"),
            ),
        ),
    ),
    Group(
        N_("Numbers of accounts"),
        tuple(
            Question(("accounts", account.value), Word(), label, example=account.value)
            for account, label in ACCOUNT_NAMES.items()
        ),
        N_("As your books call them. Empty: by their names."),
        is_more=True,
    ),
)

BOOKS = Part(
    id="accounting",
    title=N_("Accounting"),
    way=("accounting",),
    manner=Manner.BLOCK,
    purpose=N_("How your books show what you owe your members."),
    groups=ACCOUNTING_GROUPS,
    order=order_of(_ACCOUNTING.keys),
    is_optional=True,
)
