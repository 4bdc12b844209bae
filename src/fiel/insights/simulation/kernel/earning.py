"""Earning, as machine code: what the rules give for one thing that happened.

It says what `fiel.domain.deciding.case` says, rule by rule and step by step; tests hold the two
against each other. Numbers have 64 bits: where one might not fit, that is told and nothing is used.
"""

from __future__ import annotations

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.layout import (
    BASIS,
    BIAS,
    BY,
    BY_ITEM,
    BY_VALUE,
    DENOMINATOR,
    END_RATE,
    FINE,
    FIRST_RATE,
    IS_MULTIPLIED,
    ITS_LIMIT,
    ITS_SLOT,
    LIMIT,
    NUMERATOR,
    ONCE,
    OVER,
    PER_LINE,
    PRODUCT,
    RISE,
    SCALED,
    SLOT,
    SUM,
    TIMES,
    TOO_LARGE,
    TOO_MANY,
    UNBOUND,
    UNIT,
    Happened,
    Rules,
    Small,
    Standings,
    Sums,
)

_LARGEST = 4.0e18  # what is sure to fit 64 bits, whatever is lost in telling it roughly
_LARGEST_AWARD = 10**15
_PRODUCT, _SUM = PRODUCT, SUM
_FIRST_FACTORS = (1, 0, -1)  # of an amount that none has touched: product, sum, best


@compiled
def earn(
    past: Happened, rules: Rules, states: Standings, sums: Sums, event: int, member: int, tier: int
) -> int:
    """Add what one thing that happened earns to `sums.given` and `sums.by_rule`."""
    kind = past.kind[event]
    class_ = past.classes[event]
    for giver in range(rules.giver_range[kind, 0], rules.giver_range[kind, 1]):
        its = rules.givers[giver]
        if not (rules.holds[class_, its[SLOT]] >> tier) & 1:
            continue
        count = _lay_out(past, rules, sums, event, giver, tier)
        if count:
            fault = _give(past, rules, states, sums, event, member, tier, giver, count)
            if fault != FINE:
                return fault
    return FINE


@compiled
def _lay_out(past: Happened, rules: Rules, sums: Sums, event: int, giver: int, tier: int) -> int:
    """Find the lines that a rule counts, and their amounts; how many amounts there are."""
    by, basis, slot = rules.givers[giver, BY], rules.givers[giver, BASIS], rules.givers[giver, SLOT]
    first, end = past.lines[event], past.lines_end[event]
    count = 0
    if past.kind[event] != 0:
        sums.places[0], sums.amounts[0] = -1, 1
        return 1
    for line in range(first, end):
        if not (rules.holds_on[past.line_classes[line], slot] >> tier) & 1:
            continue
        amount = 1
        if by == BY_VALUE:
            if basis == 0:
                amount = past.net_of[line]
            elif basis == 1:
                amount = past.gross_of[line]
            else:
                amount = past.margin_of[line]
            if amount <= 0:
                continue
        elif by == BY_ITEM:
            amount = past.quantities[line]
        sums.places[count], sums.amounts[count] = line, amount
        count += 1
    return count


@compiled
def _give(
    past: Happened,
    rules: Rules,
    states: Standings,
    sums: Sums,
    event: int,
    member: int,
    tier: int,
    giver: int,
    count: int,
) -> int:
    """Round what a rule gives, multiply it, and count it."""
    its = rules.givers[giver]
    amounts = 1 if its[BY] == ONCE else count
    scale = rules.quantity_scale if its[BY] == BY_ITEM else 1
    for place in range(amounts):
        sums.weighed[place] = sums.amounts[place]
    if not _points(rules, sums, its, amounts, scale, 0):
        return TOO_LARGE
    rates = its[END_RATE] - its[FIRST_RATE]
    if its[LIMIT] >= 0 and is_used_up(rules, states, member, its[LIMIT], past.day[event]):
        return FINE
    if not _fits(rules, sums, its, its[SLOT], 0):
        return FINE
    steps = 1
    last = rules.multipliers.shape[0] + 2
    for rate in range(rates):
        sums.points[last, rate] = sums.points[0, rate]
    if its[IS_MULTIPLIED]:
        steps = _multiply(past, rules, states, sums, event, member, tier, giver, count, scale)
        if steps < 0:
            return TOO_LARGE
    given = False
    for rate in range(rates):
        if sums.points[last, rate] > _LARGEST_AWARD:
            return TOO_MANY
        given = given or sums.points[last, rate] != 0
    if given:
        _award(rules, sums, its, steps, event)
    return FINE


