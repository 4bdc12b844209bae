"""What can be wrong with a condition: before it is published, and while it is evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fiel.domain.language import N_

UNEVALUATED = N_("The condition cannot be evaluated.")


@dataclass(frozen=True, slots=True)
class ConditionProblem:
    """One thing that is wrong with a condition, and where in its text.

    `text` is an English message id of the catalogue with `{named}` places for `parameters`.
    `line` and `column` count from 1, `offset` from 0, all in characters. `suggestion` is what
    could stand there instead, to be copied as it is.
    """

    text: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    offset: int = 0
    line: int = 1
    column: int = 1
    suggestion: str | None = None


class ConditionProblems(Exception):
    """The text is no condition that can be published; `problems` says why, in order of place."""

    def __init__(self, problems: Sequence[ConditionProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.offset))
        super().__init__("; ".join(problem.text for problem in self.problems))


class CannotEvaluate(Exception):
    """A condition met a value that it cannot compare, a key that is absent, or an overflow.

    `text` is an English message id of the catalogue with `{named}` places for `parameters`.
    """

    def __init__(self, text: str = UNEVALUATED, **parameters: object) -> None:
        super().__init__(text)
        self.text = text
        self.parameters: Mapping[str, object] = parameters
