"""What the parts of a program are called where its figures are shown."""

from __future__ import annotations

from fiel.domain.deciding.reasons import OPENING_AWARD, REFERRAL_AWARD, TIER_AWARD
from fiel.domain.language import N_, pick, say
from fiel.domain.program import Program

_OF_NO_RULE = {
    TIER_AWARD: N_("Extra for the tier"),
    OPENING_AWARD: N_("Brought in from before"),
    REFERRAL_AWARD: N_("Friends"),
}


def award_name(program: Program, rule_id: str, language: str) -> str:
    """What gave points: the name of the rule or milestone in the program, else its id."""
    if rule_id in _OF_NO_RULE:
        return say(language, _OF_NO_RULE[rule_id])
    names = {rule.id: rule.name for rule in program.earn}
    names |= {milestone.id: milestone.name for milestone in program.milestones}
    return pick(names.get(rule_id, {}), language, program.locale) or rule_id


def reward_name(program: Program, reward_id: str, language: str) -> str:
    """What a reward is called: its name in the program, else its id."""
    reward = program.rewards.get(reward_id)
    return (pick(reward.name, language, program.locale) if reward else "") or reward_id


def tier_name(program: Program, tier_id: str | None, language: str) -> str:
    """What a tier is called: its name in the program, else its id."""
    if tier_id is None:
        return say(language, "No tier yet")
    levels = program.tiers.levels if program.tiers else ()
    for level in levels:
        if level.id == tier_id:
            return pick(level.name, language, program.locale) or tier_id
    return tier_id


def unit_name(program: Program, unit_id: str, language: str) -> str:
    """What a unit is called: its name in the program, else its id."""
    unit = program.units.get(unit_id)
    return pick(unit.name, language, program.locale) if unit else unit_id
