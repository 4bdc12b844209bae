"""What materials say: the program's promise, how to join, and what one gets."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.domain.language import N_, say
from fiel.domain.program import Program
from fiel.programs.words.earning import earning_sentences
from fiel.programs.words.redeeming import reward_in_brief
from fiel.programs.words.speaker import Speaker

_STEPS = (
    N_("Scan the code with your phone"),
    N_("Join in half a minute, without a password"),
    N_("Say it at the till each time, and earn"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of a program's materials, in one language."""

    language: str
    shop: str
    headline: str
    promise: str
    steps: tuple[str, ...]
    rewards: tuple[str, ...]
    call: str
    small_print: str


def wording_of(program: Program, language: str, *, shop: str, address: str) -> Wording:
    """What a program's materials say; `address` is that of the rules."""
    speaker = Speaker(program, language)
    earning = tuple(earning_sentences(speaker))
    return Wording(
        language=language,
        shop=shop,
        headline=say(language, "Your loyalty has a reward"),
        promise=earning[0] if earning else "",
        steps=tuple(say(language, step) for step in _STEPS),
        rewards=tuple(
            reward_in_brief(speaker, reward) for reward in list(program.rewards.values())[:3]
        ),
        call=say(language, "Join {shop}", shop=shop),
        small_print=say(language, "The rules: {address}", address=address),
    )
