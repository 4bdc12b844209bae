"""Fill a ledger far faster than it could be recorded: a few members by the road, then copies.

What is copied was recorded by the road itself, so that the copies are as consistent as it is, and
the audit can prove them. Every table that has members is copied, whatever its columns: ids get
another beginning, names another end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from psycopg import sql

from bench.menu import STORES, baskets
from bench.shop import Shop, sale
from fiel.platform.database import open_database

PATTERNS = 500  # members who are copied
_TOGETHER = 250
_HANDS = 2  # connections that copy at the same time
_DAYS = 300
_NAMED = ("external_id", "value", "referral_code")

type Owner = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Filling:
    """How much to fill in: `copies` of the pattern members, each with so many sales."""

    copies: int
    sales: int

    @property
    def members(self) -> int:
        """How many members there will be."""
        return PATTERNS * (self.copies + 1)

    def member(self, number: int) -> str:
        """The external id of one of them."""
        copy, pattern = divmod(number, PATTERNS)
        return name_of(pattern) + (f"-{copy}" if copy else "")


def name_of(pattern: int) -> str:
    """The external id of a pattern member."""
    return f"socio-{pattern:05d}"


async def fill(url: str, filling: Filling) -> None:
    """Fill an empty database; its statistics are up to date afterwards."""
    now = datetime.now(UTC)
    async with open_database(url) as database:
        shop = await Shop.opened(database, now=now - timedelta(days=_DAYS + 30))
        await _live(shop, filling.sales, now)
    copy_members(url, filling)


def copy_members(url: str, filling: Filling) -> None:
    """Copy the members who are there; statistics are up to date afterwards."""
    with _owner(url) as owner:
        if filling.copies:
            _copy(url, owner, filling)
        owner.execute("VACUUM (ANALYZE)")
        owner.execute("CHECKPOINT")


async def _live(shop: Shop, sales: int, now: datetime) -> None:
    """Let the pattern members join, and buy every few days."""
    random = Random(20260301)
    joined = now - timedelta(days=_DAYS + 20)
    for pattern in range(PATTERNS):
        await shop.enrols(name_of(pattern), now=joined)
    for number in range(sales):
        at = joined + timedelta(days=20 + number * _DAYS / sales)
        asks = [
            sale(
                article,
                name=f"H-{number:03d}-{pattern:05d}",
                member=name_of(pattern),
                store=random.choice(STORES),
                now=at + timedelta(minutes=random.randrange(600)),
            )
            for pattern, article in enumerate(baskets(random, PATTERNS))
        ]
        for start in range(0, PATTERNS, _TOGETHER):
            await shop.sells_together(asks[start : start + _TOGETHER])


def _copy(url: str, owner: Owner, filling: Filling) -> None:
    """Copy the pattern members, activity after activity, so that each one's rows lie apart."""
    owner.execute("CREATE SCHEMA pattern")
    owner.execute(
        "CREATE TABLE pattern.turns AS SELECT id,"
        " row_number() OVER (PARTITION BY member_id ORDER BY occurred_at, id) AS turn"
        " FROM activity"
    )
    ((turns,),) = owner.execute("SELECT max(turn) FROM pattern.turns").fetchall()
    tables = [_Table.of(owner, name) for name in _tables_of_members(owner)]
    for table in tables:
        table.keep_pattern(owner)
    owner.execute("ANALYZE")
    each = -(-filling.copies // _HANDS)
    shares = [
        range(start, min(start + each, filling.copies + 1))
        for start in range(1, filling.copies + 1, each)
    ]
    with ThreadPoolExecutor(_HANDS) as hands:
        for done in [hands.submit(_copy_share, url, tables, turns, share) for share in shares]:
            done.result()
    owner.execute("DROP SCHEMA pattern CASCADE")


def _copy_share(url: str, tables: Sequence[_Table], turns: int, copies: range) -> None:
    with _owner(url) as owner:
        for turn in (None, *range(1, turns + 1)):
            for table in tables:
                if table.has_turns == (turn is not None):
                    table.copy(owner, copies, turn)


def _owner(url: str) -> Owner:
    owner = psycopg.connect(url, autocommit=True)
    owner.execute("SET fiel.every_program = 'on'")
    owner.execute("SET synchronous_commit = off")  # what is lost is filled anew
    return owner


def _tables_of_members(owner: Owner) -> Iterator[str]:
    # The words of members are kept by their own table, as its rows are written.
    rows = owner.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND (column_name = 'member_id' OR (table_name, column_name) = ('member', 'id'))"
        " AND table_name <> 'member_word' ORDER BY table_name"
    )
    for (name,) in rows.fetchall():
        yield name


@dataclass(frozen=True, slots=True)
class _Table:
    """A table, and how its rows become those of copy number k."""

    name: str
    columns: list[tuple[Any, ...]]
    activity: str | None

    @classmethod
    def of(cls, owner: Owner, name: str) -> _Table:
        rows = owner.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
            [name],
        ).fetchall()
        names = [column for column, _ in rows]
        activity = "id" if name == "activity" else "activity_id" if "activity_id" in names else None
        return cls(name, rows, activity)

    @property
    def has_turns(self) -> bool:
        """Whether its rows belong to activities, which follow one another."""
        return self.activity is not None

    def keep_pattern(self, owner: Owner) -> None:
        """Set the rows aside that are to be copied."""
        owner.execute(
            sql.SQL(
                "CREATE TABLE {pattern} AS SELECT t.*, a.turn FROM {table} AS t"
                " LEFT JOIN pattern.turns AS a ON a.id = t.{activity}"
            ).format(
                pattern=sql.Identifier("pattern", self.name),
                table=sql.Identifier(self.name),
                activity=sql.Identifier(self.activity or "member_id"),
            )
            if self.has_turns
            else sql.SQL("CREATE TABLE {} AS SELECT *, NULL::bigint AS turn FROM {}").format(
                sql.Identifier("pattern", self.name), sql.Identifier(self.name)
            )
        )

    def copy(self, owner: Owner, copies: range, turn: int | None) -> None:
        """Insert the copies of the rows that belong to this turn of every member."""
        owner.execute(
            sql.SQL(
                "INSERT INTO {table} ({columns}) SELECT {values}"
                " FROM generate_series({first}, {last}) AS k CROSS JOIN LATERAL"
                " (SELECT * FROM {pattern} WHERE turn IS NOT DISTINCT FROM {turn} OFFSET 0) AS t"
            ).format(
                table=sql.Identifier(self.name),
                columns=sql.SQL(", ").join(sql.Identifier(column) for column, _ in self.columns),
                values=sql.SQL(", ").join(
                    _value(self.name, column, type_) for column, type_ in self.columns
                ),
                first=sql.Literal(copies[0]),
                last=sql.Literal(copies[-1]),
                pattern=sql.Identifier("pattern", self.name),
                turn=sql.Literal(turn),
            )
        )


def _value(table: str, column: str, type_: str) -> sql.Composable:
    """What a column holds in copy number k."""
    name = sql.Identifier("t", column)
    if type_ == "uuid" and column != "program_id":
        return sql.SQL("overlay({}::text placing lpad(to_hex(k), 8, '0') from 1)::uuid").format(
            name
        )
    if column in _NAMED:
        return sql.SQL("{} || '-' || k").format(name)
    if (table, column) == ("outbox", "sequence"):  # before any that will be recorded
        return sql.SQL("{} - (1::bigint << 62) + (k::bigint << 36)").format(name)
    return name
