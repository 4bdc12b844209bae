"""Columns that were followed, columns made anew and the database tell the same."""

from __future__ import annotations

import random
from decimal import Decimal

import psycopg
import pyarrow.parquet as pq
import pytest

from fiel.domain.document import read_program
from fiel.insights.columns.opening import columns_of_copy
from fiel.insights.columns.tables import TABLES, kept_schema
from fiel.intake.sold import sold_as_told
from fiel.ledger.recorded import recorded_of
from tests.insights.columns.histories import EVERYTHING, History


def everything(followed):
    """All rows of all tables, in an order of their own."""
    with columns_of_copy(followed.copy) as columns:
        return {name: sorted(columns[name].to_pyarrow().to_pylist(), key=repr) for name in TABLES}


@pytest.fixture
def lived(opens_shop, follows):
    """A history of some seed, followed at some of its moments."""

    def live(seed, *, erases=False):
        shop = opens_shop(EVERYTHING)
        followed, dice = follows(shop), random.Random(seed)
        history = History(shop, dice)
        if dice.random() < 0.5:
            followed.refresh()
        history.begin()
        for _ in range(5):
            history.go_on(dice.randint(0, 14))
            if erases and dice.random() < 0.5:
                history.erases()
            followed.refresh()
        return shop, followed, history

    return live


@pytest.mark.parametrize("seed", range(4))
def test_what_was_followed_is_what_is_made_anew(lived, seed):
    _, followed, _ = lived(seed, erases=seed % 2 == 1)
    by_steps = everything(followed)

    assert followed.refresh(anew=True).rebuilt

    assert everything(followed) == by_steps


@pytest.mark.parametrize("seed", range(2))
def test_the_columns_add_up_to_what_the_database_says(lived, seed):
    shop, followed, _ = lived(seed)
    told = everything(followed)
    with psycopg.connect(shop.database_url) as owner:

        def says(query):
            return sorted(owner.execute(query, {"program": shop.program_id}).fetchall())

        assert says(SALES) == sorted(
            (s["sale_id"], s["net"], s["gross"], s["version"], s["day"]) for s in told["sales"]
        )
        assert says(MOVEMENTS) == sorted(
            (m["transfer_id"], m["activity_id"], m["unit"], m["debit"], m["credit"], m["points"])
            for m in told["movements"]
        )
        assert says(LOTS) == sorted((x["lot_id"], x["points"], x["drawn"]) for x in told["lots"])
        people = {m["member"]: m for m in told["members"]}
        assert says(MEMBERS) == sorted(
            (m["member_id"], m["status"], m["tier"], m["spend"], m["visits"])
            for m in people.values()
        )
        held = {}
        for moved in told["movements"]:
            of = people[moved["member"]]["member_id"]
            held[of] = held.get(of, 0) - moved["points"] * (moved["debit"] == 1)
            held[of] += moved["points"] * (moved["credit"] == 1)
        assert dict(says(AVAILABLE)) == held
        assert says(REDEMPTIONS) == sorted(
            (r["redemption_id"], r["status"], r["points"]) for r in told["redemptions"]
        )
        assert says(CARDS) == sorted(
            (c["card_id"], c["kind"], c["amount"], c["balance"]) for c in told["gift_cards"]
        )


def test_files_hold_the_very_types_that_are_told(lived):
    _, followed, _ = lived(2)
    seen = set()
    for path in followed.copy.glob("*.parquet"):
        name = path.name.split("-")[0]
        if name in TABLES:
            seen.add(name)
            assert [(of.name, of.type) for of in pq.read_schema(path)] == [
                (of.name, of.type) for of in kept_schema(name)
            ], name
    assert seen >= set(TABLES) - {"redemptions", "gift_cards", "returns"}  # not in every history


@pytest.mark.parametrize("seed", range(2))
def test_each_line_is_what_the_till_understood(lived, seed):
    shop, followed, _ = lived(seed)
    program = read_program(EVERYTHING, format="yaml")
    by_sale = {sale["sale_id"]: sale for sale in followed.rows("sales")}
    lines = {}
    for line in followed.rows("lines"):
        lines.setdefault(line["sale"], []).append(line)
    with psycopg.connect(shop.database_url) as owner:
        for row in owner.execute(ACTIVITIES, {"program": shop.program_id}).fetchall():
            sold = sold_as_told(recorded_of(row), program).sale
            sale = by_sale[str(row[0])]
            copied = sorted(lines[sale["sale"]], key=lambda line: line["number"])
            assert [(c["net"], c["gross"], c["kind"], c["quantity"], c["sku"]) for c in copied] == [
                (x.net, x.gross, x.kind.value, Decimal(x.quantity), x.sku or "") for x in sold.lines
            ]
            assert [c["net"] - (c["cost"] or 0) for c in copied] == [x.margin for x in sold.lines]
            assert sale["shipping"] == sold.shipping
            assert sale["items"] == sold.items


SALES = """
SELECT id::text, net, gross, version,
       (occurred_at AT TIME ZONE CASE store WHEN 'canarias' THEN 'Atlantic/Canary'
                                            ELSE 'Europe/Madrid' END)::date
FROM activity WHERE program_id = %(program)s AND kind = 'sale'
"""
MOVEMENTS = """
SELECT id::text, activity_id::text, unit, debit, credit, points
FROM transfer WHERE program_id = %(program)s
"""
LOTS = "SELECT id::text, points, drawn FROM lot WHERE program_id = %(program)s"
MEMBERS = """
SELECT m.id::text, m.status, s.tier, s.spend, s.visits FROM member m
JOIN standing s ON (s.shard, s.member_id) = (m.shard, m.id)
WHERE m.program_id = %(program)s AND m.status = 'active'
"""
AVAILABLE = """
SELECT coalesce(m.survivor_id, m.id)::text, sum(available_in - available_out)::bigint
FROM account a JOIN member m ON (m.shard, m.id) = (a.shard, a.member_id)
WHERE a.program_id = %(program)s GROUP BY 1
"""
REDEMPTIONS = """
SELECT id::text, status, coalesce((spent ->> 'points')::bigint, 0)
FROM redemption WHERE program_id = %(program)s
"""
CARDS = """
SELECT card_id::text, kind, amount, balance FROM gift_card_entry WHERE program_id = %(program)s
"""
ACTIVITIES = """
SELECT id, member_id, kind, source, external_id, occurred_at, recorded_at, store, channel, net,
       gross, version, facts::text, decision::text, fingerprint, about, counts_at
FROM activity WHERE program_id = %(program)s AND kind = 'sale'
"""
