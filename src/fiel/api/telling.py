"""What the house knows, told the way the contract says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson

from fiel.domain.deciding import explain
from fiel.domain.deciding.explaining import Line
from fiel.domain.deciding.pinning import pinned_holdouts
from fiel.domain.encouragement import encouragements, ways_on
from fiel.domain.holdout import is_held_out_of_all
from fiel.domain.program import Program
from fiel.intake.telling import Told, told_after, told_balances, told_time
from fiel.intake.telling_milestones import told_granted, told_reached
from fiel.ledger.posting import Recorded
from fiel.members.records import Member

__all__ = ["Teller", "Told", "told_after", "told_balances", "told_member", "told_time"]


def told_member(member: Member, after: Mapping[str, Any], program: Program) -> Told:
    """A member, with what stood in the ledger."""
    person = member.person
    return {
        "id": member.id,
        "external_id": person.external_id,
        "status": member.status,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "card": person.card,
        "birthday": person.birthday,
        "consents": person.consents,
        "attributes": person.attributes,
        "referral_code": member.referral_code,
        "referred_by": member.referred_by,
        "joined_at": told_time(member.joined_at),
        **told_after(after, program),
    }


# Few sales come in another currency; the facts of the others need not be read.
_FOREIGN = '"exchange_rate"'


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells activities decided by one version of a program, in one language.

    What the same award was told before is remembered: most sales of a shop are alike.
    """

    program_id: UUID
    number: int
    program: Program
    language: str

    def sale(self, recorded: Recorded, *, nameless: bool) -> Told:
        """A sale as its answer tells it."""
        money = self.program.currency.decimal
        told: Told = {
            "id": recorded.id,
            "external_id": recorded.external_id,
            "source": recorded.source,
            "status": "completed",
            "member": None if nameless else recorded.member_id,
            "occurred_at": told_time(recorded.occurred_at),
            "recorded_at": told_time(recorded.recorded_at),
            "store": recorded.store,
            "channel": recorded.channel,
            "net": money(recorded.net),
            "gross": money(recorded.gross),
            "spent": self._spent(recorded),
            "coupons": recorded.decision.get("coupons", []),
            **self._decided(recorded),
        }
        for key in ("offline", "overspent"):
            if key in recorded.decision:
                told[key] = recorded.decision[key]
        if _FOREIGN in recorded.facts:
            facts = orjson.loads(recorded.facts)
            told |= {key: facts[key] for key in ("currency", "exchange_rate") if key in facts}
        if nameless:
            told["tier"], told["messages"] = None, []
        return told

    def action(self, recorded: Recorded, *, type_: str) -> Told:
        """An activity that is no sale, as its answer tells it."""
        return {
            "id": recorded.id,
            "external_id": recorded.external_id,
            "source": recorded.source,
            "type": type_,
            "member": recorded.member_id,
            "occurred_at": told_time(recorded.occurred_at),
            "recorded_at": told_time(recorded.recorded_at),
            **self._decided(recorded),
        }

    def _decided(self, recorded: Recorded) -> Told:
        """What every recorded activity tells: what it earned, why, and what stood after."""
        decision, program = recorded.decision, self.program
        after = told_after(decision["after"], program)
        earned = dict.fromkeys(program.units, 0)
        for _, unit, points, *_ in decision.get("a", ()):
            earned[unit] = earned.get(unit, 0) + points
        pending = dict.fromkeys(earned, 0)
        for unit, (starts_at, _) in decision.get("t", {}).items():
            if datetime.fromisoformat(starts_at) > recorded.recorded_at:
                pending[unit] = earned[unit]
        return {
            "earned": earned,
            "pending": pending,
            "program_version": recorded.version,
            "explanation": self._explanation(decision),
            **after,
            "milestones": told_reached(decision, program, self.language),
            "rewards": told_granted(decision),
            "messages": self._messages(decision, after),
        }

    def _spent(self, recorded: Recorded) -> dict[str, int]:
        spent = dict.fromkeys(self.program.units, 0)
        if paid := recorded.decision.get("paid"):
            spent[paid["unit"]] = paid["points"]
        for _, unit, points, _ in recorded.decision.get("consumed", ()):
            spent[unit] = spent.get(unit, 0) + points
        return spent

    def _explanation(self, decision: Mapping[str, Any]) -> list[Line]:
        lines: list[Line] = []
        for part in ("a", "s"):
            for reason in decision.get(part, ()):
                key = (self.program_id, self.number, self.language, part, *reason)
                line = _LINES.get(key)
                if line is None:
                    [line] = explain({part: [reason]}, self.program, self.language)
                    if len(_LINES) >= MOST_LINES:
                        _LINES.clear()
                    _LINES[key] = line
                lines.append(line)
        return lines

    def _messages(self, decision: Mapping[str, Any], after: Told) -> list[str]:
        program, messages = self.program, []
        if program.rewards and not is_held_out_of_all(pinned_holdouts(decision.get("p", {}))):
            balances = cast("dict[str, Told]", after["balances"])
            available = {unit: cast(int, each["available"]) for unit, each in balances.items()}
            messages = encouragements(program, available, self.language)
        ways = decision["after"].get("milestones")
        return [*messages, *ways_on(program, ways, self.language)] if ways else messages


MOST_LINES = 50_000
_LINES: dict[tuple[object, ...], Line] = {}
