"""Replay: the decision of a sale made again without what came back.

The rules are those of the version that decided, the facts those that were pinned: nothing that
happened since changes what a return takes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from fiel.domain.activity import Sale
from fiel.domain.deciding.case import Replayed
from fiel.domain.deciding.decide import decide_with
from fiel.domain.deciding.pinning import pinned_facts, pinned_holdouts
from fiel.domain.deciding.reasons import MULTIPLIED, Kind
from fiel.domain.deciding.records import decision_from_record
from fiel.domain.deciding.rulebook import Rulebook
from fiel.domain.decision import Decision


def replay(
    rulebook: Rulebook, record: Decision | Mapping[str, Any], reduced_sale: Sale
) -> Decision:
    """Decide what a sale would have earned had it been only `reduced_sale`.

    Rules that gave nothing to the whole sale give nothing now, limits and budgets are not asked
    again, and no tier is climbed. What a return takes back is the difference to what the sale
    holds so far; over successive returns the differences sum to what the sale earned.
    """
    first = record if isinstance(record, Decision) else decision_from_record(record)
    return decide_with(
        rulebook,
        pinned_facts(first.pinned),
        reduced_sale,
        limits_used={},
        budgets_left=None,
        window=None,
        replayed=_replayed(first),
        held_out=pinned_holdouts(first.pinned),
    )


def _replayed(first: Decision) -> Replayed:
    givers = {
        str(award.reason["of"]) if "of" in award.reason else award.rule
        for award in first.awards
        if award.reason["kind"] != Kind.MILESTONE
    }
    multiplied = cast("list[list[str]]", first.pinned.get(MULTIPLIED, ()))
    return Replayed(
        frozenset(givers), frozenset((multiplier, rule) for multiplier, rule in multiplied)
    )
