"""Sales as a till looks for them: by a name, by whose they are, and with what is left of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from fiel.domain.codes import ALPHABET, NUMBER_LENGTH, normal_code
from fiel.domain.money import Currency
from fiel.domain.returning.keeping import Kept, Sold
from fiel.domain.returning.standing import standing_of_state
from fiel.intake.claiming_sales import claimed_sale
from fiel.intake.sold import paid_with_points, sold_as_told
from fiel.ledger.opening import Place
from fiel.ledger.returned import KeptSale, sale_by_id
from fiel.ledger.scope import Connection
from fiel.ledger.statements import statement
from fiel.ledger.timeline import timeline_of_member
from fiel.members.queries import member as find_member
from fiel.programs.versions import Published, Versions
from fiel.rewards.card_payments import CardPayment, card_payments

MOST_CALLED = 6
_PLACES = Decimal("0.000001")
_MOST_MILLISECONDS = 1 << 48


@dataclass(frozen=True, slots=True)
class SaleGlimpse:
    """A sale in a list: just enough to choose it. `gross` is in minor units."""

    id: UUID
    external_id: str | None
    at: datetime
    store: str
    gross: int
    status: str
    member_name: str | None


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of a sale with tax, and what of it did not come back; values in minor units."""

    name: str
    quantity: str
    left: str
    value: int


@dataclass(frozen=True, slots=True)
class FoundSale:
    """A sale with what is left of it, in minor units of the currency of its receipt.

    `payments` are what gift cards paid of it, where it is in the program's own currency;
    `back_in_points` is what the points were worth that a return gave back.
    """

    id: UUID
    external_id: str | None
    at: datetime
    store: str
    status: str
    member_id: UUID | None
    member_name: str | None
    currency: Currency
    total: int
    left: int
    back_in_points: int
    lines: tuple[LineLeft, ...]
    payments: tuple[CardPayment, ...]

    @property
    def due_to_cards(self) -> int:
        """What of the goods that came back was paid by gift cards, and is not on them again."""
        back = self.back_in_points + sum(payment.back for payment in self.payments)
        due = min(self.total - self.left - back, sum(payment.left for payment in self.payments))
        return max(0, due)


def moment_of_number(text: str) -> int | None:
    """The millisecond that the number on a till's receipt stands for; None where it is none.

    The number is the moment at which the till named the sale, in the letters of our codes.
    """
    plain = normal_code(text)
    if len(plain) != NUMBER_LENGTH or any(sign not in ALPHABET for sign in plain):
        return None
    moment = 0
    for sign in plain:
        moment = moment * len(ALPHABET) + ALPHABET.index(sign)
    return moment if moment < _MOST_MILLISECONDS else None


async def sales_called(connection: Connection, program_id: UUID, text: str) -> list[SaleGlimpse]:
    """The sales that bear a name, that a receipt's number stands for, or that have this id."""
    named = text.strip()
    moment = moment_of_number(named)
    begins = "" if moment is None else str(UUID(int=(moment << 80) | (0x7 << 76)))[:15]
    cursor = await connection.execute(
        statement("sales_called"),
        {
            "program": program_id,
            "names": sorted({named, named.lower(), named.upper()}),
            "first": begins,
            # After every name of ours that begins so; nothing at all where no number was told.
            "beyond": f"{begins}g" if begins else "",
            "begins": begins,
            "most": MOST_CALLED,
        },
    )
    ids = [row[0] for row in await cursor.fetchall()]
    with suppress(ValueError):
        ids.append(UUID(named))
    found = [await _glimpse(connection, program_id, sale_id) for sale_id in dict.fromkeys(ids)]
    return [each for each in found if each is not None]


async def sales_of_member(
    connection: Connection, place: Place, member_id: UUID, *, most: int
) -> list[SaleGlimpse]:
    """The latest sales of a member, in whatever store, newest first."""
    happened = await timeline_of_member(
        connection, place, member_id, before=None, limit=most, kinds=("sale", "claim")
    )
    return [
        SaleGlimpse(
            (each.recorded.about if each.recorded.kind == "claim" else None) or each.recorded.id,
            each.recorded.external_id,
            each.recorded.occurred_at,
            each.recorded.store,
            each.recorded.gross,
            str(each.state["status"]) if each.state else "completed",
            None,
        )
        for each in happened
    ]


async def found_sale(
    connection: Connection, versions: Versions, published: Published, sale_id: UUID
) -> FoundSale | None:
    """A sale with what is left of it, inside the program's transaction; None for none such."""
    kept = await sale_by_id(connection, published.program_id, sale_id)
    if kept is None:
        return None
    kept = await claimed_sale(connection, kept)
    recorded, program = kept.recorded, published.program
    if recorded.version != published.number:
        version = await versions.numbered(
            connection, published.program_id, recorded.version, published.shards, published.sandbox
        )
        program = version.program
    sold = sold_as_told(recorded, program)
    shares = standing_of_state(kept.state, sold).kept if kept.state else Kept.whole(sold)
    holder = None if kept.is_nameless else recorded.member_id
    facts: dict[str, Any] = json.loads(recorded.facts)
    payments: Sequence[CardPayment] = ()
    if recorded.external_id is not None and sold.currency == program.currency:
        payments = await card_payments(connection, published.program_id, recorded.external_id)
    return FoundSale(
        recorded.id,
        recorded.external_id,
        recorded.occurred_at,
        recorded.store,
        str(kept.state["status"]) if kept.state else "completed",
        holder,
        await _name(connection, published.program_id, holder),
        sold.currency,
        sold.total,
        _left(sold, shares),
        _back_in_points(kept),
        tuple(
            LineLeft(
                str(told.get("name") or told.get("sku") or ""),
                _plain(Fraction(str(told["quantity"]))),
                _plain(Fraction(str(told["quantity"])) * share),
                value,
            )
            for told, value, share in zip(facts["lines"], sold.values, shares.lines, strict=True)
        ),
        tuple(payments),
    )


def _left(sold: Sold, kept: Kept) -> int:
    """What of a sale can still come back; a minor unit that is begun can be given back."""
    return -((-kept.value(sold) - sold.shipping * kept.shipping).__floor__())


def _back_in_points(kept: KeptSale) -> int:
    """What the points were worth that paid what came back, in minor units."""
    paid = paid_with_points(kept.recorded)
    if paid is None or kept.state is None:
        return 0
    return paid.worth * int(kept.state["restored"]) // paid.points


async def _glimpse(connection: Connection, program_id: UUID, sale_id: UUID) -> SaleGlimpse | None:
    kept = await sale_by_id(connection, program_id, sale_id)
    if kept is None:
        return None
    kept = await claimed_sale(connection, kept)
    recorded = kept.recorded
    holder = None if kept.is_nameless else recorded.member_id
    return SaleGlimpse(
        recorded.id,
        recorded.external_id,
        recorded.occurred_at,
        recorded.store,
        recorded.gross,
        str(kept.state["status"]) if kept.state else "completed",
        await _name(connection, program_id, holder),
    )


async def _name(connection: Connection, program_id: UUID, member_id: UUID | None) -> str | None:
    holder = None if member_id is None else await find_member(connection, program_id, member_id)
    return None if holder is None else holder.person.name


def _plain(quantity: Fraction) -> str:
    """A quantity as a field takes it, to the millionth of a piece."""
    exact = Decimal(quantity.numerator) / Decimal(quantity.denominator)
    text = format(exact.quantize(_PLACES), "f").rstrip("0").rstrip(".")
    return text or "0"
