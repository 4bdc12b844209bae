"""Amounts and counts calculated with in whole numbers only.

What is made of amounts, integers and literals is a whole number over a denominator that is known
when the condition is checked: 30 % of a net amount is 3 × net over 10. Comparing two such values
takes no fractions, which are twenty times slower than integers.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from fiel.domain.conditions.tree import (
    Arithmetic,
    Convert,
    Field,
    Literal,
    Negative,
    Node,
    Operation,
)
from fiel.domain.conditions.vocabulary import AMOUNT, ANY, INTEGER

type Expression = Callable[[Node], ast.expr]


@dataclass(frozen=True, slots=True)
class Scaled:
    """A whole number, as Python, over a denominator above zero."""

    whole: ast.expr
    denominator: int = 1

    def over(self, denominator: int) -> ast.expr:
        """The whole number that it is over a multiple of its denominator."""
        return _product(self.whole, ast.Constant(denominator // self.denominator))


def same_scale(left: Node, right: Node, expression: Expression) -> tuple[ast.expr, ast.expr] | None:
    """Two numbers as whole numbers over the same denominator; None if one cannot be that."""
    one, other = scaled(left, expression), scaled(right, expression)
    if one is None or other is None:
        return None
    denominator = math.lcm(one.denominator, other.denominator)
    return one.over(denominator), other.over(denominator)


def scaled(node: Node, expression: Expression) -> Scaled | None:
    """A number as a whole number over a fixed denominator; None if it is not one."""
    match node:
        case Literal(int() | Fraction() as value):
            exact = Fraction(value)
            return Scaled(ast.Constant(exact.numerator), exact.denominator)
        case _ if node.type == INTEGER:
            return Scaled(expression(node))
        case Field(type=type) if type == AMOUNT:
            return Scaled(expression(node))
        case Convert(value, type, factor) if value.type != ANY:
            return _converted(scaled(value, expression), factor, to_amount=type == AMOUNT)
        case Negative(part):
            of = scaled(part, expression)
            return of and Scaled(_product(of.whole, ast.Constant(-1)), of.denominator)
        case Arithmetic():
            return _calculated(node, expression)
        case _:
            return None


def _converted(of: Scaled | None, factor: int, *, to_amount: bool) -> Scaled | None:
    if of is None:
        return None
    if to_amount:
        return Scaled(_product(of.whole, ast.Constant(factor)), of.denominator)
    return Scaled(of.whole, of.denominator * factor)


def _calculated(node: Arithmetic, expression: Expression) -> Scaled | None:
    left, right = scaled(node.left, expression), scaled(node.right, expression)
    if left is None or right is None:
        return None
    match node.operation:
        case Operation.PLUS | Operation.MINUS:
            denominator = math.lcm(left.denominator, right.denominator)
            sign = ast.Add() if node.operation is Operation.PLUS else ast.Sub()
            made = ast.BinOp(left.over(denominator), sign, right.over(denominator))
            return Scaled(made, denominator)
        case Operation.TIMES:
            return _times(left, right)
        case Operation.OVER if isinstance(node.right, Literal):
            assert isinstance(node.right.value, int | Fraction)
            turned = 1 / Fraction(node.right.value)
            return _times(left, Scaled(ast.Constant(turned.numerator), turned.denominator))
        case _:
            return None


def _times(left: Scaled, right: Scaled) -> Scaled:
    return Scaled(_product(left.whole, right.whole), left.denominator * right.denominator)


def _product(left: ast.expr, right: ast.expr) -> ast.expr:
    match left, right:
        case ast.Constant(int() as one), ast.Constant(int() as other):
            return ast.Constant(one * other)
        case (ast.Constant(1), other) | (other, ast.Constant(1)):
            return other
        case _:
            return ast.BinOp(left, ast.Mult(), right)
