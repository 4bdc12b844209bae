"""Models without points for money: stamp cards, coupons, levels of spending."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from fiel.programs.fitting import words
from fiel.programs.fitting.amounts import Allowance, id_of, money, round_down, round_up
from fiel.programs.fitting.answers import Answers, Visits

type Plain = dict[str, Any]

_CARD_SIZES = {
    Visits.DAILY: (10, 12), Visits.WEEKLY: (8, 10, 12), Visits.MONTHLY: (6, 8, 10),
    Visits.QUARTERLY: (4, 5, 6, 8), Visits.YEARLY: (3, 4, 5),
}  # fmt: skip
_ITEMS = (5, 6, 8, 10, 12)
_LEAST_PURCHASE = Fraction(8, 10)  # of the usual one: a split purchase gives no more stamps
_GIFT_SHARE = Fraction(1, 8)  # of the margin, for a free item
_COUPON_DAYS = {
    Visits.DAILY: "7 days", Visits.WEEKLY: "21 days", Visits.MONTHLY: "60 days",
    Visits.QUARTERLY: "120 days", Visits.YEARLY: "400 days",
}  # fmt: skip


def fit_stamp_card(plain: Plain, answers: Answers, allowance: Allowance) -> None:
    """A stamp for each visit; a full card gives an item, or a discount where margins are thin."""
    currency = answers.currency
    least = round_down(answers.ticket * _LEAST_PURCHASE, currency)
    sizes = _CARD_SIZES[answers.visits]
    cost = (1 - answers.margin) * answers.ticket
    size = next((n for n in sizes if cost / (n * least) <= answers.margin * _GIFT_SHARE), None)
    visit = plain["earn"][0]
    visit["where"] = f"sale.net >= {money(least, currency)}"
    if answers.visits.in_a_year < Visits.MONTHLY.in_a_year:
        plain["earn"] = [visit]  # a stamp as a present would be a good part of a card
    if answers.visits is Visits.YEARLY:
        plain["units"]["stamps"]["expiry"] = "never"
    if size is not None:
        reward = free_item(answers)
    else:
        size = sizes[-1]
        reward = _discount(allowance.rate * least * size, answers)
    plain["rewards"] = [{**reward, "price": {"stamps": size}}]


def fit_items(plain: Plain, answers: Answers, allowance: Allowance) -> None:
    """An item for so many, or, where margins are thin, a discount for so many visits."""
    rule = plain["earn"][0]
    rule.pop("where", None)
    size = next(
        (n for n in _ITEMS if (1 - answers.margin) / n <= answers.margin * _GIFT_SHARE), None
    )
    milestone = plain["milestones"][0]
    milestone.pop("name", None)
    if size is not None:
        reward = free_item(answers)
    else:
        size = _ITEMS[-1]
        least = round_down(answers.ticket * _LEAST_PURCHASE, answers.currency)
        rule["give"] = {"units": 1}
        rule["where"] = f"sale.net >= {money(least, answers.currency)}"
        rule["limit"] = {"per_member": 1, "every": "day"}
        reward = _discount(allowance.rate * least * size, answers)
    milestone.update(id="card-full", every=size, give={"reward": reward["id"]})
    plain["rewards"] = [{**reward, "valid": "90 days"}]


def fit_coupons(plain: Plain, answers: Answers, allowance: Allowance) -> None:
    """A coupon on joining and one for the next purchase."""
    halves = max(1, int(allowance.rate * 200))
    percent = f"{halves // 2}.5" if halves % 2 else str(halves // 2)
    while Fraction(percent) / 100 > allowance.rate:  # of half a percent not even that is there
        percent = str(round(float(percent) - 0.1, 1))
    plain["units"]["coupons"]["expiry"] = {"after": _COUPON_DAYS[answers.visits]}
    plain["rewards"] = [
        {
            "id": "next-discount", "name": words.percent_off(percent), "kind": "discount",
            "percent": percent, "cost": _usual(Fraction(percent) / 100 * answers.ticket, answers),
            "price": {"coupons": 1},
        }
    ]  # fmt: skip


def fit_levels(plain: Plain, answers: Answers, allowance: Allowance) -> None:
    """A discount for each level of spending that is reached."""
    currency = answers.currency
    first = answers.ticket * allowance.visits_to_reward
    starts = [round_up(first * times, currency) for times in (1, 3, 6)]
    before, rewards = Fraction(0), []
    for milestone, start in zip(plain["milestones"], starts, strict=True):
        reward = _discount(allowance.rate * (start - before), answers)
        before = start
        milestone.update(
            id=id_of("level", start, currency),
            at=money(start, currency),
            give={"reward": reward["id"]},
        )
        rewards.append({**reward, "valid": "60 days"})
    by_id = {reward["id"]: reward for reward in rewards}
    plain["rewards"] = list(by_id.values())


def free_item(answers: Answers) -> Plain:
    """One of what the shop sells, for nothing, without a price; it costs what its goods do."""
    cost = _usual((1 - answers.margin) * answers.ticket, answers)
    name = words.free_item(answers.sells)
    return {"id": "free-item", "name": name, "kind": "product", "cost": cost}


def _usual(amount: Fraction, answers: Answers) -> str:
    """An amount to the nearest minor unit."""
    return answers.currency.decimal(answers.currency.minor(amount))


def _discount(worth: Fraction, answers: Answers) -> Plain:
    amount = round_down(worth, answers.currency)
    return {
        "id": id_of("voucher", amount, answers.currency),
        "name": words.off(amount, answers.currency),
        "kind": "discount", "amount": money(amount, answers.currency),
        "cost": money(amount, answers.currency),
    }  # fmt: skip
