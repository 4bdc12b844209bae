"""A review, whole: economics, findings in the order of their weight, and what it cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.reporting.report import Say, Statement
from fiel.insights.review.economics import Economics, economics_of
from fiel.insights.review.evidence import Evidence
from fiel.insights.review.faults import faults
from fiel.insights.review.finding import Finding, Weight
from fiel.insights.review.mistakes import mistakes

_ORDER = tuple(Weight)


@dataclass(frozen=True, slots=True)
class Review:
    """What a review came to; `since` and `until` are the days it looked at, None without a past."""

    economics: Economics
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...] = ()
    since: date | None = None
    until: date | None = None
    evidence: Evidence | None = None


def review_without_past(program: Program) -> Review:
    """What can be said of a program where nothing was sold yet."""
    text = N_(
        "No sale with a member is known, so nothing could be measured. Record or import sales to"
        " see what the program would come to."
    )
    return judged(program, None, (Statement("no_past", Say(text)),), None, None)


def judged(
    program: Program,
    evidence: Evidence | None,
    statements: tuple[Statement, ...],
    since: date | None,
    until: date | None,
) -> Review:
    """The review of a program on what is known of the past."""
    economics = economics_of(program, evidence)
    found = [*mistakes(program, economics, evidence), *faults(program, economics, evidence)]
    found.sort(key=lambda finding: _ORDER.index(finding.weight))
    return Review(economics, tuple(found), statements, since, until, evidence)
