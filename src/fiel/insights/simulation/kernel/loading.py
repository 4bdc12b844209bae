"""Loading: from the columnar copy to the columns that the kernel folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, pairwise
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import uuid4

import duckdb
import ibis
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from fiel.domain.program import Program
from fiel.insights.simulation.history import History
from fiel.insights.simulation.kernel.days import moment_of
from fiel.insights.simulation.kernel.layout import ACTIVITY, ENROLMENT, REDEMPTION, RETURN, SALE
from fiel.insights.simulation.kernel.past import (
    LINE_KINDS,
    SHIPPING,
    Lines,
    Past,
    Redemptions,
    Returns,
    Sales,
)
from fiel.insights.simulation.kernel.truth import Coded
from fiel.insights.simulation.kernel.weaving import People, Told, honoured, weave

_SHIPPING_NUMBER = 1 << 40  # after any line
_ROWS_AT_ONCE = 1_000_000
_SALES_IN_ORDER = 2_000_000  # whose lines are put in order at once
_ENOUGH_MEMORY = 1_000_000_000
_UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
_EXACT_SCALE = 10**9  # of quantities and prices in the copy

_KINDS = {
    "activity": ACTIVITY,
    "enrolment": ENROLMENT,
}
_LINE_TEXTS = ("sku", "name", "category")
_ALWAYS_READ = frozenset({"line.category"})  # gift cards earn by the category that a rule names


def reads_of(programs: Iterable[Program]) -> frozenset[str]:
    """What the past must tell for programs to be folded: fields of conditions, and amounts."""
    reads = set(_ALWAYS_READ)
    for program in programs:
        for rule in program.earn:
            reads.add(f"line.{rule.of.value}")
            reads.update(
                ".".join(name.split(".")[:2]) for name in (rule.where.reads if rule.where else ())
            )
    return frozenset(reads)


def load(history: History, programs: Sequence[Program]) -> Past:
    """Read what happened to members, as far as programs ask for it.

    Raises:
        CannotFold: something happened that the kernel does not do.
    """
    with _sparingly(history.columns.backend):
        return _loaded(history, programs)


def _loaded(history: History, programs: Sequence[Program]) -> Past:
    reads = reads_of(programs)
    zone, leap_day = programs[0].timezone, programs[0].leap_day
    people = _people_of(history, reads)
    sold = history.within("sales")
    sales = _Table.read(
        sold.filter(sold.member.notnull()).order_by(["member", "sale"]),
        ["member", "sale", "occurred_at", "now"],
        [name for name in ("store", "channel") if f"sale.{name}" in reads],
    )
    done = history.within("activities")
    others = _Table.read(
        done.filter(done.member.notnull(), done.kind.isin(list(_KINDS))).order_by(
            ["now", "activity_id"]
        ),
        ["member", "occurred_at", "now"],
        ["kind", "type", "properties"],
    )
    redeemed = _Table.read(
        history.redemptions().order_by(["now", "redemption_id"]),
        ["member", "quantity", "now"],
        ["reward"],
    )
    lines = _lines(history, reads, sales, programs[0].currency.minor_per_major)
    returned, about, is_whole = _returned(history, sales, lines)
    begin, until = history.begins_at(), history.closes_at(zone)
    kinds = np.array([_KINDS[str(name)] for name in others.texts["kind"].values] or [0], np.int8)
    told = [
        Told.of(SALE, sales.numbers, "sale"),
        Told.of(kinds[others.texts["kind"].codes], others.numbers),
        Told.of(REDEMPTION, redeemed.numbers),
        Told.of(RETURN, returned),
        honoured(people, programs, begin, until),
    ]
    woven = weave(told, people.members)
    places = woven.places
    return Past(
        until=until or moment_of(0),
        zone=zone,
        leap_day=leap_day,
        members=people.members,
        first=woven.first,
        member=woven.member,
        kind=woven.kind,
        at=woven.at,
        now=woven.now,
        order=woven.order,
        joined_at=people.joined_at,
        sales=Sales(places[0], {f"sale.{name}": each for name, each in sales.texts.items()}),
        lines=lines,
        others=_spread(others, places[1], len(woven.kind)),
        redemptions=Redemptions(
            places[2], redeemed.texts["reward"], redeemed.numbers["quantity"].astype(np.int32)
        ),
        returns=Returns(places[3], places[0][about]),
        people=people.columns,
        begun=people.begun,
        reads=reads,
        hindrances=_hindrances(history, is_whole=is_whole),
    )


@contextmanager
def _sparingly(backend: Any) -> Iterator[None]:  # noqa: ANN401 - each engine has its own
    """Let the engine put in order with little memory: what it reads is kept beside it."""
    if backend.name != "duckdb":
        yield
        return
    ((before,),) = backend.con.sql("SELECT current_setting('memory_limit')").fetchall()
    number, _, unit = before.partition(" ")
    if float(number) * _UNITS.get(unit, 0) <= _ENOUGH_MEMORY:
        yield
        return
    backend.con.execute(f"SET memory_limit = '{_ENOUGH_MEMORY} bytes'")
    with suppress(duckdb.Error):  # it has put something aside elsewhere already
        aside = Path(gettempdir()) / f"fiel-{uuid4()}"
        backend.con.execute(f"SET temp_directory = '{aside}'")
    try:
        yield
    finally:
        backend.con.execute(f"SET memory_limit = '{before}'")


def _returned(
    history: History, sales: _Table, lines: Lines
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64], bool]:
    """The sales that came back, the place of each, and whether all came back as a whole.

    What comes back a second time, and what nothing was left of, does not count.
    """
    returns = history.within("returns")
    read = _Table.read(
        returns.filter(returns.sale.notnull(), returns.member.notnull())
        .mutate(cancels=returns.cancels.cast("int64"))
        .order_by(["now", "recorded_at", "return_id"]),
        ["member", "occurred_at", "now", "sale", "cancels"],
        ["content"],
    )
    contents = [orjson.loads(str(text) or "{}") for text in read.texts["content"].values]
    full = np.array([bool(each.get("full") or each.get("cancelled")) for each in contents], bool)
    whole = read.numbers["cancels"] != 0
    if len(full):
        whole |= full[read.texts["content"].codes]
    number, told = sales.numbers["sale"], read.numbers["sale"]
    ranked = np.argsort(number, kind="stable")
    found = ranked[np.minimum(np.searchsorted(number, told, sorter=ranked), len(number) - 1)]
    known = number[found] == told if len(number) else np.zeros(len(told), np.bool_)
    first = np.zeros(len(told), np.bool_)
    first[np.unique(told, return_index=True)[1]] = True
    known &= first & (lines.first[found + 1] > lines.first[found] if len(number) else known)
    theirs = sales.numbers["member"][found[known]] == read.numbers["member"][known]
    return (
        {name: read.numbers[name][known] for name in ("member", "occurred_at", "now")},
        found[known],
        bool(whole.all() and theirs.all()),
    )


def _hindrances(history: History, *, is_whole: bool) -> tuple[str, ...]:
    """What happened that the kernel does not do."""
    found = [] if is_whole else ["part_returned"]
    sales = history.within("sales")
    if sales.filter(sales.member.notnull(), sales.paid_points > 0).count().to_pyarrow().as_py():
        found.append("points_paid")
    if history.brought_in().count().to_pyarrow().as_py():
        found.append("brought")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that was read: numbers as they are, texts as numbers of their values."""

    numbers: dict[str, NDArray[Any]]
    texts: dict[str, Coded]

    @classmethod
    def read(cls, table: ibis.Table, numbers: list[str], texts: list[str]) -> _Table:
        """Read columns of a table."""
        return cls.read_all([table], numbers, texts)

    @classmethod
    def read_all(cls, tables: Iterable[ibis.Table], numbers: list[str], texts: list[str]) -> _Table:
        """Read columns of one table after another: the texts are never all in memory."""
        kept: dict[str, list[NDArray[Any]]] = {name: [] for name in (*numbers, *texts)}
        known: dict[str, dict[str, int]] = {name: {} for name in texts}
        for batch in chain.from_iterable(
            _batches(table.select(*numbers, *texts)) for table in tables
        ):
            for name in numbers:
                kept[name].append(_numbers(batch.column(name)))
            for name in texts:
                kept[name].append(_coded_batch(batch.column(name), known[name]))
        # The pieces of a column go when it is put together: never are all there twice.
        return cls(
            {name: _joined(kept.pop(name), np.int64) for name in numbers},
            {name: Coded(_joined(kept.pop(name), np.int32), tuple(known[name])) for name in texts},
        )


