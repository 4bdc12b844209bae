"""Rewards as a member sees them: what can be had now, and how far the others are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fiel.domain.program import Program, Reward, RewardKind
from fiel.domain.redeeming import Why, is_had_freely
from fiel.insights.naming import reward_name
from fiel.intake.redeeming_catalogue import Offered, catalogue
from fiel.intake.redeeming_words import Reasons
from fiel.ledger.scope import Connection
from fiel.programs.words.redeeming import reward_terms, reward_what
from fiel.programs.words.speaker import Speaker

# What a member can do nothing about, and should not be shown as if it were within reach.
_NOT_FOR_THEM = frozenset({Why.GIFT_ONLY})


@dataclass(frozen=True, slots=True)
class RewardOffer:
    """A reward for a member; `percent` is how much of its price the member has.

    `text` says what name, price and reasons do not.
    """

    id: str
    name: str
    kind: str
    text: str
    price: str
    is_free: bool
    is_had: bool
    can_be_had: bool
    reasons: tuple[str, ...]
    missing: str
    percent: int
    stock_left: int | None


async def offers_for_member(
    connection: Connection,
    program_id: UUID,
    program: Program,
    member_id: UUID,
    *,
    now: datetime,
    language: str,
) -> list[RewardOffer]:
    """The rewards that a member may see, those that can be had first, then the nearest."""
    _, offered = await catalogue(connection, program_id, program, member_id, now=now)
    speaker = Speaker(program, language)
    told = [_told(each, speaker) for each in offered if _is_for_sale(each)]
    return sorted(told, key=lambda offer: (not offer.can_be_had, -offer.percent))


def _is_for_sale(offered: Offered) -> bool:
    return offered.found is not None and not _NOT_FOR_THEM & set(offered.found.whys)


def _told(offered: Offered, speaker: Speaker) -> RewardOffer:
    reward, found = offered.reward, offered.found
    assert found is not None, "a member asks"
    program, language = speaker.program, speaker.language
    others = [why for why in found.whys if why is not Why.POINTS]
    reasons = Reasons(program, reward, found).said(language) if others else []
    told = [reward_what(speaker, reward), *reward_terms(speaker, reward)]
    return RewardOffer(
        id=reward.id,
        name=reward_name(program, reward.id, language),
        kind=str(reward.kind),
        text=" ".join(said for said in told if said and said not in reasons),
        price=_price(reward, speaker),
        is_free=not any(reward.price.values()),
        is_had=is_had_freely(reward) and reward.kind is RewardKind.ACCESS and found.is_eligible,
        can_be_had=found.is_eligible,
        reasons=tuple(reasons),
        missing=speaker.amounts(found.missing) if found.missing else "",
        percent=_percent(reward, found.missing) if not others else 0,
        stock_left=offered.left.stock,
    )


def _price(reward: Reward, speaker: Speaker) -> str:
    price = {unit: points for unit, points in reward.price.items() if points}
    return speaker.amounts(price) if price else ""


def _percent(reward: Reward, missing: object) -> int:
    assert isinstance(missing, dict), "what is missing is told by unit"
    shares = [
        (points - missing.get(unit, 0)) * 100 // points
        for unit, points in reward.price.items()
        if points
    ]
    return max(0, min(shares, default=100))
