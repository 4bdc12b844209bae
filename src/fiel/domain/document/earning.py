"""The description of `earn`: the rules that give and the rules that multiply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction

from fiel.domain.document.conditions import ConditionText
from fiel.domain.document.days import Day, Hours, Weekday
from fiel.domain.document.holdout import RULE_HOLDOUT
from fiel.domain.document.numbers import Amount, Ratio, Whole
from fiel.domain.document.reading import Cursor, Named, Unreadable, node_at, text_at
from fiel.domain.document.shapes import (
    Dynamic,
    Fields,
    ListOf,
    Record,
    Shape,
    block_of,
    defaulted,
    optional,
    required,
)
from fiel.domain.document.words import Choice, Flag, Identifier, Reference, Text, TextsIn
from fiel.domain.language import N_
from fiel.domain.program import (
    Basis,
    Budget,
    EarnRule,
    Event,
    Extra,
    Give,
    Limit,
    Multiply,
    Schedule,
)
from fiel.domain.time import Period

_PER = optional("per", Amount(), "Give the amounts once for every so much money of the sale.")
_PER_ITEM = defaulted("per_item", Flag(), False, False, "Give the amounts once for each item.")


def _check_give(cursor: Cursor, places: Mapping[str, Cursor]) -> None:
    if "per" in places and text_at(block_of(cursor), "per_item") in ("true", "True", "TRUE"):
        places["per_item"].refuse(
            "per_both",
            N_("A rule gives for money or for items, not for both at once."),
            N_("Keep “per” or “per_item”, or make two rules."),
        )


def _give(fields: Fields) -> Give:
    amounts: dict[str, Fraction] = fields.others((_PER, _PER_ITEM))
    per = fields[_PER]
    if per is None:
        for name, amount in amounts.items():
            if amount.denominator != 1:
                raise fields.place(name).refuse(
                    "whole",
                    N_("Without “per” only whole numbers can be given."),
                    N_("Remove the decimals, or add “per”."),
                )
    return Give(amounts, per, fields[_PER_ITEM])


GIVE = Record(
    "give",
    (_PER, _PER_ITEM),
    _give,
    dynamic=Dynamic(Ratio(), "a unit's id", Named.UNIT, at_least_one=True),
    check=_check_give,
    doc="How much of each unit a rule gives. Without `per` and `per_item`: once for each sale or "
    "event that matches. Amounts are whole unless `per` is given.",
)

_FROM = optional("from", Day(), "The first day.")
_TO = optional("to", Day(), "The last day; it is included.")
_DAYS = defaulted("days", ListOf(Weekday(), most=7), (), None, "Only on these days of the week.")
_HOURS = optional(
    "hours",
    Hours(),
    "Only in these hours; the end is not included. Hours that end before they start run over "
    "midnight and belong to the day they start on.",
)


def _schedule(fields: Fields) -> Schedule:
    first, last, days = fields[_FROM], fields[_TO], frozenset(fields[_DAYS])
    if first is not None and last is not None:
        if last < first:
            raise fields.place(_TO).refuse(
                "dates_reversed",
                N_("The last day lies before the first."),
                N_("Swap “from” and “to”."),
            )
        span = (last - first).days
        reached = {(first + timedelta(days=day)).weekday() for day in range(min(span, 6) + 1)}
        if days and not days & reached:
            fields.place(_DAYS).warn(
                "never_matches",
                N_("No such day of the week lies between these dates: the rule never holds."),
                N_("Change the days or the dates."),
            )
    return Schedule(first, last, days, fields[_HOURS])


WHEN = Record(
    "when",
    (_FROM, _TO, _DAYS, _HOURS),
    _schedule,
    doc="When something holds, in the program's time zone.",
)

_PER_MEMBER = required("per_member", Whole(1, 1_000_000), "How many times, for one member.")
_EVERY = defaulted(
    "every",
    Choice(Period),
    Period.PROGRAM,
    "program",
    "The period after which the count starts anew; weeks start on Monday, `program` never ends.",
)
LIMIT = Record(
    "limit",
    (_PER_MEMBER, _EVERY),
    lambda fields: Limit(fields[_PER_MEMBER], fields[_EVERY]),
    doc="How many times one member can have something.",
)

_RESTORE = defaulted(
    "restore_on_return",
    Flag(),
    False,
    False,
    "Whether what a return takes back can be given out again.",
)
BUDGET = Record(
    "budget",
    (_RESTORE,),
    lambda fields: Budget(fields.others((_RESTORE,)), fields[_RESTORE]),
    dynamic=Dynamic(Whole(1), "a unit's id", Named.UNIT, at_least_one=True),
    doc="How much of a unit a rule may give out in all. An award that does not fit whole is not "
    "made.",
)

# The tier's own multiplier is explained under this name.
RULE_ID = Identifier(reserved=frozenset({"tier"}))

_ID = required("id", RULE_ID, "The id of the rule; every award names it.")
_NAME = defaulted("name", TextsIn(), {}, None, "What people call it.")
_EVENT = required("event", Choice(Event), "What makes the rule speak.")
_ACTIVITY = optional(
    "activity", Text(63), "With `event: activity`: the type of activity. Left out: any."
)
_GIVE = optional("give", GIVE, "What the rule gives.")
_MULTIPLY = optional(
    "multiply",
    Ratio(1_000),
    "The factor by which the rule multiplies what other rules give by value on the lines it "
    "matches.",
)
_RULES = defaulted(
    "rules",
    ListOf(Reference(Named.RULE), most=100),
    (),
    None,
    "With `multiply`: the rules it multiplies, whatever they give by. Left out: every rule that "
    "gives by value (`per`).",
)
_OF = defaulted(
    "of",
    Choice(Basis),
    Basis.NET,
    "net",
    "The amount that `per` counts: `net` is before tax and after discounts, `gross` with tax, "
    "`margin` net less cost.",
)
_WHERE = optional("where", ConditionText(), "The condition under which the rule holds.")
_WHEN = optional("when", WHEN, "When the rule holds. Left out: always.")
_LIMIT = optional("limit", LIMIT, "How often one member can have it. Left out: always.")
_BUDGET = optional("budget", BUDGET, "How much it may give out in all. Left out: any amount.")
_INCLUDE = defaulted(
    "include",
    ListOf(Choice(Extra), most=2),
    (),
    None,
    "Parts of a sale that earn only where they are named.",
)
KEYS = (
    _ID, _NAME, _EVENT, _ACTIVITY, _GIVE, _MULTIPLY, _RULES, _OF, _WHERE, _WHEN, _LIMIT, _BUDGET,
    _INCLUDE, RULE_HOLDOUT,
)  # fmt: skip


def _check_rule(cursor: Cursor, places: Mapping[str, Cursor]) -> None:
    event = text_at(block_of(cursor), "event")
    if "activity" in places and event != Event.ACTIVITY:
        _refuse_beside_event(places["activity"], "activity", "activity")
    if event != Event.SALE and event in set(Event):
        for name in ("multiply", "of", "include"):
            if name in places:
                _refuse_beside_event(places[name], name, "sale")
        for name in ("per", "per_item"):
            if "give" in places and (inner := _inside(places["give"], name)):
                _refuse_beside_event(inner, name, "sale")
    if "rules" in places and "multiply" not in places:
        places["rules"].refuse(
            "rules_without_multiply",
            N_("“rules” says which rules are multiplied, and this rule multiplies nothing."),
            N_("Remove “rules”, or write “multiply” in place of “give”."),
        )
    if "of" in places and "give" in places and not _inside(places["give"], "per"):
        places["of"].warn(
            "of_without_per",
            N_("“of” says which amount “per” counts; without “per” it changes nothing."),
            N_("Remove “of”, or add “per” to “give”."),
        )


def _refuse_beside_event(place: Cursor, key: str, event: str) -> Unreadable:
    return place.refuse(
        "wrong_event",
        N_("“{key}” only goes with “event: {event}”."),
        N_("Remove “{key}”, or change the event."),
        key=key,
        event=event,
    )


def _inside(cursor: Cursor, name: str) -> Cursor | None:
    node = node_at(cursor.node, name)
    return cursor.child(name, node) if node is not None else None


def _rule(fields: Fields) -> EarnRule:
    give, factor, budget = fields[_GIVE], fields[_MULTIPLY], fields[_BUDGET]
    effect: Give | Multiply
    if give is not None:
        effect = give
        for unit in budget.amounts if budget else ():
            if give.amounts and unit not in give.amounts:
                fields.place(_BUDGET).refuse(
                    "budget_unit",
                    N_("The budget is in “{unit}”, which this rule does not give."),
                    N_("Write the budget in: {known}."),
                    unit=unit,
                    known=", ".join(give.amounts),
                )
    else:
        assert factor is not None, "a rule gives or multiplies"
        effect = Multiply(factor, fields[_RULES])
    if fields[_ID] in fields[_RULES]:
        raise fields.place(_RULES).refuse(
            "multiplies_itself",
            N_("A rule cannot multiply itself."),
            N_("Name the rule that gives."),
        )
    return EarnRule(
        id=fields[_ID],
        event=fields[_EVENT],
        effect=effect,
        activity=fields[_ACTIVITY],
        of=fields[_OF],
        where=fields[_WHERE],
        when=fields[_WHEN],
        limit=fields[_LIMIT],
        budget=budget,
        include=frozenset(fields[_INCLUDE]),
        name=fields[_NAME],
        holdout=fields[RULE_HOLDOUT],
    )


RULES: Shape[tuple[EarnRule, ...]] = ListOf(
    Record(
        "rule",
        KEYS,
        _rule,
        one_of=(("give", "multiply"),),
        check=_check_rule,
        doc="One rule: on an event, where a condition holds, it gives or it multiplies. The order "
        "of the rules is the order in which they take from budgets.",
    )
)
EARN = defaulted("earn", RULES, (), None, "The rules by which members earn.")
