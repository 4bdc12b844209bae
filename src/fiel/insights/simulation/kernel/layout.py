"""How rules, the past and where members stand are laid out for machine code.

Everything is whole numbers: moments in microseconds, money in minor units, days counted from the
first that matters, fractions as numerators and denominators. Tiers are numbered from 1 along the
ladder; 0 is none. Where something holds only under some tiers, a bit for each tier says so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

type Numbers = NDArray[np.int64]
type Small = NDArray[np.int32]
type Bits = NDArray[np.uint16]
type Bits64 = NDArray[np.int64]
type Scratch = NDArray[Any]

NEVER = np.iinfo(np.int64).max
ALWAYS = np.iinfo(np.int64).min
UNBOUND = np.int64(1) << np.int64(62)  # a budget that nobody set

# What happened.
SALE, ACTIVITY, ENROLMENT, BIRTHDAY, ANNIVERSARY, REDEMPTION, RETURN = range(7)
KINDS = 7

# What a rule counts: amounts of its lines, their quantities, or nothing: it gives once.
BY_VALUE, BY_ITEM, ONCE = range(3)

# How multipliers stack.
PRODUCT, SUM, BEST = range(3)

# What a ladder is climbed by.
BY_SPEND, BY_POINTS, BY_VISITS = range(3)

# Columns of `Rules.givers`, `.rates`, `.multipliers`.
BY, BASIS, FIRST_RATE, END_RATE, LIMIT, SLOT, IS_MULTIPLIED = range(7)
UNIT, NUMERATOR, DENOMINATOR, BIAS, RISE, PER_LINE = range(6)
TIMES, OVER, SCALED, ITS_LIMIT, ITS_SLOT = range(5)

# Columns of `Standings.held`.
TIER, TERM_LAST, REVIEW_AT, COUNTS_FROM, WINDOW_PLACE, WINDOW_TOTAL = range(6)
LOST_TIER, LOST_AT, LOST_SINCE, TIER_SINCE, VISITS = range(6, 11)
HELD = 11

# Rows of `Standings.points`.
ISSUED, TAKEN_BACK, REDEEMED, EXPIRED, OUTSTANDING = range(5)
BECAME = 5

# Columns of `Sums.rewards`.
HAD, COST = range(2)

# What went wrong.
FINE, TOO_LARGE, TOO_MANY, OWED_WHILE_WAITING, KEPT_AND_LIMITED = range(5)
FAULTS = ("", "too_large", "too_large", "owed_while_waiting", "kept_and_limited")

# What a return does to points that are spent.
DEBT, CLAMP, PENDING_ONLY = range(3)
MOST_LIMITS = 60  # as many as have a bit


class Happened(NamedTuple):
    """What happened to the members, one member after another, each in the order of recording."""

    first: Numbers  # of each member, and the end of the last
    kind: NDArray[np.int8]
    at: Numbers
    now: Numbers  # when it was told
    counts_at: Numbers
    day: Small  # whose rules hold: the store's, where the program says so
    program_day: Small  # of when it counts
    now_day: Small  # of when it was told
    lines: Small  # the first line of each, as rules count them
    lines_end: Small
    net: Numbers
    visits: NDArray[np.int8]
    classes: Small  # of each, by what rules make of it
    line_classes: Small
    net_of: Numbers  # by line
    gross_of: Numbers
    margin_of: Numbers
    quantities: Numbers
    reward: Small  # which was redeemed, by the number in the past; −1: this is none
    quantity: Small  # how many of it
    about: Small  # of a return, its sale


class Rules(NamedTuple):
    """A program, and what its rules make of each class of what happened."""

    givers: Numbers
    giver_range: Numbers  # by kind: the first and the end
    rates: Numbers
    multipliers: Numbers
    multiplier_range: Numbers
    acts_on: NDArray[np.bool_]  # by giver and multiplier
    holds: Bits  # by class of what happened and rule
    holds_on: Bits  # by class of line and rule
    stacking: int
    one: int
    tier_factors: Numbers  # by tier: scaled, numerator, denominator; zero: none
    limits: Numbers  # how many, and the row of `periods`
    periods: Small  # by kind of period and day
    quantity_scale: int
    lives: NDArray[np.bool_]  # by kind: whether the program takes notice of it


class Ladder(NamedTuple):
    """Tiers and time: what each day brings, by its number."""

    thresholds: Numbers
    climbs_by: int
    tier_unit: int
    falls: bool
    one_step: bool
    by_year: bool
    window_since: Numbers
    term_last: Small
    review_at: Numbers
    counts_from: Numbers


class Terms(NamedTuple):
    """When points of each unit start and end, by unit and day."""

    starts: Numbers
    ends: Numbers
    idle_ends: Numbers
    waits: NDArray[np.bool_]  # by unit
    ends_idle: NDArray[np.bool_]  # by unit
    extends: NDArray[np.bool_]  # by unit and kind
    negative: Small  # by unit: what a return does to points that are spent


class Rewards(NamedTuple):
    """What can be had for points, and how members are taken to redeem."""

    prices: Numbers  # by reward and unit
    costs: Numbers
    known: Small  # by the number in the past: the reward, −1 where the program has none
    wanted: Small  # in the order in which an eager member looks
    is_observed: bool
    is_eager: bool
    is_certain: bool
    threshold: np.uint64
    seed: np.uint64  # mixed once


class Standings(NamedTuple):
    """Where members stand while the past is gone through."""

    held: Numbers  # by member
    used: Small  # by member and limit: the period, and how often
    # By what happened, of one member after another in the same room, as far as it matters:
    counted: Numbers  # what the ladder climbs by
    left: Numbers  # by unit too: what is left of what it gave; below zero: expired
    given: Numbers  # by unit too: all that it gave, where it may come back
    uses: Bits64  # the limits that it used, where it may come back
    debt: Numbers  # by member and unit
    first_lot: Numbers  # by member and unit
    idle_at: Numbers  # by member and unit
    points: Numbers  # by member, unit and what became of them
    cost: Numbers  # by member


class Sums(NamedTuple):
    """What one worker adds up and works on."""

    budgets: Numbers  # by rule and unit: what is left
    asked: Numbers  # by rule and unit: what budgets were asked for
    shares: Numbers  # by reward: what is left of the stock, and of what they may cost
    by_rule: Numbers  # by rule (the tier's is the last), unit: points and awards
    places: Numbers
    amounts: Numbers
    factors: Numbers
    tried: Numbers
    weighed: Numbers
    touched: NDArray[np.bool_]
    points: Numbers  # by step and rate
    steps: Numbers  # the multiplier of each step; -1: the tier's
    given: Numbers  # by unit
    uses: NDArray[np.bool_]  # by limit
    rewards: Numbers  # by reward: how many were had and what they cost
    unmet: Numbers  # one number: what was redeemed and could not have been
