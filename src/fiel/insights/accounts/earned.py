"""Points by the month in which they were earned, read from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from fiel.domain.accounting.cohorts import Points, Price, Source
from fiel.domain.program import Program
from fiel.insights.accounts.due import Due, due_parameters
from fiel.insights.accounts.moment import FIRST_YEAR
from fiel.insights.accounts.reading import Row, rows
from fiel.ledger.accounts import Place
from fiel.ledger.scope import Connection

# Places of the ledger, by what points that went there have become; 0 is where they came from.
_BECAME = {
    0: "earned",
    Place.ISSUED: "reversed",
    Place.REDEEMED: "redeemed",
    Place.DEBT: "settled",
    # What was moved to another member and is in no lot there has paid a debt.
    Place.TRANSIT: "settled",
    Place.EXPIRED: "expired",
    Place.ADJUSTED: "removed",
    Place.PARTNER: "removed",
}
_ARRIVED = -Place.TRANSIT
# More times than anybody asks for; `points.sql` tells a place and a time by one number.
_TIMES = 1000


async def points_at(
    connection: Connection,
    program_id: UUID,
    program: Program,
    bounds: Sequence[datetime],
    due: Sequence[Sequence[Due]],
) -> list[Sequence[Row]]:
    """What had become of points before each of some moments in rising order, as `points_of` reads.

    `due` is what had ended by each of them and is not booked. The ledger is read once for all.
    """
    here = _parameters(program_id, program, bounds)
    spots = [_TIMES * place + at for place in _BECAME for at in range(len(bounds))]
    found = [
        *await rows(connection, "points", here | {"spots": spots}),
        *await rows(connection, "points_apart", here | due_parameters(due)),
    ]
    return [
        [
            (*told, points)
            for *told, bucket, is_due, points in found
            if (bucket == at if is_due else bucket <= at)
        ]
        for at in range(len(bounds))
    ]


async def prices_at(
    connection: Connection,
    program_id: UUID,
    program: Program,
    bounds: Sequence[datetime],
    units: Sequence[str],
) -> list[list[Price]]:
    """What was paid for sales that earned one of these units, less what came back.

    It is told before each of some moments in rising order.
    """
    here = _parameters(program_id, program, bounds) | {"units": list(units)}
    paid: list[dict[tuple[date, int], int]] = [{} for _ in bounds]
    for month, version, bucket, amount in await rows(connection, "prices", here):
        for by_then in paid[bucket:]:
            by_then[month, version] = by_then.get((month, version), 0) + (amount or 0)
    return [
        [Price(month, version, amount) for (month, version), amount in by_then.items()]
        for by_then in paid
    ]


def _parameters(
    program_id: UUID, program: Program, bounds: Sequence[datetime]
) -> dict[str, object]:
    return {
        "program": program_id,
        "bounds": list(bounds),
        "zone": program.timezone.key,
        "months": _months(bounds[-1]),
    }


def _months(until: datetime) -> list[date]:
    """Every month up to a moment in which anything can have been earned."""
    last = until.year * 12 + until.month  # also where the zone is a month ahead
    first = FIRST_YEAR * 12 - 1  # also where the zone is a month behind
    return [date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1)]


def points_of(found: Sequence[Row], programs: Mapping[int, Program]) -> list[Points]:
    """Points, from what became of them, each at what the version that gave them says."""
    became: dict[tuple[str, date, Source, int, Fraction | None], dict[str, int]] = {}
    for unit, month, source, version, worth, place, points in found:
        given_by = programs[version]
        key = unit, month, Source(source), version, _worth(unit, worth, given_by)
        counts = became.setdefault(key, {})
        if place == _ARRIVED:
            name, change = "settled", -points
        else:
            name, change = _BECAME.get(place, ""), points
        if name:
            counts[name] = counts.get(name, 0) + change
    return [
        Points(
            *key,
            counts.get("earned", 0),
            counts.get("reversed", 0),
            counts.get("redeemed", 0),
            counts.get("settled", 0),
            counts.get("expired", 0),
            counts.get("removed", 0),
            _left(counts),
        )
        for key, counts in became.items()
    ]


def _left(counts: Mapping[str, int]) -> int:
    """What is neither gone nor used: open, waiting or held."""
    return counts.get("earned", 0) - sum(
        points for name, points in counts.items() if name != "earned"
    )


def _worth(unit: str, worth: object, program: Program) -> Fraction | None:
    """What one is worth by itself, in exact minor units: as stated, else as when it was earned."""
    stated = program.accounting.of(unit).value
    if stated is None and worth is not None:
        stated = Fraction(str(worth))
    if stated is None and unit in program.units:
        stated = program.units[unit].value
    return None if stated is None else stated * program.currency.minor_per_major
