"""Answers to surveys: of each question the latest answer of each member."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import ibis
import pyarrow as pa

if TYPE_CHECKING:
    from ibis import Table

    from fiel.insights.columns.opening import Columns

SURVEY = "survey"
_SCHEMA = pa.schema([("member", pa.int64()), ("answers", pa.string())])


def latest_answers(columns: Columns, on: date) -> Table:
    """What each member answered last, as a JSON object by the names of the questions.

    An answer is a property of an activity of the type `survey`.
    """
    activities = columns["activities"]
    surveys = activities.filter(
        activities.kind == "activity",
        activities.type == SURVEY,
        activities.member.notnull(),
        activities.day <= on,
    )
    told = surveys.select("member", "occurred_at", "recorded_at", "activity_id", "properties")
    rows = columns.backend.to_pyarrow(told).to_pylist()
    rows.sort(key=lambda row: (row["occurred_at"], row["recorded_at"], row["activity_id"]))
    answers: dict[int, dict[str, Any]] = {}
    for row in rows:
        answers.setdefault(row["member"], {}).update(json.loads(row["properties"]))
    found = [
        {"member": member, "answers": json.dumps(said, ensure_ascii=False)}
        for member, said in answers.items()
    ]
    return ibis.memtable(pa.Table.from_pylist(found, schema=_SCHEMA))
