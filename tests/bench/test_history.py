"""The history that measurements read is one that could have been."""

from __future__ import annotations

from bench.history import made_history
from fiel.insights.columns.opening import columns_of_folder
from fiel.insights.columns.tables import TABLES


def test_a_made_history_has_the_columns_of_the_copy_and_adds_up():
    with made_history(sales=2000, members=100) as folder, columns_of_folder(folder) as columns:
        for name, schema in TABLES.items():
            assert [(field.name, field.type) for field in columns[name].schema().to_pyarrow()] == [
                (field.name, field.type) for field in schema
            ]

        sales, lines = columns["sales"], columns["lines"]
        assert sales.count().execute() == sales.sale.nunique().execute() == 2000
        assert sales.net.sum().execute() == lines.net.sum().execute()
        known = sales.filter(sales.member.notnull())
        assert columns["members"].visits.sum().execute() == known.count().execute()
        early = known.join(columns["members"], "member").filter(
            lambda row: row.occurred_at < row.joined_at
        )
        assert early.count().execute() == 0


def test_the_same_numbers_make_the_same_history():
    totals = []
    for _ in range(2):
        with made_history(sales=500, members=50) as folder, columns_of_folder(folder) as columns:
            sales = columns["sales"]
            totals.append(sales.order_by("sale").to_pyarrow().to_pylist())
    assert totals[0] == totals[1]
