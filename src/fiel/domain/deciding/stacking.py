"""Stacking: how the multipliers of tier and promotions combine on each line, in whole numbers."""

from __future__ import annotations

from collections.abc import Sequence

from fiel.domain.program import Stacking

_NONE_YET = -1  # under "best", a line that no multiplier has touched


class Stack:
    """The factor of each amount so far, in `parts` of one; never changed, only built upon.

    Under "multiply" a line takes the product of its factors, under "add" one and what each adds
    to one (never less than nothing), under "best" the greatest.
    """

    __slots__ = ("_factors", "_one", "_stacking", "parts")

    def __init__(self, stacking: Stacking, one: int, factors: list[int], parts: int) -> None:
        self._stacking = stacking
        self._one = one
        self._factors = factors
        self.parts = parts

    @classmethod
    def of(cls, stacking: Stacking, one: int, count: int) -> Stack:
        """A stack over so many amounts without a multiplier yet; factors are in parts of `one`."""
        first = _NONE_YET if stacking is Stacking.BEST else one
        return cls(stacking, one, [first] * count, one)

    def with_factor(self, factor: int, touched: Sequence[bool]) -> Stack:
        """The stack with one more multiplier on the amounts that it touches."""
        one = self._one
        pairs = zip(self._factors, touched, strict=True)
        if self._stacking is Stacking.MULTIPLY:
            factors = [each * (factor if touches else one) for each, touches in pairs]
            return Stack(self._stacking, one, factors, self.parts * one)
        if self._stacking is Stacking.ADD:
            factors = [each + factor - one if touches else each for each, touches in pairs]
        else:
            factors = [max(each, factor) if touches else each for each, touches in pairs]
        return Stack(self._stacking, one, factors, one)

    def weigh(self, amounts: Sequence[int]) -> list[int]:
        """Each amount times its factor, in `parts`."""
        pairs = zip(amounts, self._factors, strict=True)
        if self._stacking is Stacking.MULTIPLY:
            return [amount * factor for amount, factor in pairs]
        if self._stacking is Stacking.ADD:
            return [amount * max(factor, 0) for amount, factor in pairs]
        one = self._one
        return [amount * (one if factor == _NONE_YET else factor) for amount, factor in pairs]
