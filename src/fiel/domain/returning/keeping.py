"""Keeping: what of a sale is left with the customer after what came back.

Of each line a share is left, an exact fraction: however a return is told, and in however many
parts, the parts add up to the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

from fiel.domain.activity import Sale
from fiel.domain.language import N_
from fiel.domain.money import Amount, Currency
from fiel.domain.refusal import FieldProblem, Invalid, Refusal
from fiel.domain.returning.shrinking import Weights

_ALL = Fraction(1)
_NONE = Fraction(0)

# Shares of shares can grow without end; so fine a one is rounded down, far below any amount.
_LONGEST_SHARE_BITS = 512
_FINEST_SHARE = 1 << 256

_QUANTITY_STEP = Decimal("0.000001")
_QUANTITY_SCALE = 10**6


class OverReturned(Refusal):
    """More comes back than is left of the sale."""

    code = "over_returned"


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale as its receipt told it.

    `values` are its lines with tax, `shipping` what it took, in minor units of the receipt's own
    `currency`: in that an amount comes back.
    """

    sale: Sale
    currency: Currency
    values: tuple[int, ...]
    shipping: int

    @property
    def total(self) -> int:
        """What was to pay."""
        return sum(self.values) + self.shipping


@dataclass(frozen=True, slots=True)
class LineBack:
    """So much of a line comes back; lines count from 1."""

    line: int
    quantity: Decimal | int


@dataclass(frozen=True, slots=True)
class AmountBack:
    """The value of what comes back, with tax, in minor units of the receipt's currency."""

    minor: int


@dataclass(frozen=True, slots=True)
class AllBack:
    """Everything that is left comes back, shipping too."""


type Back = tuple[LineBack, ...] | AmountBack | AllBack


@dataclass(frozen=True, slots=True)
class Kept:
    """The share of each line, and of shipping, that has not come back."""

    lines: tuple[Fraction, ...]
    shipping: Fraction

    @classmethod
    def whole(cls, sold: Sold) -> Kept:
        """Nothing has come back."""
        return cls((_ALL,) * len(sold.values), _ALL)

    @property
    def has_goods(self) -> bool:
        """Whether anything of any line is left."""
        return any(self.lines)

    def value(self, sold: Sold) -> Fraction:
        """The value of the lines that are left."""
        return Weights.of(self.lines).sum(sold.values)

    def paid_back(self, sold: Sold) -> Fraction:
        """The share of what was paid that was paid for what came back."""
        if not sold.total:
            return _NONE if self.has_goods else _ALL
        return 1 - (self.value(sold) + sold.shipping * self.shipping) / sold.total

    def come_back(self, sold: Sold) -> Fraction:
        """The share of the lines' value that came back; of their quantity where they have none."""
        value = sum(sold.values)
        if value:
            return 1 - self.value(sold) / value
        quantities = [int(line.quantity * _QUANTITY_SCALE) for line in sold.sale.lines]
        return 1 - Weights.of(self.lines).sum(quantities) / sum(quantities)


def without(sold: Sold, kept: Kept, back: Back) -> Kept:
    """What is left of a sale when more comes back.

    Raises:
        OverReturned: names the field that is more than what is left, and what that is.
        Invalid: the sale has no such line.
    """
    match back:
        case AllBack():
            if not kept.has_goods and not (kept.shipping and sold.shipping):
                raise _nothing_left()
            return Kept((_NONE,) * len(kept.lines), _NONE)
        case AmountBack(minor):
            return _without_amount(sold, kept, minor)
        case _:
            return _without_lines(sold, kept, back)


def _without_lines(sold: Sold, kept: Kept, back: Sequence[LineBack]) -> Kept:
    shares = list(kept.lines)
    for place, told in enumerate(back):
        index = told.line - 1
        if not 0 <= index < len(shares):
            text = N_("The sale has no line {line}; it has {count}.")
            problem = FieldProblem(
                f"lines[{place}].line", "not_found", text,
                {"line": told.line, "count": len(shares)},
            )  # fmt: skip
            raise Invalid(N_("Some fields are not valid."), problems=[problem])
        sold_quantity = Fraction(sold.sale.lines[index].quantity)
        share = shares[index] - Fraction(told.quantity) / sold_quantity
        if share < 0:
            left = _decimal_text(sold_quantity * shares[index])
            raise _over(
                f"lines[{place}].quantity", left, N_("Of line {line} only {left} can come back."),
                line=told.line,
            )  # fmt: skip
        shares[index] = _no_longer(share)
    return Kept(tuple(shares), kept.shipping)


def _without_amount(sold: Sold, kept: Kept, minor: int) -> Kept:
    """An amount takes an equal share of all lines that are left; only what is more, of shipping."""
    assert minor > 0, "boundaries validate amounts"
    lines, shipping = kept.value(sold), sold.shipping * kept.shipping
    left = -((-lines - shipping).__floor__())  # a minor unit that is begun can be given back
    if minor > left:
        amount, text = Amount(left, sold.currency), N_("Only {left} can come back.")
        raise _over("amount", sold.currency.decimal(left), text, left=amount)
    if minor < lines:
        share = _no_longer(1 - minor / lines)
        return Kept(tuple(_no_longer(each * share) for each in kept.lines), kept.shipping)
    beyond = min(minor - lines, shipping)
    shipping_left = kept.shipping * (1 - beyond / shipping) if shipping else kept.shipping
    goods_left = (_NONE,) * len(kept.lines) if lines else kept.lines  # free goods cost nothing
    return Kept(goods_left, _no_longer(shipping_left))


def _nothing_left() -> OverReturned:
    return OverReturned(N_("Everything came back before; nothing is left of the sale."))


def _over(field: str, left: str, text: str, /, **parameters: object) -> OverReturned:
    return OverReturned(
        N_("More comes back than is left of the sale."),
        problems=[FieldProblem(field, "over_returned", text, {"left": left, **parameters})],
        facts={"left": left},
    )


def _no_longer(share: Fraction) -> Fraction:
    if share.denominator.bit_length() <= _LONGEST_SHARE_BITS:
        return share
    return Fraction((share * _FINEST_SHARE).__floor__(), _FINEST_SHARE)


def _decimal_text(quantity: Fraction) -> str:
    if quantity.denominator == 1:
        return str(quantity.numerator)
    exact = Decimal(quantity.numerator) / Decimal(quantity.denominator)
    return format(exact.quantize(_QUANTITY_STEP, rounding=ROUND_FLOOR).normalize(), "f")
