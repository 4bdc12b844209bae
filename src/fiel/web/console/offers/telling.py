"""How offers are told on their pages: paces, shares, and what is called what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.utils.translation import gettext, gettext_noop

from fiel.domain.language import number_text, percent_text
from fiel.domain.program import Reward, RewardKind
from fiel.domain.redeeming import Status
from fiel.programs.words.speaker import Speaker
from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit

_KINDS = {
    RewardKind.PRODUCT: gettext_noop("Product"),
    RewardKind.SERVICE: gettext_noop("Service"),
    RewardKind.DISCOUNT: gettext_noop("Discount"),
    RewardKind.VOUCHER: gettext_noop("Voucher"),
    RewardKind.GIFT_CARD: gettext_noop("Gift card"),
    RewardKind.EVENT: gettext_noop("Event"),
    RewardKind.ACCESS: gettext_noop("Access"),
}
_STATES = {
    Status.QUEUED: (gettext_noop("Waits for approval"), "yellow"),
    Status.HELD: (gettext_noop("Held"), "blue"),
    Status.CAPTURED: (gettext_noop("Paid, not used yet"), "azure"),
    Status.USED: (gettext_noop("Used"), "green"),
    Status.CANCELLED: (gettext_noop("Cancelled"), "secondary"),
    Status.EXPIRED: (gettext_noop("Expired"), "secondary"),
}
LOW_SHARE = 15  # percent of a stock or a budget below which it is shown as running out


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of how many or how much, and its share in percent."""

    left: int
    whole: int

    @property
    def percent(self) -> int:
        """The share that is left."""
        return max(0, min(100, 100 * self.left // self.whole)) if self.whole else 0

    @property
    def is_low(self) -> bool:
        """Whether it runs out."""
        return self.percent < LOW_SHARE


def kind_name(kind: RewardKind) -> str:
    """What a kind of reward is called."""
    return gettext(_KINDS[kind])


def state_name(status: Status) -> tuple[str, str]:
    """What a redemption's state is called, and the colour of its mark."""
    text, colour = _STATES[status]
    return gettext(text), colour


def states() -> list[tuple[str, str]]:
    """All states of redemptions with what they are called."""
    return [(str(status), gettext(text)) for status, (text, _) in _STATES.items()]


def price_of(reward: Reward, speaker: Speaker) -> str:
    """What a reward costs a member."""
    if not reward.price:
        return gettext("A gift for a level reached")
    asked = {unit: count for unit, count in reward.price.items() if count}
    return speaker.amounts(asked) if asked else gettext("Free")


def a_week(number: Fraction | None, language: str) -> str:
    """A pace in words; to the tenth where it is small."""
    if number is None:
        return "–"
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    step = Decimal("0.1") if exact < 10 else Decimal(1)
    rounded = exact.quantize(step, ROUND_HALF_UP)
    told = number_text(language, rounded.normalize() + 0)
    return gettext("%(number)s a week") % {"number": told}


def percent_of(number: Fraction | None, language: str, *, signed: bool = False) -> str:
    """So many hundredths, to the tenth."""
    if number is None:
        return "–"
    exact = Decimal(number.numerator) / Decimal(number.denominator)
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP).normalize() + 0
    sign = "+" if signed and rounded > 0 else ""
    return percent_text(language, f"{sign}{number_text(language, rounded)}")


def direction(number: Fraction | None) -> str:
    """Whether a change goes up or down; nothing where it does neither."""
    if not number:
        return ""
    return "up" if number > 0 else "down"


def today_of(visit: Visit) -> date:
    """The day it is in the program's zone."""
    return visit.now.astimezone(visit.program.timezone).date()


def has_ended(moment: datetime | None, now: datetime) -> bool:
    """Whether a moment has come."""
    return moment is not None and moment <= now


def edit_url(visit: Visit, part: str, ref: str) -> str:
    """Where the designer edits an entry; empty for who may not see the program."""
    return visit.address("designer-entry", part, ref) if visit.may(Right.SEE_PROGRAM) else ""


def last_moment(ends_at: datetime | None) -> datetime | None:
    """The last moment before an end, which is of the last day; None for never."""
    return None if ends_at is None else ends_at - timedelta(microseconds=1)


def without_name(words: str, name: str) -> str:
    """What the rules say of something, where its name stands above already."""
    said = words.removeprefix(f"{name}: ")
    return said[:1].upper() + said[1:]


def who(author: str) -> str:
    """Who did something, where that is a person; a key of the API is nobody to look for."""
    return "" if author.startswith("key ") else author
