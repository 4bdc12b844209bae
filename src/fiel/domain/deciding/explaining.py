"""Explanations: a decision's reasons in words, written when somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypedDict

from fiel.domain.deciding.reasons import COUPON_AWARD, OPENING_AWARD, REFERRAL_AWARD, Kind
from fiel.domain.deciding.records import awards_of, skipped_of
from fiel.domain.decision import Award, Decision, Skipped
from fiel.domain.holdout import WHOLE_PROGRAM
from fiel.domain.language import N_, counted_text, money_text, pick, say, say_many
from fiel.domain.milestones import limit_rule
from fiel.domain.program import EarnRule, Event, Give, Multiply, Program, Schedule, Texts
from fiel.domain.time import Period


class Line(TypedDict):
    """One line of an explanation; a rule that gave nothing has no points."""

    rule: str
    unit: str
    points: int
    text: str


# The name that an explanation gives to what keeps a member out of the whole program.
HOLDOUT = "holdout"

_FIXED = {
    Event.ENROLMENT: N_("{points} for enrolling"),
    Event.BIRTHDAY: N_("{points} for a birthday"),
    Event.ANNIVERSARY: N_("{points} for an anniversary as a member"),
}

_LIMITS = {
    Period.DAY: N_("{rule}: limit reached ({count} a day)"),
    Period.WEEK: N_("{rule}: limit reached ({count} a week)"),
    Period.MONTH: N_("{rule}: limit reached ({count} a month)"),
    Period.YEAR: N_("{rule}: limit reached ({count} a year)"),
    Period.PROGRAM: N_("{rule}: limit reached ({count} in all)"),
}


def explain(decision: Decision | Mapping[str, Any], program: Program, language: str) -> list[Line]:
    """Say in words what led to each award, and why matching rules gave nothing.

    `program` is the version that decided.
    """
    if isinstance(decision, Decision):
        awards, skipped = decision.awards, decision.skipped
    else:
        awards, skipped = awards_of(decision), skipped_of(decision)
    writer = _Writer(program, language)
    return [*map(writer.award, awards), *map(writer.skipped, skipped)]


class _Writer:
    """Writes the lines of one explanation in one language."""

    def __init__(self, program: Program, language: str) -> None:
        self._program = program
        self._language = language
        self._rules = {rule.id: rule for rule in program.earn}
        self._milestones = {limit_rule(each.id): each for each in program.milestones}

    def award(self, award: Award) -> Line:
        match Kind(str(award.reason["kind"])):
            case Kind.PER:
                text = self._by_value(award)
            case Kind.ITEM:
                text = self._by_item(award)
            case Kind.FIXED:
                text = self._fixed(award)
            case Kind.TIMES:
                text = self._times(self._rules[award.rule])
            case Kind.TIER:
                text = self._tier(str(award.reason["tier"]))
            case Kind.MILESTONE:
                text = self._milestone(award)
        return {"rule": award.rule, "unit": award.unit, "points": award.points, "text": text}

    def skipped(self, skipped: Skipped) -> Line:
        if skipped.rule == WHOLE_PROGRAM:
            return self._nothing(
                HOLDOUT, self._say(N_("nothing is earned in the comparison group"))
            )
        if (milestone := self._milestones.get(skipped.rule)) is not None:
            text = self._say(
                N_("{rule}: the condition could not be evaluated"),
                rule=self._named(milestone.name, milestone.id),
            )
            return self._nothing(milestone.id, text)
        rule = self._rules[skipped.rule]
        match skipped.why:
            case "limit":
                text = self._limit(rule)
            case "budget":
                text = self._say(N_("{rule}: the budget is used up"), rule=self._name(rule))
            case "held_out":
                text = self._say(
                    N_("{rule}: not for members of its comparison group"), rule=self._name(rule)
                )
            case _:
                text = self._say(
                    N_("{rule}: the condition could not be evaluated"), rule=self._name(rule)
                )
        return {"rule": rule.id, "unit": self._unit_of(rule), "points": 0, "text": text}

    def _nothing(self, rule: str, text: str) -> Line:
        unit = next(iter(self._program.units))
        return {"rule": rule, "unit": unit, "points": 0, "text": text}

    def _by_value(self, award: Award) -> str:
        give = self._give(award.rule)
        assert give.per is not None, "an award by value has an amount"
        currency = self._program.currency
        base = award.reason["base"]
        assert isinstance(base, int), "amounts are minor units"
        return self._say(
            N_("{points} for every {per} of {base}"),
            points=self._counted(award.unit, give.amounts[award.unit]),
            per=money_text(self._language, currency, give.per),
            base=money_text(self._language, currency, base),
        )

    def _by_item(self, award: Award) -> str:
        return say_many(
            self._language,
            "{points} per item, {count} item",
            "{points} per item, {count} items",
            Decimal(str(award.reason["items"])),
            points=self._counted(award.unit, self._give(award.rule).amounts[award.unit]),
        )

    def _fixed(self, award: Award) -> str:
        points = self._counted(award.unit, award.points)
        if award.rule == OPENING_AWARD:
            return self._say(N_("{points} brought in from before"), points=points)
        if award.rule == REFERRAL_AWARD and award.rule not in self._rules:
            return self._say(N_("{points} for a friend who was brought"), points=points)
        if award.rule == COUPON_AWARD and award.rule not in self._rules:
            return self._say(N_("{points} for a coupon"), points=points)
        rule = self._rules[award.rule]
        if rule.event in _FIXED and not rule.name:
            return self._say(_FIXED[rule.event], points=points)
        return self._say(N_("{points} for {rule}"), points=points, rule=self._name(rule))

    def _times(self, rule: EarnRule) -> str:
        assert isinstance(rule.effect, Multiply), "what is multiplied by a rule, it multiplies"
        hours = _hours(rule.when)
        return self._say(
            N_("promotion {rule} ×{factor} ({hours})")
            if hours
            else N_("promotion {rule} ×{factor}"),
            rule=self._name(rule),
            factor=rule.effect.factor,
            hours=hours,
        )

    def _tier(self, tier: str) -> str:
        assert self._program.tiers is not None, "a tier multiplied"
        level = next(level for level in self._program.tiers.levels if level.id == tier)
        return self._say(
            N_("tier {tier} ×{factor}"),
            tier=pick(level.name, self._language, self._program.locale) or level.id,
            factor=level.multiply,
        )

    def _milestone(self, award: Award) -> str:
        milestone = self._milestones[limit_rule(award.rule)]
        return say_many(
            self._language,
            "{points} for reaching {milestone}",
            "{points} for reaching {milestone} {count} times",
            Decimal(str(award.reason["times"])),
            points=self._counted(award.unit, award.points),
            milestone=self._named(milestone.name, milestone.id),
        )

    def _limit(self, rule: EarnRule) -> str:
        if rule.limit is None:  # a day that is honoured once, whatever the document says
            return self._say(N_("{rule}: it was given before"), rule=self._name(rule))
        limit = rule.limit
        return self._say(_LIMITS[limit.every], rule=self._name(rule), count=limit.per_member)

    def _give(self, rule: str) -> Give:
        effect = self._rules[rule].effect
        assert isinstance(effect, Give), "only giving rules give"
        return effect

    def _unit_of(self, rule: EarnRule) -> str:
        units = rule.effect.amounts if isinstance(rule.effect, Give) else self._program.units
        return next(iter(units))

    def _counted(self, unit_id: str, count: int | Fraction) -> str:
        unit = self._program.units[unit_id]
        language, fallback = self._language, self._program.locale
        many = pick(unit.name, language, fallback) or unit_id
        return counted_text(language, count, many, pick(unit.one, language, fallback) or None)

    def _name(self, rule: EarnRule) -> str:
        return self._named(rule.name, rule.id)

    def _named(self, texts: Texts, identifier: str) -> str:
        return pick(texts, self._language, self._program.locale) or identifier

    def _say(self, msgid: str, **parameters: object) -> str:
        return say(self._language, msgid, **parameters)


def _hours(schedule: Schedule | None) -> str:
    """The hours of a schedule as a shop window shows them: "8–11 h", "8:30–11:00 h"."""
    if schedule is None or schedule.hours is None:
        return ""
    first, end = (divmod(minute, 60) for minute in schedule.hours)
    if first[1] or end[1]:
        return f"{first[0]}:{first[1]:02d}–{end[0]}:{end[1]:02d} h"
    return f"{first[0]}–{end[0]} h"
