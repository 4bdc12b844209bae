"""Reviewing: a document read against what the merchant's own sales say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.reporting.report import Say, Statement
from fiel.insights.review.economics import Economics, economics_of
from fiel.insights.review.evidence import Evidence
from fiel.insights.review.faults import faults
from fiel.insights.review.finding import Finding, Weight
from fiel.insights.review.gathering import trade_of, without_loss_lines
from fiel.insights.review.mistakes import mistakes
from fiel.insights.review.outcomes import evidence_of
from fiel.insights.simulation.outcome import Outcome

type Simulate = Callable[[Program, Columns, date, date], Outcome]

FEW_MEMBERS = 30
_A_YEAR = timedelta(days=364)
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
    return _review(program, None, (Statement("no_past", Say(text)),), None, None)


def review_of(program: Program, columns: Columns, *, simulate: Simulate) -> Review:
    """Review a program on the last year of sales with members.

    `simulate` tells what a program comes to on a past, from one day to another.
    """
    sales = columns["sales"]
    last: date | None = (
        sales.filter(sales.member.notnull())
        .aggregate(last=sales.day.max())
        .to_pyarrow()["last"][0]
        .as_py()
    )
    if last is None:
        return review_without_past(program)
    first = last - _A_YEAR
    trade = trade_of(columns, first, last)
    outcome = simulate(program, columns, first, last)
    without_losses = None
    if trade.margin is not None:
        without_losses = simulate(program, without_loss_lines(columns), first, last)
    evidence = evidence_of(program, trade, outcome, without_losses)
    return _review(program, evidence, tuple(_statements(evidence)), first, last)


def _review(
    program: Program,
    evidence: Evidence | None,
    statements: tuple[Statement, ...],
    since: date | None,
    until: date | None,
) -> Review:
    economics = economics_of(program, evidence)
    found = [*mistakes(program, economics, evidence), *faults(program, economics, evidence)]
    found.sort(key=lambda finding: _ORDER.index(finding.weight))
    return Review(economics, tuple(found), statements, since, until, evidence)


def _statements(evidence: Evidence) -> list[Statement]:
    found = []
    if evidence.members < FEW_MEMBERS:
        text = N_(
            "Only {members} members bought in this time: take the figures for a first sight. From"
            " {needed} on they say more."
        )
        given = {"members": evidence.members, "needed": FEW_MEMBERS}
        found.append(Statement("few_members", Say(text, given)))
    if evidence.margin is None:
        text = N_(
            "What the goods cost is not known, so nothing can be said of margin. Send “cost” with"
            " the lines of sales."
        )
        found.append(Statement("no_costs", Say(text)))
    elif evidence.net_with_margin < evidence.net:
        text = N_("The cost is known for {share} % of net sales; margins are of those.")
        share = round(100 * evidence.net_with_margin / evidence.net) if evidence.net else 0
        found.append(Statement("some_costs", Say(text, {"share": share})))
    return found
