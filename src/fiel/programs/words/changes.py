"""What changed between two programs, in words: how each rule read before and how it reads now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from fiel.domain.document.shapes import Plain
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.programs.difference import Change, ChangeKind
from fiel.programs.words.aiming import goal_in_words, segment_in_words
from fiel.programs.words.climbing import ladder_sentences, referral_sentences, tier_in_words
from fiel.programs.words.couponing import coupon_in_words
from fiel.programs.words.earning import rule_in_words
from fiel.programs.words.holding import unit_in_words
from fiel.programs.words.reaching import badge_in_words, milestone_in_words
from fiel.programs.words.redeeming import payment_sentences, reward_in_words
from fiel.programs.words.speaker import Speaker

_TITLES = {
    "earn": N_("Rule {name}"),
    "units": N_("Unit {name}"),
    "milestones": N_("Level {name}"),
    "badges": N_("Badge {name}"),
    "tiers.levels": N_("Tier {name}"),
    "rewards": N_("Reward {name}"),
    "coupons": N_("Coupon {name}"),
    "goals": N_("Goal {name}"),
    "segments": N_("Segment {name}"),
    "stores": N_("Store {name}"),
}


# Blocks that are told as a whole.
_BLOCKS = {
    "tiers": N_("Tiers"),
    "referral": N_("Bring a friend"),
    "pay_with_points": N_("Paying with what you earned"),
}

# Keys that the words of their thing do not speak of.
_UNTOLD = {
    "badges": {"icon"},
    "rewards": {"cost"},
    "units": {"name", "one", "value"},
    "referral": {"link"},
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One change in words; `before` and `after` are empty where there was or is nothing.

    `way` leads to the key whose value is shown as the document says it, through no ids; `thing` is
    what that key is of. Both are empty for what is told in sentences.
    """

    kind: ChangeKind
    title: str
    before: str
    after: str
    way: tuple[str, ...] = field(default=(), compare=False)
    thing: str = field(default="", compare=False)


def title_of(part: str, identifier: str, program: Program, language: str) -> str:
    """What a rule, unit, tier or reward is called among changes: Rule “base”."""
    speaker = Speaker(program, language)
    return speaker.say(_TITLES[part], name=speaker.quoted(identifier))


def changes_in_words(
    changes: Sequence[Change], *, before: Program | None, after: Program, language: str
) -> list[ToldChange]:
    """Tell changes, several of one rule as one; `before` is None for a first version."""
    was = Speaker(before, language) if before else None
    now = Speaker(after, language)
    told: list[ToldChange] = []
    for (part, identifier), group in groupby(changes, lambda change: (change.part, change.id)):
        found = list(group)
        if identifier is None and part in _BLOCKS:
            told.extend(_of_block(was, now, found))
        elif identifier is None:
            told.extend(_of_key(now, change) for change in found)
        else:
            told.extend(_of_thing(was, now, found))
    return told


def _of_thing(was: Speaker | None, now: Speaker, changes: list[Change]) -> Iterator[ToldChange]:
    """The changes of one rule, unit, tier or reward."""
    first = changes[0]
    assert first.id is not None, "things have ids"
    title = now.say(_TITLES[first.part], name=now.quoted(first.id))
    # A key may come and go within a thing that stays.
    kind = first.kind if first.key is None else ChangeKind.CHANGED
    before = _read(was, first.part, first.id) if kind is not ChangeKind.ADDED else ""
    after = _read(now, first.part, first.id) if kind is not ChangeKind.REMOVED else ""
    untold = changes
    if before != after:
        yield ToldChange(kind, title, before, after)
        untold = [change for change in changes if change.key in _UNTOLD.get(first.part, ())]
    # What members are not told of (a cost, a goal) is shown as the document says it.
    for change in untold:
        keyed = f"{title}: {change.key}" if change.key else title
        yield ToldChange(
            change.kind, keyed, _shown(change.before), _shown(change.after), _way(change), title
        )


def _of_block(was: Speaker | None, now: Speaker, changes: list[Change]) -> Iterator[ToldChange]:
    """The changes of a block: as it read and as it reads, then what its words leave out."""
    part = changes[0].part
    before, after = _block_read(was, part), _block_read(now, part)
    untold = changes
    if before != after:
        kind = ChangeKind.CHANGED
        if not before or not after:
            kind = ChangeKind.REMOVED if before else ChangeKind.ADDED
        yield ToldChange(kind, now.say(_BLOCKS[part]), before, after)
        untold = [change for change in changes if change.key in _UNTOLD.get(part, ())]
    for change in untold:
        yield _of_key(now, change)


def _block_read(speaker: Speaker | None, part: str) -> str:
    if speaker is None:
        return ""
    match part:
        case "tiers":
            return " ".join(ladder_sentences(speaker))
        case "referral":
            return " ".join(referral_sentences(speaker))
        case _:
            return " ".join(payment_sentences(speaker))


def _of_key(now: Speaker, change: Change) -> ToldChange:
    if change.kind is ChangeKind.REORDERED:
        title = now.say(N_("Order of the rules"))
    else:
        title = change.path
    return ToldChange(change.kind, title, _shown(change.before), _shown(change.after), _way(change))


def _way(change: Change) -> tuple[str, ...]:
    if change.kind is ChangeKind.REORDERED:
        return ()
    return (*change.part.split("."), *(change.key.split(".") if change.key else ()))


def _read(speaker: Speaker | None, part: str, identifier: str) -> str:
    """How a thing reads in one of the programs; nothing where members are not told of it."""
    if speaker is None:
        return ""
    program = speaker.program
    match part:
        case "earn":
            found = next(rule for rule in program.earn if rule.id == identifier)
            return rule_in_words(speaker, found)
        case "units":
            return unit_in_words(speaker, program.units[identifier])
        case "rewards":
            return reward_in_words(speaker, program.rewards[identifier])
        case "coupons":
            return coupon_in_words(speaker, program.coupons[identifier])
        case "milestones":
            milestone = next(one for one in program.milestones if one.id == identifier)
            return milestone_in_words(speaker, milestone)
        case "badges":
            return badge_in_words(speaker, program.badges[identifier])
        case "tiers.levels":
            assert program.tiers is not None, "a level is one of a ladder"
            level = next(one for one in program.tiers.levels if one.id == identifier)
            return tier_in_words(speaker, program.tiers, level)
        case "goals":
            return goal_in_words(speaker, next(g for g in program.goals if g.id == identifier))
        case "segments":
            return segment_in_words(speaker, program.segments[identifier])
        case _:
            return ""


def _shown(plain: Plain) -> str:
    """A value as a document in JSON writes it; a plain text without its quotes."""
    if plain is None:
        return ""
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
