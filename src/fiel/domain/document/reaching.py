"""The descriptions of `milestones` and `badges`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import override

from fiel.domain.conditions import Scope
from fiel.domain.document.conditions import ConditionText
from fiel.domain.document.earning import LIMIT, WHEN
from fiel.domain.document.levels import Level
from fiel.domain.document.numbers import Whole
from fiel.domain.document.reading import Cursor, Named, text_at
from fiel.domain.document.shapes import (
    Dynamic,
    Fields,
    ListOf,
    Record,
    block_of,
    defaulted,
    optional,
    required,
)
from fiel.domain.document.words import Choice, Flag, Identifier, Reference, Text, TextsIn
from fiel.domain.language import N_
from fiel.domain.milestones import ACTIVITIES, COUNTED_WORDS, SPEND, STREAK, VISITS
from fiel.domain.program import Badge, Milestone
from fiel.domain.time import Period

_REWARD = optional("reward", Reference(Named.REWARD), "The reward it gives.")
_BADGE = optional("badge", Reference(Named.BADGE), "The badge it gives.")


@dataclass(frozen=True, slots=True)
class _Gift:
    """What a milestone gives."""

    amounts: Mapping[str, Fraction]
    reward: str | None
    badge: str | None


def _gift(fields: Fields) -> _Gift:
    names = fields.others((_REWARD, _BADGE))
    amounts = {unit: Fraction(count) for unit, count in names.items()}
    if not amounts and fields[_REWARD] is None and fields[_BADGE] is None:
        raise fields.cursor.refuse(
            "missing_name",
            N_("Nothing says what is given."),
            N_("Add “reward” or “badge” with an id, or a unit with an amount."),
        )
    return _Gift(amounts, fields[_REWARD], fields[_BADGE])


MILESTONE_GIFT = Record(
    "milestone gift",
    (_REWARD, _BADGE),
    _gift,
    dynamic=Dynamic(Whole(1), "a unit's id", Named.UNIT),
    doc="A reward, a badge, so much of a unit, or several of them.",
)


class _WhatCounts(ConditionText):
    """A condition about the sale, or about the activity where activities count."""

    @override
    def _scope(self, cursor: Cursor) -> Scope:
        if cursor.sibling("of") == ACTIVITIES or cursor.sibling("activity") is not None:
            return Scope.ACTIVITY
        return Scope.SALE


class _Streak(StrEnum):
    """What can follow in a row."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class _Anew(StrEnum):
    """What a count can begin anew with."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_ID = required("id", Identifier(), "The id of the milestone.")
_NAME = defaulted("name", TextsIn(), {}, None, "What people call it.")
_OF = required(
    "of",
    Reference(Named.UNIT, also=COUNTED_WORDS),
    "What is counted: what members spend, before tax; their purchases; their activities; periods "
    "in a row with a purchase; or what they earn of a unit. What milestones give does not count.",
)
_PERIOD = optional(
    "period",
    Choice(_Streak),
    "With `of: streak`: what must follow in a row, each with a purchase in it.",
)
_ACTIVITY = optional(
    "activity",
    Text(63),
    "With `of: activities`: the type that counts; left out, any. With a streak or a unit: only "
    "such activities count, not sales.",
)
_WHERE = optional(
    "where",
    _WhatCounts(),
    "Only what matches counts: of spend the lines that match; of anything else the sales in "
    "which a line matches, or the activities.",
)
_WHEN = optional("when", WHEN, "Only what happens then counts. Left out: always.")
_AT = optional("at", Level(least=1), "Once, when this much is reached.")
_EVERY = optional("every", Level(least=1), "Again for every so much.")
_RESTART = optional(
    "restart",
    Choice(_Anew),
    "The count begins anew with each of these, and the milestone can be reached again. Not with a "
    "streak, which begins anew by itself.",
)
_GIVE = required("give", MILESTONE_GIFT, "What is given.")
_LIMIT = optional("limit", LIMIT, "How often one member can have it. Left out: always.")
_CONSUME = defaulted(
    "consume",
    Flag(),
    False,
    False,
    "With a unit and `every`: whether so many are redeemed for the gift, as a full stamp card is "
    "handed in. What counts is then the balance that can be used, not what was ever earned.",
)
_KEYS = (
    _ID, _NAME, _OF, _PERIOD, _ACTIVITY, _WHERE, _WHEN, _AT, _EVERY, _RESTART, _GIVE, _LIMIT,
    _CONSUME,
)  # fmt: skip


def _check_milestone(cursor: Cursor, places: Mapping[str, Cursor]) -> None:
    of = text_at(block_of(cursor), "of")
    if of is None:
        return
    is_unit = of not in COUNTED_WORDS
    if of == STREAK and "period" not in places:
        cursor.refuse(
            "missing_key",
            N_("The key “{key}” is missing."),
            N_("Say what follows in a row: {what}."),
            key="period",
            what=", ".join(_Streak),
        )
    if of != STREAK:
        _refuse_beside(places, "period", of, N_("Remove “{key}”, or write “of: streak”."))
    if of in (SPEND, VISITS):
        _refuse_beside(places, "activity", of, N_("Remove “{key}”, or write “of: activities”."))
    if of == STREAK:
        _refuse_beside(places, "restart", of, N_("Remove “{key}”."))
    if text_at(block_of(cursor), "consume") in ("true", "True", "TRUE"):
        _check_consumption(places, of, is_unit=is_unit)


def _check_consumption(places: Mapping[str, Cursor], of: str, *, is_unit: bool) -> None:
    if not is_unit:
        _refuse_beside(places, "consume", of, N_("Remove “{key}”, or count a unit."))
        return
    for key in ("at", "where", "when", "activity", "restart"):
        if key in places:
            places[key].refuse(
                "consumes_balance",
                N_("“{key}” does not go with “consume”, which takes what the member has."),
                N_("Write “every”.") if key == "at" else N_("Remove “{key}”, or “consume”."),
                key=key,
            )


def _refuse_beside(places: Mapping[str, Cursor], key: str, of: str, remedy: str) -> None:
    if key in places:
        places[key].refuse(
            "wrong_count",
            N_("“{key}” does not go with “of: {of}”."),
            remedy,
            key=key,
            of=of,
        )


def _milestone(fields: Fields) -> Milestone:
    gift, period, restart = fields[_GIVE], fields[_PERIOD], fields[_RESTART]
    return Milestone(
        id=fields[_ID],
        of=fields[_OF],
        at=fields[_AT],
        every=fields[_EVERY],
        give=gift.amounts,
        reward=gift.reward,
        name=fields[_NAME],
        badge=gift.badge,
        period=Period(period.value) if period else None,
        activity=fields[_ACTIVITY],
        where=fields[_WHERE],
        when=fields[_WHEN],
        limit=fields[_LIMIT],
        restart=Period(restart.value) if restart else None,
        consume=fields[_CONSUME],
    )


MILESTONES = defaulted(
    "milestones",
    ListOf(
        Record(
            "milestone",
            _KEYS,
            _milestone,
            one_of=(("at", "every"),),
            check=_check_milestone,
            doc="Points, a reward or a badge for each level reached.",
        )
    ),
    (),
    None,
    "What members get for each level that they reach of what is counted.",
)

_BADGE_ID = required("id", Identifier(), "The id of the badge.")
_BADGE_NAME = defaulted("name", TextsIn(), {}, None, "What people call it. Left out: the id.")
_DESCRIPTION = defaulted("description", TextsIn(), {}, None, "What it is held for.")
_ICON = optional("icon", Text(200), "A picture: a character like 🏅, or the address of an image.")
BADGES = defaulted(
    "badges",
    ListOf(
        Record(
            "badge",
            (_BADGE_ID, _BADGE_NAME, _DESCRIPTION, _ICON),
            lambda fields: Badge(
                id=fields[_BADGE_ID],
                name=fields[_BADGE_NAME],
                description=fields[_DESCRIPTION],
                icon=fields[_ICON],
            ),
            doc="Something that members hold and show for what they reached.",
        )
    ),
    (),
    None,
    "The badges that milestones give.",
)
