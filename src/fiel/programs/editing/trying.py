"""Trying a program on a purchase: what it would give and why. Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.domain.activity import Sale
from fiel.domain.deciding import Rulebook, decide, explain
from fiel.domain.language import counted_text, pick
from fiel.domain.member import MemberFacts, MemberState, Qualifying
from fiel.domain.milestones import MilestoneFacts, Progress, milestone_id
from fiel.domain.program import Program, TierBy


@dataclass(frozen=True)
class Who:
    """The member that a purchase is tried for; amounts in minor units."""

    tier: str | None = None
    spend: int = 0
    visits: int = 0
    segments: tuple[str, ...] = ()
    birthday_month: int = 0
    joined_days: int = 0


@dataclass(frozen=True)
class Reason:
    """One line of why: `sum` is so much of a unit in words, empty where nothing is given."""

    rule: str
    sum: str
    text: str


@dataclass(frozen=True)
class Trial:
    """What a purchase would come to."""

    earned: tuple[tuple[str, int, str], ...]  # unit, how many, in words
    reasons: tuple[Reason, ...]
    rewards: tuple[str, ...]  # what milestones give
    tier: str | None  # what the member would rise to


def try_sale(program: Program, sale: Sale, who: Who, language: str) -> Trial:
    """Decide on a purchase of a member, as for the first time: no limit or budget is used yet."""
    rulebook = Rulebook.of(program)
    tiers = program.tiers
    lowest = tiers.levels[0].id if tiers else None
    tier = who.tier if tiers and who.tier in [level.id for level in tiers.levels] else lowest
    facts = MemberFacts(
        tier=tier, joined_days=who.joined_days, birthday_month=who.birthday_month,
        segments=who.segments, spend=who.spend, visits=who.visits,
    )  # fmt: skip
    state = MemberState(
        joined_at=sale.occurred_at,
        facts=facts,
        window=_window(program, who, tier),
        milestones=MilestoneFacts(progress=_progress(program, who), now=sale.occurred_at),
    )
    decision = decide(rulebook, state, sale, budgets_left=None)
    names = {level.id: pick(level.name, language, program.locale) or level.id
             for level in (tiers.levels if tiers else ())}  # fmt: skip
    return Trial(
        earned=tuple(
            (unit, points, in_words(program, unit, points, language))
            for unit, points in decision.points().items()
        ),
        reasons=tuple(
            Reason(
                line["rule"],
                in_words(program, line["unit"], line["points"], language) if line["unit"] else "",
                line["text"],
            )
            for line in explain(decision, program, language)
        ),
        rewards=tuple(
            _reward(program, milestone_id(advance.counter), language)
            for advance in decision.advances
            if advance.reached > 0 and _reward(program, milestone_id(advance.counter), language)
        ),
        tier=names.get(decision.tier.after) if decision.tier else None,
    )


def in_words(program: Program, unit: str, points: int, language: str) -> str:
    """So much of a unit, as the program calls it."""
    told = program.units.get(unit)
    if told is None:
        return f"{points} {unit}"
    many = pick(told.name, language, program.locale) or unit
    one = pick(told.one, language, program.locale) or None
    return counted_text(language, points, many, one)


def _window(program: Program, who: Who, tier: str | None) -> Qualifying:
    """What counts towards tiers: what was spent and bought, at least what the tier takes."""
    tiers = program.tiers
    least = next((each.threshold for each in tiers.levels if each.id == tier), 0) if tiers else 0
    if tiers is None or tiers.by is TierBy.SPEND:
        return Qualifying(max(who.spend, least), 0, who.visits)
    if tiers.by is TierBy.VISITS:
        return Qualifying(who.spend, 0, max(who.visits, least))
    return Qualifying(who.spend, least, who.visits)


def _progress(program: Program, who: Who) -> dict[str, Progress]:
    """How far the member is with milestones of purchases and of what was spent."""
    counted = {"spend": who.spend, "visits": who.visits}
    return {
        f"{milestone.id}@{milestone.of}": Progress(
            total=(total := counted[milestone.of]),
            reached=total // milestone.every if milestone.every
            else int(total >= (milestone.at or 0)),
        )
        for milestone in program.milestones
        if milestone.of in counted and milestone.restart is None and counted[milestone.of]
    }  # fmt: skip


def _reward(program: Program, milestone: str, language: str) -> str:
    for each in program.milestones:
        if each.id == milestone:
            if each.reward is not None and each.reward in program.rewards:
                name = program.rewards[each.reward].name
                return pick(name, language, program.locale) or each.reward
            if each.badge is not None and each.badge in program.badges:
                name = program.badges[each.badge].name
                return pick(name, language, program.locale) or each.badge
    return ""
