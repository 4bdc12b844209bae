"""The descriptions of `rewards`, `pay_with_points` and `goals`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import override

from fiel.domain.conditions import Scope
from fiel.domain.document.conditions import ConditionText
from fiel.domain.document.days import Day, DurationOf
from fiel.domain.document.earning import LIMIT, WHEN
from fiel.domain.document.nodes import Scalar
from fiel.domain.document.numbers import Amount, Number, Whole, plain_number
from fiel.domain.document.reading import Cursor, Named, node_at, text_at
from fiel.domain.document.shapes import (
    Dynamic,
    Fields,
    JsonSchema,
    ListOf,
    Read,
    Record,
    Shape,
    block_of,
    defaulted,
    kind_of,
    optional,
    required,
)
from fiel.domain.document.words import Choice, Identifier, Reference, Text, TextsIn
from fiel.domain.language import N_
from fiel.domain.program import Goal, PayWithPoints, Reward, RewardKind

PRICE = Record(
    "price",
    (),
    lambda fields: fields.others(()),
    dynamic=Dynamic(Whole(0), "a unit's id", Named.UNIT, at_least_one=True),
    doc="What a reward costs, in each unit. 0 is free for whom its condition lets.",
)

_ID = required("id", Identifier(), "The id of the reward.")
_NAME = defaulted("name", TextsIn(), {}, None, "What people call it. Left out: the id.")
_KIND = required("kind", Choice(RewardKind), "What it is.")
_SKU = optional("sku", Text(100), "Of a product or service: the article's number in the shop.")
_AMOUNT = optional("amount", Amount(), "Of a discount, voucher or gift card: its value.")
_PERCENT = optional("percent", Number(0, 100), "Of a discount: the percentage.")
_PRICE = defaulted(
    "price", PRICE, {}, None, "What it costs. Left out: it cannot be bought, only given."
)
_COST = optional("cost", Amount(is_zero_allowed=True), "What one costs the merchant.")
_STOCK = optional("stock", Whole(0), "How many there are. Left out: any number.")
_BUDGET = optional(
    "budget",
    Amount(is_zero_allowed=True),
    "What all that are redeemed may cost, at `cost` each. Left out: any amount.",
)
_VALID = optional(
    "valid", DurationOf(is_zero_allowed=False), "How long after redeeming it can be used."
)
_WHERE = optional("where", ConditionText(Scope.MEMBER), "Who can redeem it. Left out: everybody.")
_WHEN = optional("when", WHEN, "When it can be redeemed. Left out: always.")
_LIMIT = optional("limit", LIMIT, "How often one member can redeem it.")

_WITH_AMOUNT = (RewardKind.VOUCHER, RewardKind.GIFT_CARD)
_WITH_ARTICLE = (RewardKind.PRODUCT, RewardKind.SERVICE)


def _check_reward(cursor: Cursor, places: Mapping[str, Cursor]) -> None:
    kind = text_at(block_of(cursor), "kind")
    if kind not in set(RewardKind):
        return
    if kind == RewardKind.DISCOUNT:
        if ("amount" in places) == ("percent" in places):
            cursor.refuse(
                "discount_value",
                N_("A discount has either an amount or a percentage."),
                N_("Write “amount” or “percent”, one of them."),
            )
    else:
        _refuse_key(places, "percent", kind)
    if kind in _WITH_AMOUNT and "amount" not in places:
        _demand_key(cursor, "amount")
    if kind not in (*_WITH_AMOUNT, RewardKind.DISCOUNT):
        _refuse_key(places, "amount", kind)
    if kind not in _WITH_ARTICLE:
        _refuse_key(places, "sku", kind)
    if "budget" in places and "cost" not in places:
        _demand_key(cursor, "cost")


def _demand_key(cursor: Cursor, key: str) -> None:
    cursor.refuse("missing_key", N_("The key “{key}” is missing."), N_("Add “{key}”."), key=key)


def _refuse_key(places: Mapping[str, Cursor], key: str, kind: str) -> None:
    if key in places:
        places[key].refuse(
            "wrong_kind",
            N_("“{key}” does not go with “kind: {kind}”."),
            N_("Remove “{key}”, or change the kind."),
            key=key,
            kind=kind,
        )


REWARD = Record(
    "reward",
    (
        _ID, _NAME, _KIND, _SKU, _AMOUNT, _PERCENT, _PRICE, _COST, _STOCK, _BUDGET, _VALID, _WHERE,
        _WHEN, _LIMIT,
    ),
    lambda fields: Reward(
        id=fields[_ID],
        kind=fields[_KIND],
        price=fields[_PRICE],
        name=fields[_NAME],
        sku=fields[_SKU],
        amount=fields[_AMOUNT],
        percent=fields[_PERCENT],
        cost=fields[_COST],
        stock=fields[_STOCK],
        budget=fields[_BUDGET],
        valid=fields[_VALID],
        where=fields[_WHERE],
        when=fields[_WHEN],
        limit=fields[_LIMIT],
    ),
    check=_check_reward,
    doc="Something that members redeem their points for, or are given.",
)  # fmt: skip
REWARDS = defaulted("rewards", ListOf(REWARD), (), None, "What members can redeem.")

_UNIT = required("unit", Reference(Named.UNIT), "The unit that pays; it must have a `value`.")
_MIN = defaulted("min", Whole(1), 1, 1, "The least that can be paid with.")
_STEP = defaulted("step", Whole(1), 1, 1, "Only multiples of this can be paid with.")
_MAX_SHARE = defaulted(
    "max_share",
    Number(0, 100),
    Decimal(100),
    100,
    "The largest share of a sale that can be paid so, in percent.",
)


def _payment(fields: Fields) -> PayWithPoints:
    unit, whole = fields[_UNIT], fields.cursor.parent
    if whole is not None and node_at(whole.node, "units", unit, "value") is None:
        fields.place(_UNIT).refuse(
            "unit_without_value",
            N_("“{unit}” pays, but nothing says what one is worth."),
            N_('Add “value” to the unit, like value: "0.01".'),
            unit=unit,
        )
    return PayWithPoints(
        unit=unit, least=fields[_MIN], step=fields[_STEP], max_share=fields[_MAX_SHARE]
    )


PAY_WITH_POINTS = optional(
    "pay_with_points",
    Record(
        "pay_with_points",
        (_UNIT, _MIN, _STEP, _MAX_SHARE),
        _payment,
        doc="Paying part of a sale with a unit.",
    ),
    "How members pay with points. Left out: they cannot.",
)


class Metric(StrEnum):
    """What a goal measures."""

    AVERAGE_SPEND = "average_spend"
    PURCHASE_FREQUENCY = "purchase_frequency"
    RETENTION = "retention"
    NEW_MEMBERS = "new_members"
    ENGAGEMENT = "engagement"
    PROFIT = "profit"


class Target(Shape[tuple[Decimal, bool]]):
    """A figure, or a change of it in percent."""

    @override
    def read(self, cursor: Cursor) -> Read[tuple[Decimal, bool]]:
        node = cursor.node
        text = node.text.replace(" ", "") if isinstance(node, Scalar) else ""
        match = re.fullmatch(r"([-+]?)([0-9]{1,15}(?:\.[0-9]{1,6})?)(%?)", text)
        if match is None:
            raise cursor.refuse(
                "target",
                N_("A target is expected here, not {found}."),
                N_("Write a change like “+20%”, or a figure like 45."),
                found=kind_of(node),
            )
        sign, digits, percent = match.groups()
        number = Decimal(sign + digits)
        return (number, bool(sign and percent)), f"{sign}{plain_number(Decimal(digits))}{percent}"

    @override
    def schema(self) -> JsonSchema:
        pattern = r"^[-+]?[0-9]+(\.[0-9]+)?%?$"
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": pattern}]}

    @override
    def words(self) -> str:
        return "a change like `+20%`, or a figure"


_GOAL_ID = required("id", Identifier(), "The id of the goal.")
_METRIC = required("metric", Choice(Metric), "What is measured.")
_TARGET = required("target", Target(), "What it should become.")
_BY = required("by", Day(), "By which day.")
GOALS = defaulted(
    "goals",
    ListOf(
        Record(
            "goal",
            (_GOAL_ID, _METRIC, _TARGET, _BY),
            lambda fields: Goal(
                id=fields[_GOAL_ID],
                metric=str(fields[_METRIC]),
                target=fields[_TARGET][0],
                relative=fields[_TARGET][1],
                by=fields[_BY],
            ),
            doc="What the program is for.",
        )
    ),
    (),
    None,
    "What the merchant wants to reach.",
)
