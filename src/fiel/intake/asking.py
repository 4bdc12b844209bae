"""What waits to be recorded, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fiel.domain.program import Program
from fiel.intake.sales import Understood
from fiel.ledger.ids import new_id
from fiel.ledger.posting import Recorded
from fiel.members.references import MemberRef
from fiel.programs.versions import Published

# Reads what a door told, for the program that is in force when its turn comes.
type Understand = Callable[[Program, datetime], Understood]


@dataclass(frozen=True, slots=True)
class Ask:
    """An activity that a door asks to record. `now` is when it was received.

    Whoever asks makes the id, so that asking again is harmless. `member` is None for a sale that
    nobody has claimed; `about` the activity that this one is about, of a claim its sale.
    """

    kind: str
    member: MemberRef | None
    understand: Understand
    now: datetime
    source: str = ""
    external_id: str | None = None
    about: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was recorded, now or, when `repeated`, before; and the version that decided it."""

    recorded: Recorded
    repeated: bool
    published: Published
