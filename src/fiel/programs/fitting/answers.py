"""The six questions to a merchant, and what may be answered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

from fiel.domain.language import LANGUAGES, N_
from fiel.domain.money import Amount, Currency, UnknownCurrency, currency
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.programs.starting_points import MODELS

_LONGEST_NAME = 60
_LONGEST_SLUG = 40
_MARGINS = range(2, 96)  # in percent: below there is nothing to give back, above is a slip
_LARGEST_TICKET = 10**9  # major units
_EXAMPLE = 1250  # minor units
_USUAL_CURRENCY = "EUR"


class Sells(StrEnum):
    """What a shop sells."""

    COFFEE = "coffee"
    MEALS = "meals"
    FOOD = "food"
    FASHION = "fashion"
    BEAUTY = "beauty"
    HOME = "home"
    LEISURE = "leisure"
    SERVICES = "services"
    OTHER = "other"


class Visits(StrEnum):
    """How often a usual customer comes."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def in_a_year(self) -> int:
        """How many visits that is in a year."""
        return _IN_A_YEAR[self]


class Aim(StrEnum):
    """What a merchant wants to reach: the metrics of goals."""

    AVERAGE_SPEND = "average_spend"
    PURCHASE_FREQUENCY = "purchase_frequency"
    RETENTION = "retention"
    NEW_MEMBERS = "new_members"
    ENGAGEMENT = "engagement"
    PROFIT = "profit"


_IN_A_YEAR = {
    Visits.DAILY: 150,
    Visits.WEEKLY: 52,
    Visits.MONTHLY: 12,
    Visits.QUARTERLY: 4,
    Visits.YEARLY: 1,
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a merchant answered.

    `ticket` is in major units and without tax, `margin` a share of net sales; `tax_percent` is in
    the prices that customers pay.
    """

    model: str
    name: str
    slug: str
    sells: Sells
    ticket: Fraction
    margin: Fraction
    visits: Visits
    aim: Aim
    currency: Currency
    timezone: str
    language: str = "es"
    tax_percent: Decimal = Decimal(0)

    @property
    def yearly_spend(self) -> Fraction:
        """What a usual customer spends in a year, in major units."""
        return self.ticket * self.visits.in_a_year


def read_answers(told: Mapping[str, str]) -> Answers:
    """Read the answers as a form brings them.

    Raises:
        Invalid: names every field that does not answer its question.
    """
    reading = _Reading(told)
    name = reading.name()
    tax_percent, money = reading.tax_percent(), reading.currency()
    answers = (
        reading.choice("model", MODELS),
        name,
        slug_of(told.get("slug", "").strip() or name),
        reading.choice("sells", list(Sells)),
        reading.ticket(tax_percent, money),
        reading.margin(),
        reading.choice("visits", list(Visits)),
        reading.choice("aim", list(Aim)),
        reading.timezone(),
        reading.choice("language", LANGUAGES),
    )
    if reading.problems:
        raise Invalid(N_("Some answers need another look."), problems=reading.problems)
    model, name, slug, sells, ticket, margin, visits, aim, zone, language = answers
    assert money is not None, "what is no currency was refused"
    return Answers(
        model, name, slug, Sells(sells), ticket, margin, Visits(visits), Aim(aim), money, zone,
        language, tax_percent,
    )  # fmt: skip


def slug_of(name: str) -> str:
    """What machines call a shop of a name: "Café Sol" → "cafe-sol"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-")
    if not slug:
        return "shop"
    return slug if slug[0].isalpha() else f"shop-{slug}"


class _Reading:
    """Reads answers one by one and remembers what is wrong with them."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self._told = told
        self.problems: list[FieldProblem] = []

    def name(self) -> str:
        name = " ".join(self._told.get("name", "").split())
        if not name:
            self._problem("name", "missing", N_("Say what your shop is called."))
        elif len(name) > _LONGEST_NAME or not name.isprintable():
            self._problem("name", "invalid", N_("Use a shorter name, in plain letters."))
        return name

    def choice(self, field: str, choices: Sequence[str]) -> str:
        value = self._told.get(field, "").strip()
        if value in [str(choice) for choice in choices]:
            return value
        self._problem(field, "invalid", N_("Choose one of these."))
        return value

    def tax_percent(self) -> Decimal:
        """The tax in prices; none in answers that were given before it was asked."""
        if "tax" not in self._told:
            return Decimal(0)
        percent = self._number("tax")
        if percent is None or not 0 <= percent < 100 or percent != round(percent, 2):
            self._problem("tax", "invalid", N_("Write a percentage, such as 21; 0 for no tax."))
            return Decimal(0)
        return percent

    def ticket(self, tax_percent: Decimal, money: Currency | None) -> Fraction:
        """A usual purchase without the tax that is in it, to the minor unit."""
        amount = self._number("ticket")
        if amount is None or not 0 < amount <= _LARGEST_TICKET:
            text = N_("Write an amount, such as {amount}.")
            example = Amount(_EXAMPLE, money or currency(_USUAL_CURRENCY))
            self.problems.append(FieldProblem("ticket", "invalid", text, {"amount": example}))
            return Fraction(1)
        if money is None or not tax_percent:
            return Fraction(amount)
        net = money.minor(Fraction(amount) * 100 / (100 + Fraction(tax_percent)))
        return Fraction(max(net, 1), money.minor_per_major)

    def margin(self) -> Fraction:
        percent = self._number("margin")
        if percent is None or not _MARGINS.start <= percent < _MARGINS.stop:
            text = N_("Write a percentage from {least} to {most}, such as 40.")
            limits = {"least": _MARGINS.start, "most": _MARGINS.stop - 1}
            self.problems.append(FieldProblem("margin", "invalid", text, limits))
            return Fraction(1, 2)
        return Fraction(percent) / 100

    def currency(self) -> Currency | None:
        try:
            return currency(self._told.get("currency", "").strip().upper())
        except UnknownCurrency:
            self._problem("currency", "unknown", N_("Choose one of these."))
            return None

    def timezone(self) -> str:
        zone = self._told.get("timezone", "").strip()
        if zone not in available_timezones():
            self._problem("timezone", "unknown", N_("Choose one of these."))
            return "UTC"
        return ZoneInfo(zone).key

    def _number(self, field: str) -> Decimal | None:
        """A number with a point or a comma for its decimals; signs of currencies say nothing."""
        told = self._told.get(field, "").strip().removesuffix("%")
        text = "".join(
            sign for sign in told if not sign.isspace() and unicodedata.category(sign) != "Sc"
        )
        try:
            number = Decimal(text.replace(",", ".") if text.count(",") == 1 else text)
        except InvalidOperation:
            return None
        return number if number.is_finite() and -12 <= number.adjusted() <= 12 else None

    def _problem(self, field: str, code: str, text: str) -> None:
        self.problems.append(FieldProblem(field, code, text))
