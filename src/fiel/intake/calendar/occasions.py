"""Birthdays, and the days on which members joined: honoured once a year, by the one road."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from fiel.domain.activity import Occasion, OccasionKind
from fiel.domain.anniversaries import firsts_honoured_on, honoured_on
from fiel.domain.program import Event
from fiel.domain.time import end_of_day, start_of_day
from fiel.intake.asking import Ask
from fiel.intake.calendar.errand import Errand
from fiel.intake.recording import Recorder
from fiel.intake.sales import Understood
from fiel.ledger.scope import program_transaction
from fiel.members.honoured import (
    NOBODY,
    born_on,
    every_birthday,
    every_day_joined,
    joined_on,
    oldest_days,
)
from fiel.programs.clock import day_done, keep_day_done

# Who bears this name told it: nobody else can take the name of a year's birthday.
SOURCE = "calendar"
MEMBERS_AT_ONCE = 500

_A_DAY = timedelta(days=1)
_A_YEAR = timedelta(days=366)
# Up to so many days are looked at one by one; for more it is found out first on which somebody is
# honoured at all.
_DAYS_LOOKED_AT = 8


class Occasions:
    """One kind of day that comes back every year.

    Each is an activity named after its member and its year, so that no year has two, however
    often the calendar is gone through and whatever became of the date.
    """

    def __init__(self, kind: OccasionKind) -> None:
        self._kind = kind
        self._name = f"{kind.value}s"

    async def run(self, errand: Errand) -> int:
        """Honour everybody whose day came, day by day; how many that were."""
        first = await self._first_day(errand)
        if first > errand.today:
            return 0
        honoured = 0
        for day in await self._days(errand, first):
            for shard in range(errand.published.shards):
                honoured += await self._honour(errand, shard, day)
            await self._keep(errand, day)
        await self._keep(errand, errand.today)
        return honoured

    async def next_at(self, errand: Errand) -> datetime | None:
        """When somebody's day comes next."""
        if not self._gives(errand):
            return None
        today = errand.today
        days = await self._honoured(errand, today + _A_DAY, today + _A_YEAR)
        if not days:
            return None
        return start_of_day(min(days), errand.published.program.timezone).astimezone(UTC)

    async def _days(self, errand: Errand, first: date) -> Sequence[date]:
        """The days up to today on which somebody may have to be honoured."""
        if not self._gives(errand):
            return []
        if (errand.today - first).days < _DAYS_LOOKED_AT:
            return [first + _A_DAY * after for after in range((errand.today - first).days + 1)]
        return sorted(await self._honoured(errand, first, errand.today))

    async def _honoured(self, errand: Errand, first: date, last: date) -> set[date]:
        """The days of a time on which somebody is honoured, found from everybody's dates."""
        program = errand.published.program
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            if self._kind is OccasionKind.BIRTHDAY:
                firsts = await every_birthday(connection, errand.program_id)
            else:
                firsts = await every_day_joined(connection, errand.program_id, program.timezone.key)
        return {
            day
            for born in firsts
            for year in range(max(first.year, born.year + 1), last.year + 1)
            if first <= (day := honoured_on(born, year, program.leap_day)) <= last
        }

    async def _keep(self, errand: Errand, day: date) -> None:
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            await keep_day_done(connection, errand.program_id, self._name, day)

    def _gives(self, errand: Errand) -> bool:
        event = Event(self._kind.value)
        return any(rule.event is event for rule in errand.published.program.earn)

    async def _first_day(self, errand: Errand) -> date:
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            done = await day_done(connection, errand.program_id, self._name)
        return errand.day_of(errand.since) if done is None else done + _A_DAY

    async def _honour(self, errand: Errand, shard: int, day: date) -> int:
        recorder = Recorder(errand.lend, errand.versions)
        honoured, after = 0, NOBODY
        while members := await self._members(errand, shard, day, after):
            asks = [self._ask(errand, member_id, day) for member_id in members]
            for outcome in await recorder.record_all(errand.program_id, asks):
                # One who was merged or erased meanwhile is refused, and that is that.
                honoured += not isinstance(outcome, Exception) and not outcome.repeated
            after = members[-1]
        return honoured

    async def _members(self, errand: Errand, shard: int, day: date, after: UUID) -> Sequence[UUID]:
        program = errand.published.program
        begins = start_of_day(day, program.timezone).astimezone(UTC)
        async with (
            errand.lend() as connection,
            program_transaction(connection, errand.program_id),
        ):
            born, joined = await oldest_days(connection, errand.program_id, shard)
            if self._kind is OccasionKind.BIRTHDAY:
                if born is None:
                    return []
                firsts = firsts_honoured_on(day, program.leap_day, oldest=born.year)
                return await born_on(
                    connection, errand.program_id, shard, firsts,
                    joined_before=begins, after=after, most=MEMBERS_AT_ONCE,
                )  # fmt: skip
            if joined is None:
                return []
            firsts = firsts_honoured_on(day, program.leap_day, oldest=errand.day_of(joined).year)
            days = [
                (start_of_day(first, program.timezone), end_of_day(first, program.timezone))
                for first in firsts
            ]
            return await joined_on(
                connection, errand.program_id, shard, days, after=after, most=MEMBERS_AT_ONCE
            )

    def _ask(self, errand: Errand, member_id: UUID, day: date) -> Ask:
        begins = start_of_day(day, errand.published.program.timezone).astimezone(UTC)
        name = f"{self._kind.value}:{day.year}"
        understood = Understood(
            Occasion(begins, self._kind), "{}", blake2b(name.encode(), digest_size=16).digest()
        )
        return Ask(
            kind=self._kind.value,
            member=member_id,
            understand=lambda _program, _now: understood,
            now=errand.until,
            source=SOURCE,
            external_id=f"{member_id}:{name}",
        )
