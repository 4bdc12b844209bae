"""What CEL's parser says about a text that is no CEL, said so that a merchant can mend it."""

from __future__ import annotations

import re

from fiel.domain.conditions.problems import ConditionProblem
from fiel.domain.language import N_

# The parser's own words, with the line and the column (from 1) that it means.
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (?:Syntax error: )?(.*)")
_FOUND = re.compile(r"(?:input|at|at:) '(.*?)'(?: expecting .*)?$")

_MEANT = {
    "=": "==",
    "&": "&&",
    "|": "||",
    "and": "&&",
    "or": "||",
    "y": "&&",
    "o": "||",
    "not": "!",
    "no": "!",
    "<>": "!=",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "\u2018": "'",
    "\u2019": "'",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}
_WORD = re.compile(r"\w+")
_DECIMAL_COMMA = re.compile(r"(\d+),(\d+)")


class Place:
    """Finds lines, columns and offsets in one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column that both count from 1."""
        if line > len(self._starts):
            return 0
        return min(self._starts[line - 1] + column - 1, len(self._text))

    def problem(
        self, offset: int, text: str, *, suggestion: str | None = None, **parameters: object
    ) -> ConditionProblem:
        """A problem at an offset."""
        line = self._text.count("\n", 0, offset) + 1
        column = offset - self._starts[line - 1] + 1
        return ConditionProblem(text, parameters, offset, line, column, suggestion)


def problems_of_parser(text: str, message: str) -> list[ConditionProblem]:
    """Put the parser's complaint into one problem: the first, which the others follow from."""
    place = Place(text)
    if not text.strip():
        return [place.problem(0, N_("The condition is empty."))]
    if "recursion" in message:
        return [place.problem(0, TOO_DEEP)]
    found = _ERROR.search(message)
    if not found:
        return [place.problem(0, N_("This is no condition that can be read."))]
    offset = place.offset(int(found[1]), int(found[2]))
    return [_syntax_problem(place, text, offset, found[3])]


TOO_DEEP = N_("The condition is nested too deeply or its chain is too long: use parentheses.")


def _syntax_problem(place: Place, text: str, offset: int, said: str) -> ConditionProblem:
    if said.startswith("reserved identifier"):
        word = said.rpartition(" ")[2]
        return place.problem(offset, N_('"{found}" is a reserved word.'), found=word)
    if said.startswith("invalid int literal"):
        return place.problem(offset, N_("This number is too large."))
    if said.startswith(("Invalid string literal", "Invalid bytes literal")):
        return place.problem(offset, N_("This text has an escape that does not exist."))
    if said.startswith("has() "):
        return place.problem(offset, N_("has() asks for a key, as in has(member.attributes.size)."))
    if "variable name" in said:
        return place.problem(offset, N_("A simple name for each element is expected here."))
    return _unexpected(place, text, offset, said)


def _unexpected(place: Place, text: str, offset: int, said: str) -> ConditionProblem:
    rest = text[offset:]
    if said.startswith("token recognition") and rest[:1] in {'"', "'"}:
        if "\\" in said:
            return place.problem(offset, N_("This text has an escape that does not exist."))
        return place.problem(offset, N_("The text that starts here is not closed by a quote."))
    if not rest.strip():
        return place.problem(offset, N_("The condition ends too early."))
    comma = next((m for m in _DECIMAL_COMMA.finditer(text) if m.start(0) < offset < m.end(0)), None)
    if comma:
        return place.problem(
            comma.start(),
            N_("Decimals are written with a point."),
            suggestion=f"{comma[1]}.{comma[2]}",
        )
    found, offset = _found(text, offset, said)
    return place.problem(
        offset, N_('"{found}" is not expected here.'), suggestion=_MEANT.get(found), found=found
    )


def _found(text: str, offset: int, said: str) -> tuple[str, int]:
    """What stands at the place of the complaint, or before it a word that was meant otherwise."""
    if text[offset - 1 : offset + 1] == "<>":
        return "<>", offset - 1
    before = re.search(r"(\w+)\s+$", text[:offset])
    if before and before[1].lower() in {"not", "no"}:
        return before[1].lower(), before.start()
    if word := _WORD.match(text, offset):
        lowered = word[0].lower()
        return (lowered if lowered in _MEANT else word[0]), offset
    named = _FOUND.search(said)
    # The lexer names what it skipped together with the character that ended it.
    return (text[offset] if named is None or text[offset] in _MEANT else named[1]), offset
