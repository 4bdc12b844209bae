"""What a program says, as frozen typed objects; `document` makes them from YAML or JSON.

Money is in minor units of the program's currency, times of day in minutes, texts in many
languages are mappings from a language to its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo

from fiel.domain.accounting.settings import Accounting
from fiel.domain.conditions import Condition
from fiel.domain.money import Currency
from fiel.domain.time import Duration, Period

type Texts = Mapping[str, str]


class Rounding(StrEnum):
    """How a fraction of a point becomes whole."""

    FLOOR = "floor"
    HALF_UP = "half_up"
    CEIL = "ceil"


class RoundPer(StrEnum):
    """Over what an award is rounded: the whole sale or each of its lines."""

    SALE = "sale"
    LINE = "line"


class Stacking(StrEnum):
    """How the multipliers of tier and promotions combine on one line."""

    MULTIPLY = "multiply"
    ADD = "add"
    BEST = "best"


class Basis(StrEnum):
    """The amount of a line that a rule counts."""

    NET = "net"
    GROSS = "gross"
    MARGIN = "margin"


class Event(StrEnum):
    """What can make a rule speak."""

    SALE = "sale"
    ACTIVITY = "activity"
    BIRTHDAY = "birthday"
    ANNIVERSARY = "anniversary"
    ENROLMENT = "enrolment"


class Negative(StrEnum):
    """What a return does to points that are already spent."""

    DEBT = "debt"
    CLAMP = "clamp"
    PENDING_ONLY = "pending_only"


class Returns(StrEnum):
    """How a return finds what to take back."""

    RECOMPUTE = "recompute"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True, slots=True)
class ExpiresAfter:
    """Points end a fixed time after they were earned."""

    after: Duration


class Doing(StrEnum):
    """What a member can do, or have done, that may keep points alive."""

    SALE = "sale"
    ACTIVITY = "activity"
    REDEMPTION = "redemption"
    RETURN = "return"
    ADJUSTMENT = "adjustment"


KEEPS_ALIVE = frozenset({Doing.SALE, Doing.ACTIVITY, Doing.REDEMPTION})


@dataclass(frozen=True, slots=True)
class ExpiresByInactivity:
    """Points end when the member does nothing of what extends their life for this long."""

    inactivity: Duration
    extended_by: frozenset[Doing] = KEEPS_ALIVE


@dataclass(frozen=True, slots=True)
class ExpiresOnDay:
    """Points end with a named day of the year, `years` years after the year they were earned in.

    With `years=1`, points earned in 2026 end with the named day of 2027; with `years=0` with its
    first occurrence on or after the day they were earned.
    """

    month: int
    day: int
    years: int


type Expiry = ExpiresAfter | ExpiresByInactivity | ExpiresOnDay | None  # None: never


@dataclass(frozen=True, slots=True)
class Unit:
    """What is accumulated. `value` is money (major units) that one is worth when it pays.

    `one` is the word for a single one where it does not follow from `name`, which is a plural.
    """

    id: str
    name: Texts
    value: Fraction | None
    rounding: Rounding
    round_per: RoundPer
    expiry: Expiry
    grace: Duration
    pending: Duration
    negative: Negative
    returns: Returns
    one: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Give:
    """An award: so many of each unit, once, for every `per` of money, or for each item.

    `per` is in minor units. Amounts are whole unless `per` is given.
    """

    amounts: Mapping[str, Fraction]
    per: int | None = None
    per_item: bool = False


@dataclass(frozen=True, slots=True)
class Multiply:
    """A multiplier of what is earned by value on the lines its rule matches.

    `rules` names the giving rules it multiplies, whatever they give by; empty means every rule
    that gives by value (`per`).
    """

    factor: Fraction
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a rule holds, in the program's zone. Weekdays count from Monday = 0.

    `first` and `last` days are included; hours run from a minute of the day, included, to a
    minute, not included; a range that ends before it starts runs over midnight.
    """

    first: date | None = None
    last: date | None = None
    days: frozenset[int] = frozenset()
    hours: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """How many times one member may be awarded by a rule in each period."""

    per_member: int
    every: Period


@dataclass(frozen=True, slots=True)
class Budget:
    """How many points of each unit a rule may give out in all."""

    amounts: Mapping[str, int]
    restore_on_return: bool = False


class Extra(StrEnum):
    """Parts of a sale that earn only when a rule names them."""

    GIFT_CARDS = "gift_cards"
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True)
class EarnRule:
    """One rule of the document: on an event, where a condition holds, give or multiply."""

    id: str
    event: Event
    effect: Give | Multiply
    activity: str | None = None  # the activity's type, when event is ACTIVITY; None: any
    of: Basis = Basis.NET
    where: Condition | None = None
    when: Schedule | None = None
    limit: Limit | None = None
    budget: Budget | None = None
    include: frozenset[Extra] = frozenset()
    name: Texts = field(default_factory=dict)
    holdout: Decimal | None = None  # percent of the members for whom it is not


@dataclass(frozen=True, slots=True)
class Milestone:
    """A gift for each level reached of what is counted: points, a reward, a badge.

    Exactly one of `at` and `every` is given: minor units for spend, whole numbers otherwise. What
    counts is what matches `where`, happens within `when` and is of the type `activity`.
    """

    id: str
    of: str  # "spend", "visits", "activities", "streak" or a unit's id
    at: int | None
    every: int | None
    give: Mapping[str, Fraction]  # unit → amount
    reward: str | None
    name: Texts = field(default_factory=dict)
    badge: str | None = None
    period: Period | None = None  # of a streak: what one of them is
    activity: str | None = None
    where: Condition | None = None
    when: Schedule | None = None
    limit: Limit | None = None
    restart: Period | None = None  # counted anew in each; None: never
    consume: bool = False  # whether what was counted is redeemed for the gift


