"""Give open lots the dates that the rule in force would give them: looked at first, then done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from fiel.domain.lots import inactive_at, term_of
from fiel.domain.program import ExpiresByInactivity, Program, Unit
from fiel.domain.time import Duration, end_of_day, utc_text
from fiel.ledger.arrays import plain_array
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Asked, Place, ask_books, read_lots
from fiel.ledger.posting import Posting, Told, Version
from fiel.ledger.scope import Connection
from fiel.ledger.settling import look_ahead
from fiel.ledger.statements import prepared
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write

REDATE = "redate"


@dataclass(slots=True)
class Redating:
    """What a change of dates comes to: by unit and new end, how many lots and points."""

    members: int = 0
    lots: int = 0
    points: int = 0
    by_end: dict[tuple[str, datetime | None], tuple[int, int]] = field(default_factory=dict)

    def add(self, unit: str, ends_at: datetime | None, points: int) -> None:
        """Count one lot."""
        lots, so_far = self.by_end.get((unit, ends_at), (0, 0))
        self.by_end[unit, ends_at] = (lots + 1, so_far + points)
        self.lots += 1
        self.points += points


async def members_with_lots(
    connection: Connection, place: Place, *, after: UUID, most: int
) -> list[UUID]:
    """Members of a shard who have open lots, in the order of their ids."""
    trip = Trip(connection)
    asked = trip.ask(
        prepared("members_with_lots"), {**_here(place), "after": str(after), "most": str(most)}
    )
    await trip.go()
    return [member_id for (member_id,) in trip.rows(asked)]


async def redate_members(
    connection: Connection,
    place: Place,
    version: Version,
    members: Sequence[UUID],
    total: Redating,
    *,
    now: datetime,
    notice: Duration,
    is_done: bool,
) -> None:
    """Add to `total` what would change for members, and, where it `is_done`, change it.

    `connection` is inside the program's transaction. Nothing ends sooner than the notice, counted
    from today, unless it would have anyway.
    """
    trip = Trip(connection)
    asked = ask_books(connection, trip, place, Asked(members, now), lock=is_done)
    earned = trip.ask(prepared("lots_earned"), {**_here(place), "members": plain_array(members)})
    await trip.go()
    books = await asked.read()
    earned_at = {lot_id: at for _, lot_id, at in trip.rows(earned)}
    unread = [book for book in books.values() if not book.lots_read]
    if unread:
        await read_lots(connection, place, unread)
    posting = Posting(version)
    for book in books.values():
        posting.settle(book, now)
        _redate(posting, book, earned_at, total, now, notice)
    if is_done:
        back = Trip(connection)
        write(back, place, posting)
        await back.go()


def _redate(
    posting: Posting,
    book: Book,
    earned_at: Mapping[UUID, datetime],
    total: Redating,
    now: datetime,
    notice: Duration,
) -> None:
    program = posting.version.program
    changed: list[list[str | None]] = []
    for unit_id, lots in book.lots.items():
        unit = program.units.get(unit_id)
        if unit is None:
            continue
        for lot in lots:
            if not lot.left or lot.id not in earned_at:
                continue
            ends_at = _end_by_rule(unit, lot, earned_at[lot.id], program, now, notice)
            if ends_at != lot.ends_at:
                changed.append([str(lot.id), _text(lot.ends_at), _text(ends_at)])
                total.add(unit_id, ends_at, lot.left)
                lot.ends_at, lot.is_changed = ends_at, True
        look_ahead(book.account(unit_id), lots)
    idle = _redate_idle(book, program, total, now, notice)
    if changed or idle:
        total.members += 1
        told = Told(new_id(), REDATE, "", None, now, b"")
        posting.close(book, told, {"redated": changed, "idle": idle}, now=now)


def _end_by_rule(
    unit: Unit,
    lot: OpenLot,
    earned_at: datetime,
    program: Program,
    now: datetime,
    notice: Duration,
) -> datetime | None:
    """What the rule says; what would end sooner keeps the days of notice, or the end it has."""
    ends_at = term_of(unit, earned_at, program.timezone).ends_at
    if ends_at is None:
        return None
    least = _end_of_notice(program, now, notice)
    if lot.ends_at is not None:
        least = min(least, lot.ends_at)
    return max(ends_at, least)


def _redate_idle(
    book: Book, program: Program, total: Redating, now: datetime, notice: Duration
) -> list[list[str | None]]:
    """The ends that come by doing nothing, of accounts whose unit has another rule for it now."""
    changed = []
    last = book.standing.last_activity_at or book.standing.joined_at
    for account in book.accounts.values():
        unit = program.units.get(account.unit)
        if unit is None or not account.available:
            continue
        ends_at = None
        if isinstance(unit.expiry, ExpiresByInactivity):
            by_rule = inactive_at(unit, last, program.timezone)
            assert by_rule is not None, "such a unit's points end"
            least = _end_of_notice(program, now, notice)
            if account.inactive_at is not None:
                least = min(least, account.inactive_at)
            ends_at = max(by_rule, least)
        if ends_at != account.inactive_at:
            changed.append([account.unit, _text(account.inactive_at), _text(ends_at)])
            total.add(account.unit, ends_at, account.available)
            account.inactive_at = ends_at
    return changed


def _end_of_notice(program: Program, now: datetime, notice: Duration) -> datetime:
    day = notice.after(now.astimezone(program.timezone).date())
    return end_of_day(day, program.timezone).astimezone(UTC)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc_text(moment)


def _here(place: Place) -> dict[str, str]:
    return {"program": str(place.program_id), "shard": str(place.shard)}
