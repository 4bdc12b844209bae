"""Standing, as machine code: tiers with their windows, terms and reviews, and lots with their ends.

It says what `fiel.domain.reviewing`, `fiel.domain.tiers` and `fiel.domain.lots` say, for members
to whom everything happened in the order in which it was told.
"""

from __future__ import annotations

from fiel.insights.simulation.kernel.compiling import compiled
from fiel.insights.simulation.kernel.layout import (
    ALWAYS,
    ANNIVERSARY,
    BY_SPEND,
    BY_VISITS,
    COUNTS_FROM,
    ENROLMENT,
    EXPIRED,
    ISSUED,
    LOST_AT,
    LOST_SINCE,
    LOST_TIER,
    NEVER,
    OUTSTANDING,
    REVIEW_AT,
    TERM_LAST,
    TIER,
    TIER_SINCE,
    WINDOW_PLACE,
    WINDOW_TOTAL,
    Happened,
    Ladder,
    Standings,
    Sums,
    Terms,
)


@compiled
def kept_at(states: Standings, place: int) -> int:
    """Where is kept what something that happened has left: there is room for all that matters."""
    return int(place & (states.counted.shape[0] - 1))


@compiled
def forget(states: Standings, first: int, last: int) -> None:
    """Make room for the next member."""
    for place in range(first, last):
        at = kept_at(states, place)
        states.counted[at] = 0
        for unit in range(states.left.shape[0]):
            states.left[unit, at] = 0
        if len(states.uses):
            states.uses[at] = 0
            for unit in range(states.left.shape[0]):
                states.given[unit, at] = 0


@compiled
def settle(
    past: Happened, ladder: Ladder, terms: Terms, states: Standings, member: int, end: int, now: int
) -> None:
    """Book what fell due for a member up to now: reviews of the tier, and ends of points.

    `end` is the place after the last of what happened to the member so far.
    """
    held = states.held[member]
    while held[REVIEW_AT] <= now:
        _review(past, ladder, states, member, end)
    for unit in range(terms.starts.shape[0]):
        if terms.ends_idle[unit]:
            if ALWAYS < states.idle_at[member, unit] <= now:
                _end_idle(past, states, member, unit, end)
        else:
            _end_lots(past, terms, states, member, unit, end, now)


@compiled
def _review(past: Happened, ladder: Ladder, states: Standings, member: int, end: int) -> None:
    """Decide what follows a term: the tier again, one step down, or what was reached."""
    held = states.held[member]
    total, place = 0, end - 1
    first = past.first[member]
    while place >= first and past.counts_at[place] >= held[COUNTS_FROM]:
        if past.counts_at[place] < held[REVIEW_AT]:
            total += states.counted[kept_at(states, place)]
        place -= 1
    before = held[TIER]
    after = before
    if total < ladder.thresholds[before - 1]:
        after = before - 1 if ladder.one_step else _reached(ladder, total)
    if after != before:
        held[LOST_TIER], held[LOST_AT] = before, held[REVIEW_AT]
        held[LOST_SINCE] = held[TIER_SINCE]
        held[TIER], held[TIER_SINCE] = after, held[REVIEW_AT]
    _hold(ladder, states, member, held[TERM_LAST] + (1 if ladder.by_year else 0))


@compiled
def _hold(ladder: Ladder, states: Standings, member: int, day: int) -> None:
    """Let the tier be held for the term that begins on a day."""
    held = states.held[member]
    if held[TIER] <= 1 or not ladder.falls:
        held[REVIEW_AT] = NEVER
        return
    held[TERM_LAST] = ladder.term_last[day]
    held[REVIEW_AT] = ladder.review_at[day]
    held[COUNTS_FROM] = ladder.counts_from[day]


@compiled
def _reached(ladder: Ladder, total: int) -> int:
    """The highest tier that a total reaches; the first is everybody's."""
    reached = 1
    for place in range(1, len(ladder.thresholds)):
        if ladder.thresholds[place] > total:
            break
        reached = place + 1
    return reached


