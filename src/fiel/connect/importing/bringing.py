"""Bringing a file in beside a running server: in its process, with its connections."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fiel.connect.importing.balances import BalancesRoad
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.keeping import Keeper
from fiel.connect.importing.mapping import Reading, Wishes, look_at
from fiel.connect.importing.refused import RefusedReport, Teller, report_path
from fiel.connect.importing.returns import ReturnsRoad
from fiel.connect.importing.roads import MembersRoad, SalesRoad
from fiel.connect.importing.run import Hand, Road, Share
from fiel.connect.importing.runs import Figures, Run, begin_run
from fiel.intake.parking import recorder_of
from fiel.intake.recording import Lend
from fiel.ledger.scope import Connection
from fiel.programs.versions import Published, Versions


@dataclass(frozen=True, slots=True)
class Bench:
    """What an import works with: a program in force, its connections, the wall's time."""

    published: Published
    versions: Versions
    lend: Lend
    connect: Callable[[], AbstractAsyncContextManager[Connection]]
    wall: Callable[[], datetime]
    language: str

    def now(self) -> datetime:
        """The program's time."""
        return self.published.now(self.wall())


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import came to; `report` has the refused rows, and lies beside the file."""

    reading: Reading
    run: Run
    figures: Figures
    report: RefusedReport


async def bring_file(
    bench: Bench,
    kind: Kind,
    path: Path,
    wish: Wishes,
    *,
    tell: Callable[[Figures, float], None],
) -> Brought:
    """Import a file; `tell` hears how far it is. The same file again goes on where it stopped.

    Raises:
        Refusal: the file cannot be read, or lacks a column.
    """
    published = bench.published
    reading = look_at(path, kind, wish, zone=published.program.timezone)
    async with bench.connect() as connection:
        run = await begin_run(
            connection, program_id=published.program_id, kind=kind, path=path,
            mapping=reading.described(), now=bench.wall(),
        )  # fmt: skip
    report = RefusedReport(report_path(path), goes_on=run.is_resumed)
    keeper = Keeper(run, report, bench.connect, bench.wall, tell)
    headers = reading.table.headers
    teller = Teller(
        bench.language, {target: headers[index] for target, index in reading.columns.items()}
    )
    async with keeper.keeping():
        hand = Hand(
            reading, road_of(kind, bench), Share(), run.figures.rows_done,
            tell=lambda figures, read: keeper.hear(0, figures, read),
            refuse=lambda record, reason: report.add(teller.rows(record, reason)),
        )  # fmt: skip
        await hand.finish()
    return Brought(reading, run, keeper.figures, report)


def road_of(kind: Kind, bench: Bench) -> Road:
    """The road that records of a kind take."""
    lend, versions, published = bench.lend, bench.versions, bench.published
    program_id, program = published.program_id, published.program
    match kind:
        case Kind.SALES:
            return SalesRoad(recorder_of(lend, versions), program_id, bench.now)
        case Kind.RETURNS:
            return ReturnsRoad(lend, versions, program_id, bench.now)
        case Kind.MEMBERS:
            return MembersRoad(lend, versions, program_id, program, bench.now)
        case Kind.BALANCES:
            return BalancesRoad(lend, versions, program_id, program, bench.now)
