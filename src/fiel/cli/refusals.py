"""How a refusal is told on the command line."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from fiel.domain.document.findings import DocumentRefused, Finding, Severity
from fiel.domain.language import N_, say
from fiel.domain.refusal import Refusal


def refusal_content(refusal: Refusal, language: str) -> dict[str, object]:
    """A refusal as plain data: the code, the text, and what is wrong with each field."""
    content: dict[str, object] = {
        "ok": False,
        "code": refusal.code,
        "detail": say(language, refusal.text, **refusal.parameters),
    }
    if isinstance(refusal, DocumentRefused):
        content["findings"] = [finding_content(found, language) for found in refusal.findings]
    else:
        content["errors"] = [
            {
                "field": problem.field,
                "code": problem.code,
                "detail": say(language, problem.text, **problem.parameters),
            }
            for problem in refusal.problems
        ]
    content.update({name: fact for name, fact in refusal.facts.items() if name not in content})
    return content


def finding_content(finding: Finding, language: str) -> dict[str, object]:
    """A finding as plain data, in words."""
    return {
        "severity": str(finding.severity),
        "line": finding.line,
        "column": finding.column,
        "key": finding.path,
        "code": finding.code,
        "detail": say(language, finding.text, **finding.parameters),
        "remedy": say(language, finding.remedy, **finding.parameters) if finding.remedy else "",
    }


def show_refusal(refusal: Refusal, language: str, console: Console) -> None:
    """Tell a person what was refused, where, and what to do."""
    console.print(
        Text.assemble(("✗ ", "bold red"), say(language, refusal.text, **refusal.parameters)),
        soft_wrap=True,
    )
    if isinstance(refusal, DocumentRefused):
        show_findings(refusal.findings, language, console)
        return
    for problem in refusal.problems:
        detail = say(language, problem.text, **problem.parameters)
        console.print(f"  [bold]{escape(problem.field)}[/]  {escape(detail)}", soft_wrap=True)


def show_findings(
    findings: tuple[Finding, ...] | list[Finding], language: str, console: Console
) -> None:
    """Tell a person about a document's problems, in the order of its lines."""
    for finding in sorted(findings, key=lambda found: (found.line, found.column)):
        is_error = finding.severity is Severity.ERROR
        place = say(language, N_("line {line}"), line=str(finding.line))
        detail = say(language, finding.text, **finding.parameters)
        console.print(
            f"  [{'red' if is_error else 'yellow'}]{escape(place)}[/]"
            f"  [bold]{escape(finding.path)}[/]  {escape(detail)}",
            soft_wrap=True,
        )
        if finding.remedy:
            remedy = say(language, finding.remedy, **finding.parameters)
            console.print(f"      → {escape(remedy)}", soft_wrap=True)
