"""`fiel program redate`: give lots the dates of a changed rule, looked at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import typer

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import Session, session_of
from fiel.domain.language import N_
from fiel.domain.time import Duration, DurationUnit, utc_text
from fiel.intake.redating import redate_lots
from fiel.ledger.redating import Redating
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Versions

HELP = N_(
    "Give lots that are open the dates of the expiry rule in force; without --yes, only show what "
    "would change."
)
_DATES_SHOWN = 30
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Result:
    slug: str
    is_done: bool
    redating: Redating


def redate(
    context: typer.Context,
    program: ProgramSlug = None,
    notice_days: Annotated[
        int,
        typer.Option(
            "--notice",
            metavar="DAYS",
            min=0,
            max=3660,
            help=N_("Days of notice, from today: nothing ends in them that would not have anyway."),
        ),
    ] = 0,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Change the dates."))] = False,
    as_json: Json = False,
) -> None:
    """Preview or run a migration of dates."""
    session = session_of(context)
    notice = Duration(notice_days, DurationUnit.DAYS)

    async def work(database: Database) -> _Result:
        async with database.owner() as owner:
            known = await program_named(owner, program)
            async with program_transaction(owner, known.id):
                published = await Versions().in_force(owner, known.id)
        now = published.now(session.house.now())
        redating = await redate_lots(
            database.posting, published, now=now, notice=notice, is_done=yes
        )
        return _Result(known.slug, yes, redating)

    result = session.with_database(work)
    session.answer(_content(result), as_json, lambda: _show(result, session))


def _rows(redating: Redating) -> list[tuple[str, datetime | None, int, int]]:
    rows = [(unit, end, lots, points) for (unit, end), (lots, points) in redating.by_end.items()]
    return sorted(rows, key=lambda row: (row[0], row[1] is None, row[1] or _NEVER))


def _content(result: _Result) -> Mapping[str, object]:
    return {
        "program": result.slug,
        "done": result.is_done,
        "members": result.redating.members,
        "lots": result.redating.lots,
        "points": result.redating.points,
        "dates": [
            {
                "unit": unit,
                "ends_at": None if end is None else utc_text(end),
                "lots": lots,
                "points": points,
            }
            for unit, end, lots, points in _rows(result.redating)
        ],
    }


def _show(result: _Result, session: Session) -> None:
    console, redating = session.console, result.redating
    if not redating.lots:
        console.print(session.say(N_("Every lot has the date of the rule in force.")), markup=False)
        return
    text = (
        N_("Dates changed. Members: {members} · lots: {lots} · points: {points}")
        if result.is_done
        else N_("Dates that would change. Members: {members} · lots: {lots} · points: {points}")
    )
    console.print(
        session.say(text, members=redating.members, lots=redating.lots, points=redating.points),
        markup=False,
    )
    for unit, end, lots, points in _rows(redating)[:_DATES_SHOWN]:
        when = session.say(N_("never")) if end is None else utc_text(end)
        console.print(
            session.say(
                N_("  {unit} → {when}: {points} in lots: {lots}"),
                unit=unit, when=when, points=points, lots=lots,
            ),
            markup=False,
        )  # fmt: skip
    if not result.is_done:
        console.print(session.say(N_("To do it, add --yes.")), markup=False)
