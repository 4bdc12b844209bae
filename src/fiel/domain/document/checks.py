"""What a program as a whole must hold, and what is doubtful in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from fiel.domain.codes import normal_code
from fiel.domain.document.nodes import Listing
from fiel.domain.document.reading import Cursor, node_at
from fiel.domain.document.segments_named import check_segments
from fiel.domain.language import N_
from fiel.domain.program import EarnRule, Give, Multiply, Program


def check_whole(program: Program, root: Cursor, today: date | None) -> None:
    """Note what is wrong or doubtful between the parts of a program.

    Rules that are over are only known to be so when `today` is given.
    """
    _check_payment(program, root)
    _check_units_given(program, root)
    _check_multipliers(program, root)
    _check_rewards(program, root)
    _check_badges(program, root)
    _check_coupons(program, root)
    check_segments(program, root)
    if today is not None:
        _check_dates(program, root, today)


def _check_payment(program: Program, root: Cursor) -> None:
    paying = program.pay_with_points
    if paying and paying.least % paying.step:
        _at(root, "pay_with_points", "min").warn(
            "min_off_step",
            N_("The least payment of {least} is no multiple of the step {step}."),
            N_("Choose a minimum that the step divides."),
            least=paying.least,
            step=paying.step,
        )


def _check_units_given(program: Program, root: Cursor) -> None:
    given = {unit for rule in _giving(program) for unit in _give(rule).amounts}
    for milestone in program.milestones:
        given |= milestone.give.keys()
    if program.referral:
        given |= program.referral.referrer.keys() | program.referral.friend.keys()
    for coupon in program.coupons.values():
        given |= coupon.give.keys()
    for unit in program.units:
        if unit not in given:
            _at(root, "units", unit).warn(
                "unit_never_given",
                N_("Nothing in the program gives “{unit}”."),
                N_("Add a rule under “earn” that gives it, or remove it."),
                unit=unit,
            )


def _check_multipliers(program: Program, root: Cursor) -> None:
    by_value = {rule.id for rule in _giving(program) if _give(rule).per is not None}
    kinds = {rule.id: rule.effect for rule in program.earn}
    for index, rule in enumerate(program.earn):
        if not isinstance(rule.effect, Multiply):
            continue
        for place, name in enumerate(rule.effect.rules):
            if isinstance(kinds[name], Multiply):
                _rule_at(root, index, "rules", place).refuse(
                    "multiplies_multiplier",
                    N_("“{rule}” multiplies; only rules that give can be multiplied."),
                    N_("Name a rule that gives."),
                    rule=name,
                )
        if not rule.effect.rules and not by_value:
            _rule_at(root, index, "multiply").warn(
                "nothing_to_multiply",
                N_("No rule gives by value (“per”), so there is nothing to multiply."),
                N_("Name the rules to multiply under “rules”."),
            )
    if (
        program.tiers
        and not by_value
        and any(level.multiply != 1 for level in program.tiers.levels)
    ):
        _at(root, "tiers").warn(
            "nothing_to_multiply",
            N_("No rule gives by value (“per”), so there is nothing to multiply."),
            N_("Remove “multiply” from the tiers, or add a rule with “per”."),
        )


def _check_rewards(program: Program, root: Cursor) -> None:
    given = {milestone.reward for milestone in program.milestones}
    for index, reward in enumerate(program.rewards.values()):
        if not reward.price and reward.id not in given:
            _item(_at(root, "rewards"), index).warn(
                "reward_never_given",
                N_("“{reward}” has no price and no milestone gives it."),
                N_("Add “price”, or name it in a milestone."),
                reward=reward.id,
            )


def _check_coupons(program: Program, root: Cursor) -> None:
    seen: dict[str, str] = {}
    for index, coupon in enumerate(program.coupons.values()):
        if coupon.code is None:
            continue
        first = seen.setdefault(normal_code(coupon.code), coupon.id)
        if first != coupon.id:
            _at(_item(_at(root, "coupons"), index), "code").refuse(
                "repeated_code",
                N_("“{written}” is read as the code of “{coupon}” too."),
                N_("Choose another code; O and 0, I, L and 1, S and 5 are read alike."),
                written=coupon.code,
                coupon=first,
            )


def _check_badges(program: Program, root: Cursor) -> None:
    given = {milestone.badge for milestone in program.milestones}
    for index, badge in enumerate(program.badges.values()):
        if badge.id not in given:
            _item(_at(root, "badges"), index).warn(
                "badge_never_given",
                N_("No milestone gives the badge “{badge}”."),
                N_("Name it in a milestone, or remove it."),
                badge=badge.id,
            )


def _check_dates(program: Program, root: Cursor, today: date) -> None:
    for index, milestone in enumerate(program.milestones):
        when = milestone.when
        if when and when.last is not None and when.last < today:
            _at(_item(_at(root, "milestones"), index), "when").warn(
                "milestone_over",
                N_("“{milestone}” ended on {last} and is not reached any more."),
                N_("Remove it, or change its dates."),
                milestone=milestone.id,
                last=when.last,
            )
    for index, rule in enumerate(program.earn):
        if rule.when and rule.when.last is not None and rule.when.last < today:
            _rule_at(root, index, "when").warn(
                "rule_over",
                N_("“{rule}” ended on {last} and gives nothing any more."),
                N_("Remove it, or change its dates."),
                rule=rule.id,
                last=rule.when.last,
            )
    for index, coupon in enumerate(program.coupons.values()):
        if coupon.when and coupon.when.last is not None and coupon.when.last < today:
            _at(_item(_at(root, "coupons"), index), "when").warn(
                "coupon_over",
                N_("“{coupon}” ended on {last} and cannot be used any more."),
                N_("Remove it, or change its dates."),
                coupon=coupon.id,
                last=coupon.when.last,
            )
    for index, goal in enumerate(program.goals):
        if goal.by < today:
            _item(_at(root, "goals"), index).warn(
                "goal_over",
                N_("The goal “{goal}” was for {by}, which has passed."),
                N_("Set a new day, or remove it."),
                goal=goal.id,
                by=goal.by,
            )


def _giving(program: Program) -> Iterator[EarnRule]:
    return (rule for rule in program.earn if isinstance(rule.effect, Give))


def _give(rule: EarnRule) -> Give:
    assert isinstance(rule.effect, Give), "only giving rules are asked"
    return rule.effect


def _at(cursor: Cursor, *keys: str) -> Cursor:
    """The cursor on what a way of keys leads to; it was read, so it is there."""
    for key in keys:
        node = node_at(cursor.node, key)
        if node is None:
            return cursor
        cursor = cursor.child(key, node)
    return cursor


def _item(cursor: Cursor, index: int) -> Cursor:
    assert isinstance(cursor.node, Listing), "it was read as a list"
    return cursor.item(index, cursor.node.items[index])


def _rule_at(root: Cursor, index: int, key: str, place: int | None = None) -> Cursor:
    found = _at(_item(_at(root, "earn"), index), key)
    return found if place is None else _item(found, place)
