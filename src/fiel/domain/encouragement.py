"""What a member is told after an activity: which reward and which milestone are nearest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from fiel.domain.language import N_, N_many, counted_text, money_text, pick, say, say_many
from fiel.domain.milestones import ACTIVITIES, SPEND, STREAK, VISITS
from fiel.domain.program import Milestone, Program, Reward, Texts
from fiel.domain.time import Period

# Alike in English; others say "there is" and "there are".
_TO_GO = N_many("{points} to go for {gift}", "{points} to go for {gift}")
_IN_A_ROW = {
    Period.DAY: N_many(
        "{count} day in a row to go for {gift}", "{count} days in a row to go for {gift}"
    ),
    Period.WEEK: N_many(
        "{count} week in a row to go for {gift}", "{count} weeks in a row to go for {gift}"
    ),
    Period.MONTH: N_many(
        "{count} month in a row to go for {gift}", "{count} months in a row to go for {gift}"
    ),
}


def encouragements(program: Program, available: Mapping[str, int], language: str) -> list[str]:
    """How much is missing to the nearest reward that anybody can have; nothing when none is."""
    nearest: tuple[int, str, Reward] | None = None
    for reward in program.rewards.values():
        if reward.where is not None or reward.stock == 0 or len(reward.price) != 1:
            continue
        [(unit, price)] = reward.price.items()
        missing = price - available.get(unit, 0)
        if missing > 0 and (nearest is None or missing < nearest[0]):
            nearest = missing, unit, reward
    if nearest is None:
        return []
    missing, unit, reward = nearest
    name = pick(program.units[unit].name, language, program.locale)
    one = pick(program.units[unit].one, language, program.locale) or None
    return [
        say_many(
            language,
            *_TO_GO,
            missing,
            points=counted_text(language, missing, name, one),
            gift=pick(reward.name, language, program.locale) or reward.id,
        )
    ]


def ways_on(program: Program, ways: Sequence[Sequence[Any]], language: str) -> list[str]:
    """How much is missing to the milestone of which the largest part is done.

    `ways` are [milestone, done, goal] as a record tells them; one that nobody has begun is not
    told of.
    """
    milestones = {milestone.id: milestone for milestone in program.milestones}
    begun = [way for way in ways if way[0] in milestones and way[1] > 0]
    if not begun:
        return []
    identifier, done, goal = max(begun, key=lambda way: Fraction(way[1], way[2]))
    milestone = milestones[identifier]
    gift, missing = _gift(program, milestone, language), goal - done
    match milestone.of:
        case _ if milestone.of == SPEND:
            amount = money_text(language, program.currency, missing)
            return [say(language, N_("{amount} to go for {gift}"), amount=amount, gift=gift)]
        case _ if milestone.of == STREAK:
            assert milestone.period is not None, "a streak has periods"
            singular, plural = _IN_A_ROW[milestone.period]
            return [say_many(language, singular, plural, missing, gift=gift)]
        case _ if milestone.of == VISITS:
            return [
                say_many(
                    language,
                    "{count} purchase to go for {gift}",
                    "{count} purchases to go for {gift}",
                    missing,
                    gift=gift,
                )
            ]
        case _ if milestone.of == ACTIVITIES:
            return [
                say_many(
                    language,
                    "{count} time to go for {gift}",
                    "{count} times to go for {gift}",
                    missing,
                    gift=gift,
                )
            ]
        case unit:
            points = _counted(program, unit, missing, language)
            return [say_many(language, *_TO_GO, missing, points=points, gift=gift)]


def _gift(program: Program, milestone: Milestone, language: str) -> str:
    """The reward of a milestone, else its badge, else its points."""

    def named(texts: Texts, identifier: str) -> str:
        return pick(texts, language, program.locale) or identifier

    if milestone.reward is not None:
        return named(program.rewards[milestone.reward].name, milestone.reward)
    if milestone.badge is not None:
        return named(program.badges[milestone.badge].name, milestone.badge)
    unit, amount = next(iter(milestone.give.items()))
    return _counted(program, unit, int(amount), language)


def _counted(program: Program, unit: str, count: int, language: str) -> str:
    name = pick(program.units[unit].name, language, program.locale) or unit
    one = pick(program.units[unit].one, language, program.locale) or None
    return counted_text(language, count, name, one)
