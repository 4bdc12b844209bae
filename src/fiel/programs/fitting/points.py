"""Models that give points for what is spent, fitted to a shop."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from fiel.programs.fitting import words
from fiel.programs.fitting.amounts import (
    Allowance,
    exact_decimal,
    id_of,
    money,
    round_down,
    round_up,
    step_of_spend,
    whole_down,
    whole_up,
)
from fiel.programs.fitting.answers import Aim, Answers
from fiel.programs.fitting.cards import free_item

type Plain = dict[str, Any]

_LARGER_BASKET = Fraction(13, 10)
_QUIET_DAY = "tue"
_REFERRAL_SHARE = Fraction(1, 5)  # of the margin of the friend's first purchase, for each side
_FARTHEST_ITEM = 4  # times the price of the first reward
_TOP_FACTOR = 2  # of the highest tier


@dataclass(frozen=True, slots=True)
class Points:
    """What one point is given for (`per`, major units) and the most that it may be worth."""

    unit: str
    per: int
    worth: Fraction

    def worth_at_most(self, amount: Fraction) -> int:
        """How many points are worth no more than an amount."""
        return whole_down(amount / self.worth)


def fit_points(plain: Plain, answers: Answers, allowance: Allowance) -> Points:
    """Points for purchases, discounts for points, and paying with them."""
    points = _base(plain, answers, allowance.rate)
    prices = _rewards(plain, answers, allowance, points, "discount")
    _add_item(plain, answers, points, prices)
    plain["pay_with_points"] = {
        "unit": points.unit, "min": prices[0], "step": 1, "max_share": 50,
    }  # fmt: skip
    _extras(plain, answers, allowance, points, first_price=prices[0])
    return points


def fit_gift_cards(plain: Plain, answers: Answers, allowance: Allowance) -> Points:
    """Points for purchases, gift cards for points."""
    points = _base(plain, answers, allowance.rate)
    prices = _rewards(plain, answers, allowance, points, "gift_card")
    _extras(plain, answers, allowance, points, first_price=prices[0])
    return points


def fit_tiers(plain: Plain, answers: Answers, allowance: Allowance) -> Points:
    """Points, and tiers whose highest still stays within what can be given back."""
    points = _base(plain, answers, allowance.rate / _TOP_FACTOR)
    prices = _rewards(plain, answers, allowance, points, "discount")
    silver = round_up(answers.yearly_spend, answers.currency)
    gold = round_up(3 * answers.yearly_spend, answers.currency)
    for level, start in zip(plain["tiers"]["levels"][1:], (silver, gold), strict=True):
        level["from"] = money(start, answers.currency)
    _extras(plain, answers, allowance, points, first_price=prices[0])
    return points


def fit_club(plain: Plain, answers: Answers, allowance: Allowance) -> Points:
    """Points for a club: its own day, meetings, and gifts on the days that matter."""
    points = _base(plain, answers, allowance.rate)
    meeting = whole_up(answers.ticket / points.per * allowance.visits_to_reward)
    plain["rewards"][1]["price"] = {points.unit: meeting}
    plain["units"][points.unit].pop("value", None)  # they buy no goods
    kept = [rule for rule in plain["earn"] if rule["id"] == "club-day"]
    kept[0]["multiply"] = "1.5"
    plain["earn"] = [plain["earn"][0], *kept]
    plain.pop("referral", None)
    _extras(plain, answers, allowance, points, first_price=meeting)
    return points


def fit_cashback(plain: Plain, answers: Answers, allowance: Allowance) -> Points:
    """A share of each purchase as credit for the next one."""
    currency = answers.currency
    minor = currency.minor_per_major
    per = 1
    while allowance.rate * per * minor < 1:
        per *= 10
    given = int(allowance.rate * per * minor)
    credit = Points("credit", per, Fraction(1, minor))
    unit = plain["units"]["credit"]
    unit["value"] = money(credit.worth, currency)
    if not currency.decimals:
        unit.update(words.credit_of(currency))
    base = {"credit": given, "per": money(Fraction(per), currency)}
    plain["earn"] = [{"id": "base", "event": "sale", "give": base}]
    least = max(1, whole_down(answers.ticket * minor * allowance.rate))
    plain["pay_with_points"] = {"unit": "credit", "min": least}
    _extras(plain, answers, allowance, credit, first_price=least)
    return credit


def _base(plain: Plain, answers: Answers, rate: Fraction) -> Points:
    per = step_of_spend(answers.ticket)
    points = Points("points", per, rate * per)
    unit = plain["units"]["points"]
    unit["value"] = exact_decimal(points.worth)
    give = {"points": 1, "per": money(Fraction(per), answers.currency)}
    plain["earn"] = [
        {"id": "base", "event": "sale", "give": give},
        *(rule for rule in plain["earn"][1:] if "multiply" in rule),
    ]
    return points


def _rewards(
    plain: Plain, answers: Answers, allowance: Allowance, points: Points, kind: str
) -> list[int]:
    """Two rewards, the second for twice the visits; their prices."""
    currency, rewards, prices = answers.currency, [], []
    seen = set()
    for visits in (allowance.visits_to_reward, 2 * allowance.visits_to_reward):
        earned = answers.ticket / points.per * visits
        amount = round_down(earned * points.worth, currency)
        price = max(1, whole_up(amount / points.worth))
        if amount in seen:
            continue
        seen.add(amount)
        name = (words.gift_card if kind == "gift_card" else words.off)(amount, currency)
        rewards.append(
            {
                "id": id_of("card" if kind == "gift_card" else "voucher", amount, currency),
                "name": name,
                "kind": kind,
                "amount": money(amount, currency),
                "cost": money(amount, currency),
                "price": {points.unit: price},
                "valid": "1 year" if kind == "gift_card" else "60 days",
            }
        )
        prices.append(price)
    plain["rewards"] = rewards
    return prices


def _add_item(plain: Plain, answers: Answers, points: Points, prices: list[int]) -> None:
    """Something of the shop's own beside money off, which any rival could copy.

    Its price is what it costs the shop: to a member it is worth what it sells for. Left out where
    that would take too long.
    """
    item = free_item(answers)
    price = max(1, whole_up(Fraction(item["cost"]) / points.worth))
    if price <= _FARTHEST_ITEM * prices[0]:
        plain["rewards"] = [plain["rewards"][0], {**item, "price": {points.unit: price}}]


def _extras(
    plain: Plain, answers: Answers, allowance: Allowance, points: Points, *, first_price: int
) -> None:
    """Gifts beside purchases, each within its own allowance, and what serves the aim."""
    gift = min(points.worth_at_most(allowance.extra), first_price)
    if welcome := whole_down(Fraction(gift, 2)):
        give = {points.unit: welcome}
        plain["earn"].append({"id": "welcome", "event": "enrolment", "give": give})
    if gift:
        plain["earn"].append({"id": "birthday", "event": "birthday", "give": {points.unit: gift}})
    _for_aim(plain, answers, allowance, points, gift)


def _for_aim(
    plain: Plain, answers: Answers, allowance: Allowance, points: Points, gift: int
) -> None:
    unit, currency = points.unit, answers.currency
    match answers.aim:
        case Aim.AVERAGE_SPEND:
            visit = allowance.extra / answers.visits.in_a_year
            if more := points.worth_at_most(visit):
                basket = money(round_up(answers.ticket * _LARGER_BASKET, currency), currency)
                condition = f"sale.net >= {basket}"
                rule = {"id": "larger-basket", "event": "sale", "give": {unit: more}}
                plain["earn"].append({**rule, "where": condition})
        case Aim.PURCHASE_FREQUENCY if not any("multiply" in rule for rule in plain["earn"]):
            if "tiers" not in plain:  # a factor on top of tiers would give more than is there
                when = {"days": [_QUIET_DAY]}
                rule = {
                    "id": "quiet-day", "name": words.quiet_day(), "event": "sale",
                    "multiply": "1.5", "when": when,
                }  # fmt: skip
                plain["earn"].insert(1, rule)
        case Aim.RETENTION:
            plain["units"][unit]["expiry"] = {"inactivity": "12 months"}
            if gift:
                rule = {"id": "anniversary", "event": "anniversary", "give": {unit: gift}}
                plain["earn"].append(rule)
        case Aim.NEW_MEMBERS:
            first_purchase = answers.ticket * answers.margin
            if each := points.worth_at_most(first_purchase * _REFERRAL_SHARE):
                plain["referral"] = {
                    "referrer": {unit: each}, "friend": {unit: each}, "after": "14 days",
                    "min_spend": money(round_up(answers.ticket, currency), currency),
                    "limit": {"per_member": 10, "every": "year"},
                }  # fmt: skip
        case Aim.ENGAGEMENT:
            if review := points.worth_at_most(allowance.extra / 12):
                rule = {"id": "review", "event": "activity", "activity": "review"}
                limit = {"per_member": 1, "every": "month"}
                plain["earn"].append({**rule, "give": {unit: review}, "limit": limit})
        case _:
            pass
