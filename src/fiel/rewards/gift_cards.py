"""Gift cards: accounts in money. Each entry is kept for ever; the card's row is locked last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import LiteralString
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.money import Amount, Currency, currency
from fiel.domain.refusal import FieldProblem, NotFound, Refusal
from fiel.ledger.ids import new_id
from fiel.ledger.scope import Connection
from fiel.ledger.statements import numbered
from fiel.ledger.trips import Trip
from fiel.rewards.codes import GIFT_CARD_LENGTH, new_code, normal_code, shown_code
from fiel.rewards.refusals import (
    GiftCardCancelled,
    GiftCardExpired,
    InsufficientBalance,
    OverRefunded,
    no_such_gift_card,
)

COLUMNS: LiteralString = (
    "g.id, g.code, g.kind, g.tax_rate, g.currency, g.member_id, g.issued, g.charged, g.refunded, "
    "g.made_at, g.ends_at, g.cancelled_at"
)
ENTRY_COLUMNS: LiteralString = (
    "card_id, id, kind, amount, balance, about, sale_id, source, external_id, fingerprint, "
    "recorded_at"
)
FIND: LiteralString = f"""
SELECT {COLUMNS} FROM code AS k JOIN gift_card AS g ON g.program_id = k.program_id AND g.id = k.id
WHERE k.program_id = %s AND k.code = %s AND k.kind = 'gift_card'
"""
BY_ID: LiteralString = f"SELECT {COLUMNS} FROM gift_card AS g WHERE program_id = %s AND id = %s"
LOCK: LiteralString = f"{BY_ID} FOR NO KEY UPDATE"
ENTRY_OF_ID: LiteralString = f"""
SELECT {ENTRY_COLUMNS} FROM gift_card_entry WHERE program_id = %s AND id = %s
"""
ENTRY_NAMED: LiteralString = f"""
SELECT {ENTRY_COLUMNS} FROM gift_card_entry
WHERE program_id = %s AND kind = %s AND source = %s AND external_id = %s
"""
ENTRIES: LiteralString = f"""
SELECT {ENTRY_COLUMNS} FROM gift_card_entry
WHERE program_id = %s AND card_id = %s ORDER BY id DESC LIMIT %s
"""
REFUNDED: LiteralString = """
SELECT coalesce(sum(amount), 0) FROM gift_card_entry
WHERE program_id = %s AND card_id = %s AND kind = 'refund' AND about = %s
"""
MOVE: LiteralString = """
UPDATE gift_card SET charged = charged + %s, refunded = refunded + %s, cancelled_at = %s
WHERE program_id = %s AND id = %s
"""
NEW_ENTRY: LiteralString = f"""
INSERT INTO gift_card_entry (program_id, {ENTRY_COLUMNS})
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
ISSUE = numbered(
    "issue_gift_card",
    """
WITH made AS (
  INSERT INTO code (program_id, code, kind, shard, member_id, id)
  VALUES (%(program)s::uuid, %(normal)s, 'gift_card', nullif(%(shard)s, '')::smallint,
          nullif(%(member)s, '')::uuid, %(id)s::uuid)
), card AS (
  INSERT INTO gift_card (program_id, id, code, kind, tax_rate, currency, shard, member_id, issued,
                         made_at, ends_at)
  VALUES (%(program)s::uuid, %(id)s::uuid, %(code)s, %(kind)s, nullif(%(tax_rate)s, '')::numeric,
          %(currency)s, nullif(%(shard)s, '')::smallint, nullif(%(member)s, '')::uuid,
          %(amount)s::bigint, %(now)s::timestamptz, nullif(%(ends)s, '')::timestamptz)
)
INSERT INTO gift_card_entry (program_id, card_id, id, kind, amount, balance, source, external_id,
                             fingerprint, recorded_at)
VALUES (%(program)s::uuid, %(id)s::uuid, %(entry)s::uuid, 'issue', %(amount)s::bigint,
        %(amount)s::bigint, %(source)s, nullif(%(external_id)s, ''),
        decode(%(fingerprint)s, 'hex'), %(now)s::timestamptz)
""",
)


