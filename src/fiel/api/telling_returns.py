"""Returns as their answers tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fiel.api.telling import Told, told_after, told_time
from fiel.domain.program import Program
from fiel.domain.returning.explaining import explain_return
from fiel.intake.telling_milestones import told_lost
from fiel.ledger.parked import ParkedReturn
from fiel.ledger.posting import Recorded


def told_return(recorded: Recorded, *, program: Program, sold_by: Program, language: str) -> Told:
    """A return as its answer tells it; `sold_by` is the version that decided its sale."""
    decision, money = recorded.decision, program.currency.decimal
    # What is done to a merged member's old sale reaches the survivor.
    survivor = decision.get("survivor", {"id": recorded.member_id, "after": decision["after"]})
    is_nameless = bool(decision.get("nameless"))
    told: Told = {
        "id": recorded.id,
        "status": "applied",
        "external_id": recorded.external_id,
        "source": recorded.source,
        "sale": recorded.about,
        "sale_external_id": decision["sale_external_id"],
        "sale_status": decision["status"],
        "member": None if is_nameless else survivor["id"],
        "occurred_at": told_time(recorded.occurred_at),
        "recorded_at": told_time(recorded.recorded_at),
        **_told_facts(json.loads(recorded.facts)),
        "net": money(recorded.net),
        "gross": money(recorded.gross),
        **{name: _by_unit(decision[name], sold_by) for name in _SUMS},
        "program_version": decision["version"],
        "explanation": explain_return(decision.get("rules", ()), sold_by, language),
        "milestones": told_lost(decision, program, language),
        "withdrawn": decision.get("withdrawn", []),
        **told_after(survivor["after"], program),
    }
    if is_nameless:
        told["tier"] = None
    return told


def told_parked(parked: ParkedReturn, program: Program) -> Told:
    """A return that waits for its sale: nothing has happened yet."""
    nothing = dict.fromkeys(program.units, 0)
    return {
        "id": parked.id,
        "status": "parked",
        "external_id": parked.external_id,
        "source": parked.source,
        "sale": None,
        "sale_external_id": parked.sale_external_id,
        "sale_status": None,
        "member": None,
        "occurred_at": told_time(parked.body.get("occurred_at")),
        "recorded_at": told_time(parked.received_at),
        **_told_facts(parked.body),
        "net": None,
        "gross": None,
        **dict.fromkeys(_SUMS, nothing),
        "program_version": None,
        "explanation": [],
        "milestones": [],
        "withdrawn": [],
        "balances": {},
        "tier": None,
    }


def told_returns(state: Mapping[str, Any] | None, program: Program) -> list[Told]:
    """The returns of a sale, as the sale tells them."""
    return [
        {
            "id": each["id"],
            "external_id": each["external_id"],
            "occurred_at": told_time(each["occurred_at"]),
            "gross": program.currency.decimal(each["gross"]),
        }
        for each in (state["returns"] if state else ())
    ]


_SUMS = ("reversed", "restored", "uncollected")


def _by_unit(points: Mapping[str, int], program: Program) -> dict[str, int]:
    return dict.fromkeys(program.units, 0) | dict(points)


def _told_facts(facts: Mapping[str, Any]) -> Told:
    return {
        "lines": facts.get("lines", []),
        "amount": facts.get("amount"),
        "full": facts.get("full", False) or facts.get("cancelled", False),
        "cancelled": facts.get("cancelled", False),
        "reason": facts.get("reason", ""),
    }
