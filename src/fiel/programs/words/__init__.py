"""A program's rules in plain words, made from the program itself, so that they cannot differ."""

from __future__ import annotations

from dataclasses import dataclass

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.programs.words.changes import ToldChange, changes_in_words, title_of
from fiel.programs.words.climbing import referral_sentences, tier_sentences
from fiel.programs.words.couponing import coupon_sentences
from fiel.programs.words.earning import earning_sentences
from fiel.programs.words.holding import unit_sentences
from fiel.programs.words.reaching import milestone_sentences
from fiel.programs.words.redeeming import payment_sentences, reward_sentences
from fiel.programs.words.speaker import Speaker

__all__ = [
    "Section",
    "ToldChange",
    "changes_in_words",
    "rules_in_words",
    "rules_text",
    "title_of",
]

_SECTIONS = (
    (N_("How you earn"), earning_sentences),
    (N_("Tiers"), tier_sentences),
    (N_("Levels you reach"), milestone_sentences),
    (N_("Bring a friend"), referral_sentences),
    (N_("Rewards"), reward_sentences),
    (N_("Coupons"), coupon_sentences),
    (N_("Paying with what you earned"), payment_sentences),
    (N_("Good to know"), unit_sentences),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the rules: its title and what it says, a paragraph each."""

    title: str
    paragraphs: tuple[str, ...]


def rules_in_words(program: Program, language: str) -> list[Section]:
    """What members need to know, by part; parts that the program does not have are left out."""
    speaker = Speaker(program, language)
    found = [(speaker.say(title), tuple(told(speaker))) for title, told in _SECTIONS]
    return [Section(title, paragraphs) for title, paragraphs in found if paragraphs]


def rules_text(program: Program, language: str) -> str:
    """The rules as Markdown, which reads well as plain text too."""
    parts = [f"# {program.name}"]
    for section in rules_in_words(program, language):
        parts.append(f"## {section.title}")
        parts.append("\n".join(f"- {paragraph}" for paragraph in section.paragraphs))
    return "\n\n".join(parts) + "\n"
