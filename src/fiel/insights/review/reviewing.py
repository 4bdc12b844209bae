"""Reviewing: a document read against what the merchant's own sales say."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.reporting.report import Say, Statement
from fiel.insights.review.evidence import Evidence
from fiel.insights.review.gathering import trade_of, without_loss_lines
from fiel.insights.review.outcomes import evidence_of
from fiel.insights.review.review import Review, judged, review_without_past
from fiel.insights.simulation.engines import simulate
from fiel.insights.simulation.history import Span

FEW_MEMBERS = 30
_A_YEAR = timedelta(days=364)


def review_of(program: Program, columns: Columns, margin: Fraction | None = None) -> Review:
    """Review a program on the last year of sales with members, by simulating it on them.

    `margin` is what the merchant says of it; it counts where no sale tells.
    """
    sales = columns["sales"]
    last: date | None = (
        sales.filter(sales.member.notnull())
        .aggregate(last=sales.day.max())
        .to_pyarrow()["last"][0]
        .as_py()
    )
    if last is None:
        return review_without_past(program, margin=margin)
    first = last - _A_YEAR
    trade = trade_of(columns, first, last)
    span = Span(first, last)
    outcome = simulate(columns, program, span=span)
    without_losses = None
    if trade.margin is not None:
        without_losses = simulate(without_loss_lines(columns), program, span=span)
    evidence = evidence_of(program, trade, outcome, without_losses)
    return judged(
        program, evidence, tuple(_statements(evidence, margin)), first, last, margin=margin
    )


def _statements(evidence: Evidence, margin: Fraction | None) -> list[Statement]:
    found = []
    if evidence.members < FEW_MEMBERS:
        text = N_(
            "Only {members} members bought in this time: take the figures for a first sight. From"
            " {needed} on they say more."
        )
        given = {"members": evidence.members, "needed": FEW_MEMBERS}
        found.append(Statement("few_members", Say(text, given)))
    if evidence.margin is None and margin is not None:
        text = N_(
            "What the goods cost is not known: the margin is what you said it is. Send “cost” with"
            " the lines of sales."
        )
        found.append(Statement("no_costs", Say(text)))
    elif evidence.margin is None:
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
