"""One import from the command line: told while it runs, and what it came to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from fiel.cli.house import Database, House
from fiel.cli.session import Session
from fiel.connect.importing.bringing import Bench, road_of
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.contents import Record
from fiel.connect.importing.keeping import Keeper
from fiel.connect.importing.mapping import Reading, Wishes, look_at, over, read_mapping, wishes
from fiel.connect.importing.processes import Messages, Voice, by_processes, work_as_hand
from fiel.connect.importing.refused import Reason, RefusedReport, Teller, report_path
from fiel.connect.importing.run import Hand, Share, in_one_hand
from fiel.connect.importing.runs import Figures, Run, begin_run
from fiel.domain.language import N_
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Published, Versions

# Below this a file is read before other processes have started.
_WORTH_PROCESSES_BYTES = 8_000_000
_MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Said:
    """What was said on the command line about how a file is read."""

    mapping: Path | None = None
    maps: list[str] | None = None
    sets: list[str] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal_comma: bool | None = None
    dates: str | None = None
    rows: str | None = None
    processes: int | None = None

    def wishes(self) -> Wishes:
        """The same, checked, over what a mapping file says."""
        said = wishes(
            columns=_pairs("--map", self.maps),
            values=_pairs("--set", self.sets),
            encoding=self.encoding,
            delimiter="\t" if self.delimiter in ("\\t", "tab") else self.delimiter,
            decimal_comma=self.decimal_comma,
            dates=self.dates,
            rows=self.rows,
        )
        return over(said, read_mapping(self.mapping)) if self.mapping else said


@dataclass(frozen=True, slots=True)
class _Result:
    """What an import came to."""

    slug: str
    reading: Reading
    run: Run
    figures: Figures
    report: RefusedReport
    seconds: float


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a hand needs to know; it can be sent to another process."""

    house: House
    kind: Kind
    file: Path
    wish: Wishes
    program_id: UUID
    rows_done: int
    language: str


def import_file(
    session: Session, kind: Kind, file: Path, slug: str | None, said: Said, *, as_json: bool
) -> None:
    """Import a file and tell what it came to; leaves with 1 when rows were refused."""
    wish = said.wishes()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[figures]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=as_json,
        transient=True,
    )

    async def work(database: Database) -> _Result:
        with bar:
            task = bar.add_task(file.name, total=1.0, figures="")

            def progress(figures: Figures, share: float) -> None:
                bar.update(task, completed=share, figures=_figures(figures, session))

            return await _run(session, database, kind, file, slug, wish, progress, said.processes)

    result = session.with_database(work)
    session.answer(_content(result, kind), as_json, lambda: _show(result, session))
    if result.figures.refused:
        raise typer.Exit(1)


async def _run(
    session: Session,
    database: Database,
    kind: Kind,
    file: Path,
    slug: str | None,
    wish: Wishes,
    progress: Callable[[Figures, float], None],
    processes: int | None,
) -> _Result:
    house = session.house
    async with database.owner() as owner:
        known = await program_named(owner, slug)
        async with program_transaction(owner, known.id):
            published = await Versions().in_force(owner, known.id)
    reading = look_at(file, kind, wish, zone=published.program.timezone)
    async with database.connection() as connection:
        run = await begin_run(
            connection, program_id=known.id, kind=kind, path=file,
            mapping=reading.described(), now=house.now(),
        )  # fmt: skip
    report = RefusedReport(report_path(file), goes_on=run.is_resumed)
    hands = 1 if in_one_hand(kind) else processes or _usual_processes(file)
    keeper = Keeper(run, report, database.connection, house.now, progress, hands)
    plan = _Plan(house, kind, file, wish, known.id, run.figures.rows_done, session.language)
    begun = time.monotonic()
    async with keeper.keeping():
        if hands == 1:
            teller = _teller(plan, reading)
            await _work(
                plan, database, Share(),
                tell=lambda figures, read: keeper.hear(0, figures, read),
                refuse=lambda record, reason: report.add(teller.rows(record, reason)),
            )  # fmt: skip
        else:
            await by_processes(keeper, plan, _work_in_process)
    seconds = time.monotonic() - begun
    return _Result(known.slug, reading, run, keeper.figures, report, seconds)


