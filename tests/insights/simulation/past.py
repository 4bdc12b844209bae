"""Small pasts in columns, written by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa

from fiel.insights.columns.tables import TABLES

OPENS = datetime(2025, 1, 7, 9, tzinfo=UTC)
CAST = ("ana", "berta", "carla")


@dataclass
class Past:
    """What happened, day by day from the seventh of January 2025 on, always at nine o'clock."""

    rows: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {name: [] for name in TABLES}
    )

    def tables(self) -> dict[str, pa.Table]:
        """The columns."""
        return {
            name: pa.Table.from_pylist(rows, schema=TABLES[name])
            for name, rows in self.rows.items()
            if rows
        }

    def joins(self, *names: str, enrols: bool = True) -> Past:
        """Let some of the cast join on the first day."""
        for name in names:
            number = CAST.index(name) + 1
            self._tell(
                "members", 0,
                member=number, member_id=f"00000000-0000-7000-8000-00000000000{number}",
                status="active", joined_at=OPENS, joined_on=OPENS.date(), segments="[]",
                attributes="{}", email_consent=False, spend=0, visits=0,
            )  # fmt: skip
            if enrols:
                self._tell(
                    "activities", 0,
                    activity_id=name, member=number, kind="enrolment", type="", author="",
                    properties="{}",
                )  # fmt: skip
        return self

    def buys(
        self,
        name: str,
        cents: int,
        *,
        on: int,
        cost: int | None = None,
        told_late: int = 0,
        paid: int = 0,
    ) -> Past:
        """Sell one thing on a day."""
        number = len(self.rows["sales"]) + 1
        member = CAST.index(name) + 1
        self._tell(
            "sales", on, told_late,
            sale=number, sale_id=str(number), member=member, recorded_for=member, channel="",
            cashier="", source="", net=cents, gross=cents, shipping=0,
            margin=None if cost is None else cents - cost, items=Decimal(1), lines=1,
            coupons="[]", paid_points=paid,
        )  # fmt: skip
        self._tell(
            "lines", on,
            sale=number, number=1, member=member, sku="", name="", category="", kind="goods",
            quantity=Decimal(1), unit_price=Decimal(cents) / 100, discount=0, net=cents,
            gross=cents, cost=cost,
        )  # fmt: skip
        return self

    def has(self, name: str, reward: str, *, on: int, status: str = "captured") -> Past:
        """Redeem a reward on a day."""
        self._tell(
            "redemptions", on,
            redemption_id=str(len(self.rows["redemptions"])), member=CAST.index(name) + 1,
            reward=reward, kind="product", quantity=1, status=status, unit="points", points=10,
            author="",
        )  # fmt: skip
        return self

    def brings_back(self, sale: int | None, *, on: int, name: str = "ana", **told: Any) -> Past:
        """Return a sale, all of it unless it is told otherwise."""
        self._tell(
            "returns", on,
            return_id=str(len(self.rows["returns"])), sale=sale, member=CAST.index(name) + 1,
            cashier="", net=0, gross=0, cancels=False,
            content=orjson.dumps(told or {"full": True}).decode(),
        )  # fmt: skip
        return self

    def is_given(self, name: str, points: int, *, on: int) -> Past:
        """Correct a balance by hand."""
        debit, credit = (16, 1) if points > 0 else (1, 16)
        self._tell(
            "movements", on,
            transfer_id=str(len(self.rows["movements"])), activity_id="", kind="adjustment",
            member=CAST.index(name) + 1, unit="points", debit=debit, credit=credit,
            points=abs(points), channel="",
        )  # fmt: skip
        return self

    def _tell(self, table: str, on: int, told_late: int = 0, **row: Any) -> None:
        at = (OPENS + timedelta(days=on)).replace(tzinfo=None)
        told = at + timedelta(days=told_late)
        known = {
            "occurred_at": at, "recorded_at": told, "counts_at": at, "made_at": at,
            "captured_at": at, "day": at.date(), "store": "", "version": 1,
        }  # fmt: skip
        names = TABLES[table].names
        self.rows[table].append({key: value for key, value in known.items() if key in names} | row)
