"""Movements of a member's points in words, each told by the version of the program that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.deciding import explain
from fiel.domain.deciding.explaining import Line
from fiel.domain.program import Program
from fiel.domain.telling import Earned, Happening, Movement, Spot, category_of, movement_text
from fiel.ledger.accounts import Balance
from fiel.ledger.accounts import Place as Where
from fiel.ledger.entries import Cause, DrawnLot, Entry, change_of
from fiel.ledger.opening import Place
from fiel.ledger.scope import Connection
from fiel.ledger.settling import Move
from fiel.programs.versions import Published, Versions

_EARNING = frozenset({Spot.ISSUED, Spot.OPENING})


@dataclass(frozen=True, slots=True)
class ToldMovement:
    """A movement in words. `id` and `cause` are None of what falls due and is not booked.

    `change` is what it adds to all that the member has, less what is owed; `balance` what that is
    afterwards; `explanation` how the rules came to the points.
    """

    id: UUID | None
    unit: str
    points: int
    change: int
    balance: int | None
    category: str | None
    source: Spot
    target: Spot
    text: str
    occurred_at: datetime
    recorded_at: datetime | None
    cause: Cause | None
    pair_id: UUID | None
    explanation: tuple[Line, ...]
    draws: tuple[DrawnLot, ...]

    @property
    def order(self) -> tuple[datetime, bool]:
        """Where it stands among others: what ends at a moment, before what happens at it."""
        moment = min(self.occurred_at, self.recorded_at or self.occurred_at)
        return moment, self.target is not Spot.EXPIRED


class Narrator:
    """Tells a member's movements in one language, inside the program's transaction."""

    def __init__(
        self,
        connection: Connection,
        versions: Versions,
        published: Published,
        language: str,
        *,
        place: Place,
        member_id: UUID,
    ) -> None:
        self.connection = connection
        self.place = place
        self.member_id = member_id
        self.published = published
        self.language = language
        self._versions = versions

    async def program_of(self, number: int) -> Program:
        """The program as a version of it says."""
        known = self.published
        if number == known.number:
            return known.program
        version = await self._versions.numbered(
            self.connection, known.program_id, number, known.shards, known.sandbox
        )
        return version.program

    async def entry(self, entry: Entry) -> ToldMovement:
        """A transfer that is booked."""
        program = await self.program_of(entry.cause.version)
        source, target = spot(entry.debit), spot(entry.credit)
        movement = Movement(
            unit=entry.unit,
            points=entry.points,
            source=source,
            target=target,
            cause=_happening(entry.cause),
            about=None if entry.about is None else _happening(entry.about),
            transfer=str(entry.id),
            member=str(self.member_id),
            starts_at=entry.starts_at,
            earned=_earned(entry.draws),
        )
        return ToldMovement(
            id=entry.id,
            unit=entry.unit,
            points=entry.points,
            change=entry.change,
            balance=entry.balance,
            category=category_of(source, target),
            source=source,
            target=target,
            text=movement_text(movement, program, self.language),
            occurred_at=entry.occurred_at,
            recorded_at=entry.recorded_at,
            cause=entry.cause,
            pair_id=entry.pair_id,
            explanation=self._lines(entry, program) if source in _EARNING else (),
            draws=entry.draws,
        )

    def due(self, move: Move, earned: tuple[DrawnLot, ...], now: datetime) -> ToldMovement:
        """What falls due by itself and is not booked, or lies ahead."""
        source, target = spot(move.debit), spot(move.credit)
        movement = Movement(
            unit=move.unit,
            points=move.points,
            source=source,
            target=target,
            earned=_earned(earned),
            is_ahead=move.at > now,
        )
        return ToldMovement(
            id=None,
            unit=move.unit,
            points=move.points,
            change=change_of(move.debit, move.credit, move.points),
            balance=None,
            category=category_of(source, target),
            source=source,
            target=target,
            text=movement_text(movement, self.published.program, self.language),
            occurred_at=move.at,
            recorded_at=None,
            cause=None,
            pair_id=None,
            explanation=(),
            draws=earned,
        )

    def _lines(self, entry: Entry, program: Program) -> tuple[Line, ...]:
        record = entry.cause.decision
        if "a" not in record:
            return ()
        lines = explain(record, program, self.language)
        return tuple(line for line in lines if line["unit"] == entry.unit)


def spot(place: Where) -> Spot:
    """A place of the ledger as it is told."""
    return Spot(place.name.lower())


def total_of(balance: Balance) -> int:
    """All that a member has of a unit, waiting and held too, less what is owed."""
    return balance.available + balance.pending + balance.held - balance.debt


def _happening(cause: Cause) -> Happening:
    return Happening(cause.kind, cause.external_id, cause.occurred_at, cause.decision, cause.facts)


def _earned(draws: tuple[DrawnLot, ...]) -> Earned | None:
    """What earned the points, where it was one thing."""
    if len(draws) != 1:
        return None
    (draw,) = draws
    return Earned(draw.kind, draw.external_id, draw.earned_at)
