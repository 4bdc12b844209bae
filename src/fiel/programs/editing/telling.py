"""Single entries of a program in words, as the printed rules tell them."""

from __future__ import annotations

from fiel.domain.program import Program
from fiel.programs.words.aiming import goal_in_words
from fiel.programs.words.climbing import referral_sentences, tier_in_words, tier_sentences
from fiel.programs.words.couponing import coupon_in_words
from fiel.programs.words.earning import rule_in_words
from fiel.programs.words.holding import unit_in_words
from fiel.programs.words.reaching import badge_in_words, milestone_in_words
from fiel.programs.words.redeeming import payment_sentences, reward_in_words
from fiel.programs.words.speaker import Speaker


def part_in_words(program: Program, part: str, language: str) -> list[str]:
    """What the rules say of a part that is one block; nothing where they do not speak of it."""
    speaker = Speaker(program, language)
    match part:
        case "tiers":
            return tier_sentences(speaker)
        case "referral":
            return referral_sentences(speaker)
        case "payment":
            return payment_sentences(speaker)
        case _:
            return []


def entry_in_words(program: Program, part: str, identifier: str, language: str) -> str:
    """What the rules say of one entry; empty where they do not speak of it."""
    speaker = Speaker(program, language)
    match part:
        case "earn":
            found = next((rule for rule in program.earn if rule.id == identifier), None)
            return rule_in_words(speaker, found) if found else ""
        case "milestones":
            met = next((each for each in program.milestones if each.id == identifier), None)
            return milestone_in_words(speaker, met) if met else ""
        case "rewards" if identifier in program.rewards:
            return reward_in_words(speaker, program.rewards[identifier])
        case "coupons" if identifier in program.coupons:
            return coupon_in_words(speaker, program.coupons[identifier])
        case "badges" if identifier in program.badges:
            return badge_in_words(speaker, program.badges[identifier])
        case "units" if identifier in program.units:
            return unit_in_words(speaker, program.units[identifier])
        case "levels" if program.tiers:
            level = next((each for each in program.tiers.levels if each.id == identifier), None)
            return tier_in_words(speaker, program.tiers, level) if level else ""
        case "goals":
            goal = next((each for each in program.goals if each.id == identifier), None)
            return goal_in_words(speaker, goal) if goal else ""
        case "segments" if identifier in program.segments:
            return program.segments[identifier].where.text
        case "stores" if identifier in program.stores:
            return program.stores[identifier].timezone.key
        case _:
            return ""
