"""Who is in which segment: conditions asked of all members at once, or of one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import ibis
import pyarrow as pa

from fiel.domain.conditions import CannotEvaluate, Condition
from fiel.insights.conditions import CannotCompile, compiled, is_of_every_engine
from fiel.insights.segments.facts import facts_of_row, member_facts
from fiel.insights.segments.live import Wanted

if TYPE_CHECKING:
    from ibis import Table
    from ibis.expr.types import BooleanValue

    from fiel.domain.member import MemberFacts
    from fiel.insights.columns.opening import Columns

_READS_JSON = "duckdb"


def with_segments(
    columns: Columns, on: date, wanted: Sequence[Wanted], *, facts: Iterable[str] = ()
) -> tuple[Table, list[str]]:
    """Members with `facts`, and a column for each segment that says whether they are in it.

    The columns' names are answered in the order of the segments.
    """
    reads = frozenset(facts).union(*(each.reads for each in wanted))
    table = member_facts(columns, on, reads)
    names = [f"in_{place}" for place in range(len(wanted))]
    flags: dict[str, BooleanValue] = {}
    walked: list[tuple[str, Condition]] = []
    for name, each in zip(names, wanted, strict=True):
        if each.where is None:
            flags[name] = table.rfm == each.id
            continue
        if columns.backend.name != _READS_JSON and not is_of_every_engine(each.where):
            walked.append((name, each.where))
            continue
        try:
            flags[name] = compiled(each.where, {f"member.{fact}": table[fact] for fact in reads})
        except CannotCompile:
            walked.append((name, each.where))
    told = table.mutate(**flags)
    if walked:
        found = _walk(columns, table, reads, walked)
        joined = told.left_join(found, "member")
        told = joined.select(told, *(found[name] for name, _ in walked))
    return told, names


def _walk(
    columns: Columns, table: Table, reads: Iterable[str], walked: Sequence[tuple[str, Condition]]
) -> Table:
    """Ask of one member after the other what cannot be asked of all at once."""
    needed = sorted(reads)
    rows = columns.backend.to_pyarrow(table.select("member", *needed))
    found: list[dict[str, Any]] = []
    for batch in rows.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            facts = cast("MemberFacts", facts_of_row(row, needed))
            answers = {name: _matches(where, facts) for name, where in walked}
            found.append({"member": row["member"], **answers})
    schema = pa.schema([("member", pa.int64()), *((name, pa.bool_()) for name, _ in walked)])
    return ibis.memtable(pa.Table.from_pylist(found, schema=schema))


def _matches(where: Condition, facts: MemberFacts) -> bool:
    try:
        return where.matches(None, None, facts, None) is True
    except CannotEvaluate:
        return False


def changed_members(
    columns: Columns, on: date, wanted: Sequence[Wanted]
) -> Mapping[str, frozenset[str]]:
    """Members, by id, who are in other segments than the copy says, with those they belong in."""
    ordered = sorted(wanted, key=lambda each: each.id)
    told, names = with_segments(columns, on, ordered)
    # As PostgreSQL writes a list of texts, so that most members are told apart in the engine.
    listed = ibis.literal("")
    for name, each in zip(names, ordered, strict=True):
        listed = listed + ibis.ifelse(told[name], f', "{each.id}"', "")
    now = ibis.literal("[") + listed.substr(2) + ibis.literal("]")
    rows = columns.backend.to_pyarrow(
        told.filter(now != told.segments).select("member_id", *names)
    ).to_pylist()
    return {
        row["member_id"]: frozenset(
            each.id for name, each in zip(names, ordered, strict=True) if row[name]
        )
        for row in rows
    }
