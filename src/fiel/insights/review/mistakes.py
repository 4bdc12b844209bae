"""The five classic mistakes of a design, each measured on the merchant's own trade."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import Program, Reward, RewardKind
from fiel.insights.reporting.report import Kind, Say
from fiel.insights.review.economics import Economics, cost_of_reward
from fiel.insights.review.evidence import Evidence
from fiel.insights.review.finding import Figure, Finding, Mistake, Weight

# From which share on something is said. They are the review's own; the figures stand beside them.
MOSTLY = Fraction(4, 5)
DISLOYAL = Fraction(1, 5)
ON_LOSS = Fraction(1, 10)
STEEP_LIFT = Fraction(1, 5)
NEARLY_ALL_MARGIN = Fraction(1, 2)

_A_PRICE = (RewardKind.DISCOUNT, RewardKind.VOUCHER, RewardKind.GIFT_CARD)


def mistakes(program: Program, economics: Economics, evidence: Evidence | None) -> list[Finding]:
    """Every one of the five mistakes that the program makes."""
    found = [*price_war(program, economics, evidence)]
    if evidence is not None:
        found += rewards_disloyal(evidence)
        found += volume_over_profit(evidence)
    found += gives_shop_away(economics)
    if evidence is not None:
        found += cannot_deliver(program, evidence)
    return found


def price_war(
    program: Program, economics: Economics, evidence: Evidence | None
) -> Iterator[Finding]:
    """A program that is a discount by another name: whoever lowers prices has copied it."""
    if not program.rewards and program.pay_with_points is None:
        return
    if any(not _is_price(reward) for reward in program.rewards.values()):
        return
    if program.tiers and any(level.perks for level in program.tiers.levels):
        return
    figures = []
    if economics.return_rate is not None:
        figures.append(
            _share(
                "return",
                N_("Given back if every point is redeemed, of what is spent"),
                economics.return_rate,
            )
        )
    public = evidence.public_discount_rate if evidence else None
    weight = Weight.DOUBTFUL
    if public is not None:
        figures.append(_share("public_discount", N_("Discount that everybody gets"), public))
        if economics.return_rate is not None and public >= economics.return_rate:
            weight = Weight.SERIOUS
    yield Finding(
        Mistake.PRICE_WAR,
        "only_price",
        weight,
        Say(
            N_(
                "Everything that members can redeem is money off. A competitor copies that by"
                " lowering prices."
            )
        ),
        Say(
            N_(
                "Add something that only you can give: a product of yours, a service, an event,"
                " early access, or perks for the upper tiers."
            )
        ),
        "rewards" if program.rewards else "pay_with_points",
        tuple(figures),
        measured=public is not None,
    )


def rewards_disloyal(evidence: Evidence) -> Iterator[Finding]:
    """Points that go to people who bought once and did not come back."""
    for unit, given in evidence.units.items():
        if not given.issued:
            continue
        share = Fraction(given.to_one_time, given.issued)
        if share < DISLOYAL:
            continue
        yield Finding(
            Mistake.REWARDS_DISLOYAL,
            "one_time_buyers",
            Weight.SERIOUS if share >= 2 * DISLOYAL else Weight.DOUBTFUL,
            Say(
                N_("A large part of “{unit}” goes to members who bought only once."), {"unit": unit}
            ),
            Say(
                N_(
                    "Give less at the first purchase and more from the second on, or let rewards"
                    " cost more than one purchase earns."
                )
            ),
            f"units.{unit}",
            (
                _share("to_one_time", N_("Given to members with one purchase"), share),
                Figure("points", N_("Points given to them"), Kind.POINTS, given.to_one_time),
                Figure(
                    "members",
                    N_("Members with one purchase"),
                    Kind.COUNT,
                    evidence.one_time_members,
                ),
            ),
            measured=True,
        )


def volume_over_profit(evidence: Evidence) -> Iterator[Finding]:
    """Points on lines that brought no margin."""
    if evidence.margin is None:
        return
    for unit, given in evidence.units.items():
        if not given.issued:
            continue
        share = Fraction(given.on_loss, given.issued)
        if share < ON_LOSS:
            continue
        yield Finding(
            Mistake.VOLUME_OVER_PROFIT,
            "points_without_margin",
            Weight.SERIOUS if share >= 2 * ON_LOSS else Weight.DOUBTFUL,
            Say(
                N_("A part of “{unit}” is earned on lines that brought you no margin."),
                {"unit": unit},
            ),
            Say(
                N_(
                    "Earn on margin (“of: margin”), or leave out what you sell at cost with a"
                    " condition."
                )
            ),
            f"units.{unit}",
            (
                _share("on_loss", N_("Earned on lines without margin"), share),
                Figure("points", N_("Points earned on them"), Kind.POINTS, given.on_loss),
            ),
            measured=True,
        )


def gives_shop_away(economics: Economics) -> Iterator[Finding]:
    """A program that costs more of the margin than added sales can bring back."""
    cost, margin = economics.cost_rate, economics.margin_rate
    if cost is None or margin is None:
        return
    figures = [
        _share("cost", N_("Cost if every point is redeemed, of net sales"), cost),
        _share("margin", N_("Margin, of net sales"), margin),
    ]
    lift = economics.break_even_lift
    if lift is not None:
        figures.append(_share("break_even_lift", N_("More sales needed to pay for it"), lift))
    if cost >= margin:
        weight, code = Weight.SERIOUS, "costs_all_margin"
        text = N_("If all points are redeemed, the program costs more than your whole margin.")
    elif cost >= margin * NEARLY_ALL_MARGIN or (lift is not None and lift >= STEEP_LIFT):
        weight, code = Weight.DOUBTFUL, "costs_much_margin"
        text = N_("The program pays for itself only if sales rise a lot.")
    else:
        return
    yield Finding(
        Mistake.GIVES_SHOP_AWAY,
        code,
        weight,
        Say(text),
        Say(
            N_(
                "Give fewer points for each purchase, raise the prices of rewards, or redeem for"
                " what costs you less than it is worth to members."
            )
        ),
        "",
        tuple(figures),
        measured=True,
    )


def cannot_deliver(program: Program, evidence: Evidence) -> Iterator[Finding]:
    """Rewards of which more will be asked for than there is stock or budget."""
    for reward in program.rewards.values():
        price = next(iter(reward.price.items())) if len(reward.price) == 1 else None
        if price is None or not price[1]:
            continue
        unit, points = price
        given = evidence.units.get(unit)
        could = evidence.rewards.get(reward.id)
        if given is None or could is None or not could.members_who_could:
            continue
        # Each who can have one may ask for one; nobody can ask for more than all points buy.
        asked = min(could.members_who_could, (given.redeemed + given.outstanding) // points)
        if reward.stock is not None and asked > reward.stock:
            yield _undelivered(reward, "stock_too_small", asked, "stock", reward.stock, Kind.COUNT)
        cost = cost_of_reward(reward, evidence)
        if reward.budget is not None and cost is not None and cost * asked > reward.budget:
            yield _undelivered(
                reward, "budget_too_small", asked, "budget", reward.budget, Kind.MONEY
            )


def _undelivered(
    reward: Reward, code: str, asked: int, limit: str, there_is: int, kind: Kind
) -> Finding:
    label = N_("Stock") if limit == "stock" else N_("Budget")
    return Finding(
        Mistake.CANNOT_DELIVER,
        code,
        Weight.SERIOUS if asked >= 2 * max(there_is, 1) or limit == "budget" else Weight.DOUBTFUL,
        Say(
            N_("More members can ask for “{reward}” than you can give it to."),
            {"reward": reward.id},
        ),
        Say(
            N_(
                "Have more of it, limit how often a member may redeem it, or raise its price until"
                " both meet."
            )
        ),
        f"rewards.{reward.id}.{limit}",
        (
            Figure("asked", N_("Members who could redeem it"), Kind.COUNT, asked),
            Figure(limit, label, kind, there_is),
        ),
        measured=True,
    )


def _is_price(reward: Reward) -> bool:
    return reward.kind in _A_PRICE


def _share(figure: str, label: str, share: Fraction) -> Figure:
    return Figure(figure, label, Kind.PERCENT, share * 100)
