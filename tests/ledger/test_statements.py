"""The way to a cluster: what every statement on the facts of members must say."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

FACTS = ("activity", "standing", "account", "transfer", "lot", "draw", "limit_use", "outbox")
# Rows that lead to a shard, or that all members share: they have none.
KEYS = ("activity_key", "idempotency_key", "budget", "member_key")
_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)", re.IGNORECASE)


def _statements() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def walk(folder: Traversable, path: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if entry.is_dir():
                walk(entry, f"{path}{entry.name}/")
            elif entry.name.endswith(".sql"):
                found.append((path + entry.name, entry.read_text(encoding="utf-8")))

    walk(files("fiel.ledger").joinpath("sql"), "")
    return found


def _code(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text)


STATEMENTS = _statements()
ON_FACTS = [
    (name, text)
    for name, text in STATEMENTS
    if {table.lower() for table in _TABLE.findall(_code(text))} & set(FACTS)
]
# They look across a program's members without changing or locking anything: what members share
# is proved over all of them, an activity is found by its id alone, events go out shard by shard.
ACROSS = {
    "audit/budgets.sql",
    "audit/pairs.sql",
    "activity_by_id.sql",
    "activity_made.sql",
    "events_after.sql",
    "events_named.sql",
    "sale_by_id.sql",
}


def test_the_statements_are_found() -> None:
    names = {name for name, _ in ON_FACTS}

    assert {"post.sql", "lock_standings.sql", "accounts.sql", "audit/lots.sql"} <= names


@pytest.mark.parametrize(("name", "text"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_a_statement_says_what_it_does_and_in_whose_program(name: str, text: str) -> None:
    assert text.startswith("-- "), f"{name} begins with what it does"
    assert "program" in _code(text), f"{name} names its program"


@pytest.mark.parametrize(("name", "text"), ON_FACTS, ids=[name for name, _ in ON_FACTS])
def test_a_statement_on_facts_states_their_shard(name: str, text: str) -> None:
    if name in ACROSS:
        assert not re.search(r"\b(INSERT|UPDATE|DELETE)\b", _code(text)), f"{name} only reads"
        return
    assert "%(shard)s" in text, f"{name} says on which shard"
    code = _code(text)
    for table in ("FROM", "UPDATE"):
        for fact in re.findall(rf"\b{table}\s+({'|'.join(FACTS)})\b", code):
            where = code[code.index(fact) :]
            assert re.search(r"shard = (%\(shard\)s|[a-z]+\.shard)|\(shard\)", where), (
                f"{name} reads or changes {fact} without its shard"
            )


@pytest.mark.parametrize(("name", "text"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_a_statement_takes_times_and_ids_from_whoever_asks(name: str, text: str) -> None:
    code = _code(text).lower()

    for made_by_the_server in ("now()", "current_timestamp", "gen_random_uuid", "uuidv7(", "ctid"):
        assert made_by_the_server not in code, f"{name} uses {made_by_the_server}"
    assert not re.search(r"\bmerge\s+into\b|advisory", code), f"{name} cannot run on many servers"


def test_whoever_locks_does_it_in_one_order() -> None:
    for name, text in STATEMENTS:
        if "FOR NO KEY UPDATE" in text:
            assert "ORDER BY" in text, f"{name} locks in an order"
            assert "lock" in text.splitlines()[0].lower(), f"{name} says that it locks"


def test_the_facts_have_no_foreign_key_and_no_trigger() -> None:
    schema = files("fiel.ledger").joinpath("migrations", "0001_ledger.sql").read_text()

    assert not re.search(r"\bREFERENCES\b|\bTRIGGER\b|\bSERIAL\b", _code(schema), re.IGNORECASE)


@pytest.mark.parametrize("table", FACTS)
def test_every_fact_names_its_program_shard_and_member(table: str) -> None:
    schema = _code(files("fiel.ledger").joinpath("migrations", "0001_ledger.sql").read_text())
    body = re.search(rf"CREATE TABLE {table} \((.*?)\n\)", schema, re.DOTALL)
    assert body is not None

    for column in ("program_id uuid", "shard smallint", "member_id uuid"):
        assert f"{column} NOT NULL" in body[1]
    for unique in re.findall(r"UNIQUE \(([^)]*)\)", body[1]):
        assert unique.startswith("shard") or "member_id" in unique
