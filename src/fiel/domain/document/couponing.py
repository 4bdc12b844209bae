"""The description of `coupons`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import override

from fiel.domain.codes import normal_code
from fiel.domain.conditions import Scope
from fiel.domain.document.climbing import UNIT_AMOUNTS
from fiel.domain.document.conditions import ConditionText
from fiel.domain.document.days import DurationOf
from fiel.domain.document.earning import WHEN
from fiel.domain.document.numbers import Amount, Number, Whole
from fiel.domain.document.reading import Cursor, text_at
from fiel.domain.document.shapes import (
    Either,
    Fields,
    JsonSchema,
    ListOf,
    Read,
    Record,
    Shape,
    block_of,
    defaulted,
    optional,
    required,
)
from fiel.domain.document.words import Choice, Flag, Identifier, Text, TextsIn, word_at
from fiel.domain.language import N_
from fiel.domain.program import Coupon, CouponKind

MOST_USES = 1_000_000_000


class SharedCode(Shape[str]):
    """A code that a merchant chooses and everybody may type."""

    pattern = r"^[A-Za-z0-9][A-Za-z0-9 _-]{2,38}[A-Za-z0-9]$"

    @override
    def read(self, cursor: Cursor) -> Read[str]:
        text = word_at(cursor).strip()
        if not re.fullmatch(self.pattern, text) or len(normal_code(text)) < 4:
            raise cursor.refuse(
                "shared_code",
                N_("“{written}” cannot be a code."),
                N_("Use from 4 to 40 letters from A to Z and digits."),
                written=text[:80],
            )
        return text, text

    @override
    def schema(self) -> JsonSchema:
        return {"type": "string", "pattern": self.pattern}

    @override
    def words(self) -> str:
        return "a code of letters and digits"


_ID = required("id", Identifier(), "The id of the coupon.")
_NAME = defaulted("name", TextsIn(), {}, None, "What people call it. Left out: the id.")
_KIND = required("kind", Choice(CouponKind), "What it gives.")
_AMOUNT = optional("amount", Amount(), "Of a discount: how much is taken off, tax included.")
_PERCENT = optional("percent", Number(0, 100), "Of a discount: the percentage.")
_SKU = optional("sku", Text(100), "Of a product: the article of which one is free.")
_GIVE = defaulted("give", UNIT_AMOUNTS, {}, None, "Of points: what the member gets.")
_USES = optional(
    "uses",
    Either("unlimited", None, Whole(1, MOST_USES)),
    "How often each code can be used. Left out: once; a shared code, any number of times.",
)
_PER_MEMBER = optional(
    "per_member", Whole(1, 1_000_000), "How often one member can use codes of this coupon."
)
_VALID = optional(
    "valid", DurationOf(is_zero_allowed=False), "How long after it is made a code can be used."
)
_WHEN = optional("when", WHEN, "When it can be used. Left out: always.")
_WHERE = optional(
    "where",
    ConditionText(Scope.SALE),
    "For which sales, members or lines. Where it reads `line`, only lines where it holds count.",
)
_MIN_SPEND = optional("min_spend", Amount(), "What the goods must come to at least, with tax.")
_STACK = defaulted(
    "stack", Flag(), False, False, "Whether it can be used in one sale with other coupons."
)
_MEMBERS_ONLY = defaulted("members_only", Flag(), False, False, "Whether only members can use it.")
_CODE = optional(
    "code", SharedCode(), "One code for everybody, as it is printed. Left out: codes are made."
)

_GIVES = {"amount": "discount", "percent": "discount", "sku": "product", "give": "points"}
_NEEDS = {"product": "sku", "points": "give"}


def _check_coupon(cursor: Cursor, places: Mapping[str, Cursor]) -> None:
    kind = text_at(block_of(cursor), "kind")
    if kind in set(CouponKind):
        _check_kind(cursor, places, kind)
    if "code" in places and "valid" in places:
        places["valid"].refuse(
            "valid_of_shared",
            N_("“valid” counts from the making of a code, and a shared code is never made."),
            N_("Write “when” with its first and last day."),
        )


def _check_kind(cursor: Cursor, places: Mapping[str, Cursor], kind: str) -> None:
    if kind == CouponKind.DISCOUNT and ("amount" in places) == ("percent" in places):
        cursor.refuse(
            "discount_value",
            N_("A discount has either an amount or a percentage."),
            N_("Write “amount” or “percent”, one of them."),
        )
    needed = _NEEDS.get(kind)
    if needed and needed not in places:
        cursor.refuse(
            "missing_key",
            N_("The key “{key}” is missing."),
            N_("Add “{key}”."),
            key=needed,
        )
    for key, owner in _GIVES.items():
        if owner != kind and key in places:
            places[key].refuse(
                "wrong_kind",
                N_("“{key}” does not go with “kind: {kind}”."),
                N_("Remove “{key}”, or change the kind."),
                key=key,
                kind=kind,
            )


def _coupon(fields: Fields) -> Coupon:
    code, uses = fields[_CODE], fields[_USES]
    if _USES not in fields and code is None:
        uses = 1
    return Coupon(
        id=fields[_ID],
        kind=fields[_KIND],
        name=fields[_NAME],
        amount=fields[_AMOUNT],
        percent=fields[_PERCENT],
        sku=fields[_SKU],
        give=fields[_GIVE],
        uses=uses,
        per_member=fields[_PER_MEMBER],
        valid=fields[_VALID],
        when=fields[_WHEN],
        where=fields[_WHERE],
        min_spend=fields[_MIN_SPEND],
        stack=fields[_STACK],
        members_only=fields[_MEMBERS_ONLY],
        code=code,
    )


COUPON = Record(
    "coupon",
    (
        _ID, _NAME, _KIND, _AMOUNT, _PERCENT, _SKU, _GIVE, _USES, _PER_MEMBER, _VALID, _WHEN,
        _WHERE, _MIN_SPEND, _STACK, _MEMBERS_ONLY, _CODE,
    ),
    _coupon,
    check=_check_coupon,
    doc="What a code gives, and for which sales.",
)  # fmt: skip
COUPONS = defaulted("coupons", ListOf(COUPON), (), None, "The coupons of the program.")
