"""Tables of the report of impact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from fiel.domain.language import N_
from fiel.insights.impact import statements as told
from fiel.insights.impact.finding import Found
from fiel.insights.impact.lifts import Lift, Metric
from fiel.insights.impact.planning import Plan
from fiel.insights.reporting.report import Cell, Column, Kind, Say, Table

BY_LOT, BY_DIFFERENCE = "holdout", "difference_in_differences"

_NAMES = {
    Metric.SPEND: N_("spend of a member"),
    Metric.RETENTION: N_("members who still buy"),
    Metric.PURCHASES: N_("purchases of a member"),
    Metric.BASKET: N_("spend of a purchase"),
    Metric.MARGIN: N_("margin of a member"),
}
_OF = Column("of", N_("Of"), Kind.TEXT)
_METRIC = Column("metric", N_("Figure"), Kind.TEXT)
_SINCE, _UNTIL = Column("from", N_("From"), Kind.DAY), Column("to", N_("To"), Kind.DAY)
_MEMBERS = Column("members", N_("Members with it"), Kind.COUNT)
_KEPT_OUT = Column("kept_out", N_("Kept out"), Kind.COUNT)
_CHANCE = Column("chance", N_("Chance alone"), Kind.NUMBER)
_SAYS = Column("says", N_("In words"), Kind.TEXT)

_LIFTS = (
    _OF,
    _METRIC,
    Column("method", N_("Method"), Kind.TEXT),
    Column("lift", N_("Lift"), Kind.PERCENT),
    Column("low", N_("At least"), Kind.PERCENT),
    Column("high", N_("At most"), Kind.PERCENT),
    _CHANCE,
    Column("visible", N_("Visible from"), Kind.PERCENT),
    _SAYS,
)
_GROUPS = (
    _OF,
    _SINCE,
    _UNTIL,
    _MEMBERS,
    _KEPT_OUT,
    Column("share", N_("Share kept out"), Kind.PERCENT),
    Column("expected", N_("Share drawn"), Kind.PERCENT),
    _CHANCE,
)
_PLAN = (
    Column("share", N_("Share kept out"), Kind.PERCENT),
    Column("weeks", N_("Weeks"), Kind.COUNT),
    Column("members", N_("Members"), Kind.COUNT),
    _KEPT_OUT,
    Column("spend", N_("Lift of spend visible"), Kind.PERCENT),
    Column("retention", N_("Lift of retention visible"), Kind.PERCENT),
    _SAYS,
)


def lifts_table(found: Iterable[Found]) -> Table:
    """What was caused, in percent and in words."""
    return Table("lifts", N_("What was caused"), _LIFTS, tuple(_lifts(found)))


def shares_table(found: Iterable[Found]) -> Table:
    """Retention, in members of a hundred."""
    return _numbers("shares", N_("Of a hundred members"), Kind.PERCENT, Metric.RETENTION, found)


def numbers_table(found: Iterable[Found]) -> Table:
    """What is counted, a member."""
    return _numbers("numbers", N_("Numbers"), Kind.NUMBER, Metric.PURCHASES, found)


def groups_table(found: Iterable[Found]) -> Table:
    """The groups, and whether they are of the sizes that the lot makes."""
    rows = tuple(_group(one) for one in found if one.groups is not None)
    return Table("groups", N_("The groups"), _GROUPS, rows)


def plan_table(planned: Iterable[Plan]) -> Table:
    """What holdouts would show."""
    rows = tuple(
        (
            plan.share * 100, plan.weeks, plan.members, plan.kept_out,
            _percent(plan.spend), _percent(plan.retention), _plan_in_words(plan),
        )
        for plan in planned
    )  # fmt: skip
    return Table("plan", N_("What could be seen"), _PLAN, rows)


def _lifts(found: Iterable[Found]) -> Iterable[tuple[Cell, ...]]:
    for one in found:
        for lift in one.lifts:
            yield (
                one.id, lift.metric.value, BY_LOT,
                _percent(lift.lift), _percent(lift.lift_low), _percent(lift.lift_high),
                lift.chance, _percent(lift.visible), _in_words(one.id, lift),
            )  # fmt: skip
        if (weak := one.difference) is not None:
            words = Say(
                N_(
                    "{what}: members' spend changed by {lift}% against everybody else's, from "
                    "{low}% to {high}%; weaker than a comparison by lot"
                ),
                {
                    "what": told.named(one.id),
                    "lift": _rounded(weak.lift),
                    "low": _rounded(weak.low),
                    "high": _rounded(weak.high),
                },
            )
            yield (
                one.id, Metric.SPEND.value, BY_DIFFERENCE,
                _percent(weak.lift), _percent(weak.low), _percent(weak.high), weak.chance, None,
                words,
            )  # fmt: skip


def _in_words(name: str, lift: Lift) -> Say:
    parts: dict[str, object] = {"what": told.named(name), "figure": Say(_NAMES[lift.metric])}
    if lift.lift is None or lift.lift_low is None or lift.lift_high is None:
        return Say(N_("{what}: {figure}: no percentage of nothing"), parts)
    if lift.is_seen:
        parts |= {
            "lift": _rounded(lift.lift),
            "low": _rounded(lift.lift_low),
            "high": _rounded(lift.lift_high),
        }
        return Say(N_("{what}: {figure}: {lift}% caused, from {low}% to {high}%"), parts)
    if lift.visible is None:
        return Say(N_("{what}: {figure}: nothing seen"), parts)
    parts["visible"] = _rounded(lift.visible)
    return Say(
        N_("{what}: {figure}: nothing seen; {visible}% or more would most likely have been"), parts
    )


def amounts_table(found: Iterable[Found]) -> Table:
    """What is money, a member or a purchase, and in all."""
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for lift in one.lifts:
            if lift.metric.is_money:
                changes = (lift.difference, lift.low, lift.high)
                rows.append(
                    (
                        one.id, lift.metric.value, lift.without, lift.within,
                        *changes, *_in_all(one, lift.metric, changes),
                    )
                )  # fmt: skip
    columns = (
        _OF,
        _METRIC,
        *_sides(Kind.MONEY),
        Column("in_all", N_("In all"), Kind.MONEY),
        Column("in_all_low", N_("In all, at least"), Kind.MONEY),
        Column("in_all_high", N_("In all, at most"), Kind.MONEY),
    )
    return Table("amounts", N_("In money"), columns, tuple(rows))


def _in_all(found: Found, metric: Metric, changes: Sequence[float]) -> Iterable[Cell]:
    """What changes come to over all members; a basket is of a purchase and adds up to nothing."""
    assert found.groups is not None, "a lift is one of groups"
    members = found.groups.members
    return (None if metric is Metric.BASKET else each * members for each in changes)


def _sides(kind: Kind) -> tuple[Column, ...]:
    return (
        Column("without", N_("Without it"), kind),
        Column("with", N_("With it"), kind),
        Column("difference", N_("Difference"), kind),
        Column("low", N_("At least"), kind),
        Column("high", N_("At most"), kind),
    )


def _numbers(name: str, title: str, kind: Kind, metric: Metric, found: Iterable[Found]) -> Table:
    times = 100 if kind is Kind.PERCENT else 1
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for lift in one.lifts:
            if lift.metric is metric:
                values = (lift.without, lift.within, lift.difference, lift.low, lift.high)
                rows.append((one.id, metric.value, *(each * times for each in values)))
    return Table(name, title, (_OF, _METRIC, *_sides(kind)), tuple(rows))


def _group(found: Found) -> tuple[Cell, ...]:
    groups = found.groups
    assert groups is not None, "only what has groups is told"
    everybody = groups.members + groups.kept_out
    return (
        found.id, groups.since, groups.until, groups.members, groups.kept_out,
        Fraction(groups.kept_out * 100, everybody), groups.expected * 100, groups.chance,
    )  # fmt: skip


def _plan_in_words(plan: Plan) -> Say | None:
    if plan.spend is None:
        return None
    return Say(
        N_(
            "With {members} members, {kept_out} of them kept out, you will see a lift of spend of "
            "{lift}% or more after {weeks} weeks"
        ),
        {
            "members": plan.members,
            "kept_out": plan.kept_out,
            "lift": _rounded(plan.spend),
            "weeks": plan.weeks,
        },
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100


def _rounded(share: float) -> Decimal:
    return Decimal(str(round(share * 100, 1)))
