"""Pasts and programs made by chance, for the fold and the replay to agree on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import orjson
import pyarrow as pa
import yaml

from fiel.domain.document import read_program
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns, columns_of_arrow
from fiel.insights.columns.tables import TABLES

OPENS = datetime(2025, 1, 7, 9, tzinfo=UTC)
CATEGORIES = ("coffee", "bread", "tobacco", "cards", "shipping", "")
SKUS = ("CAP-01", "PAN-02", "")
STORES, CHANNELS = ("centro", "sur"), ("pos", "web")


class MadePast:
    """Rows of the columnar copy, added one after another."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}

    def add(self, table: str, **row: Any) -> None:
        """Add a row; columns that are not told are empty."""
        full = {
            field.name: None if field.nullable else _EMPTY[field.type] for field in TABLES[table]
        }
        self.rows[table].append(full | row)

    def member(self, number: int, joined: datetime, **told: Any) -> None:
        """A member who joined then."""
        self.add(
            "members", member=number, member_id=f"00000000-0000-7000-8000-{number:012x}",
            status="active", joined_at=_naive(joined), joined_on=joined.date(), segments="[]",
            attributes=orjson.dumps(told.pop("attributes", {})).decode(), **told,
        )  # fmt: skip
        self.activity(number, joined, "enrolment")

    def activity(
        self, member: int, at: datetime, kind: str = "activity", type: str = "", **properties: Any
    ) -> None:
        """Something that a member did."""
        number = len(self.rows["activities"])
        self.add(
            "activities", activity_id=f"{number:08d}", member=member, kind=kind, type=type,
            occurred_at=_naive(at), recorded_at=_naive(at), day=at.date(),
            properties=orjson.dumps(properties).decode(),
        )  # fmt: skip

    def sale(self, member: int | None, at: datetime, *lines: dict[str, Any], **told: Any) -> int:
        """A sale; what a line does not tell is as usual."""
        number = len(self.rows["sales"]) + 1
        made = [
            {
                "sku": "", "name": "", "category": "", "kind": "goods", "quantity": Decimal(1),
                "gross": line["net"], "cost": 0, "discount": 0,
                "unit_price": Decimal(line["net"]) / 100, **line,
            }
            for line in lines
        ]  # fmt: skip
        for place, line in enumerate(made, 1):
            self.add("lines", sale=number, number=place, member=member, day=at.date(), **line)
        goods = [line for line in made if line["kind"] == "goods"]
        self.add("sales", **{
            "sale": number, "sale_id": str(number), "member": member, "occurred_at": _naive(at),
            "recorded_at": _naive(at), "counts_at": _naive(at), "day": at.date(),
            "store": "centro", "channel": "pos", "source": "till",
            "net": sum(line["net"] for line in goods),
            "gross": sum(line["gross"] for line in goods), "lines": len(made), "version": 1,
            "coupons": "[]", **told,
        })  # fmt: skip
        return number

    def comes_back(self, sale: int, at: datetime) -> None:
        """A sale that came back as a whole."""
        sold = self.rows["sales"][sale - 1]
        self.add(
            "returns", return_id=f"{len(self.rows['returns']):08d}", sale=sale,
            member=sold["member"], occurred_at=_naive(at), recorded_at=_naive(at), day=at.date(),
            cancels=True, content="{}",
        )  # fmt: skip

    def redemption(self, member: int, at: datetime, reward: str, quantity: int = 1) -> None:
        """A reward that was redeemed."""
        number = len(self.rows["redemptions"])
        self.add(
            "redemptions", redemption_id=f"{number:08d}", member=member, reward=reward,
            quantity=quantity, status="captured", made_at=_naive(at), captured_at=_naive(at),
            day=at.date(),
        )  # fmt: skip

    def tables(self) -> dict[str, pa.Table]:
        """The rows as tables."""
        return {name: pa.Table.from_pylist(rows, TABLES[name]) for name, rows in self.rows.items()}

    @contextmanager
    def columns(self) -> Iterator[Columns]:
        """The rows as a columnar copy."""
        with columns_of_arrow(self.tables()) as columns:
            yield columns


