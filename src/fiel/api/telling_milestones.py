"""Milestones as answers tell them: what was reached, what was given for it, what lies ahead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fiel.domain.language import pick
from fiel.domain.milestones import badge_of, milestone_id
from fiel.domain.program import Program, Texts

type Told = dict[str, object]


def told_reached(decision: Mapping[str, Any], program: Program, language: str) -> list[Told]:
    """The milestones that an activity reached, in the order of the document."""
    times = _times(decision)
    return [
        {
            "id": milestone.id,
            "name": named(milestone.name, program, language),
            "times": times[milestone.id],
            "reward": milestone.reward,
            "badge": milestone.badge,
        }
        for milestone in program.milestones
        if times.get(milestone.id, 0) > 0
    ]


def told_granted(decision: Mapping[str, Any]) -> list[Told]:
    """The rewards that were given for them, each with what shows it."""
    return [dict(granted) for granted in decision.get("granted", ())]


def named(texts: Texts, program: Program, language: str) -> str | None:
    """What something is called; None where nobody named it."""
    return pick(texts, language, program.locale) or None


def _times(decision: Mapping[str, Any]) -> dict[str, int]:
    times: dict[str, int] = {}
    for counter, _added, *rest in decision.get("m", ()):
        if rest and badge_of(counter) is None:
            identifier = milestone_id(counter)
            times[identifier] = times.get(identifier, 0) + rest[0]
    return times


def told_lost(decision: Mapping[str, Any], program: Program, language: str) -> list[Told]:
    """The milestones whose gifts a return took back."""
    names = {each.id: named(each.name, program, language) for each in program.milestones}
    return [
        {"id": identifier, "name": names.get(identifier), "times": -times}
        for identifier, times in _times(decision).items()
        if times < 0
    ]
