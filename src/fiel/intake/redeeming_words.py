"""Why a member cannot have a reward, in plain words of the program."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.domain.language import N_
from fiel.domain.program import Program, Reward
from fiel.domain.redeeming import Eligibility, Why
from fiel.programs.words.conditions import condition_sentences
from fiel.programs.words.speaker import Speaker


@dataclass(frozen=True, slots=True)
class Reasons:
    """Everything that stands in the way of a reward, to be said in some language."""

    program: Program
    reward: Reward
    found: Eligibility

    def said(self, language: str) -> list[str]:
        """A sentence or two for each thing that stands in the way."""
        speaker = Speaker(self.program, language)
        return [sentence for why in self.found.whys for sentence in self._said(speaker, why)]

    def _said(self, speaker: Speaker, why: Why) -> list[str]:
        match why:
            case Why.GIFT_ONLY:
                return [speaker.say(N_("It is a gift and cannot be bought."))]
            case Why.CONDITION:
                return condition_sentences(speaker, self.reward.where)
            case Why.SCHEDULE:
                closed = speaker.say(N_("It cannot be redeemed at this time."))
                return [closed, *speaker.schedule(self.reward.when)]
            case Why.LIMIT:
                return speaker.limit(self.reward.limit)
            case Why.STOCK:
                return [speaker.say(N_("There are not so many left."))]
            case Why.BUDGET:
                return [speaker.say(N_("What was set aside for it is spent."))]
            case Why.POINTS:
                missing = speaker.amounts(self.found.missing)
                return [speaker.say(N_("Missing: {points}."), points=missing)]
