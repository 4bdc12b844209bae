"""What the endpoints work with: everything that a process makes once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fiel.api.cursors import Cursors
from fiel.api.idempotency import IdempotencyKeys
from fiel.api.limits import Limiter
from fiel.api.shelf import Shelf
from fiel.connect.webhooks.sending import Sender
from fiel.insights.reporting.making import OpenColumns
from fiel.intake.recording import Recorder
from fiel.programs.versions import Versions
from fiel.staff.keyring import Connect, KeyRing
from fiel.staff.tills.posts import Posts
from fiel.staff.tills.shifts import Shifts


def utc_now() -> datetime:
    """The time on the wall."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """The database, the keys, the programs: what every operation may ask for."""

    connect: Connect
    posting: Connect
    keys: KeyRing
    shelf: Shelf
    versions: Versions
    recorder: Recorder
    idempotency: IdempotencyKeys
    limiter: Limiter
    cursors: Cursors
    webhooks: Sender
    shifts: Shifts
    posts: Posts
    open_columns: OpenColumns
    now: Callable[[], datetime] = utc_now
