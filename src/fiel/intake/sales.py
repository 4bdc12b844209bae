"""From what a door tells to what the domain knows: amounts in the program's minor units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import blake2b
from typing import Any

import orjson

from fiel.domain.activity import Action, Activity, Line, LineKind, Sale
from fiel.domain.language import N_
from fiel.domain.money import LARGEST_AMOUNT_MINOR, Currency, UnknownCurrency, currency
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.domain.returning.paying import less_what_points_paid
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.sales import ActivityBody, LineBody, SaleBody
from fiel.intake.coupons_told import CouponsTold, refuse_same_twice
from fiel.intake.offline import moment_of
from fiel.intake.paying import Payment, understood_payment
from fiel.members.references import MemberRef

# Categories that say that a line is a gift card, where no `kind` says so; compared without case,
# spaces, dashes and underscores.
GIFT_CARD_CATEGORIES = frozenset({"giftcard", "tarjetaregalo", "tarjetaderegalo", "cartaopresente"})
_SEPARATORS = str.maketrans("", "", " -_")


@dataclass(frozen=True, slots=True)
class Understood:
    """An activity as the domain knows it, and as the ledger keeps it.

    `net` and `gross` are of the whole sale; what points pay (`payment`) is not in `activity`.
    """

    activity: Activity
    facts: str
    fingerprint: bytes
    store: str = ""
    channel: str = ""
    net: int = 0
    gross: int = 0
    payment: Payment | None = None
    mark: Mapping[str, object] | None = None  # of a till that had no network
    coupons: CouponsTold | None = None


def understood_sale(content: SaleBody, program: Program, now: datetime) -> Understood:
    """Read a sale's content for a program.

    Raises:
        Invalid: an amount is too precise, too large, or a discount larger than its line; the sale
            lies in the future.
    """
    moment = moment_of(content.occurred_at, content.offline, program, now)
    money = _Money.of(content, program.currency)
    lines = tuple(money.line(number, line) for number, line in enumerate(content.lines, start=1))
    goods = [line for line in lines if line.kind is LineKind.GOODS]
    sale = Sale(
        occurred_at=moment.occurred_at,
        store=content.store,
        channel=content.channel,
        lines=lines,
        shipping=money.amount("shipping", content.shipping),
        net=sum(line.net for line in goods),
        gross=sum(line.gross for line in goods),
        items=sum(line.quantity for line in goods),
    )
    if sale.gross > LARGEST_AMOUNT_MINOR:
        money.problem("lines", "too_large", N_("The sale's total is too large."))
    payment = None
    if content.points_payment is not None and not money.problems:
        payment = understood_payment(content.points_payment, sale, program)
    if content.points_payment is not None and content.member is None:
        text = N_("A sale that points pay names its member.")
        money.problem("member", "missing", text)
    money.refuse_if_wrong()
    if problems := refuse_same_twice(content.coupons):
        raise invalid(problems)
    facts = _sale_facts(content, lines)
    return Understood(
        sale if payment is None else less_what_points_paid(sale, payment.worth),
        facts,
        _fingerprint(facts, content.member, content.occurred_at, content.store, content.channel),
        sale.store,
        sale.channel,
        sale.net,
        sale.gross,
        payment,
        moment.mark,
        CouponsTold(content.coupons, content.cart, sale) if content.coupons else None,
    )


def understood_action(content: ActivityBody, now: datetime) -> Understood:
    """Read an activity's content."""
    occurred_at = content.occurred_at or now
    facts = orjson.dumps(
        {"type": content.type, "properties": content.properties},
        default=_number,
        option=orjson.OPT_SORT_KEYS,
    ).decode()
    return Understood(
        Action(occurred_at, content.type, content.properties),
        facts,
        _fingerprint(facts, content.member, content.occurred_at),
    )


