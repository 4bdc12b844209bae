"""What checking one condition needs to know, and the problems it has found so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from fiel.domain.conditions.grammar import Place
from fiel.domain.conditions.problems import ConditionProblem
from fiel.domain.conditions.tree import Node, Variable
from fiel.domain.conditions.vocabulary import Scope, Type


@dataclass
class Context:
    """The state of one check."""

    place: Place
    scope: Scope
    factor: int  # minor units of the program's currency in one major unit
    attributes: Collection[str] | None  # None: not declared
    tiers: Collection[str] | None
    problems: list[ConditionProblem] = field(default_factory=list)
    _variables: list[Variable] = field(default_factory=list)
    _count: int = 0

    def report(
        self, offset: int, text: str, *, suggestion: str | None = None, **parameters: object
    ) -> Node | None:
        """Note a problem and answer None: what contains a faulty part is not judged any more."""
        self.problems.append(self.place.problem(offset, text, suggestion=suggestion, **parameters))
        return None

    def variable(self, name: str) -> Variable | None:
        """The innermost loop variable of that name."""
        return next((each for each in reversed(self._variables) if each.name == name), None)

    @property
    def variable_names(self) -> list[str]:
        """The loop variables that can be read here."""
        return [each.name for each in self._variables]

    @contextmanager
    def loop(self, name: str, type: Type) -> Iterator[Variable]:
        """Within a loop over elements of `type`."""
        self._count += 1
        variable = Variable(name, self._count, type)
        self._variables.append(variable)
        yield variable
        self._variables.pop()
