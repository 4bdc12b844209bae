"""The books at a moment, made from the ledger, or as they were closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from fiel.domain.accounting.cohorts import Expectation, Points, positions
from fiel.domain.accounting.entries import entered_for
from fiel.domain.accounting.expectation import Share, expected_share
from fiel.domain.program import Program
from fiel.insights.accounts.cards import cards_at
from fiel.insights.accounts.closed import Books, ClosedMonth, closed_months, newest
from fiel.insights.accounts.due import Due, due_by
from fiel.insights.accounts.earned import points_at, points_of, prices_at
from fiel.insights.accounts.moment import month_after, over
from fiel.insights.accounts.standing import Totals, totals_at, with_due
from fiel.ledger.scope import Connection
from fiel.programs.queries import versions_before
from fiel.programs.versions import Versions

# More versions than a program ever has.
_ALL = 100_000
# Documents that were read once are kept by the process.
_versions = Versions()


@dataclass(frozen=True, slots=True)
class Accountant:
    """Reads one program's books inside its transaction.

    `published` tells when each version came, newest first.
    """

    connection: Connection
    program_id: UUID
    program: Program
    shards: int
    now: datetime
    closed: Sequence[ClosedMonth]
    published: Sequence[tuple[int, datetime]]

    def over(self, day: date) -> datetime:
        """When a day is over."""
        return over(day, self.program, self.now)

    def kept_for(self, day: date) -> Books | None:
        """The books as they were closed at the end of a day; None where no closing ends there.

        Before the first closed month they are what it began with.
        """
        following = day + timedelta(days=1)
        for each in self.closed:
            if month_after(each.month) == following:
                return each.closing
        if self.closed and self.closed[0].month == following:
            return self.closed[0].opening
        return None

    def is_inside_closed(self, day: date) -> bool:
        """Whether a day's end lies in a time that is closed, and nothing was closed just then."""
        last = newest(self.closed)
        return last is not None and day < month_after(last.month) and self.kept_for(day) is None

    async def due(self, until: datetime) -> list[Due]:
        """What had ended by a moment and is not booked."""
        return await due_by(self.connection, self.program_id, self.program, until)

    async def totals(self, day: date) -> Totals:
        """What the ledger says moved, ever, when a day is over, whatever was closed."""
        until = self.over(day)
        (booked,) = await totals_at(self.connection, self.program_id, [until])
        return with_due(booked, await self.due(until))

    async def books(self, day: date) -> Books:
        """What the books say when a day is over; of a closed month, what they said."""
        return self.kept_for(day) or await self.live(day)

    async def live(self, day: date) -> Books:
        """What the ledger says when a day is over, whatever was closed."""
        until = self.over(day)
        due = await self.due(until)
        (booked,) = await totals_at(self.connection, self.program_id, [until])
        points = await self._points(until, due)
        program = await self._program_at(until)
        shares = {
            unit: expected_share(unit, program.accounting.of(unit).redeemed, points)
            for unit in dict.fromkeys((*program.units, *(each.unit for each in points)))
        }
        valued = sorted({each.unit for each in points if each.worth})
        prices = await prices_at(self.connection, self.program_id, self.program, until, valued)
        stood = positions(
            points,
            prices,
            Expectation(
                await self._first(points, shares),
                {unit: share.share for unit, share in shares.items()},
            ),
            without_sale=program.accounting.without_sale,
        )
        cards = await cards_at(self.connection, self.program_id, until)
        return Books(
            with_due(booked, due),
            tuple(stood),
            shares,
            entered_for(stood) | cards.by_entry(),
            cards,
        )

    async def _points(self, until: datetime, due: Sequence[Due]) -> list[Points]:
        found = await points_at(self.connection, self.program_id, self.program, until, due)
        programs = {version: await self._program_of(version) for version in {r[3] for r in found}}
        return points_of(found, programs)

    async def _first(
        self, points: Sequence[Points], shares: Mapping[str, Share]
    ) -> dict[tuple[str, date, int], Fraction]:
        """What was expected when the price of each month's points was shared out.

        What the version said that gave them; else what was estimated when their month was closed;
        else what is estimated now.
        """
        estimated = {each.month: each.closing.shares for each in self.closed}
        first = {}
        for each in points:
            stated = (await self._program_of(each.version)).accounting.of(each.unit).redeemed
            then = estimated.get(each.month, shares).get(each.unit, shares[each.unit])
            first[each.unit, each.month, each.version] = then.share if stated is None else stated
        return first

    async def _program_of(self, version: int) -> Program:
        read = await _versions.numbered(
            self.connection, self.program_id, version, self.shards, False
        )
        return read.program

    async def _program_at(self, until: datetime) -> Program:
        """The program as it was in force at a moment."""
        if until > self.now:
            return self.program
        known = [number for number, at in self.published if at < until]
        number = known[0] if known else self.published[-1][0]
        return await self._program_of(number)


async def accountant(
    connection: Connection, program_id: UUID, program: Program, *, shards: int, now: datetime
) -> Accountant:
    """Whoever reads a program's books; `connection` is inside the program's transaction."""
    summaries = await versions_before(connection, program_id, None, limit=_ALL)
    return Accountant(
        connection,
        program_id,
        program,
        shards,
        now,
        await closed_months(connection, program_id),
        [(summary.number, summary.published_at) for summary in summaries],
    )
