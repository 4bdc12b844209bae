"""Loopholes: ways to get points without buying what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import Event, Extra, Give, Negative, Program, RewardKind, Rounding
from fiel.insights.reporting.report import Kind, Say
from fiel.insights.review.economics import Economics
from fiel.insights.review.finding import Figure, Finding, Mistake, Weight


def loopholes(program: Program, economics: Economics) -> Iterator[Finding]:
    """Ways to get points without buying what they are for."""
    yield from _refund_loopholes(program)
    yield from _split_loopholes(program)
    yield from _referral_loopholes(program, economics)
    yield from _circles(program)


def _refund_loopholes(program: Program) -> Iterator[Finding]:
    for unit in program.units.values():
        if unit.negative is Negative.DEBT or unit.pending.count:
            continue
        if not any(unit.id in reward.price for reward in program.rewards.values()) and not (
            program.pay_with_points and program.pay_with_points.unit == unit.id
        ):
            continue
        yield _loophole(
            "refund_loophole",
            Say(
                N_(
                    "Whoever buys, redeems “{unit}” at once and returns the goods keeps what was"
                    " redeemed."
                ),
                {"unit": unit.id},
            ),
            Say(
                N_(
                    "Let points wait as long as goods can be returned (“pending: 14 days”), or let"
                    " a return leave a debt (“negative: debt”)."
                )
            ),
            f"units.{unit.id}.negative",
        )


def _split_loopholes(program: Program) -> Iterator[Finding]:
    for rule in program.earn:
        if rule.event is not Event.SALE or not isinstance(rule.effect, Give):
            continue
        effect = rule.effect
        if effect.per is None and not effect.per_item and rule.limit is None:
            reads = rule.where.reads if rule.where is not None else frozenset()
            if reads & {"sale.net", "sale.gross", "line.net", "sale.items"}:
                continue  # it asks for a size that a part of a purchase has not
            yield _loophole(
                "split_purchases",
                Say(
                    N_(
                        "“{rule}” gives the same for every sale: a purchase split in ten earns"
                        " ten times."
                    ),
                    {"rule": rule.id},
                ),
                Say(N_("Ask for a least amount, or limit it to once a day.")),
                f"earn.{rule.id}",
            )
        rounded_up = [
            unit for unit in effect.amounts if program.units[unit].rounding is Rounding.CEIL
        ]
        if effect.per is not None and rounded_up:
            yield _loophole(
                "rounding_up",
                Say(
                    N_(
                        "“{unit}” is rounded up: many small purchases earn more than one large one."
                    ),
                    {"unit": rounded_up[0]},
                ),
                Say(N_("Round down (“round: floor”).")),
                f"units.{rounded_up[0]}.round",
                weight=Weight.NOTE,
            )


def _referral_loopholes(program: Program, economics: Economics) -> Iterator[Finding]:
    referral = program.referral
    if referral is None:
        return
    if not referral.after.count:
        yield _loophole(
            "referral_before_returns",
            Say(N_("A referral is rewarded before the friend's purchase can be returned.")),
            Say(N_("Wait as long as goods can be returned (“after: 14 days”).")),
            "referral.after",
        )
    worths = {unit.unit: unit.worth for unit in economics.units}
    gift = sum(
        (
            (worths.get(unit) or Fraction(0)) * points
            for side in (referral.referrer, referral.friend)
            for unit, points in side.items()
        ),
        Fraction(0),
    )
    spent = Fraction(referral.min_spend)
    margin = economics.margin_rate
    if gift and gift >= (spent if margin is None else spent * margin):
        yield _loophole(
            "referral_ring",
            Say(
                N_(
                    "Two people who refer made-up friends to each other gain more than the purchase"
                    " that it takes brings you."
                )
            ),
            Say(N_("Ask for a larger first purchase, or give less for a referral.")),
            "referral.min_spend",
            (
                Figure("gift", N_("Worth of what both sides get"), Kind.MONEY, gift),
                Figure("least_purchase", N_("Least purchase"), Kind.MONEY, referral.min_spend),
            ),
        )
    if referral.limit is None:
        yield _loophole(
            "referral_without_limit",
            Say(N_("A member can be rewarded for any number of friends.")),
            Say(N_("Set a limit, such as ten friends a year.")),
            "referral.limit",
            weight=Weight.NOTE,
        )


def _circles(program: Program) -> Iterator[Finding]:
    cards = [
        reward.id for reward in program.rewards.values() if reward.kind is RewardKind.GIFT_CARD
    ]
    for rule in program.earn:
        if cards and Extra.GIFT_CARDS in rule.include:
            yield _loophole(
                "gift_cards_earn",
                Say(
                    N_("Points buy the gift card “{reward}”, and buying gift cards earns points."),
                    {"reward": cards[0]},
                ),
                Say(N_("Leave gift cards out of “{rule}”."), {"rule": rule.id}),
                f"earn.{rule.id}.include",
            )


def _loophole(
    code: str,
    text: Say,
    proposal: Say,
    path: str,
    figures: tuple[Figure, ...] = (),
    *,
    weight: Weight = Weight.DOUBTFUL,
) -> Finding:
    return Finding(Mistake.FAULT, code, weight, text, proposal, path, figures)
