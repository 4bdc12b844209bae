"""What is asked about a member's points: from when to when, and about whom."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.domain.refusal import FieldProblem
from fiel.domain.time import end_of_day, start_of_day
from fiel.intake.contents.errors import invalid
from fiel.intake.resolving import normal
from fiel.ledger.scope import Connection
from fiel.members.identity import region_of_zone, sought_key
from fiel.members.queries import member
from fiel.members.records import Member
from fiel.members.references import KeyKind
from fiel.members.refusals import no_such_member

type DayOrTime = date | datetime


def time_of_statement(
    first: DayOrTime | None, last: DayOrTime | None, program: Program, now: datetime
) -> tuple[datetime, datetime]:
    """From when to when a statement goes; without a word, this month until the end of today.

    Days are the program's, both included; of two moments the second is not.

    Raises:
        Invalid: it ends before it begins.
    """
    zone = program.timezone
    today = now.astimezone(zone).date()
    if first is None:
        first = min(today, _day(last, program) or today).replace(day=1)
    if last is None:
        last = max(today, _day(first, program) or today)
    since = first if isinstance(first, datetime) else start_of_day(first, zone)
    until = last if isinstance(last, datetime) else end_of_day(last, zone)
    if until <= since:
        text = N_("It must lie after the beginning.")
        raise invalid([FieldProblem("to", "too_early", text)])
    return since, until


async def member_called(
    connection: Connection, program_id: UUID, program: Program, name: str
) -> Member:
    """The member who has a name of whatever kind: an id, an external id, phone, e-mail or card.

    Raises:
        NotFound: nobody has it.
    """
    try:
        found = await member(connection, program_id, UUID(name))
    except ValueError:
        found = None
    region = region_of_zone(program.timezone.key)
    for kind in (KeyKind.EXTERNAL_ID, KeyKind.PHONE, KeyKind.EMAIL, KeyKind.CARD):
        if found is None and (ref := normal(sought_key(kind, name), region)) is not None:
            found = await member(connection, program_id, ref)
    if found is None:
        raise no_such_member()
    return found


def _day(moment: DayOrTime | None, program: Program) -> date | None:
    return moment.astimezone(program.timezone).date() if isinstance(moment, datetime) else moment
