"""What a merchant can give back, and amounts that people like to read.

All shares are of net sales. A program that costs a sixth of the margin must raise sales by a
fifth to pay for itself; what is given back here stays below that, whatever members do.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from fiel.domain.money import Currency
from fiel.programs.fitting.answers import Aim, Answers, Visits

_BASE = Fraction(1, 12)  # of the margin, for every purchase
_BASE_FOR_PROFIT = Fraction(1, 16)
_MOST = Fraction(5, 100)  # of the sale: more is rarely noticed
_EXTRAS = Fraction(1, 120)  # of the margin, for each thing beside purchases
_STEPS = (
    Fraction(10), Fraction(8), Fraction(6), Fraction(5), Fraction(4), Fraction(3), Fraction(5, 2),
    Fraction(2), Fraction(3, 2), Fraction(1),
)  # fmt: skip
# After so many usual visits the first reward is there: soon enough to be believed.
_VISITS_TO_REWARD = {
    Visits.DAILY: 10, Visits.WEEKLY: 6, Visits.MONTHLY: 4, Visits.QUARTERLY: 3, Visits.YEARLY: 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allowance:
    """What can be given back. `extra` is a year's worth of one gift beside purchases, in money."""

    rate: Fraction
    extra: Fraction
    visits_to_reward: int


def allowance_of(answers: Answers) -> Allowance:
    """What a merchant of these answers can give back."""
    share = _BASE_FOR_PROFIT if answers.aim is Aim.PROFIT else _BASE
    return Allowance(
        rate=min(answers.margin * share, _MOST),
        extra=answers.margin * _EXTRAS * answers.yearly_spend,
        visits_to_reward=_VISITS_TO_REWARD[answers.visits],
    )


def round_down(amount: Fraction, currency: Currency) -> Fraction:
    """The largest amount that reads well and is no more; at least one minor unit."""
    least = Fraction(1, currency.minor_per_major)
    power = least
    while power * 10 <= amount:
        power *= 10
    while power >= least:
        for step in _STEPS:
            rounded = power * step
            if rounded <= amount and (rounded / least).denominator == 1:
                return rounded
        power /= 10
    return least


def round_up(amount: Fraction, currency: Currency) -> Fraction:
    """The smallest amount that reads well and is no less."""
    least = Fraction(1, currency.minor_per_major)
    power = least
    while True:
        for step in reversed(_STEPS):
            rounded = power * step
            if rounded >= amount and (rounded / least).denominator == 1:
                return rounded
        power *= 10


def whole_up(number: Fraction) -> int:
    """The smallest whole number that reads well and is no less: 237 → 240."""
    whole = -((-number) // 1)
    step = 1
    for limit, wanted in ((20, 5), (200, 10), (1000, 50), (10_000, 500)):
        if whole > limit:
            step = wanted
    return int(-(-whole // step) * step)


def whole_down(number: Fraction) -> int:
    """The largest whole number that reads well and is no more: 237 → 235."""
    whole = int(number)
    step = 1
    for limit, wanted in ((20, 5), (200, 10), (1000, 50), (10_000, 500)):
        if whole > limit:
            step = wanted
    return whole // step * step


def money(amount: Fraction, currency: Currency) -> str:
    """An amount as a document writes it; it is a whole number of minor units."""
    minor = amount * currency.minor_per_major
    assert minor.denominator == 1, "amounts were rounded to minor units"
    return currency.decimal(minor.numerator)


def id_of(kind: str, amount: Fraction, currency: Currency) -> str:
    """An id that tells an amount: "voucher-5", "voucher-2-50"."""
    text = str(amount) if amount.denominator == 1 else money(amount, currency)
    return f"{kind}-{text.replace('.', '-')}"


def step_of_spend(ticket: Fraction) -> int:
    """For how much money a point is given, so that a usual purchase earns tens of them."""
    return int(10 ** max(len(str(int(ticket))) - 2, 0)) if ticket >= 1000 else 1


def exact_decimal(number: Fraction) -> str:
    """A small number to two digits that count, rounded down: 0.04166… → "0.041"."""
    assert number > 0, "what is worth nothing is left out"
    places = 0
    while number * 10**places < 10 and places < 9:
        places += 1
    scaled = int(number * 10**places)
    if not places:
        return str(scaled)
    text = f"{scaled:0{places + 1}d}"
    return f"{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
