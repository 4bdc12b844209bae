"""Assuming: what a simulation takes for granted, and what it cannot say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fiel.domain.language import N_
from fiel.domain.program import CouponKind, Program
from fiel.insights.figures.figures import ENOUGH_MARGIN
from fiel.insights.reporting.report import Say, Statement
from fiel.insights.simulation.behaviour import Behaviour, Way
from fiel.insights.simulation.engines import REPLAYED, Simulated
from fiel.insights.simulation.trade import Trade

_EAGER = {
    "dearest": N_(
        "At each visit, before the purchase, {chance} % of members redeem the dearest reward that"
        " they can have."
    ),
    "cheapest": N_(
        "At each visit, before the purchase, {chance} % of members redeem the cheapest reward that"
        " they can have."
    ),
}
_COMPILED_FIRST = N_(
    "The fast way was compiled first, once for this version of Fiel: the next simulation is"
    " quicker."
)


def assumptions(
    trade: Trade,
    programs: Sequence[Program],
    simulated: Sequence[Simulated],
    behaviour: Behaviour,
    *,
    has_variants: bool,
    is_same: bool,
    has_compiled: bool = False,
) -> tuple[Statement, ...]:
    """Everything to know about what a simulation says."""
    return (
        *_of_data(trade),
        *_of_behaviour(trade, simulated, behaviour, has_variants=has_variants),
        *_of_programs(programs, simulated),
        *([_say("same_program", N_("The draft is the program in force."))] if is_same else []),
        *([_say("compiled_first", _COMPILED_FIRST)] if has_compiled else []),
    )


def _of_data(trade: Trade) -> Iterator[Statement]:
    if not trade.sales:
        yield _say(
            "no_sales",
            N_(
                "There are no sales to members in this time: nothing can be said. Import sales,"
                " or choose another time."
            ),
        )
        return
    yield _say(
        "as_bought",
        N_("Everybody buys as they did: what a program makes them buy more is not in it."),
    )
    yield _say(
        "from_nothing",
        N_("Everybody starts on {day} without points and without a tier."),
        day=trade.first,
    )
    if trade.first == trade.last:
        yield _say(
            "single_day", N_("All sales are of one day: nothing expires and nobody comes back.")
        )
    if trade.margin is None:
        yield _say(
            "no_margin",
            N_(
                "Sales of {share} % of the net tell what their goods cost, and {needed} % are"
                " needed to see margins: send cost with the lines."
            ),
            share=100 * trade.net_with_margin // trade.net if trade.net > 0 else 0,
            needed=ENOUGH_MARGIN,
        )
    elif trade.net_with_margin != trade.net:
        yield _say(
            "some_margin",
            N_("The margin is of those sales alone that tell what their goods cost."),
        )
    if trade.late:
        yield _say(
            "told_late",
            N_(
                "{count} sales were brought in long after they happened: they count as told when"
                " they happened."
            ),
            count=trade.late,
        )
    if trade.returns_alone:
        yield _say(
            "returns_alone",
            N_("{count} returns are of sales that nobody knows: they take nothing back."),
            count=trade.returns_alone,
        )
    if trade.moved:
        yield _say(
            "not_moved",
            N_("{points} points that members gave each other stay with who earned them."),
            points=trade.moved,
        )


def _of_behaviour(
    trade: Trade, simulated: Sequence[Simulated], behaviour: Behaviour, *, has_variants: bool
) -> Iterator[Statement]:
    match behaviour.way:
        case Way.OBSERVED:
            text = N_("Members redeem what they redeemed, when they did, if they have the points.")
            yield _say("redeems_as_observed", text)
            if trade.sales and not trade.redemptions:
                text = N_(
                    "Nobody redeemed anything in this time: try an eager behaviour to see what"
                    " redeeming would cost."
                )
                yield _say("no_redemptions", text)
            if has_variants:
                text = N_(
                    "Redemptions hardly answer to the rules while they are those observed: try the"
                    " variants with an eager behaviour too."
                )
                yield _say("variants_as_observed", text)
        case Way.EAGER:
            text = _EAGER[behaviour.choice]
            yield _say("redeems_eagerly", text, chance=behaviour.chance)
        case Way.NEVER:
            yield _say("redeems_never", N_("Nobody redeems anything."))
    for place, each in enumerate(simulated):
        if each.outcome.unmet:
            text = (
                N_("In force, {count} redemptions that were observed would not have been possible.")
                if place == 0 and len(simulated) > 1
                else N_(
                    "With the draft, {count} redemptions that were observed would not have been"
                    " possible."
                )
            )
            yield _say("unmet", text, count=each.outcome.unmet)


def _of_programs(
    programs: Sequence[Program], simulated: Sequence[Simulated]
) -> Iterator[Statement]:
    if any(program.referral for program in programs):
        yield _say("no_referrals", N_("What referrals give is not in it."))
    if any(
        coupon.kind is CouponKind.POINTS
        for program in programs
        for coupon in program.coupons.values()
    ):
        yield _say("no_coupons", N_("Points that coupons give are not in it."))
    worthless = {
        unit.id for program in programs for unit in program.units.values() if unit.value is None
    }
    if worthless:
        yield _say(
            "no_value",
            N_("{units} have no value in money: they are in no liability and in no cost."),
            units=", ".join(sorted(worthless)),
        )
    costless = {
        reward
        for program, each in zip(programs, simulated, strict=True)
        for reward in each.outcome.rewards
        if program.rewards[reward].cost is None
    }
    if costless:
        yield _say(
            "no_reward_cost",
            N_("{rewards} have no cost in the document: they cost nothing here."),
            rewards=", ".join(sorted(costless)),
        )
    reads = {
        name
        for program in programs
        for rule in program.earn
        if rule.where
        for name in rule.where.reads
    }
    if any(name.startswith(("member.attributes", "member.segments")) for name in reads):
        yield _say(
            "as_of_today",
            N_("Attributes and segments of members are those of today, not of then."),
        )
    if any(each.engine == REPLAYED and each.why for each in simulated):
        yield _say(
            "replayed",
            N_("The past was lived again sale by sale: the fast way does not do all of this."),
        )


def _say(code: str, text: str, **parameters: object) -> Statement:
    return Statement(code, Say(text, parameters))
