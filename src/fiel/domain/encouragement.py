"""What a member is told after an activity: which reward is nearest."""

from __future__ import annotations

from collections.abc import Mapping

from fiel.domain.language import N_, counted_text, pick, say
from fiel.domain.program import Program, Reward


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
        say(
            language,
            N_("{points} to go for {reward}"),
            points=counted_text(language, missing, name, one),
            reward=pick(reward.name, language, program.locale) or reward.id,
        )
    ]
