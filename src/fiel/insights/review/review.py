"""A review, whole: economics, findings in the order of their weight, and what it cannot say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.reporting.report import Say, Statement
from fiel.insights.review.economics import Economics, economics_of
from fiel.insights.review.evidence import Evidence
from fiel.insights.review.faults import faults
from fiel.insights.review.finding import Finding, Weight
from fiel.insights.review.mistakes import mistakes
from fiel.insights.review.naming import in_names

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

    @property
    def knows_margin(self) -> bool:
        """Whether the margin was measured, and is not what the merchant says of it."""
        return self.evidence is not None and self.evidence.margin_rate is not None


def review_without_past(program: Program, *, margin: Fraction | None = None) -> Review:
    """What can be said of a program where nothing was sold yet; `margin` is what is said of it."""
    text = N_(
        "No sale with a member is known, so nothing could be measured. Record or import sales to"
        " see what the program would come to."
    )
    return judged(program, None, (Statement("no_past", Say(text)),), None, None, margin=margin)


def judged(
    program: Program,
    evidence: Evidence | None,
    statements: tuple[Statement, ...],
    since: date | None,
    until: date | None,
    *,
    margin: Fraction | None = None,
) -> Review:
    """The review of a program on what is known of the past, and on what is said of its margin."""
    economics = economics_of(program, evidence, margin=margin)
    found = [*mistakes(program, economics, evidence), *faults(program, economics, evidence)]
    found.sort(key=lambda finding: _ORDER.index(finding.weight))
    named = tuple(in_names(finding, program) for finding in found)
    return Review(economics, named, statements, since, until, evidence)
