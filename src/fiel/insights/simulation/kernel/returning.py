"""Returning, as machine code: a sale that comes back as a whole takes back what it earned.

It says what `fiel.intake.returning_points` says of a sale of which nothing is kept.
"""

from __future__ import annotations

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.layout import (
    DEBT,
    FINE,
    HELD,
    KEPT_AND_LIMITED,
    OUTSTANDING,
    OWED_WHILE_WAITING,
    PENDING_ONLY,
    RETURN,
    TAKEN_BACK,
    WINDOW_PLACE,
    WINDOW_TOTAL,
    Happened,
    Rules,
    Standings,
    Terms,
)
from fiel.insights.simulation.kernel.redeeming import available, draw
from fiel.insights.simulation.kernel.standing import kept_at, live_on

assert HELD > WINDOW_TOTAL


@compiled
def take_back(
    past: Happened, rules: Rules, terms: Terms, states: Standings, member: int, event: int
) -> int:
    """Take back what a sale earned and what it counted; what went wrong, if anything."""
    sale = past.about[event]
    kept = kept_at(states, sale)
    keeps = False
    for unit in range(terms.starts.shape[0]):
        if states.given[unit, kept] > 0:
            left = _take(past, terms, states, member, unit, sale, event)
            if left < 0:
                return OWED_WHILE_WAITING
            keeps = keeps or left > 0
    uses = states.uses[kept]
    if uses:
        if keeps:
            return KEPT_AND_LIMITED
        for limit in range(rules.limits.shape[0]):
            if (uses >> limit) & 1:
                used = states.used[member, limit]
                if used[0] == rules.periods[rules.limits[limit, 1], past.day[sale]]:
                    used[1] -= 1
        states.uses[kept] = 0
    if states.held[member, WINDOW_PLACE] <= sale:
        states.held[member, WINDOW_TOTAL] -= states.counted[kept]
    states.counted[kept] = 0
    live_on(terms, states, member, RETURN, past.day[event])
    return FINE


@compiled
def _take(
    past: Happened,
    terms: Terms,
    states: Standings,
    member: int,
    unit: int,
    sale: int,
    event: int,
) -> int:
    """Take points back: those of the sale first, then others; how many are kept, −1: cannot say."""
    lot, now = kept_at(states, sale), past.now[event]
    points, left = states.given[unit, lot], states.left[unit, lot]
    states.given[unit, lot] = 0
    negative = terms.negative[unit]
    waits = terms.waits[unit] and terms.starts[unit, past.day[sale]] > now
    taken = 0
    if left > 0 and (waits or negative != PENDING_ONLY):
        taken = min(points, left)
        states.left[unit, lot] = left - taken
    if negative != PENDING_ONLY:
        lapsed = -left if left < 0 else 0
        rest = points - taken - min(points - taken, lapsed)
        more = 0
        if rest:
            more = min(rest, available(past, terms, states, member, unit, event, now))
            if more > 0:
                draw(past, terms, states, member, unit, event, now, more)
        taken += more
        missing = rest - more
        if missing and negative == DEBT:
            if terms.waits[unit]:
                return -1
            states.debt[member, unit] += missing
            taken += missing
            missing = 0
        kept = missing
    else:
        kept = points - taken
    states.points[member, unit, TAKEN_BACK] += taken
    states.points[member, unit, OUTSTANDING] -= taken
    return int(kept)
