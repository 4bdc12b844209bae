"""One import from the command line: told while it runs, and what it came to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from fiel.cli.house import Database
from fiel.cli.session import Session
from fiel.connect.importing.balances import BalancesRoad
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.mapping import Reading, Wishes, look_at, over, read_mapping, wishes
from fiel.connect.importing.refused import RefusedReport, report_path
from fiel.connect.importing.roads import MembersRoad, SalesRoad
from fiel.connect.importing.run import Import, Road
from fiel.connect.importing.runs import Run, begin_run
from fiel.domain.language import N_
from fiel.intake.recording import Recorder
from fiel.ledger.scope import program_transaction
from fiel.programs.known import program_named
from fiel.programs.versions import Published, Versions


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
    report: RefusedReport
    seconds: float

    @property
    def rows(self) -> int:
        """How many records this run and those it goes on from have judged."""
        return self.run.accepted + self.run.repeated + self.run.refused


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

            def progress(run: Run, share: float) -> None:
                bar.update(task, completed=share, figures=_figures(run, session))

            return await _run(session, database, kind, file, slug, wish, progress)

    result = session.with_database(work)
    session.answer(_content(result, kind), as_json, lambda: _show(result, session))
    if result.run.refused:
        raise typer.Exit(1)


async def _run(
    session: Session,
    database: Database,
    kind: Kind,
    file: Path,
    slug: str | None,
    wish: Wishes,
    progress: Callable[[Run, float], None],
) -> _Result:
    house, versions = session.house, Versions()
    async with database.owner() as owner:
        known = await program_named(owner, slug)
        async with program_transaction(owner, known.id):
            published = await versions.in_force(owner, known.id)
    reading = look_at(file, kind, wish, zone=published.program.timezone)
    async with database.connection() as connection:
        run = await begin_run(
            connection, program_id=known.id, kind=kind, path=file,
            mapping=reading.described(), now=house.now(),
        )  # fmt: skip
    report = RefusedReport(
        report_path(file),
        session.language,
        {target: reading.table.headers[index] for target, index in reading.columns.items()},
        goes_on=run.is_resumed,
    )
    road = _road(session, database, kind, versions, known.id, published)
    begun = time.monotonic()
    this = Import(reading, road, run, report, database.connection, house.now, progress)
    return _Result(known.slug, reading, await this.finish(), report, time.monotonic() - begun)


def _road(
    session: Session,
    database: Database,
    kind: Kind,
    versions: Versions,
    program_id: UUID,
    published: Published,
) -> Road:
    house = session.house
    match kind:
        case Kind.SALES:
            recorder = Recorder(database.connection, versions)
            return SalesRoad(recorder, program_id, house.read_sale, house.now)
        case Kind.MEMBERS:
            return MembersRoad(
                database.connection,
                versions,
                program_id,
                published.program,
                house.read_member,
                house.now,
            )
        case Kind.BALANCES:
            return BalancesRoad(
                database.connection, versions, program_id, published.program, house.now
            )


def _figures(run: Run, session: Session) -> str:
    return session.say(
        N_("{accepted} accepted · {repeated} repeated · {refused} refused"),
        accepted=run.accepted,
        repeated=run.repeated,
        refused=run.refused,
    )


def _content(result: _Result, kind: Kind) -> Mapping[str, object]:
    run, report = result.run, result.report
    return {
        "kind": str(kind),
        "program": result.slug,
        "file": str(result.reading.path),
        "reading": result.reading.described(),
        "resumed": run.is_resumed,
        "accepted": run.accepted,
        "repeated": run.repeated,
        "refused": run.refused,
        "refused_by_code": report.by_code,
        "first_refused": [asdict(row) for row in report.first],
        "report": str(report.path) if run.refused else None,
        "seconds": f"{result.seconds:.2f}",
    }


def _show(result: _Result, session: Session) -> None:
    run, console = result.run, session.console
    console.print(_figures(run, session), markup=False)
    if run.is_resumed:
        console.print(session.say(N_("It went on where it had been stopped.")), markup=False)
    for row in result.report.first:
        place = session.say(N_("line {line}"), line=str(row.line))
        named = f" {row.column or row.field}:" if row.column or row.field else ""
        console.print(f"  {place}{named} {row.reason}", markup=False, soft_wrap=True)
    if run.refused:
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