@dataclass(frozen=True, slots=True)
class GiftCard:
    """A card and its counters, in minor units; `ends_at` None is never."""

    id: UUID
    code: str
    kind: str
    tax_rate: Decimal | None
    currency_code: str
    member_id: UUID | None
    issued: int
    charged: int
    refunded: int
    made_at: datetime
    ends_at: datetime | None
    cancelled_at: datetime | None

    @property
    def balance(self) -> int:
        """What can be paid with it."""
        return 0 if self.cancelled_at else self.issued - self.charged + self.refunded

    @property
    def currency(self) -> Currency:
        """The currency that it was issued in."""
        return currency(self.currency_code)


@dataclass(frozen=True, slots=True)
class Entry:
    """What moved a card's balance, and what stood after it."""

    card_id: UUID
    id: UUID
    kind: str
    amount: int
    balance: int
    about: UUID | None
    sale_id: UUID | None
    source: str
    external_id: str | None
    fingerprint: bytes
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card to be issued. `expires_at` None is never; `tax_rate` is in percent."""

    amount: int
    currency: str
    kind: str = "multi_purpose"
    tax_rate: Decimal | None = None
    shard: int | None = None
    member_id: UUID | None = None
    expires_at: datetime | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that leaves a card or comes back to it, asked for once however often it is sent.

    `charge` names the payment that a refund gives back: its id or its external id.
    """

    amount: int
    id: UUID
    fingerprint: bytes
    now: datetime
    source: str = ""
    external_id: str | None = None
    sale_id: UUID | None = None
    charge: UUID | str | None = None


class CardRequestReused(Refusal):
    """The external id belongs to another request about gift cards."""

    code = "external_id_reused"


def issue_gift_card(
    trip: Trip,
    program_id: UUID,
    card: NewCard,
    *,
    now: datetime,
    id: UUID | None = None,
    source: str = "",
    external_id: str | None = None,
    fingerprint: bytes = b"",
) -> str:
    """Issue a card; its code as it is shown.

    A code that is taken fails the trip as unique violation; `card.code` is one that was made
    before with `new_code(GIFT_CARD_LENGTH)`.
    """
    assert card.amount > 0, "boundaries validate amounts"
    normal = normal_code(card.code) if card.code else new_code(GIFT_CARD_LENGTH)
    card_id = id or new_id()
    trip.ask(
        ISSUE,
        {
            "program": str(program_id),
            "normal": normal,
            "shard": "" if card.shard is None else str(card.shard),
            "member": str(card.member_id or ""),
            "id": str(card_id),
            "entry": str(card_id),
            "code": shown_code(normal),
            "kind": card.kind,
            "tax_rate": "" if card.tax_rate is None else str(card.tax_rate),
            "currency": card.currency,
            "amount": str(card.amount),
            "now": now.isoformat(),
            "ends": card.expires_at.isoformat() if card.expires_at else "",
            "source": source,
            "external_id": external_id or "",
            "fingerprint": fingerprint.hex(),
        },
    )
    return shown_code(normal)


async def find_gift_card(connection: Connection, program_id: UUID, code: str) -> GiftCard:
    """The card that bears a code, however it was typed.

    Raises:
        NotFound: there is none.
    """
    normal = normal_code(code)
    row = await (await connection.execute(FIND, (program_id, normal))).fetchone()
    if row is None:
        raise no_such_gift_card(normal)
    return GiftCard(*row)


async def gift_card_of(connection: Connection, program_id: UUID, card_id: UUID) -> GiftCard:
    """A card that is known to exist."""
    row = await (await connection.execute(BY_ID, (program_id, card_id))).fetchone()
    assert row is not None, "cards are never deleted"
    return GiftCard(*row)