@compiled
def _award(rules: Rules, sums: Sums, its: Small, steps: int, event: int) -> None:
    """Count what each step gave, where anything is left of its unit in the end."""
    last = rules.multipliers.shape[0] + 2
    tier_slot = sums.by_rule.shape[0] - 1
    for step in range(steps):
        multiplier = sums.steps[step]
        slot, limit = its[SLOT], its[LIMIT]
        if step > 0:
            slot, limit = tier_slot, -1
            if multiplier >= 0:
                slot = rules.multipliers[multiplier, ITS_SLOT]
                limit = rules.multipliers[multiplier, ITS_LIMIT]
        counts = step == 0
        for rate in range(its[END_RATE] - its[FIRST_RATE]):
            points = sums.points[step, rate]
            if points == 0 or sums.points[last, rate] == 0:
                continue
            counts = True
            unit = rules.rates[its[FIRST_RATE] + rate, UNIT]
            sums.given[unit] += points
            sums.by_rule[slot, unit, 0] += points
            if sums.by_rule[slot, unit, 2] != event + 1:  # its first award for this
                sums.by_rule[slot, unit, 1] += 1
                sums.by_rule[slot, unit, 2] = event + 1
            if points > 0 and sums.budgets[slot, unit] < UNBOUND:
                sums.budgets[slot, unit] -= points
        if counts and limit >= 0:
            sums.uses[limit] = True


@compiled
def _multiply(
    past: Happened,
    rules: Rules,
    states: Standings,
    sums: Sums,
    event: int,
    member: int,
    tier: int,
    giver: int,
    count: int,
    scale: int,
) -> int:
    """Add a step for each multiplier: what it adds to what came before; −1 where too large."""
    its = rules.givers[giver]
    kind = past.kind[event]
    amounts = 1 if its[BY] == ONCE else count
    rates = its[END_RATE] - its[FIRST_RATE]
    last = rules.multipliers.shape[0] + 2
    first = _FIRST_FACTORS[rules.stacking]
    for place in range(amounts):
        sums.factors[place] = first
    parts = 1 if rules.stacking == _PRODUCT else rules.one
    steps = 1
    if its[BY] == BY_VALUE and rules.tier_factors[tier, SCALED] != 0:
        for place in range(count):
            sums.touched[place] = True
        over = _weigh(
            rules, sums, its, amounts, rules.tier_factors[tier], scale * parts, steps, last, -1
        )
        if over == 0:
            return -1
        _keep(sums, amounts)
        parts *= over
        steps += 1
    for multiplier in range(rules.multiplier_range[kind, 0], rules.multiplier_range[kind, 1]):
        if not _acts(past, rules, states, sums, event, member, tier, giver, multiplier, count):
            continue
        factor = rules.multipliers[multiplier]
        over = _weigh(rules, sums, its, amounts, factor, scale * parts, steps, last, multiplier)
        if over == 0:
            return -1
        if not _fits(rules, sums, its, factor[ITS_SLOT], steps):
            for rate in range(rates):
                sums.points[last, rate] -= sums.points[steps, rate]
            continue
        _keep(sums, amounts)
        parts *= over
        steps += 1
    return steps


@compiled
def _acts(
    past: Happened,
    rules: Rules,
    states: Standings,
    sums: Sums,
    event: int,
    member: int,
    tier: int,
    giver: int,
    multiplier: int,
    count: int,
) -> bool:
    """Whether a multiplier acts on what a rule gives; the amounts that it acts on are marked."""
    if not rules.acts_on[giver, multiplier]:
        return False
    slot, limit = rules.multipliers[multiplier, ITS_SLOT], rules.multipliers[multiplier, ITS_LIMIT]
    if not (rules.holds[past.classes[event], slot] >> tier) & 1:
        return False
    if not _touches(past, rules, sums, count, rules.givers[giver, BY], slot, tier):
        return False
    return limit < 0 or not is_used_up(rules, states, member, limit, past.day[event])


@compiled
def _weigh(
    rules: Rules,
    sums: Sums,
    its: Small,
    amounts: int,
    factor: Small,
    scale: int,
    step: int,
    last: int,
    multiplier: int,
) -> int:
    """Add the step of one more factor; by how much the parts of one grow, 0: too much."""
    over = _try(rules, sums, amounts, factor)
    if over == 0 or not _points(rules, sums, its, amounts, scale * over, step):
        return 0
    _keep_step(sums, step, its[END_RATE] - its[FIRST_RATE], last, multiplier)
    return over