def _lines(history: History, reads: frozenset[str], sales: _Table, per_major: int) -> Lines:
    """Read the lines of sales to members, shipping as one of them."""
    texts = [name for name in _LINE_TEXTS if f"line.{name}" in reads]
    numbers = ["sale", "quantity", "net"]
    numbers += ["gross"] if {"line.gross", "sale.gross"} & reads else []
    numbers += ["cost"] if "line.margin" in reads else []
    numbers += ["unit_price"] if "line.unit_price" in reads else []
    pieces = _in_pieces(_all_lines(history), sales.numbers["member"])
    read = _Table.read_all(pieces, numbers, [*texts, "kind"])
    kinds = np.array([LINE_KINDS.index(name) for name in read.texts["kind"].values], np.int8)
    net = read.numbers["net"]
    amounts = {"net": net}
    if "gross" in read.numbers:
        amounts["gross"] = read.numbers["gross"]
    if "cost" in read.numbers:
        amounts["margin"] = net - read.numbers.pop("cost")
    quantities = read.numbers["quantity"]
    found = {f"line.{name}": read.texts[name] for name in texts}
    if "line.unit_price" in reads:
        prices = read.numbers["unit_price"]
        shipped = np.flatnonzero(kinds[read.texts["kind"].codes] == SHIPPING)
        prices[shipped] = net[shipped] * (_EXACT_SCALE // per_major)
        distinct, codes = np.unique(prices, return_inverse=True)
        found["line.unit_price"] = Coded(
            codes.astype(np.int32), tuple(Decimal(int(each)).scaleb(-9) for each in distinct)
        )
    scale = _EXACT_SCALE
    while scale > 1 and not np.any(quantities % (_EXACT_SCALE // (scale // 10))):
        scale //= 10
    line_sale, sale_of = read.numbers["sale"], sales.numbers["sale"]
    starts = np.flatnonzero(np.diff(line_sale, prepend=-1))
    first = np.zeros(len(sale_of) + 1, np.int64)
    counts = np.diff(np.append(starts, len(line_sale)))
    # Sales come by member and number; so do their lines. A sale without any has none here.
    ranked = np.argsort(sale_of, kind="stable")
    where = ranked[np.searchsorted(sale_of, line_sale[starts], sorter=ranked)]
    first[where + 1] = counts
    return Lines(
        first=np.cumsum(first),
        kind=kinds[read.texts["kind"].codes] if len(kinds) else np.zeros(0, np.int8),
        amounts=amounts,
        quantities=quantities // (_EXACT_SCALE // scale),
        quantity_scale=scale,
        columns=found,
    )


def _in_pieces(lines: ibis.Table, buyers: NDArray[np.int64]) -> Iterator[ibis.Table]:
    """Lines in the order of their sales, of some members after others.

    To put all in order at once would take more memory than all that is kept of them.
    """
    edges = buyers[_SALES_IN_ORDER::_SALES_IN_ORDER].tolist()
    for lowest, highest in pairwise([None, *dict.fromkeys(edges), None]):
        piece = lines
        if lowest is not None:
            piece = piece.filter(piece.member >= lowest)
        if highest is not None:
            piece = piece.filter(piece.member < highest)
        yield piece.order_by(["member", "sale", "number"])


def _all_lines(history: History) -> ibis.Table:
    """The lines of sales to members, with a line for shipping."""
    lines, sales = history.columns["lines"], history.within("sales")
    if history.span.since or history.span.until:
        lines = lines.semi_join(sales, "sale")
    sold = lines.filter(lines.member.notnull()).select(
        "member", "sale", "number", "sku", "name", "category", "kind", "quantity", "unit_price",
        "net", "gross", cost=lines.cost.fill_null(0),
    )  # fmt: skip
    one = ibis.literal(1).cast("decimal(38, 9)")
    nothing = ibis.literal(0).cast("int64")
    shipped = sales.filter(sales.member.notnull(), sales.shipping > 0).select(
        "member",
        "sale",
        number=ibis.literal(_SHIPPING_NUMBER),
        sku=ibis.literal(""),
        name=ibis.literal(""),
        category=ibis.literal("shipping"),
        kind=ibis.literal("shipping"),
        quantity=one,
        unit_price=one,
        net=sales.shipping,
        gross=sales.shipping,
        cost=nothing,
    )
    plain = {name: kind.copy(nullable=True) for name, kind in sold.schema().items()}
    return ibis.union(sold.cast(plain), shipped.cast(plain))


def _spread(others: _Table, places: NDArray[np.int32], count: int) -> dict[str, Coded]:
    """What activities tell, at their places among all that happened."""
    found = {}
    for name, column, values in (
        ("activity.type", others.texts["type"], others.texts["type"].values),
        (
            "activity.properties",
            others.texts["properties"],
            tuple(orjson.loads(str(text)) for text in others.texts["properties"].values),
        ),
    ):
        codes = np.zeros(count, np.int32)
        codes[places] = column.codes
        found[name] = Coded(codes, values)
    return found


def _people_of(history: History, reads: frozenset[str]) -> People:
    """What is known of members today, as far as it is asked for."""
    table = history.columns["members"].order_by("member")
    known = table.select("member", "joined_at", "birthday").to_pyarrow()
    members = _numbers(known["member"])
    columns: dict[str, Coded] = {}
    texts = [name for name in ("attributes",) if f"member.{name}" in reads]
    if texts:
        read = _Table.read(table, [], texts)
        for name in texts:
            told = tuple(orjson.loads(str(text) or "{}") for text in read.texts[name].values)
            columns[f"member.{name}"] = Coded(read.texts[name].codes, told)
    birthdays = known["birthday"].to_pylist()
    if "member.birthday_month" in reads:
        months = np.array([day.month if day else 0 for day in birthdays], np.int32)
        columns["member.birthday_month"] = Coded(months, tuple(range(13)))
    begun = {name: np.zeros(len(members), np.int64) for name in ("spend", "visits")}
    if {"member.spend", "member.visits"} & reads:
        for member, before in history.before().items():
            place = int(np.searchsorted(members, member))
            begun["spend"][place], begun["visits"][place] = before
    return People(members, _numbers(known["joined_at"]), birthdays, columns, begun)


def _numbers(column: pa.Array | pa.ChunkedArray) -> NDArray[np.int64]:
    """A column as 64-bit numbers: moments in microseconds, exact ones in parts of 10⁻⁹."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us")).cast(pa.int64())
    elif pa.types.is_decimal(column.type):
        whole = column.cast(pa.decimal128(38, 9))
        low = np.frombuffer(whole.buffers()[1], np.int64).reshape(-1, 2)
        low = low[whole.offset : whole.offset + len(whole)]
        if len(low) and np.any(low[:, 1] != low[:, 0] >> 63):
            raise OverflowError("a quantity is too large to be counted")
        return np.ascontiguousarray(low[:, 0])
    found = column.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return np.asarray(found, np.int64)


def _batches(table: ibis.Table) -> Iterator[pa.RecordBatch]:
    """The rows of a table batch by batch, where its engine can tell them so."""
    backend = table.get_backend()
    if backend.name != "duckdb":
        yield from table.to_pyarrow().to_batches(max_chunksize=_ROWS_AT_ONCE)
        return
    yield from backend.con.sql(backend.compile(table)).to_arrow_reader(_ROWS_AT_ONCE)


def _coded_batch(column: pa.Array, known: dict[str, int]) -> NDArray[np.int32]:
    encoded = pc.dictionary_encode(column)
    codes = [known.setdefault(text, len(known)) for text in encoded.dictionary.to_pylist()]
    if not codes:
        return np.zeros(0, np.int32)
    found: NDArray[np.int32] = np.array(codes, np.int32)[
        encoded.indices.to_numpy(zero_copy_only=False)
    ]
    return found


def _joined(parts: list[NDArray[Any]], kind: type) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
