"""What the house knows, told the way the contract says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from fiel.domain.deciding import explain
from fiel.domain.deciding.explaining import Line
from fiel.domain.encouragement import encouragements
from fiel.domain.program import Program, TierBy
from fiel.ledger.accounts import Balance
from fiel.ledger.posting import Recorded
from fiel.members.records import Member

type Told = dict[str, object]


def told_time(moment: datetime | str | None) -> datetime | None:
    """A moment in UTC; records keep moments as text."""
    if moment is None:
        return None
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    return moment.astimezone(UTC)


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


def told_after(after: Mapping[str, Any], program: Program) -> Told:
    """Balances and tier, from the record of what stood after an activity."""
    balances = {unit: _told_balance(_NOTHING) for unit in program.units}
    for unit, counts in after["balances"].items():
        balances[unit] = _told_balance(counts)
    return {"tier": _told_tier(after.get("tier"), program), "balances": balances}


def told_balances(balances: Mapping[str, Balance], program: Program) -> dict[str, Told]:
    """Balances by unit; a unit that the member never had stands there with zeros."""
    had = {unit: balances.get(unit, Balance()) for unit in (*program.units, *balances)}
    return {
        unit: _told_balance(
            (
                b.available,
                b.pending,
                b.held,
                b.debt,
                b.lifetime,
                [(e.points, e.at) for e in b.expiring],
            )
        )
        for unit, b in had.items()
    }


_NOTHING: Sequence[Any] = (0, 0, 0, 0, 0, ())


def _told_balance(counts: Sequence[Any]) -> Told:
    available, pending, held, debt, lifetime, expiring = counts
    return {
        "available": available,
        "pending": pending,
        "held": held,
        "debt": debt,
        "lifetime": lifetime,
        "expiring": [{"points": points, "at": told_time(at)} for points, at in expiring],
    }


def _told_tier(tier: Sequence[Any] | None, program: Program) -> Told | None:
    if tier is None or program.tiers is None:
        return None
    level, since, *above = tier
    told: Told = {"id": level, "since": told_time(since), "until": None, "next": None}
    if above:
        next_level, missing = above
        by_spend = program.tiers.by is TierBy.SPEND
        amount = program.currency.decimal(missing) if by_spend else str(missing)
        told["next"] = {"id": next_level, "missing": amount}
    return told


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
            **self._decided(recorded),
        }
        if "offline" in recorded.decision:
            told["offline"] = recorded.decision["offline"]
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
            "messages": self._messages(after),
        }

    def _spent(self, recorded: Recorded) -> dict[str, int]:
        spent = dict.fromkeys(self.program.units, 0)
        if paid := recorded.decision.get("paid"):
            spent[paid["unit"]] = paid["points"]
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

    def _messages(self, after: Told) -> list[str]:
        if not self.program.rewards:
            return []
        balances = cast("dict[str, Told]", after["balances"])
        available = {unit: cast(int, balance["available"]) for unit, balance in balances.items()}
        return encouragements(self.program, available, self.language)


MOST_LINES = 50_000
_LINES: dict[tuple[object, ...], Line] = {}
