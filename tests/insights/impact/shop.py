"""A shop whose members and purchases a test can count on its fingers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pyarrow as pa

from fiel.domain.holdout import holdout_of
from fiel.insights.columns.tables import TABLES
from fiel.insights.impact.experiments import Promotion, Version

TODAY = date(2026, 7, 1)
BEGAN = datetime(2026, 1, 1, 11, tzinfo=UTC)  # the second of January is the first whole day
FIRST = date(2026, 1, 2)
JOINED = date(2025, 6, 1)


def sides(many: int, *, percent: str = "50", name: str = "") -> tuple[list[UUID], list[UUID]]:
    """So many who are kept out, and as many who are not."""
    holdout = holdout_of("cafe-sol", name, Decimal(percent))
    out: list[UUID] = []
    within: list[UUID] = []
    number = 0
    while min(len(out), len(within)) < many:
        number += 1
        (out if holdout.holds(UUID(int=number)) else within).append(UUID(int=number))
    return out[:many], within[:many]


def version(share: str | None = "50", *, at: datetime = BEGAN, **promotions: Promotion) -> Version:
    return Version(at, "cafe-sol", promotions, None if share is None else Decimal(share))


def members(ids: Sequence[UUID], *, joined: Sequence[date] | date = JOINED) -> pa.Table:
    """Members, numbered from one in the order of their ids."""
    days = [joined] * len(ids) if isinstance(joined, date) else joined
    return rows_of(
        "members",
        (
            {"member": number, "member_id": str(id_), "joined_on": day}
            for number, (id_, day) in enumerate(zip(ids, days, strict=True), 1)
        ),
    )


def sales(bought: Iterable[tuple[int | None, date, int]], *, margin: int | None = 1) -> pa.Table:
    """Sales of a member, on a day, of so many minor units."""
    return rows_of(
        "sales",
        (
            {"sale": number, "member": who, "day": day, "net": net, "margin": margin and net // 2}
            for number, (who, day, net) in enumerate(bought, 1)
        ),
    )


def rows_of(name: str, told: Iterable[dict[str, object]]) -> pa.Table:
    """A table of the copy with what is told, and as little as can be of everything else."""
    schema = TABLES[name]
    rest = {field.name: _least(field) for field in schema}
    return pa.Table.from_pylist([rest | row for row in told], schema=schema)


def days(many: int, *, since: date = FIRST) -> list[date]:
    return [since + timedelta(days=number) for number in range(many)]


def _least(field: pa.Field) -> object:
    kind = field.type
    if field.nullable:
        return None
    if pa.types.is_string(kind):
        return ""
    if pa.types.is_boolean(kind):
        return False
    if pa.types.is_date(kind):
        return JOINED
    if pa.types.is_timestamp(kind):
        return datetime(2025, 6, 1)  # noqa: DTZ001 (the columns hold UTC without a zone)
    return 0
