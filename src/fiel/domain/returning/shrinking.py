"""Shrinking: a sale of which a share of each line is left, or of which money paid only a share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm

from fiel.domain.activity import Line, LineKind, Sale

# A share of a quantity may have no end (a third of one): so many places of it are kept.
_QUANTITY_PLACES = 12
_QUANTITY_SCALE = 10**_QUANTITY_PLACES

_ONE = Fraction(1)
_HALF = Fraction(1, 2)


def shrunk(
    sale: Sale, kept: Sequence[Fraction], *, shipping: Fraction = _ONE, earning: Fraction = _ONE
) -> Sale:
    """The sale with only a share of each line, from 0 to 1; a line of which nothing is left goes.

    `earning` is the share of every amount that can earn. Sums over the lines are rounded, not each
    line by itself: no minor unit is lost between lines.
    """
    left = Weights.of(kept)
    earns = Weights.of([share * earning for share in kept])
    lines = tuple(
        Line(
            line.number,
            line.sku,
            line.name,
            line.category,
            line.kind,
            _quantity(quantity),
            line.unit_price,
            net,
            gross,
            margin,
        )
        for line, share, quantity, net, gross, margin in zip(
            sale.lines,
            kept,
            left.parts(int(line.quantity * _QUANTITY_SCALE) for line in sale.lines),
            earns.parts(line.net for line in sale.lines),
            earns.parts(line.gross for line in sale.lines),
            earns.parts(line.margin for line in sale.lines),
            strict=True,
        )
        if share
    )
    goods = [line for line in lines if line.kind is LineKind.GOODS]
    return Sale(
        occurred_at=sale.occurred_at,
        store=sale.store,
        channel=sale.channel,
        lines=lines,
        shipping=_rounded(sale.shipping * shipping * earning),
        net=sum(line.net for line in goods),
        gross=sum(line.gross for line in goods),
        items=sum(line.quantity for line in goods),
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares as whole numbers of a common part: what is summed up needs no fraction on its way."""

    parts_of_one: int
    shares: tuple[int, ...]

    @classmethod
    def of(cls, shares: Sequence[Fraction]) -> Weights:
        """Find the part that all shares are whole numbers of."""
        parts = lcm(*(share.denominator for share in shares))
        return cls(parts, tuple(share.numerator * (parts // share.denominator) for share in shares))

    def parts(self, amounts: Iterable[int]) -> Iterator[int]:
        """The share of each amount, rounded so that they add up to the rounded sum."""
        exact = told = 0
        for amount, share in zip(amounts, self.shares, strict=True):
            exact += amount * share
            sum_so_far = (2 * exact + self.parts_of_one) // (2 * self.parts_of_one)
            yield sum_so_far - told
            told = sum_so_far

    def sum(self, amounts: Iterable[int]) -> Fraction:
        """The shares of the amounts together, exactly."""
        shares = zip(amounts, self.shares, strict=True)
        return Fraction(sum(amount * share for amount, share in shares), self.parts_of_one)


def _rounded(exact: Fraction) -> int:
    return (exact + _HALF).__floor__()


def _quantity(scaled: int) -> int | Decimal:
    whole, rest = divmod(scaled, _QUANTITY_SCALE)
    return Decimal(scaled).scaleb(-_QUANTITY_PLACES).normalize() if rest else whole
