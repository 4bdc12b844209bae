"""The report of a simulation: a draft beside the program in force, and variants of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.columns.opening import Columns
from fiel.insights.reporting.report import (
    Cell,
    Column,
    Definition,
    Kind,
    Report,
    Say,
    Table,
)
from fiel.insights.simulating import DRAFT, IN_FORCE
from fiel.insights.simulation.assuming import assumptions
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.comparing import (
    Tried,
    changes,
    frontier,
    money_of,
    rewarded,
)
from fiel.insights.simulation.engines import Simulated, Simulation
from fiel.insights.simulation.history import Span
from fiel.insights.simulation.trade import Trade, name_of_segment, segments_of, trade_of
from fiel.insights.simulation.variants import Variant

_PERCENT = 100

_PROGRAM = Column("program", N_("Program"), Kind.TEXT)
_POINTS = (
    _PROGRAM,
    Column("unit", N_("Unit"), Kind.TEXT),
    Column("issued", N_("Issued"), Kind.POINTS),
    Column("taken_back", N_("Taken back"), Kind.POINTS),
    Column("redeemed", N_("Redeemed"), Kind.POINTS),
    Column("expired", N_("Expired"), Kind.POINTS),
    Column("outstanding", N_("Left"), Kind.POINTS),
    Column("liability", N_("Worth"), Kind.MONEY),
)
_MONEY = (
    _PROGRAM,
    Column("sales", N_("Sales"), Kind.MONEY),
    Column("rewards", N_("Rewards"), Kind.MONEY),
    Column("paid", N_("Paid with points"), Kind.MONEY),
    Column("liability", N_("Worth of the points left"), Kind.MONEY),
    Column("cost", N_("Cost"), Kind.MONEY),
    Column("cost_share", N_("Of the sales"), Kind.PERCENT),
    Column("margin", N_("Margin"), Kind.MONEY),
    Column("margin_after", N_("Margin after it"), Kind.MONEY),
    Column("rewarded", N_("Members rewarded"), Kind.COUNT),
)
_TIERS = (
    _PROGRAM,
    Column("tier", N_("Tier"), Kind.TEXT),
    Column("members", N_("Members"), Kind.COUNT),
    Column("share", N_("Share"), Kind.PERCENT),
)
_RULES = (
    _PROGRAM,
    Column("rule", N_("Rule"), Kind.TEXT),
    Column("unit", N_("Unit"), Kind.TEXT),
    Column("points", N_("Points"), Kind.POINTS),
    Column("awards", N_("Times"), Kind.COUNT),
)
_REWARDS = (
    _PROGRAM,
    Column("reward", N_("Reward"), Kind.TEXT),
    Column("redeemed", N_("Redeemed"), Kind.COUNT),
    Column("gifts", N_("Given"), Kind.COUNT),
    Column("cost", N_("Cost"), Kind.MONEY),
)
_SEGMENTS = (
    Column("segment", N_("Segment"), Kind.TEXT),
    Column("name", N_("Name"), Kind.TEXT),
    Column("unit", N_("Unit"), Kind.TEXT),
    Column("members", N_("Members"), Kind.COUNT),
    Column("winners", N_("Earn more"), Kind.COUNT),
    Column("losers", N_("Earn less"), Kind.COUNT),
    Column("before", N_("Earned before"), Kind.POINTS),
    Column("after", N_("Earned after"), Kind.POINTS),
    Column("change", N_("Change"), Kind.PERCENT),
)
_VARIANTS = (
    Column("variant", N_("Variant"), Kind.TEXT),
    Column("issued", N_("Issued"), Kind.POINTS),
    Column("redeemed", N_("Redeemed"), Kind.POINTS),
    Column("expired", N_("Expired"), Kind.POINTS),
    Column("outstanding", N_("Left"), Kind.POINTS),
    Column("cost", N_("Cost"), Kind.MONEY),
    Column("margin_after", N_("Margin after it"), Kind.MONEY),
    Column("rewarded", N_("Members rewarded"), Kind.COUNT),
    Column("frontier", N_("On the frontier"), Kind.TEXT),
)
_DEFINITIONS = (
    Definition(
        "liability",
        N_("Worth of the points left"),
        N_("What the points that are left at the end are worth when they pay."),
    ),
    Definition(
        "cost",
        N_("Cost"),
        N_(
            "What the rewards cost that were had, what points paid of sales, and the worth of the"
            " points left."
        ),
    ),
    Definition(
        "margin",
        N_("Margin"),
        N_("Net sales to members, less what the goods cost, less what came back."),
    ),
    Definition(
        "margin_after",
        N_("Margin after it"),
        N_("The margin less what the rewards cost that were had and what points paid of sales."),
    ),
    Definition(
        "winners",
        N_("Earn more"),
        N_("Members who would have earned more points, less what returns took, than before."),
    ),
    Definition(
        "frontier",
        N_("On the frontier"),
        N_("No other variant costs less without rewarding fewer members."),
    ),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be simulated. Without a program in force a draft stands alone."""

    in_force: Program | None
    draft: Program
    behaviour: Behaviour
    span: Span
    variants: Sequence[Variant] = ()


