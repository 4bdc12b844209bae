"""`fiel import`: files of members, sales and balances."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from fiel.cli.house import Database
from fiel.cli.options import Json, ProgramSlug
from fiel.cli.session import Session, session_of
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

app = typer.Typer(
    help=N_("Bring members, sales and balances in from CSV or Parquet files."),
    no_args_is_help=True,
    rich_markup_mode=None,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help=N_("A CSV or Parquet file."))]
MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping", metavar="FILE", help=N_("How to read the file, as YAML or JSON."),
    ),
]  # fmt: skip
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", metavar="VALUE=COLUMN", help=N_("Which column brings a value; can be repeated."),
    ),
]  # fmt: skip
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="VALUE=TEXT", help=N_("A value for every row; can be repeated."),
    ),
]  # fmt: skip
Encoding = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=N_("utf-8, utf-8-sig or cp1252, if it is not found.")),
]
Delimiter = Annotated[
    str | None, typer.Option(metavar="SIGN", help=N_("What separates cells, if it is not found."))
]
DecimalComma = Annotated[
    bool | None,
    typer.Option(
        "--decimal-comma/--decimal-point", help=N_("How amounts are written, if it is not found."),
    ),
]  # fmt: skip
Dates = Annotated[
    str | None,
    typer.Option(metavar="ORDER", help=N_("How days are written: iso, dmy or mdy.")),
]
Rows = Annotated[
    str | None,
    typer.Option(metavar="WHAT", help=N_("What a row of a sales file is: sale or line.")),
]


@app.command("members", help=N_("Enrol the members of a file."))
def members(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    dates: Dates = None,
    as_json: Json = False,
) -> None:
    """Enrol the members of a file."""
    wish = _wish(mapping, maps, sets, encoding=encoding, delimiter=delimiter, dates=dates)
    _import(session_of(context), Kind.MEMBERS, file, program, wish, as_json)


@app.command("sales", help=N_("Record the sales of a file; each earns by the program's rules."))
def sales(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    decimal_comma: DecimalComma = None,
    dates: Dates = None,
    rows: Rows = None,
    as_json: Json = False,
) -> None:
    """Record the sales of a file."""
    wish = _wish(
        mapping, maps, sets, encoding=encoding, delimiter=delimiter,
        decimal_comma=decimal_comma, dates=dates, rows=rows,
    )  # fmt: skip
    _import(session_of(context), Kind.SALES, file, program, wish, as_json)


@app.command("balances", help=N_("Bring in points that members had elsewhere, with their dates."))
def balances(
    context: typer.Context,
    file: File,
    program: ProgramSlug = None,
    mapping: MappingFile = None,
    maps: Maps = None,
    sets: Sets = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    decimal_comma: DecimalComma = None,
    dates: Dates = None,
    as_json: Json = False,
) -> None:
    """Bring in points that members had elsewhere."""
    wish = _wish(
        mapping, maps, sets, encoding=encoding, delimiter=delimiter,
        decimal_comma=decimal_comma, dates=dates,
    )  # fmt: skip
    _import(session_of(context), Kind.BALANCES, file, program, wish, as_json)


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


def _wish(
    mapping: Path | None,
    maps: list[str] | None,
    sets: list[str] | None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    decimal_comma: bool | None = None,
    dates: str | None = None,
    rows: str | None = None,
) -> Wishes:
    said = wishes(
        columns=_pairs("--map", maps),
        values=_pairs("--set", sets),
        encoding=encoding,
        delimiter="\t" if delimiter in ("\\t", "tab") else delimiter,
        decimal_comma=decimal_comma,
        dates=dates,
        rows=rows,
    )
    return over(said, read_mapping(mapping)) if mapping else said


def _pairs(option: str, told: list[str] | None) -> dict[str, str]:
    pairs = {}
    for text in told or ():
        name, equals, value = text.partition("=")
        if not equals or not name or not value:
            raise typer.BadParameter(text, param_hint=option)
        pairs[name] = value
    return pairs


def _import(
    session: Session, kind: Kind, file: Path, slug: str | None, wish: Wishes, as_json: bool
) -> None:
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
