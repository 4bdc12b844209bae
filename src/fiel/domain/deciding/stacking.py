"""Stacking: how the multipliers of tier and promotions combine on each line, in whole numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from operator import mul
from typing import ClassVar

from fiel.domain.program import Stacking


class Stack(ABC):
    """Amounts and the factors on them so far.

    `try_factor` tells what one more factor would make of the amounts, in `parts` of one; `keep`
    makes it count for those that follow.
    """

    __slots__ = ("_amounts", "_factors", "_one", "_tried", "_whole", "parts")

    _first: ClassVar[int]  # how an amount stands that no factor has touched

    def __init__(self, one: int, amounts: Sequence[int], apart: bool) -> None:
        """Begin without a factor; factors are in parts of `one`.

        Unless the amounts must be kept `apart` they are one sum, until a factor divides them.
        """
        self._one = self.parts = one
        self._whole = amounts
        self._amounts = amounts if apart or len(amounts) == 1 else [sum(amounts)]
        self._factors = self._tried = [self._first] * len(self._amounts)

    def try_factor(self, factor: int, touched: Sequence[bool] | None) -> list[int]:
        """The amounts with one more factor on those that are touched; None for all."""
        if touched is not None and len(self._factors) < len(touched):
            self._factors = self._factors * len(touched)
            self._amounts = self._whole
        self._tried = self._with(factor, touched)
        return self._weighed()

    def keep(self) -> None:
        """Let the factor that was tried count for those that follow."""
        self._factors = self._tried

    @abstractmethod
    def _with(self, factor: int, touched: Sequence[bool] | None) -> list[int]:
        """The factors with one more."""

    @abstractmethod
    def _weighed(self) -> list[int]:
        """The amounts with the factors that are tried."""


class Product(Stack):
    """An amount takes the product of its factors."""

    __slots__ = ()
    _first = 1

    def _with(self, factor: int, touched: Sequence[bool] | None) -> list[int]:
        if touched is None:
            return [each * factor for each in self._factors]
        one = self._one
        pairs = zip(self._factors, touched, strict=True)
        return [each * (factor if here else one) for each, here in pairs]

    def _weighed(self) -> list[int]:
        return list(map(mul, self._tried, self._amounts))

    def keep(self) -> None:
        """Let the factor that was tried count for those that follow."""
        self._factors = self._tried
        self.parts *= self._one


class Sum(Stack):
    """An amount takes one and what each factor adds to one, never less than nothing."""

    __slots__ = ()
    _first = 0

    def _with(self, factor: int, touched: Sequence[bool] | None) -> list[int]:
        more = factor - self._one
        if touched is None:
            return [each + more for each in self._factors]
        pairs = zip(self._factors, touched, strict=True)
        return [each + more if here else each for each, here in pairs]

    def _weighed(self) -> list[int]:
        one = self._one
        pairs = zip(self._tried, self._amounts, strict=True)
        return [max(one + each, 0) * amount for each, amount in pairs]


class Best(Stack):
    """An amount takes the greatest of its factors, and one where it has none."""

    __slots__ = ()
    _first = -1

    def _with(self, factor: int, touched: Sequence[bool] | None) -> list[int]:
        if touched is None:
            return [max(each, factor) for each in self._factors]
        pairs = zip(self._factors, touched, strict=True)
        return [max(each, factor) if here else each for each, here in pairs]

    def _weighed(self) -> list[int]:
        one = self._one
        pairs = zip(self._tried, self._amounts, strict=True)
        return [(one if each < 0 else each) * amount for each, amount in pairs]


STACKS: Mapping[Stacking, type[Stack]] = {
    Stacking.MULTIPLY: Product,
    Stacking.ADD: Sum,
    Stacking.BEST: Best,
}
