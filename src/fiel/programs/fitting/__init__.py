"""Fitting: a program model written for one shop, from what it answered to six questions."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from fiel.programs.fitting.amounts import Allowance, allowance_of
from fiel.programs.fitting.answers import Aim, Answers, Sells, Visits, read_answers, slug_of
from fiel.programs.fitting.cards import fit_coupons, fit_items, fit_levels, fit_stamp_card
from fiel.programs.fitting.points import (
    fit_cashback,
    fit_club,
    fit_gift_cards,
    fit_points,
    fit_tiers,
)
from fiel.programs.starting_points import starting_point

__all__ = [
    "Aim", "Answers", "Sells", "Visits", "fitted", "read_answers", "slug_of", "without_rules",
]  # fmt: skip

type Plain = dict[str, Any]

_FIT: dict[str, Callable[[Plain, Answers, Allowance], object]] = {
    "points": fit_points,
    "stamp-card": fit_stamp_card,
    "cashback": fit_cashback,
    "coupons": fit_coupons,
    "spend-levels": fit_levels,
    "tiers": fit_tiers,
    "buy-x-get-y": fit_items,
    "gift-card": fit_gift_cards,
    "club": fit_club,
}
_TARGETS = {Aim.PROFIT: "+10%"}
_USUAL_TARGET = "+20%"
_WIDTH = 100


def fitted(answers: Answers, *, today: date) -> str:
    """The document of a program that a shop of these answers can afford, as YAML."""
    plain = _model(answers)
    _FIT[answers.model](plain, answers, allowance_of(answers))
    goal = {
        "id": answers.aim.replace("_", "-"),
        "metric": str(answers.aim),
        "target": _TARGETS.get(answers.aim, _USUAL_TARGET),
        "by": _in_a_year(today),
    }
    return _written({**plain, "goals": [goal]})


def without_rules(answers: Answers) -> str:
    """A document that records sales and gives nothing for them: a shop before its program."""
    plain = _model(answers)
    kept = ("program", "name", "locale", "currency", "timezone")
    unit = {name: dict(told) for name, told in plain["units"].items()}
    for told in unit.values():
        told.pop("value", None)
    return _written({**{key: plain[key] for key in kept}, "units": unit})


def _model(answers: Answers) -> Plain:
    point = starting_point(
        answers.model,
        answers.language,
        slug=answers.slug,
        shop=answers.name,
        currency=answers.currency.code,
        timezone=answers.timezone,
    )
    return cast(Plain, YAML(typ="safe", pure=True).load(point.source))


def _in_a_year(today: date) -> str:
    day = min(today.day, 28)
    return today.replace(year=today.year + 1, day=day).isoformat()


def _written(plain: Plain) -> str:
    """Plain data as a person writes it: small blocks on one line."""
    yaml = YAML()
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_node(plain), out)
    return out.getvalue()


def _node(value: object, depth: int = 0) -> object:
    if isinstance(value, dict):
        block = CommentedMap({key: _node(inner, depth + 1) for key, inner in value.items()})
        if depth > 1 and not any(isinstance(inner, dict | list) for inner in value.values()):
            block.fa.set_flow_style()
        return block
    if isinstance(value, list):
        listing = CommentedSeq([_node(inner, depth + 1) for inner in value])
        if not any(isinstance(inner, dict | list) for inner in value):
            listing.fa.set_flow_style()
        return listing
    return value
