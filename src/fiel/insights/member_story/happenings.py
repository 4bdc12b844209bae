"""What happened to a member, in words: purchases, returns, redemptions, tiers, what people did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fiel.domain.deciding.explaining import Line
from fiel.domain.language import N_, money_text, pick, say
from fiel.domain.program import Program, TierBy
from fiel.domain.telling import points_text
from fiel.insights.movements import Narrator
from fiel.insights.naming import reward_name, tier_name
from fiel.intake.telling_milestones import told_reached
from fiel.ledger.timeline import Happened

PURCHASES = ("sale", "claim", "return")
REDEMPTIONS = ("redemption", "capture", "use", "redemption_cancel", "redemption_expiry")
BY_HAND = ("adjustment", "transfer", "merge", "unmerge", "balance", "redate")
TIERS = ("tier",)
# What a filter of the page shows; the names are those of its addresses.
GROUPS: Mapping[str, Sequence[str]] = {
    "purchases": PURCHASES,
    "redemptions": REDEMPTIONS,
    "by_hand": BY_HAND,
    "tiers": (*TIERS, *PURCHASES, "merge", "unmerge"),
}

_TITLES: Mapping[str, str] = {
    "sale": N_("Purchase"),
    "claim": N_("Purchase, claimed later"),
    "return": N_("Return"),
    "cancel": N_("Sale called off"),
    "activity": N_("Activity"),
    "enrolment": N_("Joined"),
    "birthday": N_("Birthday"),
    "anniversary": N_("Anniversary of joining"),
    "balance": N_("Points brought in"),
    "calendar": N_("Points started or ended"),
    "redemption": N_("Redemption"),
    "capture": N_("Redemption captured"),
    "use": N_("Redemption used"),
    "redemption_cancel": N_("Redemption cancelled"),
    "redemption_expiry": N_("Redemption expired"),
    "adjustment": N_("Adjustment by hand"),
    "transfer": N_("Transfer between members"),
    "merge": N_("Merge"),
    "unmerge": N_("Merge undone"),
    "referral": N_("Referral rewarded"),
    "referral_reversal": N_("Referral taken back"),
    "tier": N_("Tier looked at"),
    "coupon": N_("Coupon used"),
    "redate": N_("Dates of points changed"),
    "segment_entered": N_("Entered a segment"),
    "segment_left": N_("Left a segment"),
    "erasure": N_("Erased"),
}
_OTHER = N_("Event")

_WHY_TIER: Mapping[str, str] = {
    "term_over": N_("The term was over: {total} counted, {threshold} was needed."),
    "return": N_("Goods came back."),
    "merge": N_("Both together reach it: {total}."),
    "unmerge": N_("The merge was undone."),
    "put_right": N_("A purchase that was told late counted: {total}."),
    "term_begun": N_("The tier is held until {until}."),
}


@dataclass(frozen=True, slots=True)
class Change:
    """How a unit changed: `points` is signed, `text` says so many of what."""

    unit: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class TierStep:
    """A tier that was reached or lost, and why; `before` is empty where it is the first."""

    before: str
    after: str
    went_up: bool
    why: str


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a member, in words of one language."""

    id: UUID
    kind: str
    title: str
    at: datetime
    recorded_at: datetime
    external_id: str | None
    store: str
    gross: str
    status: str
    changes: tuple[Change, ...]
    sentences: tuple[str, ...]
    reasons: tuple[Line, ...]
    tier: TierStep | None
    reached: tuple[str, ...]
    note: str
    sale_id: UUID | None
    redemption_id: UUID | None
    version: int


async def told_happenings(narrator: Narrator, happened: Sequence[Happened]) -> list[Happening]:
    """Tell activities, the newest first; what fell due, at each moment at which it did.

    What falls due is booked together, as one activity that bears the time of the first of it.
    """
    told = [await told_happening(narrator, each) for one in happened for each in _by_moment(one)]
    return sorted(told, key=lambda each: each.at, reverse=True)


def _by_moment(happened: Happened) -> Iterator[Happened]:
    if happened.recorded.kind != "calendar" or not happened.entries:
        yield happened
        return
    for at in sorted({entry.occurred_at for entry in happened.entries}, reverse=True):
        entries = tuple(entry for entry in happened.entries if entry.occurred_at == at)
        yield replace(
            happened, recorded=replace(happened.recorded, occurred_at=at), entries=entries
        )


