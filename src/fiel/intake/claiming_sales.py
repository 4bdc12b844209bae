"""Claim: a sale that named nobody turns out to be a member's, and earns as it would have then."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from psycopg.errors import DeadlockDetected, UniqueViolation

from fiel.domain.language import N_
from fiel.domain.refusal import NotFound, Refusal
from fiel.intake.asking import Ask
from fiel.intake.groups import Group, Item, unknown_member
from fiel.intake.recording import Lend
from fiel.intake.resolving import MovedAway, whereabouts
from fiel.intake.sales import Understood
from fiel.intake.sold import sold_as_told
from fiel.ledger.books import Book
from fiel.ledger.carrying import latest_of_kind
from fiel.ledger.ids import new_id
from fiel.ledger.opening import Asked, Place, open_books
from fiel.ledger.posting import Posting, Recorded, Told, Version
from fiel.ledger.recorded import activities
from fiel.ledger.returned import KeptSale, returned_of_sale, sale_by_id
from fiel.ledger.scope import Connection, program_transaction
from fiel.ledger.trips import Trip
from fiel.ledger.writing import write
from fiel.members.merge import lead_to_survivor
from fiel.members.queries import Whereabouts
from fiel.members.references import MemberRef
from fiel.members.refusals import AlreadyClaimed
from fiel.programs.versions import Published, Versions

CLAIM = "claim"
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sale that a member claimed, now or, when `repeated`, before."""

    sale: Recorded
    claim: Recorded
    repeated: bool
    published: Published


async def claim_sale(
    lend: Lend,
    versions: Versions,
    program_id: UUID,
    sale_id: UUID,
    member: MemberRef,
    *,
    request_id: UUID,
    now: datetime,
) -> Claimed:
    """Give a nameless sale to a member: decided as of its own time, by the version of then.

    Raises:
        NotFound: there is no such sale, or no such member.
        AlreadyClaimed: the sale has a member.
        NotClaimable: goods of the sale came back.
    """
    async with lend() as connection:
        for left in reversed(range(_TRIES)):
            try:
                async with program_transaction(connection, program_id):
                    claim = _Claim(connection, versions, program_id, request_id, now)
                    return await claim.make(sale_id, member)
            except (UniqueViolation, DeadlockDetected, MovedAway):
                if not left:
                    raise
    raise AssertionError("the last try returns or raises")


async def claimed_sale(connection: Connection, sale: KeptSale) -> KeptSale:
    """A sale as whoever claimed it has it: whose it is, what it earned there, and by what.

    `recorded.about` names the claim, which its lots bear. One that nobody claimed is itself.
    """
    if sale.status != "claimed":
        return sale
    claim = await _claim_of(connection, sale)
    recorded = replace(
        claim,
        id=sale.recorded.id,
        kind=sale.recorded.kind,
        source=sale.recorded.source,
        external_id=sale.recorded.external_id,
        recorded_at=sale.recorded.recorded_at,
        fingerprint=sale.recorded.fingerprint,
        about=claim.id,
    )
    place, status = await _stands(connection, sale.place.program_id, claim.member_id)
    return KeptSale(recorded, place, status, sale.state)


async def _stands(connection: Connection, program_id: UUID, member_id: UUID) -> tuple[Place, str]:
    cursor = await connection.execute(
        "SELECT shard, status FROM member WHERE program_id = %s AND id = %s",
        (program_id, member_id),
    )
    row = await cursor.fetchone()
    assert row is not None, "who claimed a sale is there"
    return Place(program_id, row[0]), row[1]


async def _claim_of(connection: Connection, sale: KeptSale) -> Recorded:
    """The activity by which a sale was claimed, in the book of whoever did."""
    place = sale.place
    mark = await latest_of_kind(connection, place, sale.recorded.member_id, CLAIM)
    assert mark is not None, "what was claimed says by whom"
    told = mark.decision["claimed"]
    [claim] = await activities(
        connection, place.program_id, told["shard"], [UUID(told["member"])], [UUID(told["claim"])]
    )
    return claim


