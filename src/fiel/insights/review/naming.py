"""Findings name what they are about as the program calls it, not by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fiel.domain.program import Program
from fiel.insights.reporting.report import Called, Say
from fiel.insights.review.finding import Finding


def in_names(finding: Finding, program: Program) -> Finding:
    """A finding that says names where it said the ids of things that have one."""
    names = _names(program)
    return replace(
        finding,
        text=_named(finding.text, names, program.locale),
        proposal=_named(finding.proposal, names, program.locale),
    )


def _named(text: Say, names: Mapping[str, Mapping[str, Mapping[str, str]]], locale: str) -> Say:
    told = {
        place: Called(found, locale)
        if isinstance(value, str) and (found := names.get(place, {}).get(value))
        else value
        for place, value in text.parameters.items()
    }
    return Say(text.msgid, told)


def _names(program: Program) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """By the place in a sentence, and by id: the names in each language."""
    rules = {rule.id: rule.name for rule in program.earn}
    levels = program.tiers.levels if program.tiers else ()
    return {
        "rule": rules,
        "better": rules,
        "reward": {reward.id: reward.name for reward in program.rewards.values()},
        "tier": {level.id: level.name for level in levels},
        "unit": {unit.id: unit.name for unit in program.units.values()},
    }
