"""The tables of the columnar copy: their names, columns and kinds.

Money is in minor units of the program's currency; moments are in UTC; `day` is the day of the
program's zone (or the store's, where the program says so). `member` numbers the person: whoever was
merged carries the number of the survivor, and it is null for a sale without a member. What is known
of a person beyond that (name, e-mail, phone, card) is not copied.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

NUMBER = pa.int64()
TEXT = pa.string()
DAY = pa.date32()
MOMENT = pa.timestamp("us")  # UTC, without a zone: engines differ in how they treat one
EXACT = pa.decimal128(38, 9)  # quantities and prices as they were told

MEMBERS = pa.schema(
    [
        pa.field("member", NUMBER, nullable=False),
        pa.field("member_id", TEXT, nullable=False),
        pa.field("status", TEXT, nullable=False),  # active | erased
        pa.field("joined_at", MOMENT, nullable=False),
        pa.field("joined_on", DAY, nullable=False),
        pa.field("birthday", DAY),  # null: not known, or erased
        pa.field("tier", TEXT),  # today's
        pa.field("segments", TEXT, nullable=False),  # today's, a JSON list of their ids
        pa.field("attributes", TEXT, nullable=False),  # a JSON object
        pa.field("referrer", NUMBER),
        pa.field("email_consent", pa.bool_(), nullable=False),
        pa.field("spend", NUMBER, nullable=False),  # as the ledger counts it: net, less returns
        pa.field("visits", NUMBER, nullable=False),
    ]
)

SALES = pa.schema(
    [
        pa.field("sale", NUMBER, nullable=False),  # numbered in the order of recording
        pa.field("sale_id", TEXT, nullable=False),
        pa.field("member", NUMBER),
        pa.field("recorded_for", NUMBER),  # who it was recorded for, before merges and claims
        pa.field("occurred_at", MOMENT, nullable=False),
        pa.field("recorded_at", MOMENT, nullable=False),
        pa.field("counts_at", MOMENT, nullable=False),  # when it counts towards a tier
        pa.field("day", DAY, nullable=False),
        pa.field("store", TEXT, nullable=False),
        pa.field("channel", TEXT, nullable=False),
        pa.field("cashier", TEXT, nullable=False),
        pa.field("source", TEXT, nullable=False),
        pa.field("external_id", TEXT),
        pa.field("net", NUMBER, nullable=False),  # goods
        pa.field("gross", NUMBER, nullable=False),
        pa.field("shipping", NUMBER, nullable=False),
        pa.field("margin", NUMBER),  # net − cost of goods; null when the cost of a line is unknown
        pa.field("items", EXACT, nullable=False),
        pa.field("lines", NUMBER, nullable=False),
        pa.field("version", NUMBER, nullable=False),  # of the program that decided
        pa.field("coupons", TEXT, nullable=False),  # a JSON list of what it used
        pa.field("paid_points", NUMBER, nullable=False),  # points that paid a part of it
    ]
)

LINES = pa.schema(
    [
        pa.field("sale", NUMBER, nullable=False),
        pa.field("number", NUMBER, nullable=False),
        pa.field("member", NUMBER),
        pa.field("day", DAY, nullable=False),
        pa.field("sku", TEXT, nullable=False),
        pa.field("name", TEXT, nullable=False),
        pa.field("category", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),  # goods | gift_card
        pa.field("quantity", EXACT, nullable=False),
        pa.field("unit_price", EXACT, nullable=False),
        pa.field("discount", NUMBER, nullable=False),
        pa.field("net", NUMBER, nullable=False),
        pa.field("gross", NUMBER, nullable=False),
        pa.field("cost", NUMBER),  # null: not told
    ]
)

RETURNS = pa.schema(
    [
        pa.field("return_id", TEXT, nullable=False),
        pa.field("sale", NUMBER),  # null: its sale is not known
        pa.field("member", NUMBER),
        pa.field("occurred_at", MOMENT, nullable=False),
        pa.field("recorded_at", MOMENT, nullable=False),
        pa.field("day", DAY, nullable=False),
        pa.field("store", TEXT, nullable=False),  # where it came back
        pa.field("cashier", TEXT, nullable=False),
        pa.field("net", NUMBER, nullable=False),  # what came back, of goods
        pa.field("gross", NUMBER, nullable=False),
        pa.field("margin", NUMBER),
        pa.field("cancels", pa.bool_(), nullable=False),  # the sale was cancelled as a whole
        pa.field("content", TEXT, nullable=False),  # what was told of it, JSON
    ]
)

ACTIVITIES = pa.schema(
    [
        pa.field("activity_id", TEXT, nullable=False),
        pa.field("member", NUMBER),
        pa.field("kind", TEXT, nullable=False),  # activity | enrolment | birthday | adjustment | …
        pa.field("type", TEXT, nullable=False),  # of an activity, or a segment's id
        pa.field("occurred_at", MOMENT, nullable=False),
        pa.field("recorded_at", MOMENT, nullable=False),
        pa.field("day", DAY, nullable=False),
        pa.field("store", TEXT, nullable=False),
        pa.field("author", TEXT, nullable=False),  # who made an adjustment; else empty
        pa.field("properties", TEXT, nullable=False),  # a JSON object
        pa.field("version", NUMBER, nullable=False),
    ]
)

MOVEMENTS = pa.schema(
    [
        pa.field("transfer_id", TEXT, nullable=False),
        pa.field("activity_id", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),  # of the activity that moved them
        pa.field("sale", NUMBER),
        pa.field("member", NUMBER, nullable=False),
        pa.field("unit", TEXT, nullable=False),
        pa.field("debit", NUMBER, nullable=False),  # `ledger.accounts.Place`
        pa.field("credit", NUMBER, nullable=False),
        pa.field("points", NUMBER, nullable=False),
        pa.field("occurred_at", MOMENT, nullable=False),
        pa.field("recorded_at", MOMENT, nullable=False),
        pa.field("day", DAY, nullable=False),
        pa.field("store", TEXT, nullable=False),
        pa.field("channel", TEXT, nullable=False),
    ]
)

AWARDS = pa.schema(
    [
        pa.field("activity_id", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("sale", NUMBER),
        pa.field("member", NUMBER),
        pa.field("rule", TEXT, nullable=False),
        pa.field("unit", TEXT, nullable=False),
        pa.field("points", NUMBER, nullable=False),
        pa.field("version", NUMBER, nullable=False),
        pa.field("occurred_at", MOMENT, nullable=False),
        pa.field("day", DAY, nullable=False),
    ]
)

TIER_CHANGES = pa.schema(
    [
        pa.field("activity_id", TEXT, nullable=False),
        pa.field("member", NUMBER, nullable=False),
        pa.field("before", TEXT),
        pa.field("after", TEXT, nullable=False),
        pa.field("occurred_at", MOMENT, nullable=False),
        pa.field("day", DAY, nullable=False),
    ]
)

LOTS = pa.schema(
    [
        pa.field("lot_id", TEXT, nullable=False),
        pa.field("member", NUMBER, nullable=False),
        pa.field("unit", TEXT, nullable=False),
        pa.field("points", NUMBER, nullable=False),
        pa.field("drawn", NUMBER, nullable=False),
        pa.field("funder", TEXT, nullable=False),
        pa.field("worth", TEXT),  # money (major units) of one point, a decimal; null: pays nothing
        pa.field("starts_at", MOMENT, nullable=False),
        pa.field("ends_at", MOMENT),  # null: never
        pa.field("day", DAY, nullable=False),  # when its points were earned
    ]
)

REDEMPTIONS = pa.schema(
    [
        pa.field("redemption_id", TEXT, nullable=False),
        pa.field("member", NUMBER, nullable=False),
        pa.field("reward", TEXT),  # null: points held to pay with
        pa.field("kind", TEXT),
        pa.field("quantity", NUMBER, nullable=False),
        pa.field("status", TEXT, nullable=False),
        pa.field("unit", TEXT),  # what it was paid with; one row each when there are several
        pa.field("points", NUMBER, nullable=False),
        pa.field("made_at", MOMENT, nullable=False),
        pa.field("captured_at", MOMENT),
        pa.field("day", DAY, nullable=False),
        pa.field("store", TEXT, nullable=False),
        pa.field("author", TEXT, nullable=False),
        pa.field("milestone", TEXT),
        pa.field("version", NUMBER, nullable=False),
    ]
)

GIFT_CARDS = pa.schema(
    [
        pa.field("card_id", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),  # issue | charge | refund | cancel
        pa.field("purpose", TEXT, nullable=False),  # multi_purpose | single_purpose
        pa.field("amount", NUMBER, nullable=False),
        pa.field("balance", NUMBER, nullable=False),
        pa.field("recorded_at", MOMENT, nullable=False),
        pa.field("day", DAY, nullable=False),
    ]
)

TABLES: Mapping[str, pa.Schema] = {
    "members": MEMBERS,
    "sales": SALES,
    "lines": LINES,
    "returns": RETURNS,
    "activities": ACTIVITIES,
    "movements": MOVEMENTS,
    "awards": AWARDS,
    "tier_changes": TIER_CHANGES,
    "lots": LOTS,
    "redemptions": REDEMPTIONS,
    "gift_cards": GIFT_CARDS,
}


# Whose number stands for a holder's by now, of those whom another stands for.
LEADS = pa.schema([pa.field("holder", NUMBER), pa.field("member", NUMBER)])


def kept_schema(name: str) -> pa.Schema:
    """How the rows of a table are kept: `holder` numbers whom they were recorded for.

    Whoever that is by now is joined when the copy is opened, so that a merge rewrites nothing.
    """
    schema = TABLES[name]
    if name == "members":
        return schema
    fields = [
        pa.field("holder", NUMBER, nullable=False) if field.name == "member" else field
        for field in schema
        if field.name != "recorded_for"
    ]
    if name == "gift_cards":
        fields.insert(0, pa.field("entry_id", TEXT, nullable=False))
    return pa.schema(fields)
