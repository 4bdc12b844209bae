"""Refusals: what the domain says no with."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

type Parameters = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of a request that cannot be accepted, and why.

    `text` is an English message id of the catalogue with `{named}` places for `parameters`.
    """

    field: str
    code: str
    text: str
    parameters: Parameters = dataclasses.field(default_factory=dict)


@runtime_checkable
class Sayable(Protocol):
    """A fact of a refusal that is told in words, in whatever language the answer has."""

    def said(self, language: str) -> object:
        """The words: a text, or a list of them."""


class Refusal(Exception):
    """The program says no; nothing was changed.

    `text` is an English message id of the catalogue with `{named}` places for `parameters`;
    whoever answers the caller puts it into the caller's language. `facts` are values that an
    answer carries beside the text (the id of the member that exists, what is missing, ...); a
    `Sayable` among them is said in the caller's language.
    """

    code: ClassVar[str] = "invalid"

    def __init__(
        self,
        text: str,
        *,
        problems: Sequence[FieldProblem] = (),
        facts: Parameters | None = None,
        **parameters: object,
    ) -> None:
        super().__init__(text)
        self.text = text
        self.parameters: Parameters = parameters
        self.problems = tuple(problems)
        self.facts: Parameters = facts or {}


class Invalid(Refusal):
    """The request itself is wrong; `problems` names the fields."""

    code = "invalid"


class NotFound(Refusal):
    """What the request names does not exist in this program."""

    code = "not_found"
