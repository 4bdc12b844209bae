"""Array literals say to PostgreSQL what the lists say."""

from __future__ import annotations

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fiel.ledger.arrays import nullable_array, plain_array, text_array

# What PostgreSQL can keep: any text without NUL and lone surrogates.
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))


def read_back(url: str, literal: str, type_: str) -> list[object]:
    with psycopg.connect(url) as connection:
        row = connection.execute(f"SELECT %s::{type_}[]", [literal]).fetchone()
    assert row is not None
    return list(row[0])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(TEXTS | st.sampled_from(['"', "\\", "NULL", "{a,b}", '","', "\\x00"])))
def test_any_texts_are_read_back(worker_database_url, texts):
    assert read_back(worker_database_url, text_array(texts), "text") == texts
    assert read_back(worker_database_url, nullable_array([*texts, None]), "text") == [*texts, None]


def test_numbers_are_read_back(worker_database_url):
    assert read_back(worker_database_url, plain_array([1, -2, 10**15]), "bigint") == [1, -2, 10**15]
    assert read_back(worker_database_url, plain_array([]), "bigint") == []
