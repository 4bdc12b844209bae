"""A review as plain data, and its economics as figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import Multiply, Program
from fiel.insights.reporting.report import Column, Kind
from fiel.insights.reporting.telling import cell_text, cell_value, said
from fiel.insights.review.economics import Economics
from fiel.insights.review.finding import Figure, Finding

MARGIN_AS_ANSWERED = N_("by your answers")
WITHOUT_TIERS = N_("without what tiers add")
WITHOUT_MULTIPLIERS = N_("without what multipliers add")


def left_out(program: Program) -> Iterator[str]:
    """What the rules alone do not say of the cost, so that a figure without a past leaves it out.

    It depends on who reaches a tier, and on what is bought when.
    """
    if tiers_multiply(program):
        yield WITHOUT_TIERS
    if any(isinstance(rule.effect, Multiply) for rule in program.earn):
        yield WITHOUT_MULTIPLIERS


def tiers_multiply(program: Program) -> bool:
    """Whether members of some tier earn more."""
    return program.tiers is not None and any(each.multiply != 1 for each in program.tiers.levels)


def finding_content(finding: Finding, program: Program, language: str) -> Mapping[str, object]:
    """A finding as data; figures by their id, amounts as everywhere."""
    return {
        "mistake": finding.mistake,
        "code": finding.code,
        "weight": finding.weight,
        "path": finding.path,
        "detail": said(finding.text, language),
        "proposal": said(finding.proposal, language),
        "measured": finding.measured,
        "figures": {
            figure.id: cell_value(figure.value, _column(figure), program, language)
            for figure in finding.figures
        },
    }


def economics_content(economics: Economics, program: Program) -> Mapping[str, object]:
    """Economics as data: rates in percent of net sales, worth and cost in major units."""
    return {
        "return_percent": _percent(economics.return_rate),
        "cost_percent": _percent(economics.cost_rate),
        "margin_percent": _percent(economics.margin_rate),
        "break_even_lift_percent": _percent(economics.break_even_lift),
        "units": [
            {
                "unit": unit.unit,
                "worth": _major(unit.worth, program),
                "cost": _major(unit.cost, program),
                "return_percent": _percent(unit.return_rate),
                "cost_percent": _percent(unit.cost_rate),
                "measured": unit.measured,
            }
            for unit in economics.units
        ],
        "rewards": [
            {
                "reward": reward.reward,
                "unit": reward.unit,
                "price": reward.price,
                "worth_of_point": _major(reward.worth_of_point, program),
                "cost_of_point": _major(reward.cost_of_point, program),
            }
            for reward in economics.rewards
        ],
    }


def economics_figures(economics: Economics) -> Iterator[Figure]:
    """The economics that a person reads first."""
    yield _rate(
        "return",
        N_("Given back if every point is redeemed, of what is spent"),
        economics.return_rate,
    )
    yield _rate("cost", N_("Cost if every point is redeemed, of net sales"), economics.cost_rate)
    yield _rate("margin", N_("Margin, of net sales"), economics.margin_rate)
    yield _rate("break_even_lift", N_("More sales needed to pay for it"), economics.break_even_lift)


def figure_text(figure: Figure, program: Program, language: str) -> str:
    """A figure's value as a person reads it."""
    return cell_text(figure.value, _column(figure), program, language)


def _column(figure: Figure) -> Column:
    return Column(figure.id, figure.label, figure.kind)


def _rate(figure: str, label: str, rate: Fraction | None) -> Figure:
    return Figure(figure, label, Kind.PERCENT, None if rate is None else rate * 100)


def _percent(rate: Fraction | None) -> float | None:
    return None if rate is None else round(float(rate * 100), 4)


def _major(minor: Fraction | None, program: Program) -> str | None:
    """An amount of major units to six places: a point is often worth less than a cent."""
    if minor is None:
        return None
    return f"{float(minor / program.currency.minor_per_major):.6f}".rstrip("0").rstrip(".")
