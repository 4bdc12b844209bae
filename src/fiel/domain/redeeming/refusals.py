"""What redeeming says no with."""

from __future__ import annotations

from collections.abc import Mapping

from fiel.domain.language import N_
from fiel.domain.lots import InsufficientPoints
from fiel.domain.program import Reward
from fiel.domain.redeeming.eligibility import ABOUT_THE_MEMBER, Eligibility, Why
from fiel.domain.redeeming.offers import price_of
from fiel.domain.refusal import FieldProblem, Refusal, Sayable


class NotEligible(Refusal):
    """The member does not meet what the program asks of whoever has this reward."""

    code = "not_eligible"


class OutOfStock(Refusal):
    """Fewer are left than were asked for."""

    code = "out_of_stock"


class LimitReached(Refusal):
    """The member has had as many as the program gives to one."""

    code = "limit_reached"


class BudgetExhausted(Refusal):
    """The program has spent on this reward what it set aside."""

    code = "budget_exhausted"


class AlreadyCaptured(Refusal):
    """It was captured before."""

    code = "already_captured"


class AlreadyCancelled(Refusal):
    """It was cancelled before."""

    code = "already_cancelled"


class AlreadyUsed(Refusal):
    """It was used before."""

    code = "already_used"


class RedemptionExpired(Refusal):
    """Its time was over before."""

    code = "redemption_expired"


class NeedsManager(Refusal):
    """What was handed over is only taken back by who runs the program."""

    code = "forbidden"


def refuse_unless_eligible(
    reward: Reward,
    found: Eligibility,
    *,
    quantity: int,
    available: Mapping[str, int],
    reasons: Sayable,
) -> None:
    """Refuse a redemption that something stands in the way of.

    `reasons` says all that does.

    Raises:
        NotEligible, LimitReached, OutOfStock, BudgetExhausted, InsufficientPoints: for the first
            of what stands in the way.
    """
    if found.is_eligible:
        return
    why = found.whys[0]
    if why in ABOUT_THE_MEMBER:
        facts = {"reasons": reasons, "blocked_by": [str(each) for each in found.whys]}
        problem = FieldProblem("reward", "not_eligible", N_("The member cannot have it."))
        text = N_("The member cannot have the reward “{reward}”.")
        raise NotEligible(text, problems=[problem], facts=facts, reward=reward.id)
    if why is Why.POINTS:
        raise _short(found, price_of(reward, quantity), available)
    kind, text = _SHARED[why]
    raise kind(text, facts={"reward": reward.id}, reward=reward.id)


_SHARED: Mapping[Why, tuple[type[Refusal], str]] = {
    Why.LIMIT: (
        LimitReached,
        N_("That is more of “{reward}” than the program gives to one member."),
    ),
    Why.STOCK: (OutOfStock, N_("There are not so many of “{reward}” left.")),
    Why.BUDGET: (BudgetExhausted, N_("What was set aside for “{reward}” is spent.")),
}


def _short(
    found: Eligibility, price: Mapping[str, int], available: Mapping[str, int]
) -> InsufficientPoints:
    unit = next(iter(found.missing))
    refusal = InsufficientPoints(available=available.get(unit, 0), requested=price[unit])
    refusal.facts = {**refusal.facts, "unit": unit, "missing": dict(found.missing)}
    return refusal
