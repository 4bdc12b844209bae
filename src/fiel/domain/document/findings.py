"""Findings: what is wrong or doubtful in a program document, where, and what to do about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fiel.domain.language import N_, say
from fiel.domain.refusal import FieldProblem, Invalid


class Severity(StrEnum):
    """An error keeps a document from being published; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about a document.

    `text` and `remedy` are English message ids with `{named}` places for `parameters`. Lines and
    columns count from 1. `path` leads to the key: "earn[1].give.per"; empty for the whole.
    """

    severity: Severity
    path: str
    line: int
    column: int
    code: str
    text: str
    remedy: str
    parameters: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def in_words(self, language: str) -> str:
        """The finding and its remedy, in a language."""
        said = say(language, self.text, **self.parameters)
        return f"{said} {say(language, self.remedy, **self.parameters)}" if self.remedy else said


class DocumentRefused(Invalid):
    """A program document cannot be used; `findings` names every reason at once."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        errors = [finding for finding in findings if finding.severity is Severity.ERROR]
        super().__init__(
            N_("The program document has problems: {problem_count}."),
            problems=[
                FieldProblem(finding.path, finding.code, finding.text, finding.parameters)
                for finding in errors
            ],
            problem_count=len(errors),
        )
