"""The books at a moment, made from the ledger, or as they were closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from fiel.domain.accounting.cohorts import Expectation, Points, Price, positions
from fiel.domain.accounting.entries import entered_for
from fiel.domain.accounting.expectation import Share, expected_share
from fiel.domain.program import Program
from fiel.insights.accounts.cards import cards_at
from fiel.insights.accounts.closed import Books, ClosedMonth, closed_months, newest
from fiel.insights.accounts.due import Due, due_at
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

    async def totals(self, days: Sequence[date]) -> list[Totals]:
        """What the ledger says moved, ever, when each of some days in rising order is over."""
        bounds = [self.over(day) for day in days]
        booked = await totals_at(self.connection, self.program_id, bounds)
        due = await due_at(self.connection, self.program_id, self.program, bounds)
        return [with_due(*each) for each in zip(booked, due, strict=True)]

    async def books(self, days: Sequence[date]) -> list[Books]:
        """What the books say when each of some days in rising order is over.

        Of a closed month it is what they said.
        """
        kept = {day: self.kept_for(day) for day in days}
        open_days = [day for day in days if kept[day] is None]
        live = dict(zip(open_days, await self.live(open_days), strict=True))
        return [kept[day] or live[day] for day in days]

    async def live(self, days: Sequence[date]) -> list[Books]:
        """What the ledger says when each of some days in rising order is over, closed or not."""
        if not days:
            return []
        bounds = [self.over(day) for day in days]
        due = await due_at(self.connection, self.program_id, self.program, bounds)
        booked = await totals_at(self.connection, self.program_id, bounds)
        points = await self._points(bounds, due)
        prices = await self._prices(bounds, points)
        return [
            await self._books(until, with_due(booked[at], due[at]), points[at], prices[at])
            for at, until in enumerate(bounds)
        ]

    async def _books(
        self, until: datetime, totals: Totals, points: Sequence[Points], prices: Sequence[Price]
    ) -> Books:
        program = await self._program_at(until)
        shares = {
            unit: expected_share(unit, program.accounting.of(unit).redeemed, points)
            for unit in dict.fromkeys((*program.units, *(each.unit for each in points)))
        }
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
        return Books(totals, tuple(stood), shares, entered_for(stood) | cards.by_entry(), cards)

    async def _points(
        self, bounds: Sequence[datetime], due: Sequence[Sequence[Due]]
    ) -> list[list[Points]]:
        found = await points_at(self.connection, self.program_id, self.program, bounds, due)
        versions = {version for some in found for _, _, _, version, *_ in some}
        programs = {version: await self._program_of(version) for version in versions}
        return [points_of(some, programs) for some in found]

    async def _prices(
        self, bounds: Sequence[datetime], points: Sequence[Sequence[Points]]
    ) -> list[list[Price]]:
        """What was paid for sales that earned units of worth, as was known at each moment."""
        valued = [tuple(sorted({each.unit for each in some if each.worth})) for some in points]
        read = {
            units: await prices_at(self.connection, self.program_id, self.program, bounds, units)
            for units in dict.fromkeys(valued)
        }
        return [read[units][at] for at, units in enumerate(valued)]

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
