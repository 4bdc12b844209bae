"""One plain sentence for each movement, written when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from string import Formatter
from typing import Any

from fiel.domain.codes import receipt_number
from fiel.domain.language import N_, counted_text, money_text, pick, say
from fiel.domain.milestones import milestone_id
from fiel.domain.program import Program
from fiel.domain.telling.movements import Happening, Movement
from fiel.domain.telling.places import OWN, Spot
from fiel.domain.telling.wording import AHEAD, ANY, PAYS_DEBT, WAITS, WORDING, Way

_KEY = re.compile(r"key [0-9a-f-]{36}")


def movement_text(movement: Movement, program: Program, language: str) -> str:
    """Say in a sentence what a movement was.

    `program` is the version that decided, or of what is due the one in force.
    """
    told = _places(movement, program, language)
    sentence, way = _sentence(movement, told)
    text = say(language, sentence, **told)
    if movement.source in OWN or way[2] is not None:
        return text
    if movement.target is Spot.PENDING and movement.starts_at is not None:
        start = _day(movement.starts_at, program)
        return f"{text}; {say(language, WAITS, start=start)}"
    if movement.target is Spot.DEBT:
        return f"{text}; {say(language, PAYS_DEBT)}"
    return text


def points_text(points: int, unit_id: str, program: Program, language: str) -> str:
    """So many of a unit, by the name that the program gives it."""
    unit = program.units.get(unit_id)
    if unit is None:
        return counted_text(language, points, unit_id, unit_id)
    many = pick(unit.name, language, program.locale) or unit_id
    return counted_text(language, points, many, pick(unit.one, language, program.locale) or None)


def _sentence(movement: Movement, told: Mapping[str, object]) -> tuple[str, Way]:
    """The most telling sentence whose places can all be filled, and what it is said of."""
    for way in _ways(movement):
        for wording in (AHEAD, WORDING) if movement.is_ahead else (WORDING,):
            for sentence in wording.get(way, ()):
                if _asked(sentence) <= told.keys():
                    return sentence, way
    raise AssertionError(f"{movement.source} to {movement.target} has a sentence")


def _ways(movement: Movement) -> Iterator[Way]:
    source, target = movement.source, movement.target
    kinds = (_kind(movement.cause, movement.member), ANY) if movement.cause else (ANY,)
    for kind in kinds:
        yield kind, source, target
        # Debts and holds say more than where points came from or went.
        if target in (Spot.DEBT, Spot.HELD) and source in OWN:
            yield kind, None, target
        yield kind, source, None
        yield kind, None, target


def _kind(cause: Happening, member: str | None) -> str:
    """The kind by which the wording knows an activity, told apart by what it was to the member."""
    if cause.kind == "return" and cause.facts.get("cancelled"):
        return "cancel"
    if cause.kind == "merge" and "into" in cause.facts:
        return "merged"
    if cause.kind == "referral" and member is not None:
        for side in ("referrer", "friend"):
            if cause.facts.get(side) == member:
                return side
    return cause.kind


@cache
def _asked(sentence: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


def _places(movement: Movement, program: Program, language: str) -> dict[str, object]:
    """All that is known to fill the places of a sentence with."""
    told: dict[str, object] = {
        "points": points_text(movement.points, movement.unit, program, language)
    }
    if movement.earned is not None:
        told["day"] = _day(movement.earned.at, program)
        if movement.earned.kind == "sale" and movement.earned.external_id is not None:
            told["earned"] = receipt_number(movement.earned.external_id)
    for happening in (movement.cause, movement.about):
        if happening is not None:
            told = _of_happening(happening, movement, program, language) | told
    return told


def _of_happening(
    happening: Happening, movement: Movement, program: Program, language: str
) -> dict[str, object]:
    told: dict[str, object] = {}
    facts, record = happening.facts, happening.record
    if happening.kind in ("sale", "claim") and happening.external_id is not None:
        told["number"] = receipt_number(happening.external_id)
    if happening.kind == "activity" and facts.get("type"):
        told["activity"] = facts["type"]
    if happening.kind == "coupon" and facts.get("coupon"):
        told["coupon"] = _coupon(facts["coupon"], program, language)
    for name in ("author", "reason"):
        # A key is nobody: what it did is told without who did it.
        if facts.get(name) and not (name == "author" and _KEY.fullmatch(str(facts[name]))):
            told[name] = str(facts[name])
    redemption = record.get("redemption")
    if redemption and redemption.get("reward"):
        told["reward"] = _reward(redemption["reward"], program, language)
    for counter, _unit, _points, transfer in record.get("consumed", ()):
        if transfer == movement.transfer:
            told["reward"] = _card(milestone_id(counter), program, language)
    paid = record.get("paid")
    if paid and _is_payment(movement, paid):
        told["money"] = money_text(language, program.currency, paid["worth"])
    return told


def _is_payment(movement: Movement, paid: Mapping[str, Any]) -> bool:
    """Whether it is these points that paid a sale; of what was held, the transfer that held it."""
    if movement.source is Spot.HELD:
        return bool(paid["unit"] == movement.unit)
    return movement.transfer is not None and paid["transfer"] == movement.transfer


def _reward(reward_id: str, program: Program, language: str) -> str:
    reward = program.rewards.get(reward_id)
    return _quoted(
        (pick(reward.name, language, program.locale) if reward else "") or reward_id, language
    )


def _coupon(coupon_id: str, program: Program, language: str) -> str:
    coupon = program.coupons.get(coupon_id)
    return _quoted(
        (pick(coupon.name, language, program.locale) if coupon else "") or coupon_id, language
    )


def _card(milestone: str, program: Program, language: str) -> str:
    """What a milestone gave for what it consumed: its reward, else its own name."""
    for each in program.milestones:
        if each.id == milestone:
            if each.reward is not None:
                return _reward(each.reward, program, language)
            return _quoted(pick(each.name, language, program.locale) or milestone, language)
    return _quoted(milestone, language)


def _quoted(text: str, language: str) -> str:
    """A name that the merchant gave, marked as such."""
    return say(language, N_("“{value}”"), value=text)


def _day(moment: datetime, program: Program) -> date:
    return moment.astimezone(program.timezone).date()
