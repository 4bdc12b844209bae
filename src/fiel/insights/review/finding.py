"""What a review finds: a code, what it is about, its numbers, and a proposal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fiel.insights.reporting.report import Cell, Kind, Say


class Mistake(StrEnum):
    """The five classic mistakes, and plain faults of a design."""

    PRICE_WAR = "price_war"
    REWARDS_DISLOYAL = "rewards_disloyal"
    VOLUME_OVER_PROFIT = "volume_over_profit"
    GIVES_SHOP_AWAY = "gives_shop_away"
    CANNOT_DELIVER = "cannot_deliver"
    FAULT = "fault"


class Weight(StrEnum):
    """How much a finding matters: what must be changed, what should be, what to know."""

    SERIOUS = "serious"
    DOUBTFUL = "doubtful"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a finding and what it is."""

    id: str
    label: str
    kind: Kind
    value: Cell


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the review found.

    `path` leads to the key of the document that it is about: "rewards.cafe-gratis", empty for the
    whole. `measured` says whether its figures come from the merchant's own sales.
    """

    mistake: Mistake
    code: str
    weight: Weight
    text: Say
    proposal: Say
    path: str = ""
    figures: tuple[Figure, ...] = ()
    measured: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)
