"""Publications at a date: the calendar makes those whose moment has come."""

from __future__ import annotations

import logging
from datetime import datetime
from uuid import UUID

from fiel.ledger.scope import program_transaction
from fiel.platform.database import Database
from fiel.platform.waking import NOT_THERE
from fiel.programs.publishing import Publication
from fiel.programs.scheduling import Scheduled, programs_with_due, publish_due
from fiel.staff.audit import Actor, Deed, keep_deed

_log = logging.getLogger(__name__)


async def publish_scheduled(database: Database, wall: datetime) -> int:
    """Make every publication whose moment has come, first versions too; how many were looked at.

    A program for which it fails keeps no other from it.
    """
    async with database.owner() as owner:
        due = await programs_with_due(owner, wall)
    done = 0
    for program_id, now in due:
        try:
            done += await _publish(database, program_id, now)
        except NOT_THERE:
            raise
        except Exception:  # noqa: BLE001 - it is logged, and tried again
            _log.exception("a publication of program %s failed", program_id)
    return done


async def _publish(database: Database, program_id: UUID, now: datetime) -> int:
    async with database.connection() as connection:
        async with program_transaction(connection, program_id):
            made = await publish_due(connection, program_id, now=now)
        if made is None:  # another process was first
            return 0
        deed = _deed(*made)
        await keep_deed(connection, program_id, Actor(None, made[0].author), deed, at=now)
    return 1


def _deed(scheduled: Scheduled, publication: Publication | None) -> Deed:
    told = {"scheduled": scheduled.id, "made_at": scheduled.made_at}
    if publication is None:
        return Deed("program.publication_refused", "program", told)
    return Deed("program.published", f"version:{publication.number}", told)