async def entries_of(
    connection: Connection, program_id: UUID, card: GiftCard, *, limit: int
) -> list[Entry]:
    """The latest entries of a card, newest first."""
    cursor = await connection.execute(ENTRIES, (program_id, card.id, limit))
    return [Entry(*row) for row in await cursor.fetchall()]


async def issued_before(
    connection: Connection,
    program_id: UUID,
    *,
    id: UUID,
    source: str,
    external_id: str | None,
    fingerprint: bytes,
) -> GiftCard | None:
    """The card that the same request issued before.

    Raises:
        CardRequestReused: the external id belongs to another request.
    """
    entry = await _earlier(connection, program_id, "issue", id, source, external_id, fingerprint)
    return None if entry is None else await gift_card_of(connection, program_id, entry.card_id)


async def charge_gift_card(
    connection: Connection, program_id: UUID, code: str, payment: Payment
) -> tuple[GiftCard, Entry, bool]:
    """Pay with a card, inside the program's transaction; whether it was done before.

    Raises:
        NotFound: no card bears the code.
        GiftCardExpired, GiftCardCancelled: it pays no more.
        InsufficientBalance: it has less than that.
        CardRequestReused: the external id belongs to another request.
    """

    def pays(card: GiftCard) -> None:
        if card.cancelled_at is not None:
            raise _cancelled()
        if card.ends_at is not None and payment.now >= card.ends_at:
            raise GiftCardExpired(N_("This gift card's time is over."))
        if payment.amount > card.balance:
            raise _insufficient(card, payment.amount)

    return await _move(connection, program_id, code, "charge", payment, pays)


async def refund_gift_card(
    connection: Connection, program_id: UUID, code: str, payment: Payment
) -> tuple[GiftCard, Entry, bool]:
    """Give money back to the card that paid, inside the program's transaction.

    A card whose time is over takes it back too, and it is told with the card; it does not come
    to life by that.

    Raises:
        NotFound: no card bears the code, or it made no such payment.
        GiftCardCancelled: it takes no more.
        OverRefunded: more would go back than was paid.
        CardRequestReused: the external id belongs to another request.
    """

    def takes(card: GiftCard) -> None:
        if card.cancelled_at is not None:
            raise _cancelled()
        left = card.charged - card.refunded
        if payment.amount > left:
            raise _over_refunded(card, left)

    return await _move(connection, program_id, code, "refund", payment, takes)


async def withdraw_gift_card(
    connection: Connection,
    program_id: UUID,
    code: str,
    *,
    now: datetime,
    even_used: bool = False,
) -> GiftCard | None:
    """Withdraw a card that nobody has paid with, inside the program's transaction.

    None where no card bears the code. `even_used` withdraws what is left of one that has paid.

    Raises:
        InsufficientBalance: a part of it is spent.
    """
    normal = normal_code(code)
    row = await (await connection.execute(FIND, (program_id, normal))).fetchone()
    if row is None:
        return None
    card = await _locked(connection, program_id, row[0])
    if card.cancelled_at is not None:
        return card
    if card.balance < card.issued and not even_used:
        raise _insufficient(card, card.issued)
    await connection.execute(MOVE, (0, 0, now, program_id, card.id))
    if card.balance:
        entry = (card.id, new_id(), "cancel", card.balance, 0, None, None, "", None, b"", now)
        await connection.execute(NEW_ENTRY, (program_id, *entry))
    return card


