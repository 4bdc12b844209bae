"""The report of the review: the program in force, read against what was sold."""

from __future__ import annotations

from collections.abc import Iterator

from fiel.domain.language import N_
from fiel.insights.reporting.asked import Asked, Entry
from fiel.insights.reporting.report import Cell, Column, Definition, Kind, Report, Say, Table
from fiel.insights.review.finding import Figure, Finding, Mistake, Weight
from fiel.insights.review.review import Review
from fiel.insights.review.reviewing import review_of
from fiel.insights.review.telling import economics_figures

_MISTAKES = {
    Mistake.PRICE_WAR: N_("It only starts a price war"),
    Mistake.REWARDS_DISLOYAL: N_("It rewards the disloyal"),
    Mistake.VOLUME_OVER_PROFIT: N_("It rewards volume over profit"),
    Mistake.GIVES_SHOP_AWAY: N_("It gives the shop away"),
    Mistake.CANNOT_DELIVER: N_("It promises what cannot be delivered"),
    Mistake.FAULT: N_("Another fault"),
}
_WEIGHTS = {
    Weight.SERIOUS: N_("serious"),
    Weight.DOUBTFUL: N_("doubtful"),
    Weight.NOTE: N_("to know"),
}
_FINDINGS = (
    Column("mistake", N_("Mistake"), Kind.TEXT),
    Column("code", N_("Code"), Kind.TEXT),
    Column("weight", N_("Weight"), Kind.TEXT),
    Column("path", N_("Where"), Kind.TEXT),
    Column("detail", N_("What"), Kind.TEXT),
    Column("proposal", N_("Proposal"), Kind.TEXT),
)
_FIGURE = (
    Column("percent", N_("In percent"), Kind.PERCENT),
    Column("money", N_("In money"), Kind.MONEY),
    Column("number", N_("Number"), Kind.NUMBER),
)
_FIGURES = (
    Column("code", N_("Code"), Kind.TEXT),
    Column("path", N_("Where"), Kind.TEXT),
    Column("figure", N_("Figure"), Kind.TEXT),
    *_FIGURE,
)
_ECONOMICS = (
    Column("id", N_("Code"), Kind.TEXT),
    Column("figure", N_("Figure"), Kind.TEXT),
    Column("percent", N_("In percent"), Kind.PERCENT),
)
_DEFINITIONS = (
    Definition(
        "return",
        N_("Given back"),
        N_("The most that a point is worth to a member, times the points given on net sales."),
    ),
    Definition(
        "cost",
        N_("Cost"),
        N_("The most that a point costs you, times the points given on net sales."),
    ),
    Definition(
        "break_even_lift",
        N_("More sales needed to pay for it"),
        N_("Cost ÷ (margin − cost), both as shares of net sales."),
    ),
)


def review(asked: Asked) -> Report:
    """The review of the program in force."""
    found = review_of(asked.program, asked.columns)
    return Report(
        "review",
        N_("The review of the program"),
        found.since,
        found.until,
        asked.columns.as_of,
        (
            Table("economics", N_("What it would come to"), _ECONOMICS, tuple(_economics(found))),
            Table(
                "findings",
                N_("What was found"),
                _FINDINGS,
                tuple(_told(finding) for finding in found.findings),
            ),
            Table("figures", N_("Figures of what was found"), _FIGURES, tuple(_figures(found))),
        ),
        found.statements,
        _DEFINITIONS,
    )


ENTRY = Entry(review)


def _economics(found: Review) -> Iterator[tuple[Cell, ...]]:
    for figure in economics_figures(found.economics):
        yield figure.id, Say(figure.label), figure.value


def _told(finding: Finding) -> tuple[Cell, ...]:
    return (
        Say(_MISTAKES[finding.mistake]),
        finding.code,
        Say(_WEIGHTS[finding.weight]),
        finding.path,
        finding.text,
        finding.proposal,
    )


def _figures(found: Review) -> Iterator[tuple[Cell, ...]]:
    for finding in found.findings:
        for figure in finding.figures:
            yield finding.code, finding.path, Say(figure.label), *_cells(figure)


def _cells(figure: Figure) -> tuple[Cell, Cell, Cell]:
    return (
        figure.value if figure.kind is Kind.PERCENT else None,
        figure.value if figure.kind is Kind.MONEY else None,
        figure.value if figure.kind not in (Kind.PERCENT, Kind.MONEY) else None,
    )
