"""Shaping: what a refresh was told becomes rows of the copy's tables, and files of a generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa

from fiel.domain.money import Currency
from fiel.domain.money import currency as currency_of
from fiel.insights.columns.parts import Copy, Generation, Part
from fiel.insights.columns.tables import DAY, EXACT, MOMENT, NUMBER, TABLES, TEXT, kept_schema
from fiel.intake.sales import GIFT_CARD_CATEGORIES

MOST_ROWS = 4_000_000  # of a file that others are put together into
_SEPARATOR, _QUOTE = "\x02", "\x01"  # no text that is kept has them

# What the database is asked for, as its statements tell it.
_MOMENT = "TIMESTAMP"
TOLD: Mapping[str, Mapping[str, str]] = {
    "activities": {
        "sequence": "BIGINT", "member_id": "UUID", "id": "UUID", "kind": "VARCHAR",
        "source": "VARCHAR", "external_id": "VARCHAR", "occurred_at": _MOMENT,
        "recorded_at": _MOMENT, "counts_at": _MOMENT, "day": "DATE", "store": "VARCHAR",
        "channel": "VARCHAR", "net": "BIGINT", "gross": "BIGINT", "version": "BIGINT",
        "about": "UUID", "facts": "VARCHAR", "author": "VARCHAR", "awards": "VARCHAR",
        "risen": "VARCHAR", "paid_points": "BIGINT",
    },
    "transfers": {
        "id": "UUID", "activity_id": "UUID", "unit": "VARCHAR", "debit": "BIGINT",
        "credit": "BIGINT", "points": "BIGINT", "occurred_at": _MOMENT, "day": "DATE",
    },
    "people": {
        "member_id": "UUID", "status": "VARCHAR", "joined_at": _MOMENT, "joined_on": "DATE",
        "birthday": "DATE", "attributes": "VARCHAR", "referred_by": "UUID",
        "email_consent": "BOOLEAN", "survivor_id": "UUID", "tier": "VARCHAR",
        "segments": "VARCHAR", "spend": "BIGINT", "visits": "BIGINT",
    },
    "lots": {
        "id": "UUID", "member_id": "UUID", "unit": "VARCHAR", "points": "BIGINT",
        "drawn": "BIGINT", "funder": "VARCHAR", "worth": "VARCHAR", "starts_at": _MOMENT,
        "ends_at": _MOMENT, "origin": "UUID", "day": "DATE",
    },
    "redemptions": {
        "id": "UUID", "member_id": "UUID", "reward": "VARCHAR", "kind": "VARCHAR",
        "quantity": "BIGINT", "status": "VARCHAR", "unit": "VARCHAR", "points": "BIGINT",
        "made_at": _MOMENT, "captured_at": _MOMENT, "day": "DATE", "store": "VARCHAR",
        "author": "VARCHAR", "milestone": "VARCHAR", "version": "BIGINT",
    },
    "gift_cards": {
        "id": "UUID", "card_id": "UUID", "kind": "VARCHAR", "purpose": "VARCHAR",
        "amount": "BIGINT", "balance": "BIGINT", "recorded_at": _MOMENT, "day": "DATE",
    },
}  # fmt: skip

KEPT: Mapping[str, pa.Schema] = {name: kept_schema(name) for name in TABLES}
_SQL_TYPES: Mapping[pa.DataType, str] = {
    NUMBER: "BIGINT",
    TEXT: "VARCHAR",
    DAY: "DATE",
    MOMENT: "TIMESTAMP",
    EXACT: "DECIMAL(38, 9)",
    pa.bool_(): "BOOLEAN",
}
PEOPLE = "person BIGINT, member_id UUID, status VARCHAR, survivor_id UUID"

# What a row is told anew by. Rows of other tables are written once.
_ANEW = {
    "members": "member",
    "lots": "lot_id",
    "redemptions": "redemption_id",
    "gift_cards": "entry_id",
    "sales": "sale",
    "lines": "sale",
    "returns": "return_id",
    "activities": "activity_id",
}
# Which of those may have been told before; of sales, what an erasure tells again.
_ALWAYS = ("members", "lots", "redemptions", "gift_cards")


class Shaping:
    """One refresh's work in DuckDB; not for use from two threads at a time."""

    def __init__(self, copy: Copy, before: Generation, number: int, *, memory: str) -> None:
        self._copy, self._before, self._number = copy, before, number
        self._work = copy.work()
        self.connection = duckdb.connect(
            config={"memory_limit": memory, "temp_directory": str(self._work)}
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def file(self, table: str) -> Path:
        """Where what is told of a table is written."""
        return self._work / f"{table}.csv"

    def begin(self, currency: Currency) -> None:
        """Make ready: what is stored, the numbers given so far, and the currencies."""
        run = self.connection.execute
        counters = self._before.counters
        run(
            "CREATE TEMP TABLE settings AS SELECT ?::BIGINT AS last_sale, ?::BIGINT AS last_person,"
            " ?::BIGINT AS last_nameless, ? AS currency, ?::BIGINT AS per_major",
            [
                counters.get("sale", 0), counters.get("person", 0), counters.get("nameless", 0),
                currency.code, currency.minor_per_major,
            ],
        )  # fmt: skip
        run("CREATE TEMP TABLE currencies (code VARCHAR, per_major BIGINT)")
        run("CREATE TEMP TABLE gift_card_categories AS SELECT unnest(?)", [[*GIFT_CARD_CATEGORIES]])
        for name, schema in KEPT.items():
            self._view(name, schema)
        people = self._before.parts.get("people", ())
        if people:
            self._view("people", None)
        else:
            run(f"CREATE TEMP TABLE stored_people ({PEOPLE})")

    def _view(self, name: str, schema: pa.Schema | None) -> None:
        parts = self._before.parts.get(name, ())
        if parts:
            listed = _listed([self._copy.file(part) for part in parts])
            source = f"read_parquet({listed})"
        else:
            assert schema is not None, "only what has no parts needs its schema"
            empty = schema.empty_table()
            self.connection.register(f"empty_{name}", empty)
            source = f"empty_{name}"
        self.connection.execute(f"CREATE TEMP VIEW stored_{name} AS SELECT * FROM {source}")

    def take(self, name: str) -> None:
        """Read what the database told of a table."""
        types = ", ".join(f"'{column}': '{kind}'" for column, kind in TOLD[name].items())
        file = self.file(name)
        source = (
            f"read_csv('{file}', columns = {{{types}}}, header = false, delim = '{_SEPARATOR}',"
            f" quote = '{_QUOTE}', escape = '{_QUOTE}', nullstr = '', allow_quoted_nulls = false,"
            " auto_detect = false, max_line_size = 67108864, parallel = true)"
        )
        again = ", sequence = 0 AS again" if name == "activities" else ""
        self.connection.execute(f"CREATE TEMP TABLE told_{name} AS SELECT *{again} FROM {source}")
        file.unlink()

    def shape_again(self) -> None:
        """Shape activities with what those of who was erased tell now, if they are in the copy."""
        run = self.connection.execute
        run("ALTER TABLE told_activities RENAME TO told_first")
        self.file("activities_of").rename(self.file("activities"))
        self.take("activities")
        run(
            "DELETE FROM told_activities WHERE id NOT IN ("
            " SELECT activity_id::UUID FROM stored_activities"
            " UNION ALL SELECT sale_id::UUID FROM stored_sales"
            " UNION ALL SELECT return_id::UUID FROM stored_returns)"
        )
        run("INSERT INTO told_activities SELECT * FROM told_first")
        run("DROP TABLE told_first")
        self.shape_activities()

    def number_people(self) -> list[str]:
        """Number everybody; the ids of who was erased since."""
        self._run_script("shape_people")
        erased = "SELECT member_id::VARCHAR FROM new_people WHERE erased_now"
        return [row[0] for row in self.connection.execute(erased).fetchall()]

    def shape_activities(self) -> None:
        """Make the rows of sales, lines, returns, activities, awards, tiers and members."""
        told = self.connection.execute(
            "SELECT DISTINCT facts ->> '$.currency' FROM told_activities"
            " WHERE kind = 'sale' AND contains(facts, '\"currency\"')"
        ).fetchall()
        for (code,) in told:
            if code is not None:
                row = [code, currency_of(code).minor_per_major]
                self.connection.execute("INSERT INTO currencies VALUES (?, ?)", row)
        self._run_script("shape_activities")

    def shape_ledger(self) -> None:
        """Make the rows of movements, lots, redemptions and gift cards."""
        self._run_script("shape_ledger")

    def _run_script(self, name: str) -> None:
        for statement in _statements(name):
            self.connection.execute(statement)

    def write(self, *, as_of: datetime, snapshot: str, origin: str) -> Generation:
        """Write the files of the new generation."""
        parts = dict(self._before.parts)
        for name in KEPT:
            key = _ANEW.get(name)
            if key is not None and (name in _ALWAYS or self._has_again()):
                gone = "new_people" if name == "members" else f"new_{name}"
                gone_key = "person" if name == "members" else key
                parts[name] = self._without(name, parts.get(name, ()), key, gone, gone_key)
            # Of the very types that are told: Spark reads no others.
            columns = ", ".join(
                f'CAST("{of.name}" AS {_SQL_TYPES[of.type]}) AS "{of.name}"' for of in KEPT[name]
            )
            parts[name] = self._added(name, parts.get(name, ()), columns)
        parts["people"] = self._without(
            "people", parts.get("people", ()), "member_id", "new_people", "member_id"
        )
        columns = "person, member_id, status, survivor_id"
        parts["people"] = self._added("people", parts["people"], columns)
        parts["leads"] = self._added("leads", (), "holder, member")
        return Generation(self._number, as_of, snapshot, origin, self._counters(), parts)

    def _has_again(self) -> bool:
        return bool(self._one("SELECT count(*) FROM erased"))

    def _without(
        self, name: str, parts: Sequence[Part], key: str, gone: str, gone_key: str
    ) -> tuple[Part, ...]:
        """Parts without the rows that are told anew; those that have none stay as they are."""
        if not parts or not self._one(f"SELECT count(*) FROM {gone}"):
            return tuple(parts)
        left = []
        for place, part in enumerate(parts):
            source = f"read_parquet('{self._copy.file(part)}')"
            among = f"{key} IN (SELECT {gone_key} FROM {gone})"
            hit = self._one(f"SELECT count(*) FROM {source} WHERE {among}")
            if hit == part.rows:
                continue
            if hit:
                file = f"{name}-{self._number}-{place}.parquet"
                self._copy_to(file, f"SELECT * FROM {source} WHERE NOT ({among})")
                part = Part(file, part.rows - hit)  # noqa: PLW2901 - it takes the other's place
            left.append(part)
        return tuple(left)

    def _added(self, name: str, parts: Sequence[Part], columns: str) -> tuple[Part, ...]:
        """Parts with what is new; small ones at the end are put together with it."""
        rows = self._one(f"SELECT count(*) FROM new_{name}")
        if not rows:
            return tuple(parts)
        together: list[str] = []
        kept, total = list(parts), rows
        while kept and kept[-1].rows <= 2 * total and kept[-1].rows + total <= MOST_ROWS:
            last = kept.pop()
            together.insert(0, self._copy.file(last))
            total += last.rows
        query = f"SELECT {columns} FROM new_{name}"
        if together:
            query = f"SELECT {columns} FROM read_parquet({_listed(together)}) UNION ALL {query}"
        file = f"{name}-{self._number}.parquet"
        self._copy_to(file, query)
        return (*kept, Part(file, total))

    def _copy_to(self, file: str, query: str) -> None:
        place = self._copy.folder / file
        self.connection.execute(f"COPY ({query}) TO '{place}' (FORMAT parquet)")
        place.chmod(0o600)

    def _counters(self) -> dict[str, int]:
        row = self.connection.execute(
            "SELECT (SELECT greatest(last_sale, coalesce(max(sale), 0)) FROM new_sales),"
            " greatest(last_person, (SELECT coalesce(max(person), 0) FROM new_people)),"
            " greatest(last_nameless, (SELECT coalesce(max(-person), 0) FROM new_people))"
            " FROM settings"
        ).fetchone()
        assert row is not None, "a row of sums is always there"
        return dict(zip(("sale", "person", "nameless"), row, strict=True))

    def _one(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        assert row is not None, "a count is always there"
        return int(row[0])


def statement_text(name: str) -> str:
    """One of the copy's statements."""
    return (files("fiel.insights.columns") / "sql" / name).read_text(encoding="utf-8")


def _statements(name: str) -> list[str]:
    text = statement_text(f"{name}.duckdb.sql")
    return [statement for statement in text.split(";\n") if statement.strip()]


def _listed(paths: Sequence[str]) -> str:
    return "[" + ", ".join("'" + path.replace("'", "''") + "'" for path in paths) + "]"


def told_options() -> str:
    """How the database writes what it tells."""
    return (
        f"(FORMAT csv, DELIMITER E'\\x{ord(_SEPARATOR):02x}', QUOTE E'\\x{ord(_QUOTE):02x}',"
        f" ESCAPE E'\\x{ord(_QUOTE):02x}', NULL '')"
    )


def grown(
    generation: Generation, number: int, as_of: datetime, snapshot: str, origin: str
) -> Generation:
    """A generation that has nothing new, told up to a later moment."""
    return replace(generation, number=number, as_of=as_of, snapshot=snapshot, origin=origin)
