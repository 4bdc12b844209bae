"""Reports that are made once and shown for some minutes, to whoever asks the same.

What takes long goes on when nobody waits any more: whoever asks again finds it further, or made.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from dataclasses import dataclass
from typing import cast

from django.core.cache import cache

from fiel.domain.refusal import Refusal
from fiel.insights.reporting.keeping import report_of_record, report_record
from fiel.insights.reporting.making import make_report
from fiel.insights.reporting.report import Report
from fiel.web.console.reports.asking import Asking
from fiel.web.ui.visit import Visit

SECONDS_KEPT = 5 * 60
SECONDS_TO_WAIT = 20.0

_log = logging.getLogger(__name__)
_making: dict[str, asyncio.Task[Report]] = {}


@dataclass(frozen=True, slots=True)
class Waited:
    """What waiting for a report came to: the report, why there is none, or neither yet."""

    report: Report | None = None
    problem: str = ""
    has_failed: bool = False

    @property
    def is_under_way(self) -> bool:
        """Whether it is still being made."""
        return self.report is None and not self.has_failed


async def kept_report(visit: Visit, asking: Asking) -> Report | None:
    """The report, if it was made within the last minutes."""
    kept = await cache.aget(_key(visit, asking))
    return None if kept is None else report_of_record(cast(str, kept))


async def keep_report(visit: Visit, asking: Asking, report: Report) -> None:
    """Keep a report for some minutes."""
    record = report_record(report).decode()
    await cache.aset(_key(visit, asking), record, SECONDS_KEPT)


async def forget_report(visit: Visit, asking: Asking) -> None:
    """Let the next who asks have the report made anew."""
    await cache.adelete(_key(visit, asking))


async def wait_for_report(
    visit: Visit, asking: Asking, *, seconds: float = SECONDS_TO_WAIT
) -> Waited:
    """The report, kept or made; when that takes longer than one waits, it goes on being made."""
    if (kept := await kept_report(visit, asking)) is not None:
        return Waited(kept)
    task = _task(visit, asking)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        return Waited()
    try:
        return Waited(task.result())
    except Refusal as refusal:
        return Waited(problem=_said(visit, refusal), has_failed=True)
    except Exception:  # noqa: BLE001 - it was logged, and the rest of the page stays
        return Waited(has_failed=True)


async def make_and_keep(visit: Visit, asking: Asking) -> Report:
    """Make a report, and keep it."""
    report = await make_report(
        asking.report.name,
        asking.question(visit),
        connect=visit.connect,
        open_columns=visit.open_columns,
    )
    await keep_report(visit, asking, report)
    return report


def _task(visit: Visit, asking: Asking) -> asyncio.Task[Report]:
    """Whoever asks the same at the same time waits for the same."""
    loop, key = asyncio.get_running_loop(), _key(visit, asking)
    running = _making.get(key)
    if running is not None and not running.done() and running.get_loop() is loop:
        return running
    task = loop.create_task(make_and_keep(visit, asking))
    _making[key] = task
    task.add_done_callback(lambda done: _made(key, done))
    return task


def _made(key: str, task: asyncio.Task[Report]) -> None:
    if _making.get(key) is task:
        del _making[key]
    if task.cancelled():
        return
    problem = task.exception()
    if problem is not None and not isinstance(problem, Refusal):
        _log.error("a report could not be made", exc_info=problem)


def _said(visit: Visit, refusal: Refusal) -> str:
    """What a refusal says: of each field, else as a whole."""
    fields = visit.field_problems(refusal)
    return " ".join(fields.values()) or visit.problem(refusal)


def _key(visit: Visit, asking: Asking) -> str:
    """By what a report is kept: the program, its version, its day, and what is asked."""
    version = 0 if visit.published is None else visit.published.number
    today = asking.question(visit).today
    told = f"{visit.program_id}:{version}:{today}:{asking.report.name}:{asking.query}"
    digest = hashlib.blake2b(told.encode(), digest_size=24).digest()
    return f"report:{base64.urlsafe_b64encode(digest).decode()}"
