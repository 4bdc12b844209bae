"""The rules by which members earn, and promotions, which are such rules for a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fiel.domain.document.earning import KEYS
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Amount, Choice, Digits, Flag, Several, Word
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
    unit_of,
)
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Case, Group, Question, Steer
from fiel.programs.editing.said import Said

GIVEN_BESIDE = ("per", "per_item")
EVENTS = (
    ("sale", N_("A purchase")),
    ("activity", N_("An activity: a review, a visit, a survey")),
    ("birthday", N_("The member’s birthday")),
    ("anniversary", N_("The anniversary of joining")),
    ("enrolment", N_("Joining the program")),
)


def _given(said: Said) -> dict[str, Said] | None:
    give = said.get("give") if isinstance(said, dict) else None
    return give if isinstance(give, dict) else None


def _multiplies(said: Said) -> bool:
    return isinstance(said, dict) and "multiply" in said and "give" not in said


def _per(said: Said) -> bool:
    give = _given(said)
    return give is not None and "per" in give


def _per_item(said: Said) -> bool:
    give = _given(said)
    return give is not None and "per" not in give and give.get("per_item") is True


def _fixed(said: Said) -> bool:
    return not (_multiplies(said) or _per(said) or _per_item(said))


def _turn(**beside: Said) -> Callable[[Said], Said]:
    """To a rule that gives, with these keys beside the amounts."""

    def turned(said: Said) -> Said:
        block = said if isinstance(said, dict) else {}
        give = {k: v for k, v in (_given(said) or {}).items() if k not in GIVEN_BESIDE}
        kept = {k: v for k, v in block.items() if k not in ("multiply", "rules", "give")}
        if "per" not in beside:
            kept.pop("of", None)
        return {**kept, "give": {**give, **beside}}

    return turned


def _to_multiplying(said: Said) -> Said:
    block = said if isinstance(said, dict) else {}
    kept = {k: v for k, v in block.items() if k not in ("give", "of", "include", "budget")}
    return {**kept, "multiply": number(2)}


HOW = Steer(
    (
        Case("per", N_("For every amount spent"), _per, _turn(per="1.00")),
        Case("fixed", N_("A fixed amount, once"), _fixed, _turn()),
        Case("item", N_("For each item"), _per_item, _turn(per_item=True)),
        Case(
            "multiply",
            N_("It multiplies what other rules give"),
            _multiplies,
            _to_multiplying,
        ),
    ),
    otherwise="fixed",
)
GIVES = ("per", "fixed", "item")

GROUPS = (
    Group(
        N_("What makes it happen"),
        (
            named(N_("For example: Double points on Tuesdays.")),
            Question(("event",), Choice(EVENTS), N_("It happens on")),
            Question(
                ("activity",),
                Word(),
                N_("Which activity"),
                N_("As your shop calls it: review, check-in, survey. Empty for any."),
                only_if={"event": ("activity",)},
                example="review",
            ),
        ),
    ),
    Group(
        N_("What it gives"),
        (
            Question((), HOW, N_("It gives"), named="how", only_if={"event": ("sale",)}),
            Question(
                ("give",),
                UnitAmounts(GIVEN_BESIDE),
                N_("How much"),
                only_if={"how": GIVES},
            ),
            Question(
                ("give", "per"),
                Amount(),
                N_("For every"),
                only_if={"how": ("per",)},
                example="1.00",
            ),
            Question(
                ("multiply",),
                Digits(affix="×"),
                N_("Times"),
                N_("2 is double."),
                only_if={"how": ("multiply",)},
            ),
            Question(
                ("rules",),
                Several(of="earn"),
                N_("Which rules it multiplies"),
                N_("None marked: all that give for what is spent."),
                only_if={"how": ("multiply",)},
            ),
            Question(
                ("of",),
                Choice(
                    (
                        ("net", N_("Before tax, after discounts")),
                        ("gross", N_("With tax")),
                        ("margin", N_("Your margin: before tax, less cost")),
                    ),
                    "net",
                ),
                N_("Of which amount"),
                only_if={"how": ("per",)},
            ),
            Question(
                ("include",),
                Several(
                    (
                        ("gift_cards", N_("Gift cards that are bought")),
                        ("shipping", N_("Shipping")),
                    )
                ),
                N_("Also counts"),
                N_("They usually earn nothing."),
                only_if={"event": ("sale",)},
                is_more=True,
            ),
        ),
    ),
    Group(
        N_("Only if"),
        (
            condition(
                N_("Condition"),
                N_("Which products, purchases, stores or members it is for. Empty: all."),
            ),
        ),
    ),
    times(),
    Group(
        N_("How much at most"),
        (
            *limit(N_("Times for one member")),
            Question(
                ("budget",),
                UnitAmounts(("restore_on_return",)),
                N_("In all it gives at most"),
                N_("When it is used up, the rule stops. Empty: no limit."),
            ),
            Question(
                ("budget", "restore_on_return"),
                Flag(),
                N_("What a return takes back can be given again"),
                is_more=True,
            ),
            Question(
                ("holdout", "share"),
                Digits(affix="%"),
                N_("Keep some members out, to measure it"),
                N_("So many of a hundred, drawn by lot, go without."),
                is_more=True,
            ),
        ),
        is_more=True,
    ),
    Group(N_("For reports"), (identified(),), is_more=True),
)


def _spent(known: Known) -> dict[str, Said]:
    return {"event": "sale", "give": {unit_of(known): number(1), "per": "1.00"}}


def _visit(known: Known) -> dict[str, Said]:
    return {"event": "sale", "give": {stamps_of(known): number(1)},
            "limit": {"per_member": number(1), "every": "day"}}  # fmt: skip


def _item(known: Known) -> dict[str, Said]:
    return {"event": "sale", "give": {stamps_of(known): number(1), "per_item": True},
            "where": 'line.category == "cafe"'}  # fmt: skip


def _large(known: Known) -> dict[str, Said]:
    return {"name": names(es="Premio por compra grande", en="Bonus for a large purchase",
                          pt="Prémio por compra grande"),
            "event": "sale", "give": {unit_of(known): number(50)},
            "where": "sale.net >= 50"}  # fmt: skip


def _double(known: Known) -> dict[str, Said]:  # noqa: ARG001
    return {"name": names(es="Puntos dobles", en="Double points", pt="Pontos a dobrar"),
            "event": "sale", "multiply": number(2), "when": {"days": ["tue"]}}  # fmt: skip


def _happy_hours(known: Known) -> dict[str, Said]:  # noqa: ARG001
    return {"name": names(es="Horas felices", en="Happy hours", pt="Horas felizes"),
            "event": "sale", "multiply": number(2), "when": {"hours": "16:00-18:00"}}  # fmt: skip


def _on(event: str, points: int, **beside: Any) -> Callable[[Known], dict[str, Said]]:  # noqa: ANN401
    return lambda known: {"event": event, **beside, "give": {unit_of(known): number(points)}}


SAMPLES = (
    Sample(
        "base", N_("For what is spent"), N_("1 for every {amount} of a purchase."), _spent, amount=1
    ),
    Sample("visit", N_("For each visit"), N_("One a day, whatever is bought."), _visit),
    Sample("item", N_("For each item"), N_("A stamp for each coffee."), _item),
    Sample(
        "large",
        N_("Bonus for a large purchase"),
        N_("50 more from {amount} on."),
        _large,
        amount=50,
    ),
    Sample(
        "double", N_("Double points"), N_("On some days, products or for some members."), _double
    ),
    Sample("happy-hours", N_("Happy hours"), N_("Double when it is quiet."), _happy_hours),
    Sample("welcome", N_("Welcome"), N_("A gift for joining."), _on("enrolment", 20)),
    Sample("birthday", N_("Birthday"), N_("A gift on the day."), _on("birthday", 50)),
    Sample(
        "anniversary",
        N_("Anniversary"),
        N_("A gift for each year as a member."),
        _on("anniversary", 50),
    ),
    Sample(
        "review",
        N_("A review or another activity"),
        N_("For what is no purchase."),
        _on("activity", 20, activity="review", limit={"per_member": number(1), "every": "month"}),
    ),
)

EARNING = Part(
    id="earn",
    title=N_("How members earn"),
    way=("earn",),
    manner=Manner.LIST,
    purpose=N_("Rules that give, and promotions that multiply what they give."),
    groups=GROUPS,
    order=order_of(KEYS),
    samples=SAMPLES,
    one=N_("rule"),
)
