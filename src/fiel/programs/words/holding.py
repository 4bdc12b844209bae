"""What happens to what members have: when it can be used, when it ends, what returns do."""

from __future__ import annotations

from fiel.domain.language import N_, day_of_year_text, say_many
from fiel.domain.program import (
    KEEPS_ALIVE,
    DayOf,
    Doing,
    Event,
    ExpiresAfter,
    ExpiresByInactivity,
    ExpiresOnDay,
    Expiry,
    Give,
    LeapDay,
    Negative,
    Returns,
    Rounding,
    RoundPer,
    Unit,
)
from fiel.domain.time import Duration
from fiel.programs.words.speaker import Speaker

_ROUNDING = {
    (Rounding.FLOOR, RoundPer.SALE): N_("Fractions are dropped, once for the whole purchase."),
    (Rounding.FLOOR, RoundPer.LINE): N_("Fractions are dropped on each line of the receipt."),
    (Rounding.HALF_UP, RoundPer.SALE): N_(
        "Fractions from a half on count as a whole, once for the whole purchase."
    ),
    (Rounding.HALF_UP, RoundPer.LINE): N_(
        "Fractions from a half on count as a whole on each line of the receipt."
    ),
    (Rounding.CEIL, RoundPer.SALE): N_("Fractions count as a whole, once for the whole purchase."),
    (Rounding.CEIL, RoundPer.LINE): N_("Fractions count as a whole on each line of the receipt."),
}
_RETURNS = {
    Returns.RECOMPUTE: N_(
        "If you return something, you keep what you would have earned without it."
    ),
    Returns.PROPORTIONAL: N_(
        "If you return something, the same share of what it earned is taken back."
    ),
}
_NEGATIVE = {
    Negative.DEBT: N_("If it is already spent, your balance goes below zero."),
    Negative.CLAMP: N_("If it is already spent, your balance does not go below zero."),
    Negative.PENDING_ONLY: N_("Only what you cannot use yet is taken back."),
}


_DOINGS = {
    Doing.SALE: N_("a purchase"),
    Doing.ACTIVITY: N_("an activity"),
    Doing.REDEMPTION: N_("a redemption"),
    Doing.RETURN: N_("a return"),
    Doing.ADJUSTMENT: N_("a correction by the shop"),
}


def day_sentences(speaker: Speaker) -> list[str]:
    """Whose day counts, and when 29 February is, where it is not what people expect."""
    program = speaker.program
    sentences = []
    if program.day_of is DayOf.STORE:
        sentences.append(speaker.say(N_("Days are counted by the clock of the store you buy in.")))
    if program.leap_day is LeapDay.MAR_1 and any(
        rule.event in (Event.BIRTHDAY, Event.ANNIVERSARY) for rule in program.earn
    ):
        sentences.append(
            speaker.say(N_("What falls on 29 February is celebrated on 1 March in other years."))
        )
    return sentences


def unit_sentences(speaker: Speaker) -> list[str]:
    """Every unit: when it can be used, when it ends, what a return does."""
    told = [unit_in_words(speaker, unit) for unit in speaker.program.units.values()]
    return [*told, *day_sentences(speaker)]


def unit_in_words(speaker: Speaker, unit: Unit) -> str:
    """One unit: when it can be used, when it ends, what a return does."""
    units = speaker.units(unit.id)
    sentences = [_expiry(speaker, unit.expiry, units)]
    if unit.pending.count:
        sentences.append(
            speaker.say(
                N_("You can use your {units} from {duration} after earning on."),
                units=units,
                duration=speaker.duration(unit.pending),
            )
        )
    if unit.grace.count:
        sentences.append(
            speaker.say(
                N_("What comes back to you after it has expired can be used for {duration} more."),
                duration=speaker.duration(unit.grace),
            )
        )
    if _is_given_by_sales(speaker, unit):
        sentences.append(speaker.say(_ROUNDING[unit.rounding, unit.round_per]))
        sentences.append(speaker.say(_RETURNS[unit.returns]))
        sentences.append(speaker.say(_NEGATIVE[unit.negative]))
    return " ".join(sentences)


def _expiry(speaker: Speaker, expiry: Expiry, units: str) -> str:
    match expiry:
        case None:
            return speaker.say(N_("Your {units} do not expire."), units=units)
        case ExpiresAfter(after):
            return speaker.say(
                N_("Your {units} expire {duration} after earning, at the end of the day."),
                units=units,
                duration=speaker.duration(after),
            )
        case ExpiresByInactivity(inactivity, extended_by):
            return _by_inactivity(speaker, inactivity, extended_by, units)
        case ExpiresOnDay(month, day, years):
            return _on_day(speaker, day_of_year_text(speaker.language, month, day), years, units)


def _by_inactivity(
    speaker: Speaker, inactivity: Duration, extended_by: frozenset[Doing], units: str
) -> str:
    duration = speaker.duration(inactivity)
    if extended_by == KEEPS_ALIVE:
        return speaker.say(
            N_("Your {units} expire if you neither earn nor redeem for {duration}."),
            units=units,
            duration=duration,
        )
    return speaker.say(
        N_("Your {units} expire after {duration} without any of these: {doings}."),
        units=units,
        duration=duration,
        doings=", ".join(speaker.say(_DOINGS[doing]) for doing in Doing if doing in extended_by),
    )


def _on_day(speaker: Speaker, day: str, years: int, units: str) -> str:
    if years == 0:
        return speaker.say(
            N_("Your {units} expire at the end of the next {day}."), units=units, day=day
        )
    if years == 1:
        return speaker.say(
            N_("Your {units} expire at the end of {day} of the year after."), units=units, day=day
        )
    return say_many(
        speaker.language,
        "Your {units} expire at the end of {day}, {count} year later.",
        "Your {units} expire at the end of {day}, {count} years later.",
        years,
        units=units,
        day=day,
    )


def _is_given_by_sales(speaker: Speaker, unit: Unit) -> bool:
    return any(
        isinstance(rule.effect, Give)
        and rule.effect.per is not None
        and unit.id in rule.effect.amounts
        for rule in speaker.program.earn
    )