@compiled
def tier_then(past: Happened, states: Standings, member: int, event: int) -> int:
    """The tier that a member held: what falls due at midnight comes before the tiers' reviews."""
    held, at, kind = states.held[member], past.at[event], past.kind[event]
    if held[LOST_TIER] and at >= held[LOST_SINCE]:
        at_midnight = ENROLMENT <= kind <= ANNIVERSARY and at == held[LOST_AT]
        if at < held[LOST_AT] or at_midnight:
            return int(held[LOST_TIER])
    return int(held[TIER])


@compiled
def climb(
    past: Happened, ladder: Ladder, states: Standings, sums: Sums, member: int, event: int
) -> None:
    """Count what happened towards the tier, and hold the one that is reached."""
    held = states.held[member]
    if ladder.climbs_by == BY_SPEND:
        counted = past.net[event]
    elif ladder.climbs_by == BY_VISITS:
        counted = past.visits[event]
    else:
        counted = sums.given[ladder.tier_unit]
    since = ladder.window_since[past.program_day[event]]
    place = held[WINDOW_PLACE]
    while place < event and past.counts_at[place] < since:
        held[WINDOW_TOTAL] -= states.counted[kept_at(states, place)]
        place += 1
    held[WINDOW_PLACE] = place
    total = held[WINDOW_TOTAL] + counted
    states.counted[kept_at(states, event)] = counted
    held[WINDOW_TOTAL] = total
    reached = _reached(ladder, total)
    if reached > held[TIER]:
        held[TIER], held[TIER_SINCE] = reached, past.at[event]
        _hold(ladder, states, member, past.program_day[event])


@compiled
def credit(states: Standings, sums: Sums, member: int, event: int) -> None:
    """Give a member the points that something brought, as lots of their own."""
    lot = kept_at(states, event)
    for unit in range(len(sums.given)):
        given = sums.given[unit]
        if given:
            points = states.points[member, unit]
            points[ISSUED] += given
            points[OUTSTANDING] += given
            paid = min(states.debt[member, unit], given)
            states.debt[member, unit] -= paid
            states.left[unit, lot] = given - paid
            if states.given.shape[1]:
                states.given[unit, lot] = given
            if states.idle_at[member, unit] == ALWAYS:
                states.idle_at[member, unit] = NEVER
            sums.given[unit] = 0


@compiled
def live_on(terms: Terms, states: Standings, member: int, kind: int, day: int) -> None:
    """Extend the life of points that end when nothing happens, by what happened on a day."""
    for unit in range(terms.starts.shape[0]):
        idle_at = states.idle_at[member, unit]
        if not terms.ends_idle[unit] or idle_at == ALWAYS:
            continue
        extends = terms.extends[unit, kind]
        end = terms.idle_ends[unit, day]
        if idle_at == NEVER:
            if extends or states.points[member, unit, OUTSTANDING] + states.debt[member, unit]:
                states.idle_at[member, unit] = end
        elif extends and end > idle_at:
            states.idle_at[member, unit] = end


@compiled
def _end_lots(
    past: Happened, terms: Terms, states: Standings, member: int, unit: int, end: int, now: int
) -> None:
    """End the lots whose time is over; the first to be earned are the first to end."""
    place = states.first_lot[member, unit]
    while place < end:
        left = states.left[unit, kept_at(states, place)]
        if left > 0:
            if terms.ends[unit, past.day[place]] > now:
                break
            _end(states, member, unit, place)
        place += 1
    states.first_lot[member, unit] = place


@compiled
def _end_idle(past: Happened, states: Standings, member: int, unit: int, end: int) -> None:
    """End all points of a unit, since nothing happened for so long."""
    at = states.idle_at[member, unit]
    for place in range(states.first_lot[member, unit], end):
        if states.left[unit, kept_at(states, place)] > 0 and past.at[place] < at:
            _end(states, member, unit, place)
    states.first_lot[member, unit] = end
    states.idle_at[member, unit] = NEVER


@compiled
def _end(states: Standings, member: int, unit: int, place: int) -> None:
    lot = kept_at(states, place)
    left = states.left[unit, lot]
    states.left[unit, lot] = -left
    states.points[member, unit, EXPIRED] += left
    states.points[member, unit, OUTSTANDING] -= left