def _usual_processes(file: Path) -> int:
    """One process more than there are cores, where the file is large enough to be worth it.

    Each of them waits for the database a good part of its time.
    """
    if file.stat().st_size < _WORTH_PROCESSES_BYTES:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min((cores or 1) + 1, _MOST_PROCESSES)


def _work_in_process(plan: _Plan, share: Share, messages: Messages) -> None:
    async def work() -> None:
        async with plan.house.open_database() as database:
            voice = Voice(share, await _teller_of(plan, database), messages)
            await _work(plan, database, share, tell=voice.tell, refuse=voice.refuse)

    work_as_hand(share, messages, work)


async def _teller_of(plan: _Plan, database: Database) -> Teller:
    return _teller(plan, await _reading(plan, database))


async def _reading(plan: _Plan, database: Database) -> Reading:
    published = await _published(plan, database, Versions())
    return look_at(plan.file, plan.kind, plan.wish, zone=published.program.timezone)


async def _published(plan: _Plan, database: Database, versions: Versions) -> Published:
    async with (
        database.connection() as connection,
        program_transaction(connection, plan.program_id),
    ):
        return await versions.in_force(connection, plan.program_id)


def _teller(plan: _Plan, reading: Reading) -> Teller:
    headers = reading.table.headers
    columns = {target: headers[index] for target, index in reading.columns.items()}
    return Teller(plan.language, columns)


async def _work(
    plan: _Plan,
    database: Database,
    share: Share,
    *,
    tell: Callable[[Figures, float], None],
    refuse: Callable[[Record, Reason], None],
) -> None:
    """Take one share of a file down its road."""
    versions = Versions()
    published = await _published(plan, database, versions)
    reading = look_at(plan.file, plan.kind, plan.wish, zone=published.program.timezone)
    bench = Bench(
        published, versions, database.posting, database.connection, plan.house.now, plan.language
    )
    await Hand(reading, road_of(plan.kind, bench), share, plan.rows_done, tell, refuse).finish()


def _figures(run: Figures, session: Session) -> str:
    return session.say(
        N_("Accepted: {accepted} · repeated: {repeated} · refused: {refused}"),
        accepted=run.accepted,
        repeated=run.repeated,
        refused=run.refused,
    )


def _content(result: _Result, kind: Kind) -> Mapping[str, object]:
    figures, report = result.figures, result.report
    return {
        "kind": str(kind),
        "program": result.slug,
        "file": str(result.reading.path),
        "reading": result.reading.described(),
        "resumed": result.run.is_resumed,
        "accepted": figures.accepted,
        "repeated": figures.repeated,
        "refused": figures.refused,
        "refused_by_code": report.by_code,
        "first_refused": [asdict(row) for row in report.first],
        "report": str(report.path) if figures.refused else None,
        "seconds": f"{result.seconds:.2f}",
    }


def _show(result: _Result, session: Session) -> None:
    figures, console = result.figures, session.console
    console.print(_figures(figures, session), markup=False)
    if result.run.is_resumed:
        console.print(session.say(N_("It went on where it had been stopped.")), markup=False)
    for row in result.report.first:
        place = session.say(N_("line {line}"), line=str(row.line))
        named = f" {row.column or row.field}:" if row.column or row.field else ""
        console.print(f"  {place}{named} {row.reason}", markup=False, soft_wrap=True)
    if figures.refused:
        path = str(result.report.path)
        console.print(
            session.say(N_("All refused rows and why: {path}"), path=path),
            markup=False,
            soft_wrap=True,
        )


def _pairs(option: str, told: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in told or ():
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise typer.BadParameter(text, param_hint=option)
        pairs[name] = value
    return pairs