@dataclass(frozen=True, slots=True)
class _Claim:
    """One claim, inside its transaction."""

    connection: Connection
    versions: Versions
    program_id: UUID
    request_id: UUID
    now: datetime

    async def make(self, sale_id: UUID, ref: MemberRef) -> Claimed:
        published = await self.versions.in_force(self.connection, self.program_id)
        sale = await sale_by_id(self.connection, self.program_id, sale_id)
        if sale is None:
            raise NotFound(N_("There is no such sale in this program."))
        found = await whereabouts(self.connection, self.program_id, published.program, [ref])
        if ref not in found:
            raise unknown_member()
        member = found[ref]
        holder = await self._holder(sale)
        if holder.standing.status != "nameless":
            return await self._claimed_before(published, sale, holder, member)
        if await returned_of_sale(self.connection, sale) is not None:
            raise NotClaimable(N_("Goods of this sale came back; it cannot be claimed any more."))
        then = await self.versions.numbered(
            self.connection, self.program_id, sale.recorded.version,
            published.shards, published.sandbox,
        )  # fmt: skip
        claim = await self._post(then, sale, member)
        await self._mark(published, sale, holder, member, claim)
        return Claimed(sale.recorded, claim, False, published)

    async def _holder(self, sale: KeptSale) -> Book:
        """The book of the nameless member who holds the sale, locked."""
        asked = Asked([sale.recorded.member_id], self.now)
        books = await open_books(self.connection, sale.place, asked)
        return books[sale.recorded.member_id]

    async def _claimed_before(
        self, published: Published, sale: KeptSale, holder: Book, member: Whereabouts
    ) -> Claimed:
        if holder.standing.status == "claimed":
            claim = await _claim_of(self.connection, sale)
            owner = await whereabouts(
                self.connection, self.program_id, published.program, [claim.member_id]
            )
            if owner.get(claim.member_id) == member:
                return Claimed(sale.recorded, claim, True, published)
        raise AlreadyClaimed(N_("This sale belongs to a member already."))

    async def _post(self, then: Published, sale: KeptSale, member: Whereabouts) -> Recorded:
        recorded = sale.recorded
        sold = sold_as_told(recorded, then.program).sale
        activity = replace(sold, occurred_at=recorded.occurred_at)
        told = blake2b(f"claim|{recorded.id}".encode(), digest_size=16).digest()
        understood = Understood(
            activity, recorded.facts, told, recorded.store, recorded.channel,
            recorded.net, recorded.gross,
        )  # fmt: skip
        ask = Ask(
            kind=CLAIM,
            member=member.member_id,
            understand=lambda _program, _now: understood,
            now=self.now,
            about=recorded.id,
            id=self.request_id,
        )
        group = Group(then, member.shard, [Item(ask, understood, member.member_id)])
        [outcome] = await group.record(self.connection)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome.recorded

    async def _mark(
        self,
        published: Published,
        sale: KeptSale,
        holder: Book,
        member: Whereabouts,
        claim: Recorded,
    ) -> None:
        """Let the nameless member lead to whoever claimed its sale."""
        posting = Posting(Version(published.number, published.program))
        told = Told(
            new_id(), CLAIM, "", None, self.now, b"", json.dumps({"member": str(member.member_id)}),
            about=sale.recorded.id,
        )  # fmt: skip
        record = {
            "claimed": {
                "member": str(member.member_id),
                "shard": member.shard,
                "claim": str(claim.id),
            }
        }
        holder.standing.status = "claimed"
        posting.keep(holder, told, record, now=self.now)
        trip = Trip(self.connection)
        write(trip, sale.place, posting)
        await trip.go()
        nameless = Whereabouts(sale.place.shard, sale.recorded.member_id)
        await lead_to_survivor(self.connection, self.program_id, nameless, member, status="claimed")


class NotClaimable(Refusal):
    """The sale is not what it was: goods of it came back."""

    code = "not_claimable"
