"""Regular expressions by RE2, which takes linear time on any pattern and any text.

Python's own `re` can take exponential time. RE2 comes with the CEL runtime, so `matches` asks
that; the answers for short texts (categories, article numbers) are remembered.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from cel_expr_python import cel

from fiel.domain.conditions.problems import CannotEvaluate
from fiel.domain.conditions.vocabulary import LONGEST_MATCHED_TEXT
from fiel.domain.language import N_

_ENVIRONMENT = cel.NewEnv(variables={"text": cel.Type.STRING})
_WHAT_IS_KNOWN = re.compile(r"^\w+: (invalid )?regular expression:? ")
_REMEMBERED_LENGTH = 100
_REMEMBERED_TEXTS = 1_024


def pattern_fault(pattern: str) -> str | None:
    """What RE2 has against a pattern, in its own words; None if it accepts it."""
    answer = _expression(pattern).eval(data={"text": ""})
    if answer.type() == cel.Type.BOOL:
        return None
    return _WHAT_IS_KNOWN.sub("", str(answer.value()))


def matcher(pattern: str) -> Callable[[str], bool]:
    """A function that tells whether a text has a part that matches the pattern."""
    expression = _expression(pattern)

    def search(text: str) -> bool:
        if len(text) > LONGEST_MATCHED_TEXT:
            raise CannotEvaluate(N_("A text is too long for a pattern."))
        try:
            return expression.eval(data={"text": text}).value() is True
        except RuntimeError:  # a lone surrogate, which is no text
            raise CannotEvaluate(N_("A text holds characters that do not exist.")) from None

    remembered = lru_cache(maxsize=_REMEMBERED_TEXTS)(search)

    def matches(text: str) -> bool:
        return remembered(text) if len(text) <= _REMEMBERED_LENGTH else search(text)

    return matches


def _expression(pattern: str) -> cel.Expression:
    return _ENVIRONMENT.compile(f"text.matches({_quoted(pattern)})")


def _quoted(text: str) -> str:
    """A text as a CEL literal."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'
