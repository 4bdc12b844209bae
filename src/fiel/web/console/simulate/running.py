"""Running a simulation as a job: read the past, try the programs, keep what it came to."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import orjson
from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.document import Document, Format
from fiel.insights.reporting.keeping import report_record
from fiel.insights.simulating import Wanted, simulated
from fiel.web.ui.jobs import Progress, start_job
from fiel.web.ui.visit import Visit

SIMULATION = "simulation"
_READING, _TRYING = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: a document beside the program in force, or alone (`is_alone`)."""

    document: Document
    since: date | None = None
    until: date | None = None
    behaviour: str = "observed"
    grid: tuple[str, ...] = ()
    is_alone: bool = False
    is_draft: bool = True


async def start_simulation(
    visit: Visit, trial: Trial, title: str, *, back_to: str = ""
) -> HttpResponse:
    """Start a simulation and lead to the page that says how far it is."""
    wanted = Wanted(
        in_force=None if trial.is_alone else visit.program,
        draft=trial.document,
        today=visit.now.date(),
        since=trial.since,
        until=trial.until,
        behaviour=trial.behaviour,
        grid=trial.grid,
    )
    work = partial(_work, visit, wanted, trial.is_draft)
    return await start_job(visit, SIMULATION, title, work, back_to=back_to)


async def _work(visit: Visit, wanted: Wanted, is_draft: bool, progress: Progress) -> dict[str, Any]:
    progress.tell(0.02, _("Reading your sales …"))

    def compiling() -> None:
        progress.tell(_READING, _("Getting ready, once for this version: up to a minute …"))

    def tell(share: float) -> None:
        progress.tell(_READING + share * _TRYING, _("Living your past again …"))

    async with visit.open_columns(visit.program_id) as columns:
        progress.tell(_READING, _("Living your past again …"))
        # What it computes must not keep the sales of this process waiting.
        report = await asyncio.to_thread(simulated, columns, wanted, compiling, tell)
    return {
        "report": orjson.loads(report_record(report)),
        "document": orjson.dumps(wanted.draft.plain, default=str).decode(),
        "format": str(Format.JSON),
        "behaviour": wanted.behaviour,
        "grid": list(wanted.grid),
        "is_alone": wanted.in_force is None,
        "is_draft": is_draft,
    }