@dataclass(frozen=True, slots=True)
class _Money:
    """The currency a sale came in, how it becomes the program's, and what was wrong with it."""

    told: Currency
    program: Currency
    rate: Decimal | None
    problems: list[FieldProblem]

    @classmethod
    def of(cls, content: SaleBody, own: Currency) -> _Money:
        problems: list[FieldProblem] = []
        told, rate = own, content.exchange_rate
        if content.currency is None or content.currency == own.code:
            if rate is not None and rate != 1:
                text = N_("An exchange rate needs a currency that is not the program's.")
                problems.append(FieldProblem("exchange_rate", "unexpected", text))
            rate = None
        else:
            try:
                told = currency(content.currency)
            except UnknownCurrency:
                text = N_("It is no currency of ISO 4217, such as EUR.")
                problems.append(FieldProblem("currency", "unknown", text))
            if rate is None:
                text = N_("A sale in another currency brings its exchange rate.")
                problems.append(FieldProblem("exchange_rate", "missing", text))
                rate = Decimal(1)
        return cls(told, own, rate, problems)

    def problem(self, field: str, code: str, text: str, **parameters: object) -> None:
        self.problems.append(FieldProblem(field, code, text, parameters))

    def refuse_if_wrong(self) -> None:
        if self.problems:
            raise Invalid(N_("Some fields are not valid."), problems=self.problems)

    def amount(self, field: str, amount: Decimal) -> int:
        """An amount as told, in the program's minor units."""
        if not amount:
            return 0
        scaled = amount * self.told.minor_per_major
        minor = int(scaled)
        if scaled != minor:
            text = N_("{currency} amounts have at most {places} decimals.")
            places = self.told.decimals
            self.problem(field, "too_precise", text, currency=self.told.code, places=places)
        return minor if self.rate is None else self.converted(minor)

    def converted(self, minor: int) -> int:
        """Minor units of the told currency as the program's, rounded half up."""
        assert self.rate is not None, "a conversion has a rate"
        return self.program.minor(Decimal(minor) / self.told.minor_per_major * self.rate)

    def line(self, number: int, line: LineBody) -> Line:
        """One line; what is converted is its totals, so that they tie to the receipt."""
        field = f"lines[{number - 1}]"
        # A price may be finer than money is (fuel at 1.459 a litre); the line's total is money.
        value = self.told.minor(line.quantity * line.unit_price)
        if self.rate is not None:
            value = self.converted(value)
        discount = self.amount(f"{field}.discount", line.discount)
        if discount > value:
            text = N_("The discount is larger than the line.")
            self.problem(f"{field}.discount", "too_large", text)
        tax = self.amount(f"{field}.tax", line.tax)
        cost = self.amount(f"{field}.cost", line.cost) if line.cost else 0
        net = value - discount
        if max(net, tax, cost) > LARGEST_AMOUNT_MINOR:
            self.problem(field, "too_large", N_("The line's total is too large."))
        quantity = line.quantity
        whole = int(quantity)
        return Line(
            number,
            line.sku,
            line.name,
            line.category,
            _kind(line),
            whole if whole == quantity else quantity,
            line.unit_price,
            net,
            net + tax,
            net - cost,
        )


def _kind(line: LineBody) -> LineKind:
    if line.kind is not None:
        return LineKind(line.kind)
    category = line.category
    if category and category.translate(_SEPARATORS).lower() in GIFT_CARD_CATEGORIES:
        return LineKind.GIFT_CARD
    return LineKind.GOODS


def _sale_facts(content: SaleBody, lines: Sequence[Line]) -> str:
    facts: dict[str, Any] = {
        "lines": [_line_facts(told, line) for told, line in zip(content.lines, lines, strict=True)]
    }
    if content.cashier:
        facts["cashier"] = content.cashier
    if content.shipping:
        facts["shipping"] = _plain(content.shipping)
    if content.currency is not None:
        facts["currency"] = content.currency
    if content.exchange_rate is not None:
        facts["exchange_rate"] = _plain(content.exchange_rate)
    if content.coupons:
        facts["coupons"] = content.coupons
    if content.cart is not None:
        facts["cart"] = content.cart
    if content.points_payment is not None:
        payment = content.points_payment
        facts["points_payment"] = {"unit": payment.unit, "points": payment.points}
        if payment.redemption is not None:
            facts["points_payment"]["redemption"] = str(payment.redemption)
    return orjson.dumps(facts).decode()


def _line_facts(told: LineBody, line: Line) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "quantity": _plain(told.quantity),
        "unit_price": _plain(told.unit_price),
    }
    if line.sku:
        facts["sku"] = line.sku
    if line.name:
        facts["name"] = line.name
    if line.category:
        facts["category"] = line.category
    if told.kind is not None:
        facts["kind"] = told.kind
    if told.discount:
        facts["discount"] = _plain(told.discount)
    if told.tax:
        facts["tax"] = _plain(told.tax)
    if told.cost is not None:
        facts["cost"] = _plain(told.cost)
    return facts


def _plain(amount: Decimal | int) -> str:
    """An exact number, always written the same way: 3.10 and 3.1 are one content."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(amount: object) -> orjson.Fragment:
    """A free number as JSON has it: what later reads of it must see what the till saw, no text."""
    assert isinstance(amount, Decimal), "free values are of JSON, and their numbers exact"
    return orjson.Fragment(_plain(amount))


def _fingerprint(
    facts: str, member: MemberRef | None, occurred_at: datetime | None, *places: str
) -> bytes:
    told = f"{member!r}|{occurred_at and occurred_at.timestamp()}|{places!r}|{facts}"
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=16).digest()