@compiled
def _keep(sums: Sums, amounts: int) -> None:
    """Let the factor that was tried count for those that follow."""
    for place in range(amounts):
        sums.factors[place] = sums.tried[place]


@compiled
def _keep_step(sums: Sums, step: int, rates: int, last: int, multiplier: int) -> None:
    """Turn what a step brought in all into what it adds."""
    sums.steps[step] = multiplier
    for rate in range(rates):
        total = sums.points[step, rate]
        sums.points[step, rate] = total - sums.points[last, rate]
        sums.points[last, rate] = total


@compiled
def _touches(
    past: Happened,
    rules: Rules,
    sums: Sums,
    count: int,
    by: int,
    slot: int,
    tier: int,
) -> bool:
    """Mark the amounts that a multiplier acts on; whether there are any."""
    found = False
    for place in range(count):
        line = sums.places[place]
        touched = line < 0 or (rules.holds_on[past.line_classes[line], slot] >> tier) & 1 == 1
        sums.touched[place] = touched
        found = found or touched
    if by == ONCE:
        sums.touched[0] = True
    return found


@compiled
def _try(rules: Rules, sums: Sums, amounts: int, factor: Small) -> int:
    """Weigh the amounts with one more factor; by how much the parts of one grow, 0: too much."""
    times, over, scaled, one = factor[TIMES], factor[OVER], factor[SCALED], rules.one
    for place in range(amounts):
        before, touched = sums.factors[place], sums.touched[place]
        if rules.stacking == _PRODUCT:
            by = times if touched else over
            if float(before) * float(by) > _LARGEST:
                return 0
            after = before * by
            weight = after
        elif rules.stacking == _SUM:
            after = before + (scaled - one if touched else 0)
            weight = max(one + after, 0)
        else:
            after = max(before, scaled) if touched else before
            weight = one if after < 0 else after
        if float(weight) * float(sums.amounts[place]) > _LARGEST:
            return 0
        sums.tried[place] = after
        sums.weighed[place] = weight * sums.amounts[place]
    return over if rules.stacking == _PRODUCT else 1


@compiled
def _points(rules: Rules, sums: Sums, its: Small, amounts: int, scale: int, step: int) -> bool:
    """Round what is weighed, in `scale` parts of one; False where that is too large to be told."""
    total = 0
    size = 0.0
    for place in range(amounts):
        total += sums.weighed[place]
        size += float(sums.weighed[place])
    for rate in range(its[END_RATE] - its[FIRST_RATE]):
        its_rate = rules.rates[its[FIRST_RATE] + rate]
        if (
            size * float(its_rate[NUMERATOR]) > _LARGEST
            or float(its_rate[DENOMINATOR]) * float(scale) > _LARGEST
        ):
            return False
        denominator = its_rate[DENOMINATOR] * scale
        bias = its_rate[BIAS] * scale + its_rate[RISE] * (scale - 1)
        if amounts == 1 or not its_rate[PER_LINE]:
            points = (its_rate[NUMERATOR] * total + bias) // denominator
        else:
            points = 0
            for place in range(amounts):
                points += (its_rate[NUMERATOR] * sums.weighed[place] + bias) // denominator
        sums.points[step, rate] = points
    return True


@compiled
def _fits(rules: Rules, sums: Sums, its: Small, slot: int, step: int) -> bool:
    """Whether what a rule would give fits what is left of its budget, in every unit."""
    for rate in range(its[END_RATE] - its[FIRST_RATE]):
        unit = rules.rates[its[FIRST_RATE] + rate, UNIT]
        wanted, left = sums.points[step, rate], sums.budgets[slot, unit]
        if wanted > left:
            return False
        if left < UNBOUND and wanted > 0:
            sums.asked[slot, unit] += wanted
    return True


@compiled
def is_used_up(rules: Rules, states: Standings, member: int, limit: int, day: int) -> bool:
    """Whether a member was awarded as often as a limit lets in the period of a day."""
    used = states.used[member, limit]
    period = rules.periods[rules.limits[limit, 1], day]
    return bool(used[0] == period and used[1] >= rules.limits[limit, 0])


@compiled
def use(rules: Rules, states: Standings, sums: Sums, member: int, day: int) -> int:
    """Count an activity's uses of limits; a bit for each."""
    uses = 0
    for limit in range(rules.limits.shape[0]):
        if sums.uses[limit]:
            sums.uses[limit] = False
            used = states.used[member, limit]
            period = rules.periods[rules.limits[limit, 1], day]
            if used[0] != period:
                used[0], used[1] = period, 0
            used[1] += 1
            uses |= 1 << limit
    return uses
