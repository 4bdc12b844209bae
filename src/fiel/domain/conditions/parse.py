"""From the text of a condition to its syntax, by Google's CEL parser.

CEL parses and expands its macros; its serialised tree is read back here, macros folded again.
Its own type checker is not used: it knows no exact amounts, and no two numeric kinds in one
comparison.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from cel_expr_python import cel

from fiel.domain.conditions.grammar import Place, problems_of_parser
from fiel.domain.conditions.problems import ConditionProblem, ConditionProblems
from fiel.domain.conditions.syntax import (
    Call,
    Constant,
    ListLiteral,
    Macro,
    MacroKind,
    Name,
    Select,
    Syntax,
    Unsupported,
)
from fiel.domain.conditions.wire import Fields
from fiel.domain.language import N_

LONGEST_TEXT = 2_000

_ENVIRONMENT = cel.NewEnv(variables={})

_NUMBER = re.compile(r"(-?)\s*((?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?)")
_LARGEST_EXPONENT = 308  # a float has no larger, and an exact 1e-999999999 would fill the memory


def parse(text: str) -> Syntax:
    """Parse the text of a condition.

    Raises:
        ConditionProblems: it is too long, too deep, or no CEL.
    """
    if len(text) > LONGEST_TEXT:
        problem = ConditionProblem(
            N_("A condition may have {most} characters; this one has {count}."),
            {"most": LONGEST_TEXT, "count": len(text)},
        )
        raise ConditionProblems([problem])
    if unreadable := _unreadable_character(text):
        raise ConditionProblems([unreadable])
    try:
        expression = _ENVIRONMENT.compile(text, disable_check=True)
    except RuntimeError as error:
        raise ConditionProblems(problems_of_parser(text, str(error))) from None
    return _Reader(text, expression.serialize()).syntax()


def _unreadable_character(text: str) -> ConditionProblem | None:
    for offset, character in enumerate(text):
        is_control = character < " " and character not in "\t\n\r"
        if is_control or "\ud800" <= character <= "\udfff":
            return Place(text).problem(offset, N_("There is an unreadable character here."))
    return None


class _Reader:
    """Reads a serialised `cel.expr.ParsedExpr` (numbers of fields as in its .proto)."""

    def __init__(self, text: str, serialised: bytes) -> None:
        parsed = Fields(Fields(serialised).raw(2))  # out of a google.protobuf.Any
        self._text = text
        self._root = parsed.message(2)
        self._offsets = {
            entry.integer(1): entry.integer(2) for entry in parsed.message(3).messages(4)
        }

    def syntax(self) -> Syntax:
        return self._read(self._root)

    def _read(self, node: Fields) -> Syntax:
        offset = self._offsets.get(node.integer(2), 0)
        if 3 in node:
            return self._constant(node.message(3), offset)
        if 4 in node:
            return Name(node.message(4).text(1).removeprefix("."), offset)
        if 5 in node:
            select = node.message(5)
            return Select(
                self._read(select.message(1)), select.text(2), bool(select.integer(3)), offset
            )
        if 6 in node:
            call = node.message(6)
            target = self._read(call.message(1)) if 1 in call else None
            arguments = tuple(self._read(argument) for argument in call.messages(3))
            name = call.text(2).removeprefix(".")
            return Call(name, target, arguments, self._named(name, offset))
        if 7 in node:
            elements = node.message(7)
            return ListLiteral(tuple(self._read(each) for each in elements.messages(1)), offset)
        if 9 in node:
            return self._macro(node.message(9), offset)
        return Unsupported(offset)

    def _named(self, name: str, offset: int) -> int:
        """Where the name of a call stands: the parser gives the parenthesis after it."""
        found = self._text.rfind(name, 0, offset) if name[0].isalpha() else -1
        return offset if found < 0 else found

    def _constant(self, constant: Fields, offset: int) -> Syntax:
        if 1 in constant:
            return Constant(None, offset)
        if 2 in constant:
            return Constant(bool(constant.integer(2)), offset)
        if 3 in constant:
            return Constant(constant.integer(3), offset)
        if 5 in constant:
            return self._exact_number(constant.double(5), offset)
        if 6 in constant:
            return Constant(constant.text(6), offset)
        return Unsupported(offset)

    def _exact_number(self, value: float, offset: int) -> Syntax:
        """The number as the text writes it: CEL keeps it as a float only."""
        if not math.isfinite(value):
            return Unsupported(offset)
        written = _NUMBER.match(self._text, offset)
        if written and abs(int(written[3] or 0)) <= _LARGEST_EXPONENT:
            exact = Fraction(written[1] + written[2])
            if float(exact) == value:
                return Constant(exact, offset)
        return Constant(Fraction(repr(value)), offset)

    def _macro(self, loop: Fields, offset: int) -> Syntax:
        """Fold a comprehension back into the macro that CEL's parser expanded into it."""
        over, variable = self._read(loop.message(2)), loop.text(1)
        kind, test, result = self._folded(loop, variable)
        return Macro(kind, over, variable, test, result, self._named(kind.value, offset))

    def _folded(
        self, loop: Fields, variable: str
    ) -> tuple[MacroKind, Syntax | None, Syntax | None]:
        name = loop.message(6).message(6).text(2)
        step = _arguments(loop.message(6))
        if name in _KINDS:
            return _KINDS[name], self._read(step[1]), None
        if name == "_?_:_" and 3 in loop.message(4):  # it counts from a constant
            return MacroKind.EXISTS_ONE, self._read(step[0]), None
        test = None
        if name == "_?_:_":
            test = self._read(step[0])
            step = _arguments(step[1])
        result = self._read(step[1].message(7).messages(1)[0])
        if test is not None and result == Name(variable, result.offset):
            return MacroKind.FILTER, test, None
        return MacroKind.MAP, test, result


_KINDS = {"_||_": MacroKind.EXISTS, "_&&_": MacroKind.ALL}


def _arguments(node: Fields) -> list[Fields]:
    return node.message(6).messages(3)
