"""What a comparison cannot say, what it needs, and what to know about what it says."""

from __future__ import annotations

from datetime import date

from fiel.domain.holdout import WHOLE_PROGRAM
from fiel.domain.language import N_
from fiel.insights.impact.differences import LEAST_WEEKS
from fiel.insights.impact.lifts import LEAST_MEMBERS
from fiel.insights.impact.windows import LEAST_DAYS
from fiel.insights.reporting.report import Say, Statement

DRIFTED = 0.01


def named(name: str) -> Say:
    """The program, or the promotion of this id, in words."""
    if name == WHOLE_PROGRAM:
        return Say(N_("the program"))
    return Say(N_("the promotion “{name}”"), {"name": name})


def no_holdout(name: str) -> Statement:
    """Nobody was kept out."""
    return _of(
        "no_holdout",
        name,
        N_(
            "Nobody was kept out of {what}, so what it caused cannot be told for sure. Write "
            "“holdout: {{share: 10}}” in it to know from then on."
        ),
    )


def weaker(name: str) -> Statement:
    """What a difference in differences rests on."""
    return _of(
        "weaker",
        name,
        N_(
            "What is told of {what} is weaker: members who had joined half a year before are "
            "compared with everybody else's purchases, before and since. It is right only if both "
            "would have gone on as they were going."
        ),
    )


def drifted(name: str) -> Statement:
    """The groups parted before anything began."""
    return _of(
        "drifted",
        name,
        N_(
            "Members and everybody else parted by leaps before {what} began: nothing can be told "
            "from what they did since."
        ),
    )


def too_few_weeks(name: str) -> Statement:
    """Too short a time for a difference in differences."""
    return _of(
        "too_few_weeks",
        name,
        N_("For {what}, {weeks} whole weeks since it began are needed, and as many before."),
        weeks=LEAST_WEEKS,
    )


def empty_weeks(name: str) -> Statement:
    """A week without purchases of one of the groups."""
    return _of(
        "empty_weeks",
        name,
        N_(
            "For {what}, purchases are needed in every week before and since, of members who had "
            "joined half a year before and of others."
        ),
    )


def not_begun(name: str, since: date) -> Statement:
    """No whole day of the experiment lies in what was asked."""
    return _of(
        "not_begun",
        name,
        N_("There is no whole day yet to compare for {what}; the first is {since}."),
        since=since,
    )


def too_short(name: str, days: int) -> Statement:
    """Too few days."""
    return _of(
        "too_short",
        name,
        N_("Of {what} {days} days can be compared; {least} are needed at least."),
        days=days,
        least=LEAST_DAYS,
    )


def no_members() -> Statement:
    """Nobody to compare."""
    return Statement("no_members", Say(N_("There are no members to compare.")))


def too_few_members(name: str, members: int, kept_out: int) -> Statement:
    """Too small a group."""
    return _of(
        "too_few_members",
        name,
        N_(
            "Of {what} {kept_out} members are kept out and {members} are not; {least} are needed "
            "on each side."
        ),
        members=members,
        kept_out=kept_out,
        least=LEAST_MEMBERS,
    )


def uneven_groups(name: str) -> Statement:
    """The sizes are not those of a fair lot."""
    return _of(
        "uneven_groups",
        name,
        N_(
            "The groups of {what} are not of the sizes that a lot makes. Something removed members "
            "from one of them: do not trust the comparison before that is understood."
        ),
    )


def share_changed(name: str) -> Statement:
    """Some members changed sides."""
    return _of(
        "share_changed",
        name,
        N_(
            "The share kept out of {what} was changed: who was kept out only at times is in "
            "neither group."
        ),
    )


def no_margin(name: str, many: int) -> Statement:
    """Costs are missing."""
    return _of(
        "no_margin",
        name,
        N_("For the margin of {what} costs are needed; {many} purchases came without."),
        many=many,
    )


def no_purchases(name: str) -> Statement:
    """Nobody bought."""
    return _of("no_purchases", name, N_("Nobody of {what} bought anything that could differ."))


def zero_baseline(name: str) -> Statement:
    """One of the groups bought nothing: there is nothing to take a percentage of."""
    return _of(
        "zero_baseline",
        name,
        N_("One group of {what} bought nothing: the difference can be told, no percentage of it."),
    )


def many_comparisons(many: int) -> Statement:
    """One of twenty differs by chance."""
    return Statement(
        "many_comparisons",
        Say(
            N_(
                "{many} comparisons are told; where nothing was caused, one of twenty still "
                "differs by chance. The first of each, the spend, is the one to decide by."
            ),
            {"many": many},
        ),
    )


def no_plan() -> Statement:
    """Too little to plan by."""
    return Statement(
        "no_plan",
        Say(
            N_(
                "To plan a comparison, {least} members on each side and four weeks of sales are "
                "needed."
            ),
            {"least": LEAST_MEMBERS},
        ),
    )


def _of(code: str, name: str, msgid: str, **parameters: object) -> Statement:
    return Statement(code, Say(msgid, {"what": named(name), **parameters}))
