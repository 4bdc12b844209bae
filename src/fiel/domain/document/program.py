"""The description of the whole document."""

from __future__ import annotations

from fiel.domain.document.accounting import ACCOUNTING
from fiel.domain.document.climbing import REFERRAL, TIERS
from fiel.domain.document.couponing import COUPONS
from fiel.domain.document.days import Timezone
from fiel.domain.document.earning import EARN
from fiel.domain.document.holdout import HOLDOUT
from fiel.domain.document.offline import OFFLINE
from fiel.domain.document.places import DAY_OF, LEAP_DAY, STORES, check_stores
from fiel.domain.document.reaching import BADGES, MILESTONES
from fiel.domain.document.rewarding import GOALS, PAY_WITH_POINTS, REWARDS
from fiel.domain.document.segmenting import SEGMENTS
from fiel.domain.document.shapes import Fields, Record, defaulted, required
from fiel.domain.document.transfers import TRANSFERS
from fiel.domain.document.units import UNITS
from fiel.domain.document.words import SLUG, Choice, CurrencyCode, Text
from fiel.domain.document.words import Language as LanguageCode
from fiel.domain.language import DEFAULT_LANGUAGE
from fiel.domain.program import Program, Stacking

_PROGRAM = required("program", SLUG, "The program's short name, in addresses and commands.")
_NAME = required("name", Text(), "The program's name, as members read it.")
_LOCALE = defaulted(
    "locale",
    Choice(LanguageCode),
    LanguageCode(DEFAULT_LANGUAGE),
    DEFAULT_LANGUAGE,
    "The language of texts that are given in one language only.",
)
_CURRENCY = required(
    "currency", CurrencyCode(), "The currency of all amounts; its number of decimals is respected."
)
_TIMEZONE = required(
    "timezone", Timezone(), "The zone in which the program's days, hours and months are counted."
)
_STACKING = defaulted(
    "stacking",
    Choice(Stacking),
    Stacking.MULTIPLY,
    "multiply",
    "How the factors of tier and promotions combine: `multiply` is their product, `add` sums what "
    "each adds to 1, `best` takes the largest.",
)


def _program(fields: Fields) -> Program:
    check_stores(fields)
    return Program(
        slug=fields[_PROGRAM],
        name=fields[_NAME],
        locale=str(fields[_LOCALE]),
        currency=fields[_CURRENCY],
        timezone=fields[_TIMEZONE],
        units=fields[UNITS],
        stacking=fields[_STACKING],
        earn=fields[EARN],
        milestones=fields[MILESTONES],
        tiers=fields[TIERS],
        referral=fields[REFERRAL],
        rewards={reward.id: reward for reward in fields[REWARDS]},
        pay_with_points=fields[PAY_WITH_POINTS],
        goals=fields[GOALS],
        coupons={coupon.id: coupon for coupon in fields[COUPONS]},
        badges={badge.id: badge for badge in fields[BADGES]},
        leap_day=fields[LEAP_DAY],
        day_of=fields[DAY_OF],
        stores=fields[STORES],
        offline=fields[OFFLINE],
        transfers=fields[TRANSFERS],
        holdout=fields[HOLDOUT],
        accounting=fields[ACCOUNTING],
        segments={segment.id: segment for segment in fields[SEGMENTS]},
    )


PROGRAM: Record[Program] = Record(
    "program",
    (
        _PROGRAM,
        _NAME,
        _LOCALE,
        _CURRENCY,
        _TIMEZONE,
        DAY_OF,
        STORES,
        LEAP_DAY,
        UNITS,
        _STACKING,
        EARN,
        MILESTONES,
        BADGES,
        TIERS,
        REFERRAL,
        SEGMENTS,
        REWARDS,
        COUPONS,
        PAY_WITH_POINTS,
        OFFLINE,
        TRANSFERS,
        HOLDOUT,
        ACCOUNTING,
        GOALS,
    ),
    _program,
    doc="One merchant's loyalty program.",
)