@dataclass(frozen=True, slots=True)
class Badge:
    """Something that members hold for what they reached; it costs nothing and buys nothing."""

    id: str
    name: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    icon: str | None = None


class TierBy(StrEnum):
    """What a member climbs by."""

    SPEND = "spend"
    POINTS = "points"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A window that is the year of the program's zone."""


class Check(StrEnum):
    """When a tier can be lost: at the end of its term, or also at once by a return."""

    WINDOW_END = "window_end"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True)
class Downgrade:
    """How a tier is lost."""

    check: Check
    grace: Duration
    one_step: bool


@dataclass(frozen=True, slots=True)
class TierLevel:
    """One tier. `threshold` is minor units for spend, a whole number otherwise; reached at it."""

    id: str
    threshold: int
    multiply: Fraction
    perks: tuple[str, ...] = ()
    name: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tiers:
    """The ladder; levels stand in rising order of threshold and the first starts at 0."""

    by: TierBy
    unit: str | None  # the unit that counts, when by points
    window: Duration | CalendarYear
    downgrade: Downgrade | None  # None: never
    levels: tuple[TierLevel, ...]


@dataclass(frozen=True, slots=True)
class Referral:
    """What both sides get once the friend really bought.

    `link` is where a friend joins, with `{code}` in the place of the referrer's code.
    """

    referrer: Mapping[str, int]
    friend: Mapping[str, int]
    after: Duration
    min_spend: int
    limit: Limit | None
    link: str | None = None


class RewardKind(StrEnum):
    """What a reward is."""

    PRODUCT = "product"
    SERVICE = "service"
    DISCOUNT = "discount"
    VOUCHER = "voucher"
    GIFT_CARD = "gift_card"
    EVENT = "event"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Reward:
    """Something to redeem for. Money is in minor units; `percent` is of the sale."""

    id: str
    kind: RewardKind
    price: Mapping[str, int]
    name: Texts = field(default_factory=dict)
    sku: str | None = None
    amount: int | None = None
    percent: Decimal | None = None
    cost: int | None = None
    stock: int | None = None
    budget: int | None = None  # what all that are redeemed may cost
    valid: Duration | None = None
    where: Condition | None = None
    when: Schedule | None = None
    limit: Limit | None = None


class CouponKind(StrEnum):
    """What a coupon gives."""

    DISCOUNT = "discount"
    PRODUCT = "product"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Coupon:
    """What a code gives and for which sales. Money is in minor units.

    Exactly one of `amount`, `percent`, `sku` and `give` says what it gives. `uses` None is any
    number; `code` is the one that everybody shares, as it is shown.
    """

    id: str
    kind: CouponKind
    name: Texts = field(default_factory=dict)
    amount: int | None = None
    percent: Decimal | None = None
    sku: str | None = None
    give: Mapping[str, int] = field(default_factory=dict)
    uses: int | None = 1
    per_member: int | None = None
    valid: Duration | None = None
    when: Schedule | None = None
    where: Condition | None = None
    min_spend: int | None = None
    stack: bool = False
    members_only: bool = False
    code: str | None = None


@dataclass(frozen=True, slots=True)
class PayWithPoints:
    """Part payment with a unit: at least `least`, in steps, up to a share of the sale."""

    unit: str
    least: int
    step: int
    max_share: Decimal  # percent


@dataclass(frozen=True, slots=True)
class Goal:
    """What the program is for: a metric, its target and a day."""

    id: str
    metric: str
    target: Decimal  # percent when relative, else the figure itself
    relative: bool
    by: date


class LeapDay(StrEnum):
    """When what falls on 29 February is honoured in years that have none."""

    FEB_28 = "feb-28"
    MAR_1 = "mar-1"


class DayOf(StrEnum):
    """Whose day it is when something happened: the program's or the store's."""

    PROGRAM = "program"
    STORE = "store"


@dataclass(frozen=True, slots=True)
class Store:
    """A shop of the program with a zone of its own."""

    timezone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Offline:
    """What tills may do without a network: debts they may make, by unit, and how wrong they go."""

    overdraw: Mapping[str, int] = field(default_factory=dict)
    clock_minutes: int = 10


@dataclass(frozen=True, slots=True)
class Transfers:
    """What members may give each other: so many points at a time, so often."""

    least: int = 1
    most: int | None = None
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Members of whom a condition holds; who they are is found out again and again."""

    id: str
    where: Condition
    name: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Program:
    """One merchant's loyalty program, whole."""

    slug: str
    name: str
    locale: str
    currency: Currency
    timezone: ZoneInfo
    units: Mapping[str, Unit]
    stacking: Stacking
    earn: tuple[EarnRule, ...]
    milestones: tuple[Milestone, ...]
    tiers: Tiers | None
    referral: Referral | None
    rewards: Mapping[str, Reward]
    pay_with_points: PayWithPoints | None
    goals: tuple[Goal, ...]
    coupons: Mapping[str, Coupon] = field(default_factory=dict)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    leap_day: LeapDay = LeapDay.FEB_28
    day_of: DayOf = DayOf.PROGRAM
    stores: Mapping[str, Store] = field(default_factory=dict)
    offline: Offline = field(default_factory=Offline)
    transfers: Transfers | None = field(default_factory=Transfers)  # None: never
    holdout: Decimal | None = None  # percent of the members who earn nothing
    accounting: Accounting = field(default_factory=Accounting)
    segments: Mapping[str, Segment] = field(default_factory=dict)

    def zone_of(self, store: str) -> ZoneInfo:
        """The zone whose day it is for what happens in a store."""
        if self.day_of is DayOf.STORE and store in self.stores:
            return self.stores[store].timezone
        return self.timezone