def simulation_report(
    columns: Columns,
    asked: Asked,
    compiling: Callable[[], None] | None = None,
    tell: Callable[[float], None] | None = None,
) -> Report:
    """Try a draft, the program in force and every variant on the past of the columns.

    `compiling` is called before something is compiled that every later simulation uses; `tell`
    hears how many of the programs are tried, as a share of all.
    """
    programs = [asked.draft, *(each.program for each in asked.variants)]
    if asked.in_force is not None:
        programs.insert(0, asked.in_force)
    simulation = Simulation(columns, programs, asked.span, compiling=compiling)
    trade = trade_of(simulation.history)
    made = _Made(asked, trade, simulation, _Counting(len(programs), tell))
    return Report(
        name="simulation",
        title=N_("Simulation"),
        since=asked.span.since or trade.first,
        until=asked.span.until or trade.last,
        as_of=columns.as_of,
        tables=made.tables(columns),
        statements=assumptions(
            trade,
            [program for _, program, _ in made.tried],
            [simulated for *_, simulated in made.tried],
            asked.behaviour,
            has_variants=bool(asked.variants),
            is_same=asked.in_force == asked.draft,
            has_compiled=simulation.has_compiled,
        ),
        definitions=_DEFINITIONS,
    )


@dataclass(slots=True)
class _Counting:
    """Counts the programs that were tried, and tells their share of all."""

    programs: int
    tell: Callable[[float], None] | None
    tried: int = 0

    def one_more(self) -> None:
        self.tried += 1
        if self.tell is not None:
            self.tell(self.tried / self.programs)


