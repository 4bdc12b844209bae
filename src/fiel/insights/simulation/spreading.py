"""Spreading: the simulation on Spark, members side by side on however many machines there are.

Everything that happened to a member comes to one share, by the member's number. There the same
simulation runs as on one machine, folded or replayed, and answers rows by member that are put
together again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import reduce
from types import ModuleType
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fiel.domain.program import Multiply, Program
from fiel.insights.columns.opening import LAMBDAS, Columns
from fiel.insights.columns.tables import TABLES
from fiel.insights.simulation.behaviour import Behaviour
from fiel.insights.simulation.engines import COMPILED, REPLAYED, Simulated
from fiel.insights.simulation.engines import Simulation as OnOneMachine
from fiel.insights.simulation.history import Ends, History, Span
from fiel.insights.simulation.outcome import Outcome, RewardOutcome, RuleOutcome, UnitOutcome

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SHARES = 64

# What a simulation reads: nothing else is sent from one machine to another.
_READ = {
    "members": ("member", "member_id", "joined_at", "birthday", "segments", "attributes"),
    "sales": (
        "sale", "member", "occurred_at", "recorded_at", "day", "store", "channel", "net",
        "shipping", "paid_points",
    ),
    "lines": (
        "sale", "number", "member", "sku", "name", "category", "kind", "quantity", "unit_price",
        "net", "gross", "cost",
    ),
    "returns": (
        "return_id", "sale", "member", "occurred_at", "recorded_at", "day", "net", "cancels",
        "content",
    ),
    "activities": (
        "activity_id", "member", "kind", "type", "occurred_at", "recorded_at", "day", "properties",
    ),
    "redemptions": (
        "redemption_id", "member", "reward", "milestone", "status", "quantity", "made_at",
        "captured_at", "day",
    ),
    "movements": (
        "transfer_id", "member", "unit", "debit", "credit", "points", "occurred_at",
        "recorded_at", "day",
    ),
}  # fmt: skip
_SHARE, _TABLE = "share", "told_in"
_UNIT, _MEMBER, _RULE, _REWARD, _ASKED, _RUN = "unit", "member", "rule", "reward", "asked", "run"
_ANSWER = pa.schema(
    [
        ("program", pa.int64()),
        ("what", pa.string()),
        ("name", pa.string()),
        ("unit", pa.string()),
        ("member", pa.int64()),
        ("numbers", pa.list_(pa.int64())),
    ]
)
_ANSWER_OF_SPARK = (
    "program long, what string, name string, unit string, member long, numbers array<long>"
)
_OF_UNIT = tuple(field.name for field in fields(UnitOutcome))


class CannotSpread(Exception):
    """Members share something of which it matters who came first: one machine must simulate it.

    `code` names what that is; `what` is the rule, the reward or the like.
    """

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}" if what else code)
        self.code = code
        self.what = what


def simulate_on_spark(
    columns: Columns,
    session: SparkSession,
    programs: Sequence[Program],
    behaviour: Behaviour | None = None,
    span: Span | None = None,
    *,
    shares: int = SHARES,
    compiles_from: int | None = None,
) -> list[Simulated]:
    """What programs of one currency come to on the past that columns on Spark tell.

    Each of the shares reads its members once and tries all programs on them; from so many sales
    times programs in a share on they are compiled.

    Raises:
        CannotSpread: members came to more of a budget or a stock than there is, or it cannot be
            told from their shares whether they did.
    """
    assert programs, "something is tried"
    for program in programs:
        _refuse_what_cannot_be_added_up(program)
    span = span or Span()
    history = History(columns, span, per_major=programs[0].currency.minor_per_major)
    _refuse_returns_by_others(history)
    work = _Work(
        tuple(programs), behaviour or Behaviour(), span, history.ends(), columns.as_of,
        compiles_from,
    )  # fmt: skip
    modulo = _functions().pmod(_functions().col("member"), _functions().lit(shares))
    told = _rows(columns, session, history).withColumn(_SHARE, modulo)
    answers = (
        told.repartition(shares, _SHARE)
        .groupBy(_SHARE)
        .applyInArrow(_of_share(work), _ANSWER_OF_SPARK)
        .toArrow()
    )
    found = []
    for place, program in enumerate(programs):
        until = history.closes_at(program.timezone) or datetime.min.replace(tzinfo=UTC)
        simulated = _put_together(
            program, until, _Answers.of(answers, pc.field("program") == place)
        )
        _refuse_what_was_overdrawn(program, simulated.outcome)
        found.append(simulated)
    return found


def _refuse_what_cannot_be_added_up(program: Program) -> None:
    """Raise what shares cannot tell of budgets and stocks.

    A budget that was never exceeded by what all shares took of it would not have run out on one
    machine either. That needs every point that is asked for to be taken, and nothing put back.
    """
    factors = [each.effect.factor for each in program.earn if isinstance(each.effect, Multiply)]
    factors += [level.multiply for level in program.tiers.levels] if program.tiers else []
    for rule in program.earn:
        if rule.budget is None:
            continue
        if rule.budget.restore_on_return:
            raise CannotSpread("budget_restored", rule.id)
        if any(factor < 1 for factor in factors):
            raise CannotSpread("budget_and_less", rule.id)
    for milestone in program.milestones:
        reward = program.rewards[milestone.reward] if milestone.reward else None
        if reward is not None and (reward.stock is not None or reward.budget is not None):
            raise CannotSpread("stock_of_gifts", reward.id)


def _refuse_returns_by_others(history: History) -> None:
    """Raise that goods were brought back by another member than bought them: they share a sale."""
    returns, sales = history.within("returns"), history.columns["sales"]
    bought = sales.select("sale", buyer=sales.member)
    both = returns.select("sale", "member").join(bought, "sale")
    if both.filter(both.member != both.buyer).count().to_pyarrow().as_py():
        raise CannotSpread("returned_by_others")


def _refuse_what_was_overdrawn(program: Program, outcome: Outcome) -> None:
    """Raise the budget or the stock of which all members together took more than there is."""
    for rule in program.earn:
        for unit, points in (rule.budget.amounts if rule.budget else {}).items():
            if outcome.asked.get((rule.id, unit), 0) > points:
                raise CannotSpread("budget", rule.id)
    for reward_id, had in outcome.rewards.items():
        reward = program.rewards[reward_id]
        if reward.stock is not None and had.redeemed > reward.stock:
            raise CannotSpread("stock", reward_id)
        if reward.budget is not None and had.cost > reward.budget:
            raise CannotSpread("reward_budget", reward_id)


def _functions() -> ModuleType:
    from pyspark.sql import functions  # noqa: PLC0415 - few have it

    return functions


def _rows(columns: Columns, session: SparkSession, history: History) -> DataFrame:
    """All tables as one: each row has a number of a member and the columns of its table."""
    functions = _functions()
    backend: Any = columns.backend
    frames = {}
    for name, wanted in _READ.items():
        table = history.brought_in() if name == "movements" else columns[name]
        chosen = table.filter(table.member.notnull()).select(*wanted)
        frames[name] = session.sql(backend.compile(chosen))
    packed = {name: functions.struct(*_READ[name]) for name in _READ}
    types = {name: frame.select(packed[name].alias("row")).schema["row"].dataType
             for name, frame in frames.items()}  # fmt: skip
    together = [
        frame.select(
            functions.col("member"),
            functions.lit(name).alias(_TABLE),
            *(
                (packed[other] if other == name else functions.lit(None).cast(types[other]))
                .alias(f"row_{other}")
                for other in _READ
            ),
        )
        for name, frame in frames.items()
    ]  # fmt: skip
    return reduce(lambda one, other: one.unionAll(other), together)


@dataclass(frozen=True, slots=True)
class _Work:
    """What every share does."""

    programs: tuple[Program, ...]
    behaviour: Behaviour
    span: Span
    ends: Ends | None
    as_of: datetime | None
    compiles_from: int | None


def _of_share(work: _Work) -> Callable[[pa.Table], pa.Table]:
    """The function that a share of the members is given to."""

    def simulated(told: pa.Table) -> pa.Table:
        backend = ibis.duckdb.connect(lambda_syntax=LAMBDAS, threads=1)
        try:
            tables = {name: backend.create_table(name, _unpacked(told, name)) for name in _READ}
            simulation = OnOneMachine(
                Columns(backend, tables, work.as_of), work.programs, work.span,
                ends=work.ends, threads=1, compiles_from=work.compiles_from,
            )  # fmt: skip
            parts = [
                part
                for place, program in enumerate(work.programs)
                for part in _answers(place, simulation.run(program, work.behaviour))
            ]
        finally:
            backend.disconnect()
        return pa.concat_tables(parts)

    return simulated


def _unpacked(told: pa.Table, name: str) -> pa.Table:
    """The rows of one table, as the copy has them."""
    schema = pa.schema([TABLES[name].field(column) for column in _READ[name]])
    here = told.filter(pc.equal(told[_TABLE], name))[f"row_{name}"].combine_chunks()
    if isinstance(here, pa.ChunkedArray):  # of no rows
        here = pa.array([], here.type)
    return pa.table(here.flatten(), names=_READ[name]).cast(schema)


def _answers(program: int, simulated: Simulated) -> list[pa.Table]:
    outcome = simulated.outcome
    by_member = [outcome.tier.astype(np.int64), outcome.cost, outcome.paid]
    rows = [
        _answer(program, _RUN, (simulated.engine, simulated.why), [[outcome.unmet]]),
        _answer(program, _MEMBER, ("", ""), by_member, outcome.members),
    ]
    rows += [
        _answer(program, _UNIT, ("", unit), [getattr(points, n) for n in _OF_UNIT], outcome.members)
        for unit, points in outcome.units.items()
    ]
    rows += [
        _answer(program, _RULE, key, [[given.points], [given.awards]])
        for key, given in outcome.rules.items()
    ]
    rows += [
        _answer(program, _ASKED, key, [[points]]) for key, points in outcome.asked.items()
    ]  # fmt: skip
    rows += [
        _answer(program, _REWARD, (reward, ""), [[had.redeemed], [had.gifts], [had.cost]])
        for reward, had in outcome.rewards.items()
    ]
    return rows


def _answer(
    program: int,
    what: str,
    names: tuple[str, str],
    numbers: Sequence[NDArray[Any] | Sequence[int]],
    members: NDArray[np.int64] | None = None,
) -> pa.Table:
    """Rows of numbers, one for each member or one in all."""
    side_by_side = np.stack([np.asarray(each, np.int64) for each in numbers], axis=1)
    count, width = side_by_side.shape
    ends = np.arange(0, count * width + 1, width, dtype=np.int32)
    lists = pa.ListArray.from_arrays(pa.array(ends), pa.array(side_by_side.ravel()))
    told = [program, what, *names]
    same = [pa.repeat(pa.scalar(each, field.type), count)
            for each, field in zip(told, _ANSWER, strict=False)]  # fmt: skip
    whom = pa.array(np.zeros(count, np.int64) if members is None else members)
    return pa.Table.from_arrays([*same, whom, lists], schema=_ANSWER)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What all shares answered about one program."""

    table: pa.Table

    @classmethod
    def of(cls, answers: pa.Table, where: pc.Expression) -> _Answers:
        return cls(answers.filter(where))

    def sums(self, what: str) -> dict[tuple[str, str], list[int]]:
        """What the shares come to together, by their names."""
        found: dict[tuple[str, str], list[int]] = {}
        for row in self.table.filter(pc.field("what") == what).to_pylist():
            sums = found.setdefault((row["name"], row["unit"]), [0] * len(row["numbers"]))
            sums[:] = [one + other for one, other in zip(sums, row["numbers"], strict=True)]
        return found

    def by_member(
        self, what: str, width: int, unit: str = ""
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The numbers of the members, rising, and a row of what was told for each."""
        rows = self.table.filter((pc.field("what") == what) & (pc.field("unit") == unit))
        members = rows["member"].to_numpy()
        lists = rows["numbers"].combine_chunks()
        numbers = pc.list_flatten(lists).to_numpy().reshape(-1, width)
        order = np.argsort(members)
        return members[order], numbers[order]


def _put_together(program: Program, until: datetime, answers: _Answers) -> Simulated:
    members, standing = answers.by_member(_MEMBER, 3)
    units = {}
    for unit in program.units:
        _, points = answers.by_member(_UNIT, len(_OF_UNIT), unit)
        units[unit] = UnitOutcome(
            **{name: points[:, place].copy() for place, name in enumerate(_OF_UNIT)}
        )
    runs = answers.sums(_RUN)
    rules = {key: RuleOutcome(*sums) for key, sums in sorted(answers.sums(_RULE).items())}
    outcome = Outcome(
        until=until,
        members=members,
        units=units,
        tiers=tuple(level.id for level in program.tiers.levels) if program.tiers else (),
        tier=standing[:, 0].astype(np.int16),
        cost=standing[:, 1].copy(),
        paid=standing[:, 2].copy(),
        rules=rules,
        rewards={key: RewardOutcome(*sums) for (key, _), sums in answers.sums(_REWARD).items()},
        unmet=sum(sums[0] for sums in runs.values()),
        asked={key: sums[0] for key, sums in answers.sums(_ASKED).items()},
    )
    replayed = [why for engine, why in runs if engine == REPLAYED]
    if replayed:
        return Simulated(outcome, REPLAYED, max(replayed))
    return Simulated(outcome, COMPILED)