_EMPTY: dict[Any, Any] = {
    pa.int64(): 0,
    pa.string(): "",
    pa.bool_(): False,
    pa.date32(): date(2025, 1, 1),
    pa.timestamp("us"): datetime(2025, 1, 1),  # noqa: DTZ001 - moments of the copy have no zone
    pa.decimal128(38, 9): Decimal(0),
}


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def made_past(
    random: Random, *, members: int = 4, happenings: int = 60, comes_back: bool = False
) -> MadePast:
    """A past of some members over a year and a half."""
    past = MadePast()
    pick = random.choice
    for number in range(1, members + 1):
        past.member(
            number * 3, OPENS - timedelta(days=random.randint(0, 400), minutes=number),
            birthday=pick([None, date(1990, 2, 28), date(1996, 2, 29), date(2001, 6, 15)]),
            attributes=pick([{}, {"drink": "latte"}, {"drink": 3}]),
        )  # fmt: skip
    at = OPENS
    for _ in range(happenings):
        at += timedelta(minutes=pick([0, 5, 700, 1440, 4000, 20_000, 40_000]))
        member = 3 * random.randint(1, members)
        match random.randint(0, 9):
            case 0:
                past.activity(
                    member, at, type=pick(["review", "visit"]), stars=random.randint(1, 5)
                )
            case 1 | 2:
                past.redemption(member, at, pick(["coffee", "cake", "gone"]), random.randint(1, 2))
            case 3 if past.rows["sales"] and comes_back:
                past.comes_back(random.randint(1, len(past.rows["sales"])), at)
            case kind:
                lines = [_made_line(random) for _ in range(random.randint(int(comes_back), 4))]
                past.sale(
                    None if kind == 9 else member, at, *lines, store=pick(STORES),
                    channel=pick(CHANNELS), shipping=pick([0, 0, 0, 495]),
                )  # fmt: skip
    return past


