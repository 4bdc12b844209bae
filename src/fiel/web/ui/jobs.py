"""Long jobs: work that goes on while the person does something else, with a page that says how far.

A job runs in the process that was asked, and tells the database how far it is, so that any process
can show it. One that has not been heard of for a while went down with its process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.translation import gettext as _

from fiel.domain.language import say
from fiel.domain.refusal import Refusal
from fiel.ledger.ids import new_id
from fiel.ledger.scope import program_transaction
from fiel.web.doors import database
from fiel.web.ui.visit import Visit, console_page

SECONDS_OF_SILENCE = 60
_SECONDS_BETWEEN_BEATS = 1

START: LiteralString = """
INSERT INTO job (program_id, id, kind, user_id, title, back_to, state, started_at, beat_at)
VALUES (%s, %s, %s, %s, %s, %s, 'running', %s, %s)
"""
BEAT: LiteralString = """
UPDATE job SET share = %s, says = %s, beat_at = %s
WHERE program_id = %s AND id = %s AND state = 'running'
"""
END: LiteralString = """
UPDATE job SET state = %s, result = %s, problem = %s, ended_at = %s, beat_at = %s, share = 1
WHERE program_id = %s AND id = %s AND state = 'running'
"""
READ: LiteralString = """
SELECT id, kind, title, back_to, state, share, says, result, problem, started_at, beat_at, ended_at
FROM job WHERE program_id = %s AND id = %s
"""
LATEST: LiteralString = """
SELECT id, kind, title, back_to, state, share, says, result, problem, started_at, beat_at, ended_at
FROM job WHERE program_id = %s AND kind = %s ORDER BY id DESC LIMIT %s
"""

_log = logging.getLogger(__name__)
# The loop keeps only weak references to tasks.
_running: set[asyncio.Task[None]] = set()


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the database knows it."""

    id: UUID
    kind: str
    title: str
    back_to: str
    state: str
    share: Decimal
    says: str
    result: dict[str, Any] | None
    problem: str
    started_at: datetime
    beat_at: datetime
    ended_at: datetime | None

    @property
    def is_lost(self) -> bool:
        """Whether it went down with its process."""
        silence = datetime.now(UTC) - self.beat_at
        return self.state == "running" and silence > timedelta(seconds=SECONDS_OF_SILENCE)

    @property
    def percent(self) -> int:
        """How far it is, from 0 to 100."""
        return min(100, max(0, round(self.share * 100)))


class Progress:
    """What a job says while it works: how much is done, and what it is at."""

    def __init__(self) -> None:
        self.share = 0.0
        self.says = ""

    def tell(self, share: float, says: str = "") -> None:
        """Say that a share of 1 is done; any thread may."""
        self.share, self.says = share, says


type Work = Callable[[Progress], Awaitable[dict[str, Any]]]
type ResultPage = Callable[[Visit, Job], Awaitable[HttpResponse]]
_results: dict[str, ResultPage] = {}


def job_result(kind: str) -> Callable[[ResultPage], ResultPage]:
    """Makes a function the page that shows what a kind of job came to."""

    def kept(page: ResultPage) -> ResultPage:
        _results[kind] = page
        return page

    return kept


async def start_job(
    visit: Visit, kind: str, title: str, work: Work, *, back_to: str = ""
) -> HttpResponse:
    """Start a job and lead to its page; `back_to` is where the person came from."""
    job_id, now = new_id(), datetime.now(UTC)
    async with (
        database().connection() as connection,
        program_transaction(connection, visit.program_id),
    ):
        told = [visit.program_id, job_id, kind, visit.user.id, title, back_to, now, now]
        await connection.execute(START, told)
    run = _run(visit.program_id, job_id, work, visit.language)
    task = asyncio.get_running_loop().create_task(run)
    _running.add(task)
    task.add_done_callback(_running.discard)
    return HttpResponseRedirect(visit.address("job", job_id))


async def job_named(program_id: UUID, job_id: UUID) -> Job | None:
    """A job of a program; None for one that is not there."""
    async with database().connection() as connection, program_transaction(connection, program_id):
        row = await (await connection.execute(READ, [program_id, job_id])).fetchone()
    return None if row is None else Job(*row)


async def latest_jobs(program_id: UUID, kind: str, *, most: int = 10) -> list[Job]:
    """The jobs of a kind, the newest first."""
    async with database().connection() as connection, program_transaction(connection, program_id):
        rows = await (await connection.execute(LATEST, [program_id, kind, most])).fetchall()
    return [Job(*row) for row in rows]


@console_page(None)
async def job_page(visit: Visit, job_id: UUID) -> HttpResponse:
    """How far a job is; when it is done, what it came to."""
    job = await job_named(visit.program_id, job_id)
    if job is None:
        raise Http404
    if job.state == "done" and job.kind in _results:
        if visit.is_htmx:
            response = HttpResponse(status=204)
            response["HX-Redirect"] = visit.address("job", job_id)
            return response
        return await _results[job.kind](visit, job)
    part = "ui/job.html#progress" if visit.is_htmx else "ui/job.html"
    return visit.page(part, {"job": job})


async def _run(program_id: UUID, job_id: UUID, work: Work, language: str) -> None:
    translation.activate(language)
    progress = Progress()
    beating = asyncio.create_task(_beat(program_id, job_id, progress))
    state, result, problem = "failed", None, ""
    try:
        result = await work(progress)
        state = "done"
    except Refusal as refusal:
        problem = say(language, refusal.text, **refusal.parameters)
    except asyncio.CancelledError:
        state, problem = "stopped", _("The server was stopped meanwhile. Start it again.")
        raise
    except Exception:  # noqa: BLE001 - it is logged, and told
        _log.exception("job %s failed", job_id)
        problem = _("Something went wrong on our side. Nothing was changed; try it again.")
    finally:
        beating.cancel()
        await asyncio.shield(_end(program_id, job_id, state, result, problem))


async def _beat(program_id: UUID, job_id: UUID, progress: Progress) -> None:
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_BEATS)
        async with (
            database().connection() as connection,
            program_transaction(connection, program_id),
        ):
            told = [progress.share, progress.says, datetime.now(UTC), program_id, job_id]
            await connection.execute(BEAT, told)


async def _end(
    program_id: UUID, job_id: UUID, state: str, result: dict[str, Any] | None, problem: str
) -> None:
    now = datetime.now(UTC)
    content = None if result is None else orjson.dumps(result, default=str).decode()
    async with database().connection() as connection, program_transaction(connection, program_id):
        await connection.execute(END, [state, content, problem, now, now, program_id, job_id])
