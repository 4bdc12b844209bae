"""Pooling: a household's points pay together what one of its members alone cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.time import utc_text
from fiel.intake.desk import Desk
from fiel.intake.groups import unknown_member
from fiel.intake.recording import Lend
from fiel.intake.resolving import whereabouts
from fiel.ledger.books import Book, OpenLot
from fiel.ledger.handing import Side, hand_points, unit_named
from fiel.ledger.opening import Place
from fiel.ledger.queries import book_now
from fiel.ledger.scope import Connection, program_snapshot, program_transaction
from fiel.members.households import (
    Household,
    household,
    household_members,
    household_of,
    join_household,
    leave_household,
    make_household,
    no_such_household,
)
from fiel.members.merge import kept_member
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.programs.versions import Versions

TRANSFER = "transfer"


async def pool_for(desk: Desk, book: Book, unit_id: str, points: int) -> int:
    """Bring what a member lacks from the others of its household; how much that was.

    The others' soonest ending points come first, with their dates. Nothing is moved where the
    member has enough, is in no household, or all of them together have too little.
    """
    missing = points - book.account(unit_id).available
    if missing <= 0:
        return 0
    others = await _others(desk, book)
    lots = [
        (lot, other)
        for other in others
        for lot in other.lots.get(unit_id, ())
        if lot.left and lot.activated
    ]
    if sum(lot.left for lot, _ in lots) < missing:
        return 0
    shares: dict[UUID, int] = {}
    left = missing
    for lot, other in sorted(lots, key=_soonest_ending):
        share = min(lot.left, left)
        shares[other.member_id] = shares.get(other.member_id, 0) + share
        left -= share
    for other in others:
        if shares.get(other.member_id):
            _bring(desk, other, book, unit_id, shares[other.member_id])
    return missing


def _soonest_ending(pair: tuple[OpenLot, Book]) -> tuple[bool, datetime, UUID]:
    lot, _ = pair
    return lot.ends_at is None, lot.ends_at or lot.starts_at, lot.id


async def _others(desk: Desk, book: Book) -> list[Book]:
    """The books of everybody else in a member's household."""
    program_id, here = desk.published.program_id, desk.whereabouts(book)
    household_id = await household_of(desk.connection, program_id, here)
    if household_id is None:
        return []
    members = await household_members(desk.connection, program_id, household_id)
    books = await desk.open_at([member for member in members if member != here])
    return [other for other in books if other.standing.status == "active"]


def _bring(desk: Desk, other: Book, book: Book, unit_id: str, points: int) -> None:
    facts = {"unit": unit_id, "points": points, "reason": "", "author": "household"}
    told = desk.told_besides(TRANSFER, facts=facts)
    told_here = desk.told_besides(TRANSFER, facts=facts, about=told.id)
    giver = Side(desk.posting(other), other, told)
    taker = Side(desk.posting(book), book, told_here)
    unit = unit_named(desk.published.program, unit_id)
    handed = hand_points(giver, taker, unit, points, now=desk.now)
    record = {
        "unit": unit_id,
        "points": points,
        "from": str(other.member_id),
        "to": str(book.member_id),
        "lots": [
            [str(lot.lot_id), lot.points, lot.ends_at and utc_text(lot.ends_at)] for lot in handed
        ],
        "pooled": True,
    }
    desk.close(other, told, {"transfer": dict(record)})
    desk.close(book, told_here, {"transfer": dict(record)})


@dataclass(frozen=True, slots=True)
class Pooled:
    """A household, and what each of its members has, by unit."""

    household: Household
    available: dict[UUID, dict[str, int]]

    def total(self) -> dict[str, int]:
        """What all of them have together, by unit."""
        totals: dict[str, int] = {}
        for balances in self.available.values():
            for unit, points in balances.items():
                totals[unit] = totals.get(unit, 0) + points
        return totals


class Households:
    """The households of one program: made, read, joined and left."""

    def __init__(self, lend: Lend, versions: Versions, program_id: UUID, now: datetime) -> None:
        self._lend = lend
        self._versions = versions
        self._program_id = program_id
        self._now = now

    async def make(
        self, name: str, members: Sequence[MemberRef], *, household_id: UUID, fingerprint: bytes
    ) -> tuple[Pooled, bool]:
        """Make a household, and whether the very same was made before.

        Raises:
            NotFound: one of the members is not there.
            Invalid: somebody is named twice.
            InAHousehold: one of them is in another one.
        """
        async with self._lend() as connection, program_transaction(connection, self._program_id):
            earlier = await household(connection, self._program_id, household_id)
            if earlier is not None and earlier.fingerprint == fingerprint:
                return await self._pooled(connection, earlier), True
            places = [await self._place(connection, ref, "members") for ref in members]
            if len(set(places)) < len(places):
                problem = FieldProblem("members", "twice", N_("Somebody is named twice."))
                raise Invalid(N_("Some fields are not valid."), problems=[problem])
            await make_household(
                connection, self._program_id, household_id,
                name=name, fingerprint=fingerprint, members=places, now=self._now,
            )  # fmt: skip
            return await self._read(connection, household_id), False

    async def read(self, household_id: UUID) -> Pooled:
        """A household, with what its members have.

        Raises:
            NotFound: there is no such household.
        """
        async with self._lend() as connection, program_snapshot(connection, self._program_id):
            return await self._read(connection, household_id)

    async def join(self, household_id: UUID, member_id: UUID) -> Pooled:
        """Let a member join; one who is in it already stays.

        Raises:
            NotFound: there is no such household, or no such member.
            InAHousehold: the member is in another one.
        """
        async with self._lend() as connection, program_transaction(connection, self._program_id):
            place = await self._place(connection, member_id, "member")
            await join_household(connection, self._program_id, household_id, place, now=self._now)
            return await self._read(connection, household_id)

    async def leave(self, household_id: UUID, member_id: UUID) -> bool:
        """Let a member leave, with its own points; whether it was in the household.

        Raises:
            NotFound: there is no such household, or no such member.
        """
        async with self._lend() as connection, program_transaction(connection, self._program_id):
            place = await self._place(connection, member_id, "member")
            return await leave_household(
                connection, self._program_id, household_id, place, now=self._now
            )

    async def _place(self, connection: Connection, ref: MemberRef, field: str) -> Whereabouts:
        published = await self._versions.in_force(connection, self._program_id)
        found = await whereabouts(connection, self._program_id, published.program, [ref])
        if ref not in found:
            raise unknown_member(field)
        kept = await kept_member(connection, self._program_id, found[ref].member_id)
        if kept is None or kept.member.status != "active":
            raise unknown_member(field)
        return found[ref]

    async def _read(self, connection: Connection, household_id: UUID) -> Pooled:
        found = await household(connection, self._program_id, household_id)
        if found is None:
            raise no_such_household()
        return await self._pooled(connection, found)

    async def _pooled(self, connection: Connection, found: Household) -> Pooled:
        available: dict[UUID, dict[str, int]] = {}
        for member in found.members:
            place = Place(self._program_id, member.shard)
            book = await book_now(connection, place, member.member_id, self._now)
            accounts = book.accounts if book else {}
            available[member.member_id] = {
                unit: account.available for unit, account in accounts.items()
            }
        return Pooled(found, available)