async def _move(
    connection: Connection,
    program_id: UUID,
    code: str,
    kind: str,
    payment: Payment,
    check: Callable[[GiftCard], None],
) -> tuple[GiftCard, Entry, bool]:
    found = await find_gift_card(connection, program_id, code)
    card = await _locked(connection, program_id, found.id)
    earlier = await _earlier(
        connection,
        program_id,
        kind,
        payment.id,
        payment.source,
        payment.external_id,
        payment.fingerprint,
    )
    if earlier is not None:
        if earlier.card_id != card.id:
            raise _reused(earlier, payment.external_id)
        return card, earlier, True
    about = None
    if payment.charge is not None:
        about = await _charge(connection, program_id, card, payment)
    check(card)
    charged = payment.amount if kind == "charge" else 0
    refunded = payment.amount if kind == "refund" else 0
    await connection.execute(MOVE, (charged, refunded, card.cancelled_at, program_id, card.id))
    entry = Entry(
        card.id,
        payment.id,
        kind,
        payment.amount,
        card.balance - charged + refunded,
        about,
        payment.sale_id,
        payment.source,
        payment.external_id,
        payment.fingerprint,
        payment.now,
    )
    row = [getattr(entry, name) for name in Entry.__slots__]
    await connection.execute(NEW_ENTRY, (program_id, *row))
    return await _locked(connection, program_id, card.id), entry, False


async def _charge(
    connection: Connection, program_id: UUID, card: GiftCard, payment: Payment
) -> UUID:
    """The charge that a refund gives back, where enough of it is left."""
    if isinstance(payment.charge, UUID):
        cursor = await connection.execute(ENTRY_OF_ID, (program_id, payment.charge))
    else:
        named = (program_id, "charge", payment.source, payment.charge)
        cursor = await connection.execute(ENTRY_NAMED, named)
    row = await cursor.fetchone()
    charge = None if row is None else Entry(*row)
    if charge is None or charge.kind != "charge" or charge.card_id != card.id:
        text = N_("The card made no such payment.")
        raise NotFound(text, problems=[FieldProblem("charge", "not_found", text)])
    cursor = await connection.execute(REFUNDED, (program_id, card.id, charge.id))
    back = await cursor.fetchone()
    left = charge.amount - int(back[0] if back else 0)
    if payment.amount > left:
        raise _over_refunded(card, left)
    return charge.id


async def _locked(connection: Connection, program_id: UUID, card_id: UUID) -> GiftCard:
    row = await (await connection.execute(LOCK, (program_id, card_id))).fetchone()
    assert row is not None, "cards are never deleted"
    return GiftCard(*row)


async def _earlier(
    connection: Connection,
    program_id: UUID,
    kind: str,
    id: UUID,
    source: str,
    external_id: str | None,
    fingerprint: bytes,
) -> Entry | None:
    """What the same request did before, by its external id or its own."""
    cursor = await connection.execute(ENTRY_OF_ID, (program_id, id))
    row = await cursor.fetchone()
    if row is None and external_id is not None:
        named = (program_id, kind, source, external_id)
        row = await (await connection.execute(ENTRY_NAMED, named)).fetchone()
    if row is None:
        return None
    entry = Entry(*row)
    if entry.fingerprint != fingerprint:
        raise _reused(entry, external_id)
    return entry


def _cancelled() -> GiftCardCancelled:
    return GiftCardCancelled(N_("This gift card was withdrawn."))


def _insufficient(card: GiftCard, amount: int) -> InsufficientBalance:
    write = card.currency.decimal
    return InsufficientBalance(
        N_("{requested} were asked for and the card has {balance}."),
        facts={"balance": write(card.balance), "requested": write(amount)},
        requested=Amount(amount, card.currency),
        balance=Amount(card.balance, card.currency),
    )


def _over_refunded(card: GiftCard, left: int) -> OverRefunded:
    text, most = N_("At most {most} can go back to the card."), Amount(left, card.currency)
    return OverRefunded(
        text,
        problems=[FieldProblem("amount", "over_returned", text, {"most": most})],
        facts={"left": card.currency.decimal(left)},
        most=most,
    )


def _reused(entry: Entry, external_id: str | None) -> CardRequestReused:
    text = N_("Send the same content again, or another external_id.")
    return CardRequestReused(
        N_("“{external_id}” was recorded before with other content."),
        facts={"id": str(entry.id)},
        problems=[FieldProblem("external_id", "reused", text)],
        external_id=external_id,
    )
