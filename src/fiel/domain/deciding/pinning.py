"""Pinned facts: what a decision kept of the member, so that it can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fiel.domain.deciding.reasons import MULTIPLIED
from fiel.domain.holdout import HELD_OUT
from fiel.domain.member import MemberFacts

_NO_FACTS = frozenset({MULTIPLIED, HELD_OUT})


def pinned_facts(pinned: Mapping[str, Any]) -> MemberFacts:
    """The facts that were pinned; those that no rule asked for keep their defaults."""
    fields = {
        name: value for name, value in pinned.items() if "." not in name and name not in _NO_FACTS
    }
    if "segments" in fields:
        fields["segments"] = tuple(fields["segments"])
    attributes = {
        name.removeprefix("attributes."): value
        for name, value in pinned.items()
        if name.startswith("attributes.")
    }
    if attributes:
        fields["attributes"] = attributes | fields.get("attributes", {})
    return MemberFacts(**fields)


def pinned_holdouts(pinned: Mapping[str, Any]) -> frozenset[str]:
    """What the member was kept out of then."""
    return frozenset(pinned.get(HELD_OUT, ()))