async def told_happening(narrator: Narrator, happened: Happened) -> Happening:
    """Tell one activity by the version of the program that decided it."""
    recorded, language = happened.recorded, narrator.language
    program = await narrator.program_of(recorded.version)
    told = [await narrator.entry(entry) for entry in happened.entries]
    facts = next((entry.cause.facts for entry in happened.entries), {})
    decision = recorded.decision
    is_cancel = recorded.kind == "return" and decision.get("status") == "cancelled"
    totals: dict[str, int] = {}
    for movement in told:
        totals[movement.unit] = totals.get(movement.unit, 0) + movement.change
    return Happening(
        id=recorded.id,
        kind=recorded.kind,
        title=_title("cancel" if is_cancel else recorded.kind, decision, facts, program, language),
        at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        external_id=recorded.external_id,
        store=recorded.store,
        gross=money_text(language, program.currency, recorded.gross)
        if recorded.kind in PURCHASES
        else "",
        status=str(happened.state["status"]) if happened.state else "",
        changes=tuple(
            Change(unit, points, points_text(abs(points), unit, program, language))
            for unit, points in totals.items()
            if points
        ),
        sentences=tuple(dict.fromkeys(movement.text for movement in told)),
        reasons=tuple(_lines(told)),
        tier=_tier_step(decision, program, language),
        reached=tuple(
            str(each["name"] or each["id"]) for each in told_reached(decision, program, language)
        ),
        note=str(decision.get("reason") or ""),
        sale_id=_sale_id(recorded.kind, recorded.id, recorded.about),
        redemption_id=_redemption_id(decision),
        version=recorded.version,
    )


def _title(
    kind: str,
    decision: Mapping[str, Any],
    facts: Mapping[str, Any],
    program: Program,
    language: str,
) -> str:
    title = say(language, _TITLES.get(kind, _OTHER))
    redemption = decision.get("redemption") or {}
    if redemption.get("reward"):
        return f"{title}: {reward_name(program, redemption['reward'], language)}"
    if kind == "activity" and facts.get("type"):
        return f"{title}: {facts['type']}"
    return title


def _lines(told: Sequence[Any]) -> Iterator[Line]:
    seen = set()
    for movement in told:
        for line in movement.explanation:
            key = tuple(line.items())
            if key not in seen:
                seen.add(key)
                yield line


def _sale_id(kind: str, own: UUID, about: UUID | None) -> UUID | None:
    if kind == "sale":
        return own
    return about if kind in ("return", "claim") else None


def _redemption_id(decision: Mapping[str, Any]) -> UUID | None:
    redemption = decision.get("redemption")
    return UUID(redemption["id"]) if redemption else None


def _tier_step(decision: Mapping[str, Any], program: Program, language: str) -> TierStep | None:
    step, reason = decision.get("r"), decision.get("tier")
    if step is None and (not isinstance(reason, Mapping) or reason.get("why") != "term_over"):
        return None
    before, after = step or (reason["held"], reason["holds"])  # type: ignore[index]
    went_up = _rank(program, after) > _rank(program, before)
    why = _why(reason if isinstance(reason, Mapping) else {}, program, language)
    if not why and went_up and before is not None:
        why = _climbed(after, program, language)
    return TierStep(
        "" if before is None else tier_name(program, before, language),
        tier_name(program, after, language),
        went_up,
        why,
    )


def _climbed(tier: str, program: Program, language: str) -> str:
    levels = program.tiers.levels if program.tiers else ()
    threshold = next((level.threshold for level in levels if level.id == tier), 0)
    needed = _counted(threshold, program, language)
    return say(language, N_("It takes {needed}, and that was reached."), needed=needed)


def _rank(program: Program, tier: str | None) -> int:
    levels = [level.id for level in program.tiers.levels] if program.tiers else []
    return levels.index(tier) if tier in levels else -1


def _why(reason: Mapping[str, Any], program: Program, language: str) -> str:
    sentence = _WHY_TIER.get(str(reason.get("why")))
    if sentence is None:
        return ""
    told: dict[str, object] = {
        name: _counted(int(reason[name]), program, language)
        for name in ("total", "threshold")
        if reason.get(name) is not None
    }
    if reason.get("until"):
        told["until"] = _day(str(reason["until"]), program)
    try:
        return say(language, sentence, **told)
    except KeyError:
        return ""


def _counted(count: int, program: Program, language: str) -> str:
    if program.tiers is None or program.tiers.by is TierBy.VISITS:
        return str(count)
    if program.tiers.by is TierBy.SPEND:
        return money_text(language, program.currency, count)
    unit = program.tiers.unit or next(iter(program.units))
    return points_text(count, unit, program, language)


def _day(moment: str, program: Program) -> date:
    return datetime.fromisoformat(moment).astimezone(program.timezone).date()


def segment_name(program: Program, segment: str, language: str) -> str:
    """What a segment is called: its name in the program, else its id."""
    known = program.segments.get(segment)
    return (pick(known.name, language, program.locale) if known else "") or segment