def _made_line(random: Random) -> dict[str, Any]:
    net = random.choice([0, 120, 999, 1000, 2550, 12_345])
    return {
        "sku": random.choice(SKUS),
        "category": random.choice(CATEGORIES),
        "kind": random.choice(["goods", "goods", "goods", "gift_card"]),
        "quantity": random.choice([Decimal(1), Decimal(3), Decimal("0.5"), Decimal("1.275")]),
        "net": net,
        "gross": net * 121 // 100,
        "cost": random.choice([None, 0, net // 3, net * 2]),
    }


CONDITIONS = (
    'line.category == "coffee"', 'line.category in ["bread", "cards"]', 'line.sku != "CAP-01"',
    "sale.net >= 10.0", "line.net > 9.99 && sale.channel == 'web'", "sale.items >= 2.5",
    'member.tier == "gold"', 'line.category == "bread" || member.tier == "silver"',
    "member.spend >= 100.0", "member.visits < 5", "member.joined_days > 200",
    'member.attributes.drink == "latte"', "line.margin > 0.0 && line.quantity >= 1.0",
    '!(member.attributes.drink == "latte") || sale.store == "sur"', "line.unit_price < 5.0",
    "member.birthday_month == 6", "sale.gross * 2.0 > sale.net + 20.0", 'sale.store == "sur"',
    "line.gross >= 0.25 * sale.gross",
)  # fmt: skip


def made_document(random: Random) -> dict[str, Any]:
    """A program that uses a bit of everything that the kernel folds."""
    pick = random.choice
    units = {name: _made_unit(random) for name in ("points", "stamps")}
    earn = [_made_rule(random, place) for place in range(random.randint(1, 7))]
    earn += [
        {"id": "always", "event": "sale", "give": {"points": 3}, "where": pick(CONDITIONS)},
        {"id": "hello-items", "event": "sale", "give": {"stamps": 2, "per_item": True}},
        {"id": "hello", "event": "enrolment", "give": {"points": random.randint(1, 80)}},
        {"id": "review", "event": "activity", "activity": pick(["review", "visit"]),
         "give": {"stamps": 2}, "limit": {"per_member": 1, "every": pick(["day", "month"])}},
    ]  # fmt: skip
    earn += [{"id": "day", "event": pick(["birthday", "anniversary"]), "give": {"points": 70}}]
    document: dict[str, Any] = {
        "program": "cafe-sol", "name": "Café Sol", "locale": "es", "currency": "EUR",
        "timezone": pick(["Europe/Madrid", "America/Mexico_City", "UTC"]),
        "units": units,
        "stacking": pick(["multiply", "add", "best"]),
        "earn": earn,
        "rewards": [
            {"id": "coffee", "kind": "product", "price": {"points": 20}, "cost": "1.20"},
            {"id": "cake", "kind": "product", "price": {"points": 55, "stamps": 3}, "cost": "2.00"}
            | ({"stock": 2} if pick([True, False]) else {}),
        ],
    }  # fmt: skip
    if random.random() < 0.7:
        by = pick(["spend", "points", "visits"])
        steps = {"spend": (0, 30, 90), "points": (0, 40, 300), "visits": (0, 3, 8)}[by]
        document["tiers"] = {
            "by": by, "window": pick(["12 months", "90 days", "calendar_year"]),
            "levels": [
                {"id": "basic", "from": steps[0]},
                {"id": "silver", "from": steps[1], "multiply": pick([1, 1.5])},
                {"id": "gold", "from": steps[2], "multiply": pick([2, 1.25])},
            ],
            "downgrade": pick([
                "never", {"check": "window_end", "grace": pick(["0 days", "1 month"])},
                {"check": "window_end", "grace": "0 days", "one_step": True},
            ]),
        }  # fmt: skip
    return document


def _made_unit(random: Random) -> dict[str, Any]:
    pick = random.choice
    unit: dict[str, Any] = {
        "name": {"es": "puntos"},
        "round": pick(["floor", "half_up", "ceil"]),
        "round_per": pick(["sale", "line"]),
        "negative": pick(["debt", "clamp", "pending_only"]),
        "expiry": pick(
            ["never", {"after": "3 months"}, {"after": "60 days"}, {"inactivity": "2 months"},
             {"day": "12-31", "years": 0}]
        ),
    }  # fmt: skip
    if random.random() < 0.3 and "inactivity" not in unit["expiry"]:
        unit["pending"] = pick(["14 days", "1 month"])
    return unit


def _made_rule(random: Random, place: int) -> dict[str, Any]:
    pick = random.choice
    rule: dict[str, Any] = {"id": f"rule-{place}", "event": "sale"}
    match random.randint(0, 4):
        case 0:
            rule["multiply"] = pick([2, 1.5, 0.5, 3])
            if random.random() < 0.3:
                rule["rules"] = [pick(["always", "hello-items"])]
        case 1:
            rule["give"] = {"points": pick([5, 20])}
        case 2:
            rule["give"] = {"stamps": 1, "per_item": True}
        case _:
            unit = pick(["points", "stamps"])
            rule["give"] = {unit: pick([1, 2.5, "0.7"]), "per": pick(["1.00", "0.07", "10.00"])}
            rule["of"] = pick(["net", "gross", "margin"])
    if random.random() < 0.5:
        rule["where"] = pick(CONDITIONS)
    if random.random() < 0.2:
        rule["when"] = pick([
            {"days": ["mon", "tue", "sat"]}, {"hours": "22:00-12:00"},
            {"from": "2025-03-01", "to": "2025-09-30", "hours": "08:30-16:45"},
        ])  # fmt: skip
    if random.random() < 0.25:
        rule["limit"] = {"per_member": random.randint(1, 2), "every": pick(["day", "week", "year"])}
    if random.random() < 0.2:
        budgeted = "stamps" if "stamps" in rule.get("give", {}) else "points"
        rule["budget"] = {budgeted: random.randint(10, 400)}
    if "give" in rule and random.random() < 0.3:
        rule["include"] = pick([["gift_cards"], ["shipping"], ["gift_cards", "shipping"]])
    return rule


def program_of(document: dict[str, Any]) -> Program:
    """The program that a document says."""
    return read_program(yaml.safe_dump(document, allow_unicode=True))