class _Made:
    """What was simulated, and the tables that tell it."""

    def __init__(
        self, asked: Asked, trade: Trade, simulation: Simulation, counting: _Counting
    ) -> None:
        self._counting = counting
        self._asked = asked
        self._trade = trade
        self._simulation = simulation
        self.tried: list[tuple[str, Program, Simulated]] = []
        if asked.in_force is not None:
            self._try(IN_FORCE, asked.in_force)
        self._try(DRAFT, asked.draft)

    def _try(self, name: str, program: Program) -> None:
        self.tried.append((name, program, self._run(program)))

    def _run(self, program: Program) -> Simulated:
        simulated = self._simulation.run(program, self._asked.behaviour)
        self._counting.one_more()
        return simulated

    def tables(self, columns: Columns) -> tuple[Table, ...]:
        """Everything that is told, in the order in which it is read."""
        tables = [
            Table("money", N_("What it costs"), _MONEY, tuple(self._money())),
            Table("points", N_("Points"), _POINTS, tuple(self._points())),
            Table("tiers", N_("Tiers"), _TIERS, tuple(self._tiers())),
            Table("rules", N_("What rules give"), _RULES, tuple(self._rules())),
            Table("rewards", N_("Rewards"), _REWARDS, tuple(self._rewards())),
        ]
        if self._asked.in_force is not None:
            title = N_("Who wins and who loses")
            tables.append(Table("segments", title, _SEGMENTS, tuple(self._segments(columns))))
        if self._asked.variants:
            tables.append(Table("variants", N_("Variants"), _VARIANTS, tuple(self._variants())))
        return tuple(tables)

    def _money(self) -> list[tuple[Cell, ...]]:
        net, margin = self._trade.net, self._trade.margin
        rows: list[tuple[Cell, ...]] = []
        for name, program, simulated in self.tried:
            outcome = simulated.outcome
            money = money_of(program, outcome)
            rows.append(
                (
                    name, net, money.rewards, money.paid, money.liability, money.total,
                    money.total * _PERCENT / net if net > 0 else None,
                    margin, None if margin is None else margin - money.rewards - money.paid,
                    rewarded(outcome),
                )
            )  # fmt: skip
        return rows

    def _points(self) -> list[tuple[Cell, ...]]:
        rows: list[tuple[Cell, ...]] = []
        for name, program, simulated in self.tried:
            for unit, points in simulated.outcome.units.items():
                left, value = int(points.outstanding.sum()), program.units[unit].value
                worth = None if value is None else left * value * program.currency.minor_per_major
                rows.append(
                    (
                        name, unit, int(points.issued.sum()), int(points.taken_back.sum()),
                        int(points.redeemed.sum()), int(points.expired.sum()), left, worth,
                    )
                )  # fmt: skip
        return rows

    def _tiers(self) -> list[tuple[Cell, ...]]:
        rows: list[tuple[Cell, ...]] = []
        for name, _, simulated in self.tried:
            held = simulated.outcome.in_tier()
            everybody = len(simulated.outcome.members)
            rows += [
                (
                    name,
                    tier,
                    members,
                    Fraction(members * _PERCENT, everybody) if everybody else None,
                )
                for tier, members in held.items()
            ]
        return rows

    def _rules(self) -> list[tuple[Cell, ...]]:
        return [
            (name, rule, unit, given.points, given.awards)
            for name, _, simulated in self.tried
            for (rule, unit), given in simulated.outcome.rules.items()
        ]

    def _rewards(self) -> list[tuple[Cell, ...]]:
        return [
            (name, reward, had.redeemed, had.gifts, had.cost)
            for name, _, simulated in self.tried
            for reward, had in sorted(simulated.outcome.rewards.items())
        ]

    def _segments(self, columns: Columns) -> list[tuple[Cell, ...]]:
        on = self._asked.span.until or self._trade.last
        if on is None:
            return []
        before, after = (simulated.outcome for *_, simulated in self.tried)
        return [
            (
                change.segment, Say(name_of_segment(change.segment)), change.unit, change.members,
                change.winners, change.losers, change.before, change.after,
                _share(change.after - change.before, change.before),
            )
            for change in changes(before, after, segments_of(columns, on))
        ]  # fmt: skip

    def _variants(self) -> list[tuple[Cell, ...]]:
        margin = self._trade.margin
        tried = [
            Tried(each.name, each.program, self._run(each.program).outcome)
            for each in self._asked.variants
        ]
        best = frontier(tried)
        rows: list[tuple[Cell, ...]] = []
        for place, each in enumerate(tried):
            units, money = each.outcome.units.values(), money_of(each.program, each.outcome)
            sums = [
                sum(int(getattr(points, name).sum()) for points in units)
                for name in ("issued", "redeemed", "expired", "outstanding")
            ]
            after = None if margin is None else margin - money.rewards - money.paid
            on_it = Say(N_("yes")) if place in best else Say(N_("no"))
            rows.append((each.name, *sums, money.total, after, each.rewarded, on_it))
        return rows


def _share(part: int, whole: int) -> Fraction | None:
    """A part in percent; None of nothing."""
    return Fraction(part * _PERCENT, whole) if whole > 0 else None
