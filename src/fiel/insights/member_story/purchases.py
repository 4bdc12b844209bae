"""A purchase as the staff reads it: its lines, what it earned and why, and what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from fiel.domain.deciding import explain
from fiel.domain.deciding.explaining import Line
from fiel.domain.language import money_text
from fiel.domain.program import Program
from fiel.domain.returning.explaining import explain_return
from fiel.domain.returning.standing import standing_of_state
from fiel.domain.telling import points_text
from fiel.intake.claiming_sales import claimed_sale
from fiel.intake.sold import sold_as_told
from fiel.intake.telling_milestones import told_reached
from fiel.ledger.carrying import activities_about
from fiel.ledger.posting import Recorded
from fiel.ledger.returned import sale_by_id
from fiel.ledger.scope import Connection
from fiel.programs.versions import Published, Versions

_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A line of a purchase; `left` is how many of it did not come back."""

    number: int
    name: str
    sku: str
    category: str
    quantity: str
    left: str
    unit_price: str
    value: str
    came_back: bool


@dataclass(frozen=True, slots=True)
class CameBack:
    """A return of a purchase, and what it took back and gave back."""

    id: UUID
    external_id: str | None
    at: datetime
    gross: str
    reversed: tuple[str, ...]
    restored: tuple[str, ...]
    uncollected: tuple[str, ...]
    reasons: tuple[Line, ...]
    reason: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Purchase:
    """A purchase, whole. `member_id` None is one that nobody has claimed."""

    id: UUID
    external_id: str | None
    source: str
    status: str
    at: datetime
    recorded_at: datetime
    store: str
    channel: str
    cashier: str
    net: str
    gross: str
    receipt_currency: str
    lines: tuple[SoldLine, ...]
    shipping: str
    earned: tuple[str, ...]
    spent: tuple[str, ...]
    reasons: tuple[Line, ...]
    coupons: tuple[Mapping[str, Any], ...]
    reached: tuple[str, ...]
    returns: tuple[CameBack, ...]
    member_id: UUID | None
    version: int

    @property
    def can_come_back(self) -> bool:
        """Whether anything of it is left to be returned."""
        return self.status not in ("returned", "cancelled")


async def purchase_by_id(
    connection: Connection,
    versions: Versions,
    published: Published,
    sale_id: UUID,
    *,
    language: str,
) -> Purchase | None:
    """A purchase with its returns, inside the program's transaction; None for none such."""
    sale = await sale_by_id(connection, published.program_id, sale_id)
    if sale is None:
        return None
    about = await activities_about(connection, sale.place, sale.recorded.member_id, sale_id)
    sale = await claimed_sale(connection, sale)
    recorded = sale.recorded
    program = await _program_of(connection, versions, published, recorded.version)
    facts: dict[str, Any] = json.loads(recorded.facts)
    sold = sold_as_told(recorded, program)
    money = sold.currency
    state = sale.state
    shares: Sequence[Fraction] = (
        standing_of_state(state, sold).kept.lines if state else [Fraction(1)] * len(sold.values)
    )
    decision = recorded.decision
    return Purchase(
        id=recorded.id,
        external_id=recorded.external_id,
        source=recorded.source,
        status=str(state["status"]) if state else "completed",
        at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        store=recorded.store,
        channel=recorded.channel,
        cashier=str(facts.get("cashier", "")),
        net=money_text(language, program.currency, recorded.net),
        gross=money_text(language, program.currency, recorded.gross),
        receipt_currency="" if money == program.currency else money.code,
        lines=tuple(
            SoldLine(
                number,
                str(told.get("name", "")),
                str(told.get("sku", "")),
                str(told.get("category", "")),
                str(told["quantity"]),
                _plain(Fraction(str(told["quantity"])) * share),
                money_text(language, money, money.minor(Decimal(str(told["unit_price"])))),
                money_text(language, money, value),
                share != 1,
            )
            for number, (told, value, share) in enumerate(
                zip(facts["lines"], sold.values, shares, strict=True), 1
            )
        ),
        shipping=money_text(language, money, sold.shipping) if sold.shipping else "",
        earned=_texts(_earned(decision), program, language),
        spent=_texts(_spent(decision), program, language),
        reasons=tuple(explain(decision, program, language)),
        coupons=tuple(decision.get("coupons", ())),
        reached=tuple(
            str(each["name"] or each["id"]) for each in told_reached(decision, program, language)
        ),
        returns=tuple(
            _came_back(each, program, language) for each in about if each.kind == "return"
        ),
        member_id=None if sale.is_nameless else recorded.member_id,
        version=recorded.version,
    )


def _came_back(recorded: Recorded, program: Program, language: str) -> CameBack:
    decision, facts = recorded.decision, json.loads(recorded.facts)
    return CameBack(
        id=recorded.id,
        external_id=recorded.external_id,
        at=recorded.occurred_at,
        gross=money_text(language, program.currency, recorded.gross),
        reversed=_texts(decision["reversed"], program, language),
        restored=_texts(decision["restored"], program, language),
        uncollected=_texts(decision["uncollected"], program, language),
        reasons=tuple(explain_return(decision.get("rules", ()), program, language)),
        reason=str(facts.get("reason", "")),
        cancelled=bool(facts.get("cancelled")),
    )


def _earned(decision: Mapping[str, Any]) -> dict[str, int]:
    earned: dict[str, int] = {}
    for _, unit, points, *_ in decision.get("a", ()):
        earned[unit] = earned.get(unit, 0) + points
    return earned


def _spent(decision: Mapping[str, Any]) -> dict[str, int]:
    spent: dict[str, int] = {}
    if paid := decision.get("paid"):
        spent[paid["unit"]] = paid["points"]
    for _, unit, points, _ in decision.get("consumed", ()):
        spent[unit] = spent.get(unit, 0) + points
    return spent


def _texts(points: Mapping[str, int], program: Program, language: str) -> tuple[str, ...]:
    return tuple(
        points_text(each, unit, program, language) for unit, each in points.items() if each
    )


def _plain(quantity: Fraction) -> str:
    """A quantity as a field of a form takes it, to the millionth of a piece."""
    exact = Decimal(quantity.numerator) / Decimal(quantity.denominator)
    text = format(exact.quantize(_STEP), "f").rstrip("0").rstrip(".")
    return text or "0"


async def _program_of(
    connection: Connection, versions: Versions, published: Published, number: int
) -> Program:
    if number == published.number:
        return published.program
    version = await versions.numbered(
        connection, published.program_id, number, published.shards, published.sandbox
    )
    return version.program
