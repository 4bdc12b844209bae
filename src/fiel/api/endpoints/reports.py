"""Operations that tell what came of a program."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import Query

from fiel.api.answers import Answer, ok
from fiel.api.bodies.queries import ReportTime
from fiel.api.call import Call
from fiel.api.headers import media_type
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import reports as schemas
from fiel.domain.language import say
from fiel.insights.reporting.asked import Question
from fiel.insights.reporting.making import make_report
from fiel.insights.reporting.registry import REPORTS, entry_of
from fiel.insights.reporting.telling import csv_text, report_content, table_named
from fiel.staff.keys import Scope

_CSV = "text/csv"
_NOT_OPTIONS = {"from_", "to", "table"}


async def list_reports(call: Call) -> Answer:
    """The reports there are, each with what narrows it."""
    entries = await asyncio.to_thread(lambda: {name: entry_of(name) for name in REPORTS})
    told = [
        {
            "name": name,
            "title": say(call.language, title),
            "options": sorted(entries[name].options),
        }
        for name, (title, _) in REPORTS.items()
    ]
    return ok({"data": told})


async def read_report(call: Call, name: str, query: Annotated[ReportTime, Query()]) -> Answer:
    """A report of a time: figures, cohorts, segments, liability, impact and others.

    As CSV, one of its tables, where that is accepted.
    """
    question = Question(
        program=call.program,
        program_id=call.program_id,
        shards=call.published.shards,
        now=call.now,
        since=query.from_,
        until=query.to,
        options=query.model_dump(exclude_none=True, exclude=_NOT_OPTIONS),
    )
    house = call.house
    report = await make_report(
        name, question, connect=house.connect, open_columns=house.open_columns
    )
    if media_type(call.told.get(b"accept")) == _CSV:
        table = table_named(report, query.table)
        return Answer(200, csv_text(table, call.program, call.language).encode(), b"text/csv")
    return ok(report_content(report, call.program, call.language))


_READS = Manner(Scope.READ)

OFFERS = (
    Offer(
        "GET", "/reports", list_reports, _READS, "List the reports", schemas.ReportList,
        tag="Reports",
    ),
    Offer(
        "GET", "/reports/{name}", read_report, _READS, "Read a report", schemas.Report,
        refusals=(404,), tag="Reports",
    ),
)  # fmt: skip
