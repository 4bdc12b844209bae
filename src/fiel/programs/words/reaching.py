"""Milestones and badges, in words."""

from __future__ import annotations

from fiel.domain.language import N_, N_many, say_many
from fiel.domain.milestones import ACTIVITIES, SPEND, STREAK, VISITS
from fiel.domain.program import Badge, Milestone
from fiel.domain.time import Period
from fiel.programs.words.conditions import condition_sentences
from fiel.programs.words.speaker import Speaker

_IN_A_ROW = {
    Period.DAY: N_many(
        "{count} day in a row with a purchase", "{count} days in a row with a purchase"
    ),
    Period.WEEK: N_many(
        "{count} week in a row with a purchase", "{count} weeks in a row with a purchase"
    ),
    Period.MONTH: N_many(
        "{count} month in a row with a purchase", "{count} months in a row with a purchase"
    ),
}
_IN_A_ROW_OF = {
    Period.DAY: N_many("{count} day in a row of {activity}", "{count} days in a row of {activity}"),
    Period.WEEK: N_many(
        "{count} week in a row of {activity}", "{count} weeks in a row of {activity}"
    ),
    Period.MONTH: N_many(
        "{count} month in a row of {activity}", "{count} months in a row of {activity}"
    ),
}
_ANEW = {
    Period.DAY: N_("It is counted anew every day."),
    Period.WEEK: N_("It is counted anew every week."),
    Period.MONTH: N_("It is counted anew every month."),
    Period.YEAR: N_("It is counted anew every year."),
}


def milestone_sentences(speaker: Speaker) -> list[str]:
    """What is given for each level reached, and what its badges are."""
    program = speaker.program
    given = {milestone.badge for milestone in program.milestones}
    told = [badge for badge in program.badges.values() if badge.id in given and badge.description]
    return [
        *(milestone_in_words(speaker, milestone) for milestone in program.milestones),
        *(badge_in_words(speaker, badge) for badge in told),
    ]


def milestone_in_words(speaker: Speaker, milestone: Milestone) -> str:
    """One milestone: when, and what."""
    main = speaker.say(
        N_("When you reach {level}, you get {gift}.")
        if milestone.at is not None
        else N_("For every {level} you get {gift}."),
        level=_level(speaker, milestone),
        gift=_gift(speaker, milestone),
    )
    sentences = [
        main,
        *_handing_in(speaker, milestone),
        *condition_sentences(speaker, milestone.where),
        *speaker.schedule(milestone.when),
        *([speaker.say(_ANEW[milestone.restart])] if milestone.restart else []),
        *speaker.limit(milestone.limit),
    ]
    text = " ".join(sentences)
    name = speaker.name(milestone.name, "")
    return speaker.say(N_("{name}: {text}"), name=name, text=text) if name else text


def badge_in_words(speaker: Speaker, badge: Badge) -> str:
    """One badge: its name, and what it is held for."""
    name = speaker.quoted(speaker.name(badge.name, badge.id))
    description = speaker.name(badge.description, "")
    if not description:
        return speaker.say(N_("The badge {badge}."), badge=name)
    return speaker.say(N_("The badge {badge}: {text}"), badge=name, text=description)


def _level(speaker: Speaker, milestone: Milestone) -> str:
    count = milestone.at if milestone.at is not None else milestone.every
    assert count is not None, "exactly one of the two is given"
    activity = speaker.quoted(milestone.activity) if milestone.activity is not None else ""
    language = speaker.language
    if milestone.of == SPEND:
        return speaker.say(N_("{amount} of purchases"), amount=speaker.money(count))
    if milestone.of == VISITS:
        return say_many(language, "{count} purchase", "{count} purchases", count)
    if milestone.of == STREAK:
        assert milestone.period is not None, "a streak has periods"
        singular, plural = (_IN_A_ROW_OF if activity else _IN_A_ROW)[milestone.period]
        return say_many(language, singular, plural, count, activity=activity)
    if milestone.of == ACTIVITIES and activity:
        return say_many(
            language, "{count} time {activity}", "{count} times {activity}", count,
            activity=activity,
        )  # fmt: skip
    if milestone.of == ACTIVITIES:
        return say_many(
            language, "{count} thing you do for us", "{count} things you do for us", count
        )
    points = speaker.points(milestone.of, count)
    if activity:
        return speaker.say(N_("{points} for {rule}"), points=points, rule=activity)
    return points


def _handing_in(speaker: Speaker, milestone: Milestone) -> list[str]:
    if not milestone.consume:
        return []
    units = speaker.units(milestone.of)
    return [speaker.say(N_("They are taken from your {units}."), units=units)]


def _gift(speaker: Speaker, milestone: Milestone) -> str:
    gifts = [speaker.amounts(milestone.give)] if milestone.give else []
    if milestone.reward is not None:
        reward = speaker.program.rewards[milestone.reward]
        gifts.append(speaker.quoted(speaker.name(reward.name, reward.id)))
    if milestone.badge is not None:
        badge = speaker.program.badges[milestone.badge]
        name = speaker.quoted(speaker.name(badge.name, badge.id))
        gifts.append(speaker.say(N_("the badge {badge}"), badge=name))
    return speaker.all_of(gifts)
