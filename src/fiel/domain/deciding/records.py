"""Records: a decision as plain data, small enough to be kept for ever beside its transfers.

    a  awards: [rule, unit, points, how, …]; how is "p" by value and its base, "i" by item and the
       items, "f" fixed, "x" a promotion and the rule it added to, "t" a tier, that rule, the tier,
       "m" a milestone and how often it was reached
    s  skipped: [rule, why] and, of a multiplier, the rule it would have added to
    t  terms: unit → [start, end]; no end: null
    c  counted: [spend, points, visits]
    r  risen: [tier before, tier after]
    l  limits used: [rule, first day of the period, times]
    b  budgets used: [rule, unit, points]
    p  pinned facts about the member
    m  milestones: [counter, added, times reached, kept, period], less the zeros at the end

What is empty is left out. Times are UTC. A decimal among the pinned facts is {"$decimal": text}.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from fiel.domain.deciding.reasons import Kind
from fiel.domain.decision import Advance, Award, Decision, Skipped, Term, TierChange
from fiel.domain.member import Qualifying

type Record = dict[str, Any]  # what JSON holds; the keys above say of what kind

# Letter and the reason's own parts, in order.
_WRITTEN: dict[str, tuple[str, tuple[str, ...]]] = {
    Kind.PER.value: ("p", ("base",)),
    Kind.ITEM.value: ("i", ("items",)),
    Kind.FIXED.value: ("f", ()),
    Kind.TIMES.value: ("x", ("of",)),
    Kind.TIER.value: ("t", ("of", "tier")),
    Kind.MILESTONE.value: ("m", ("times",)),
}
_READ = {letter: (kind, parts) for kind, (letter, parts) in _WRITTEN.items()}


def decision_record(decision: Decision) -> Record:
    """Write a decision as plain data; `decision_from_record` reads the same decision back."""
    record: Record = {}
    if decision.awards:
        record["a"] = [_award_record(award) for award in decision.awards]
    if decision.skipped:
        record["s"] = [_skipped_record(skipped) for skipped in decision.skipped]
    if decision.terms:
        record["t"] = {
            unit: [_time_record(term.starts_at), term.ends_at and _time_record(term.ends_at)]
            for unit, term in decision.terms.items()
        }
    counted = decision.counted
    if counted.spend or counted.points or counted.visits:
        record["c"] = [counted.spend, counted.points, counted.visits]
    if decision.tier:
        record["r"] = [decision.tier.before, decision.tier.after]
    if decision.limits:
        record["l"] = [
            [rule, day.isoformat(), times] for (rule, day), times in decision.limits.items()
        ]
    if decision.budgets:
        record["b"] = [[rule, unit, points] for (rule, unit), points in decision.budgets.items()]
    if decision.pinned:
        record["p"] = _plain(decision.pinned)
    if decision.advances:
        record["m"] = [advance_record(advance) for advance in decision.advances]
    return record


def decision_from_record(record: Mapping[str, Any]) -> Decision:
    """Read a decision back from its record."""
    return Decision(
        awards=awards_of(record),
        skipped=skipped_of(record),
        terms={
            unit: Term(datetime.fromisoformat(start), end and datetime.fromisoformat(end))
            for unit, (start, end) in record.get("t", {}).items()
        },
        counted=Qualifying(*record.get("c", ())),
        tier=TierChange(*record["r"]) if "r" in record else None,
        limits={(rule, date.fromisoformat(day)): times for rule, day, times in record.get("l", ())},
        budgets={(rule, unit): points for rule, unit, points in record.get("b", ())},
        pinned=cast(dict[str, object], _exact(record.get("p", {}))),
        advances=advances_of(record),
    )


def awards_of(record: Mapping[str, Any]) -> tuple[Award, ...]:
    """The awards of a record, without reading the rest."""
    return tuple(_award(fields) for fields in record.get("a", ()))


def skipped_of(record: Mapping[str, Any]) -> tuple[Skipped, ...]:
    """The rules that gave nothing, of a record, without reading the rest."""
    return tuple(Skipped(*fields) for fields in record.get("s", ()))


def advances_of(record: Mapping[str, Any]) -> tuple[Advance, ...]:
    """What a record does to milestones, without reading the rest."""
    return tuple(Advance(*fields) for fields in record.get("m", ()))


def advance_record(advance: Advance) -> list[object]:
    """Write an advance as plain data; `advances_of` reads it back."""
    fields: list[object] = [
        advance.counter, advance.added, advance.reached, advance.kept, advance.mark,
    ]  # fmt: skip
    while not fields[-1]:
        fields.pop()
    return fields


def _award_record(award: Award) -> list[object]:
    reason = award.reason
    letter, parts = _WRITTEN[str(reason["kind"])]
    return [award.rule, award.unit, award.points, letter, *(reason[part] for part in parts)]


def _award(fields: Sequence[Any]) -> Award:
    rule, unit, points, letter, *values = fields
    kind, parts = _READ[letter]
    return Award(rule, unit, points, {"kind": kind, **dict(zip(parts, values, strict=True))})


def _skipped_record(skipped: Skipped) -> list[str]:
    if skipped.of is None:
        return [skipped.rule, skipped.why]
    return [skipped.rule, skipped.why, skipped.of]


def _time_record(time: datetime) -> str:
    return time.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def _plain(value: object) -> object:
    """A pinned fact as JSON holds it; keys that begin with "$" get a second one."""
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, Mapping):
        return {
            f"${key}" if key.startswith("$") else key: _plain(each) for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def _exact(value: object) -> object:
    """The fact that `_plain` wrote."""
    if isinstance(value, Mapping):
        if value.keys() == {"$decimal"}:
            return Decimal(str(value["$decimal"]))
        return {
            key.removeprefix("$") if key.startswith("$") else key: _exact(each)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return value
