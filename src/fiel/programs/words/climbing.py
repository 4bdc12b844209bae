"""Tiers and referral, in words."""

from __future__ import annotations

from fiel.domain.language import N_, N_many, say_many
from fiel.domain.program import CalendarYear, Check, Program, TierBy, TierLevel, Tiers
from fiel.domain.time import DurationUnit
from fiel.programs.words.speaker import Speaker

_WINDOWS = {
    DurationUnit.DAYS: N_many("in the last day", "in the last {count} days"),
    DurationUnit.MONTHS: N_many("in the last month", "in the last {count} months"),
    DurationUnit.YEARS: N_many("in the last year", "in the last {count} years"),
}


def tier_sentences(speaker: Speaker) -> list[str]:
    """What the tiers are, how they are reached and how they are lost."""
    tiers = speaker.program.tiers
    if tiers is None:
        return []
    return [
        _what_counts(speaker, tiers),
        *(tier_in_words(speaker, tiers, level) for level in tiers.levels),
        *_downgrade(speaker, tiers),
    ]


def ladder_sentences(speaker: Speaker) -> list[str]:
    """What counts towards a tier, and how tiers are lost; nothing of the tiers themselves."""
    tiers = speaker.program.tiers
    return [] if tiers is None else [_what_counts(speaker, tiers), *_downgrade(speaker, tiers)]


def tier_in_words(speaker: Speaker, tiers: Tiers, level: TierLevel) -> str:
    """One tier: from where on, and what it brings."""
    name = speaker.tier(level.id)
    sentences = [
        speaker.say(
            N_("{tier}: from {threshold} on."),
            tier=name,
            threshold=_threshold(speaker, tiers, level),
        )
        if level.threshold
        else speaker.say(N_("{tier}: from the start."), tier=name)
    ]
    if level.multiply != 1:
        sentences.append(
            speaker.say(
                N_("What you earn by spending is multiplied by {factor}."),
                factor=speaker.number(level.multiply),
            )
        )
    if level.perks:
        sentences.append(speaker.say(N_("It brings: {perks}."), perks=", ".join(level.perks)))
    return " ".join(sentences)


def _what_counts(speaker: Speaker, tiers: Tiers) -> str:
    if isinstance(tiers.window, CalendarYear):
        window = speaker.say(N_("in the calendar year"))
    else:
        singular, plural = _WINDOWS[tiers.window.unit]
        window = say_many(speaker.language, singular, plural, tiers.window.count)
    match tiers.by:
        case TierBy.SPEND:
            msgid = N_("Your tier depends on what you spend {window}, before tax.")
        case TierBy.POINTS:
            msgid = N_("Your tier depends on the {units} you earn {window}.")
        case TierBy.VISITS:
            msgid = N_("Your tier depends on how many purchases you make {window}.")
    return speaker.say(msgid, window=window, units=speaker.units(tiers.unit) if tiers.unit else "")


def _threshold(speaker: Speaker, tiers: Tiers, level: TierLevel) -> str:
    match tiers.by:
        case TierBy.SPEND:
            return speaker.money(level.threshold)
        case TierBy.POINTS:
            assert tiers.unit is not None, "tiers by points name their unit"
            return speaker.points(tiers.unit, level.threshold)
        case TierBy.VISITS:
            return _purchases(speaker, level.threshold)


def _purchases(speaker: Speaker, count: int) -> str:
    return say_many(speaker.language, "{count} purchase", "{count} purchases", count)


def _downgrade(speaker: Speaker, tiers: Tiers) -> list[str]:
    down = tiers.downgrade
    if len(tiers.levels) < 2:
        return []
    if down is None:
        return [speaker.say(N_("You never lose a tier that you have reached."))]
    sentences = [
        speaker.say(
            N_("If you no longer reach your tier, you keep it for {duration} more."),
            duration=speaker.duration(down.grace),
        )
        if down.grace.count
        else speaker.say(N_("You keep your tier as long as you reach it."))
    ]
    sentences.append(
        speaker.say(N_("After that you go down one tier at a time."))
        if down.one_step
        else speaker.say(N_("After that you go down to the tier that you reach."))
    )
    if down.check is Check.AT_ONCE:
        sentences.append(
            speaker.say(N_("If a return takes back what reached it, you go down at once."))
        )
    return [" ".join(sentences)]


def referral_sentences(speaker: Speaker) -> list[str]:
    """What both sides get once a friend really bought."""
    program: Program = speaker.program
    referral = program.referral
    if referral is None:
        return []
    bought = (
        speaker.say(
            N_("When a friend whom you brought spends {amount} or more"),
            amount=speaker.money(referral.min_spend),
        )
        if referral.min_spend
        else speaker.say(N_("When a friend whom you brought makes a purchase"))
    )
    sentences = [
        speaker.say(
            N_("{bought}, you get {yours} and your friend gets {theirs}."),
            bought=bought,
            yours=speaker.amounts(referral.referrer),
            theirs=speaker.amounts(referral.friend),
        )
    ]
    if referral.after.count:
        sentences.append(
            speaker.say(
                N_("It is given {duration} after the purchase."),
                duration=speaker.duration(referral.after),
            )
        )
    return [" ".join([*sentences, *speaker.limit(referral.limit)])]
