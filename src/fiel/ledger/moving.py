"""Moving points between the places of a book: what earns, spends, takes back and gives back.

The books were opened, settled up to `now`, and their open lots read. Books and counters change at
once, together with the rows that say so; nothing is in the database before the posting is written.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from fiel.domain.decision import Term
from fiel.domain.lots import Draw, draw_soonest_expiring, inactive_at, term_of
from fiel.domain.program import Negative, Unit
from fiel.domain.time import end_of_day, utc_text
from fiel.ledger.accounts import Account, Place
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.settling import Move, look_ahead

if TYPE_CHECKING:
    from fiel.ledger.posting import Posting, Told


@dataclass(frozen=True, slots=True)
class Taken:
    """Points that were taken, and the lots they came from in the order in which it was asked."""

    transfer_id: UUID
    unit: str
    points: int
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Points put back; of these some may have ended at once, and some paid a debt."""

    points: int
    expired: int
    paid: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Where points that were earned and are taken back came from.

    `points` out of lots; `lapsed` had expired before; `owed` stands as debt; `uncollected` was
    let go.
    """

    points: int = 0
    lapsed: int = 0
    owed: int = 0
    uncollected: int = 0


def credit(
    posting: Posting,
    book: Book,
    told: Told,
    unit: Unit,
    points: int,
    term: Term,
    *,
    source: Place,
    now: datetime,
    pair_id: UUID | None = None,
    like: OpenLot | None = None,
) -> None:
    """Give points for a term: a debt is paid first, what is left is a lot of its own.

    `like` is the lot that the points were in before they were moved from another member.
    """
    account = book.account(unit.id)
    owed = min(account.debt, points) if _has_started(term, like, now) else 0
    if owed:
        account.move(source, Place.DEBT, owed)
        move = Move(unit.id, source, Place.DEBT, owed, told.occurred_at, pair_id=pair_id)
        posting.transfer(book, told, move, now)
    if points > owed:
        _open_lot(posting, book, told, unit, points - owed, term, source, now, pair_id, like)


def _open_lot(
    posting: Posting,
    book: Book,
    told: Told,
    unit: Unit,
    points: int,
    term: Term,
    source: Place,
    now: datetime,
    pair_id: UUID | None,
    like: OpenLot | None,
) -> None:
    account = book.account(unit.id)
    started = _has_started(term, like, now)
    place = Place.AVAILABLE if started else Place.PENDING
    account.move(source, place, points)
    move = Move(unit.id, source, place, points, told.occurred_at, pair_id=pair_id)
    lot_id = posting.transfer(book, told, move, now)
    worth: Fraction | Decimal | None = unit.value if like is None else like.worth
    origin = None if like is None else like.origin or like.id
    lot = OpenLot(
        lot_id, unit.id, points, 0, term.starts_at, term.ends_at, started, told.id, origin, worth
    )
    posting.rows.lots.append((book.key, told.key, lot))
    book.lots.setdefault(unit.id, []).append(lot)
    if term.ends_at is not None and term.ends_at <= now:
        # Told late, over already: booked as ended at once.
        lot.drawn = points
        account.move(place, Place.EXPIRED, points)
        draws = (Draw(lot_id, points),)
        ended = Move(unit.id, place, Place.EXPIRED, points, term.ends_at, draws)
        posting.transfer(book, told, ended, now)
        return
    if not started:
        account.changes_no_later_than(term.starts_at)
    if term.ends_at is not None:
        account.changes_no_later_than(term.ends_at)
        account.expects_expiry(points, term.ends_at)


def _has_started(term: Term, like: OpenLot | None, now: datetime) -> bool:
    """Whether points can be used; what could be used where it was can be used where it goes.

    Whoever moves points may have begun before they were earned, by an instant or by another
    server's clock, and have waited for the lock.
    """
    return term.starts_at <= now or (like is not None and like.activated)


def advance(
    posting: Posting, book: Book, told: Told, unit: Unit, points: int, *, now: datetime
) -> None:
    """Lend a member points that are spent at once, and write them down as owed.

    What a till granted without a network, and the member did not have. Given back, they pay the
    debt again.
    """
    term = Term(now, term_of(unit, now, posting.version.program.timezone).ends_at)
    _open_lot(posting, book, told, unit, points, term, Place.ADJUSTED, now, None, None)
    book.account(unit.id).move(Place.DEBT, Place.ADJUSTED, points)
    move = Move(unit.id, Place.DEBT, Place.ADJUSTED, points, told.occurred_at)
    posting.transfer(book, told, move, now)


def take(
    posting: Posting,
    book: Book,
    told: Told,
    unit_id: str,
    points: int,
    *,
    to: Place,
    now: datetime,
    pair_id: UUID | None = None,
) -> Taken:
    """Take points that can be used out of a member's lots, those that end soonest first.

    Raises:
        InsufficientPoints: the member has less; nothing was changed.
    """
    draws = draw_soonest_expiring([lot.plain() for lot in _available(book, unit_id)], points)
    return _draw(posting, book, told, unit_id, (Place.AVAILABLE, to), draws, now, pair_id)


def take_lot(
    posting: Posting,
    book: Book,
    told: Told,
    lot: OpenLot,
    *,
    to: Place,
    now: datetime,
    pair_id: UUID | None = None,
) -> Taken:
    """Take all that is left in one lot, whether or not it can be used yet."""
    assert lot.left, "an empty lot has nothing to take"
    place = Place.AVAILABLE if lot.activated else Place.PENDING
    draws = [Draw(lot.id, lot.left)]
    return _draw(posting, book, told, lot.unit, (place, to), draws, now, pair_id)


def capture(
    posting: Posting, book: Book, told: Told, unit_id: str, points: int, *, now: datetime
) -> None:
    """Make points that were held redeemed for good."""
    book.account(unit_id).move(Place.HELD, Place.REDEEMED, points)
    move = Move(unit_id, Place.HELD, Place.REDEEMED, points, told.occurred_at)
    posting.transfer(book, told, move, now)


def give_back(
    posting: Posting,
    book: Book,
    told: Told,
    unit: Unit,
    drawn: Sequence[Draw],
    points: int,
    *,
    source: Place,
    now: datetime,
    already: int = 0,
) -> GivenBack:
    """Put points back into the lots that they were drawn from, last drawn first.

    `already` points of `drawn` were given back before. What belongs to a lot that has ended gets
    the unit's days of grace, or ends at once: never a fresh term. The lots of `drawn` are in the
    book, also those that were empty.
    """
    account = book.account(unit.id)
    back = _last_drawn(drawn, already, points)
    account.move(source, Place.AVAILABLE, points)
    draws = tuple(Draw(draw.lot_id, -draw.points) for draw in back)
    book.draw(unit.id, draws)
    at = told.occurred_at
    posting.transfer(book, told, Move(unit.id, source, Place.AVAILABLE, points, at, draws), now)
    expired = 0
    lots = {lot.id: lot for lot in book.lots[unit.id]}
    for draw in back:
        expired += _end_again(posting, book, told, unit, lots[draw.lot_id], draw.points, now)
    return GivenBack(points, expired, pay_debt(posting, book, told, unit.id, now=now))


def take_back(
    posting: Posting,
    book: Book,
    told: Told,
    unit: Unit,
    points: int,
    *,
    earned_by: Collection[UUID],
    lapsed: int,
    now: datetime,
) -> TakenBack:
    """Take back points that activities earned: what is left of them first, pending or not.

    `earned_by` names activities, and lots of theirs whose points were moved to this member.
    `lapsed` of them had expired already and are gone. What is missing then comes out of other
    points that can be used; for what is missing still, the unit says what happens.
    """
    open_lots = [lot for lot in book.lots.get(unit.id, ()) if lot.left]
    own = [lot for lot in open_lots if lot.activity_id in earned_by or lot.origin in earned_by]
    waiting = [lot for lot in own if not lot.activated]
    started = [lot for lot in own if lot.activated]
    taken = _take_up_to(posting, book, told, unit.id, Place.PENDING, waiting, points, now)
    if unit.negative is Negative.PENDING_ONLY:
        return TakenBack(points=taken)
    taken += _take_up_to(
        posting, book, told, unit.id, Place.AVAILABLE, started, points - taken, now
    )
    gone = min(points - taken, lapsed)
    rest = _available(book, unit.id)
    left = points - taken - gone
    taken += _take_up_to(posting, book, told, unit.id, Place.AVAILABLE, rest, left, now)
    missing = points - taken - gone
    if not missing:
        return TakenBack(points=taken, lapsed=gone)
    account, at = book.account(unit.id), told.occurred_at
    account.move(Place.DEBT, Place.ISSUED, missing)
    posting.transfer(book, told, Move(unit.id, Place.DEBT, Place.ISSUED, missing, at), now)
    if unit.negative is Negative.DEBT:
        return TakenBack(points=taken, lapsed=gone, owed=missing)
    account.move(Place.UNCOLLECTED, Place.DEBT, missing)
    posting.transfer(book, told, Move(unit.id, Place.UNCOLLECTED, Place.DEBT, missing, at), now)
    return TakenBack(points=taken, lapsed=gone, uncollected=missing)


def pay_debt(posting: Posting, book: Book, told: Told, unit_id: str, *, now: datetime) -> int:
    """Pay what is owed out of what can be used; how much that was."""
    account = book.account(unit_id)
    if not account.debt or not account.available:
        return 0
    lots = _available(book, unit_id)
    return _take_up_to(
        posting, book, told, unit_id, Place.AVAILABLE, lots, account.debt, now, to=Place.DEBT
    )


def move_debt(
    posting: Posting,
    book: Book,
    told: Told,
    unit_id: str,
    points: int,
    *,
    away: bool,
    now: datetime,
    pair_id: UUID,
) -> None:
    """Move a debt to or from another member, through transit."""
    places = (Place.TRANSIT, Place.DEBT) if away else (Place.DEBT, Place.TRANSIT)
    book.account(unit_id).move(*places, points)
    move = Move(unit_id, *places, points, told.occurred_at, pair_id=pair_id)
    posting.transfer(book, told, move, now)


def _available(book: Book, unit_id: str) -> list[OpenLot]:
    return [lot for lot in book.lots.get(unit_id, ()) if lot.left and lot.activated]


def _take_up_to(
    posting: Posting,
    book: Book,
    told: Told,
    unit_id: str,
    place: Place,
    lots: Sequence[OpenLot],
    most: int,
    now: datetime,
    to: Place = Place.ISSUED,
) -> int:
    points = min(most, sum(lot.left for lot in lots))
    if points <= 0:
        return 0
    draws = draw_soonest_expiring([lot.plain() for lot in lots], points)
    return _draw(posting, book, told, unit_id, (place, to), draws, now, None).points


def _draw(
    posting: Posting,
    book: Book,
    told: Told,
    unit_id: str,
    places: tuple[Place, Place],
    draws: Sequence[Draw],
    now: datetime,
    pair_id: UUID | None,
) -> Taken:
    assert book.lots_read, "whoever draws on lots has read them"
    account = book.account(unit_id)
    points = sum(draw.points for draw in draws)
    account.move(*places, points)
    book.draw(unit_id, draws)
    move = Move(unit_id, *places, points, told.occurred_at, tuple(draws), pair_id)
    taken = Taken(posting.transfer(book, told, move, now), unit_id, points, tuple(draws))
    look_ahead(account, book.lots[unit_id])
    return taken


def _last_drawn(drawn: Sequence[Draw], already: int, points: int) -> list[Draw]:
    """The part of what was drawn that is given back now, last drawn first."""
    assert already + points <= sum(draw.points for draw in drawn), "no more than was drawn"
    back = []
    for draw in reversed(drawn):
        before = min(already, draw.points)
        already -= before
        now = min(points, draw.points - before)
        points -= now
        if now:
            back.append(Draw(draw.lot_id, now))
    return back


def _end_again(
    posting: Posting, book: Book, told: Told, unit: Unit, lot: OpenLot, points: int, now: datetime
) -> int:
    """Let points that came back to a lot that has ended end too, now or after the days of grace."""
    account = book.account(unit.id)
    zone = posting.version.program.timezone
    last = book.standing.last_activity_at or book.standing.joined_at
    ended = lot.ends_at or inactive_at(unit, last, zone)
    expired = 0
    if ended is not None and ended <= now:
        if unit.grace.count:
            day = unit.grace.after(now.astimezone(zone).date())
            ends_at = end_of_day(day, zone).astimezone(UTC)
            before = None if lot.ends_at is None else utc_text(lot.ends_at)
            book.put_off.append((str(lot.id), before, utc_text(ends_at)))
            lot.ends_at = ends_at
        else:
            _end(posting, book, told, account, lot, points, now)
            expired = points
    look_ahead(account, book.lots[unit.id])
    return expired


def _end(
    posting: Posting,
    book: Book,
    told: Told,
    account: Account,
    lot: OpenLot,
    points: int,
    now: datetime,
) -> None:
    draws = (Draw(lot.id, points),)
    account.move(Place.AVAILABLE, Place.EXPIRED, points)
    book.draw(lot.unit, draws)
    move = Move(lot.unit, Place.AVAILABLE, Place.EXPIRED, points, told.occurred_at, draws)
    posting.transfer(book, told, move, now)
