"""An import can be stopped anywhere and goes on from there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fiel.connect.importing import run as running
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.contents import Record
from fiel.connect.importing.mapping import Reading, Wishes, look_at
from fiel.connect.importing.refused import RefusedReport, report_path
from fiel.connect.importing.run import Import, Verdict
from fiel.connect.importing.runs import Run, begin_run
from fiel.domain.refusal import Invalid, Refusal
from fiel.ledger.ids import new_id
from fiel.platform.database import Database

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROWS = 500
pytestmark = pytest.mark.anyio


@dataclass
class Bookkeeper:
    """A road that knows what it has taken, and may be stopped on its way."""

    taken: set[str] = field(default_factory=set)
    stops_after: int | None = None
    stop: Callable[[], object] = lambda: None
    batches: int = 0

    async def take(self, batch: Sequence[Record]) -> Sequence[Verdict | Refusal]:
        await asyncio.sleep(0)
        self.batches += 1
        if self.stops_after is not None and self.batches > self.stops_after:
            self.stop()
            await asyncio.sleep(0.01)
        return [self._one(str(record.content["external_id"])) for record in batch]

    def _one(self, name: str) -> Verdict | Refusal:
        if name.endswith("7"):
            return Invalid("No sevens.")
        if name in self.taken:
            return Verdict.REPEATED
        self.taken.add(name)
        return Verdict.ACCEPTED


@pytest.fixture
def reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    monkeypatch.setattr(running, "BATCH", 20)
    path = tmp_path / "ventas.csv"
    rows = "".join(f"T-{i},2026-03-01,socio-{i % 31},4\n" for i in range(ROWS))
    path.write_text("ticket,fecha,socio,precio\n" + rows)
    return look_at(path, Kind.SALES, Wishes(), zone=ZoneInfo("Europe/Madrid"))


@pytest.fixture
def begin(database: Database, reading: Reading) -> Callable[[], object]:
    program_id = new_id()

    async def begun() -> Run:
        async with database.connection() as connection:
            return await begin_run(
                connection, program_id=program_id, kind=Kind.SALES, path=reading.path,
                mapping=reading.described(), now=NOW,
            )  # fmt: skip

    return begun


def importing(database: Database, reading: Reading, road: Bookkeeper, run: Run) -> Import:
    report = RefusedReport(report_path(reading.path), "en", {}, goes_on=run.is_resumed)
    return Import(
        reading, road, run, report, database.connection, lambda: NOW, lambda run, share: None
    )


async def test_every_record_has_its_answer(database, reading, begin) -> None:
    road = Bookkeeper()

    run = await importing(database, reading, road, await begin()).finish()

    assert (run.rows_done, run.accepted, run.repeated, run.refused) == (500, 450, 0, 50)


@pytest.mark.parametrize("stops_after", [0, 1, 5, 12, 24])
async def test_a_stopped_import_goes_on_and_takes_nothing_twice(
    database, reading, begin, stops_after: int
) -> None:
    road = Bookkeeper(stops_after=stops_after)
    # Ctrl-C reaches a command as the cancelling of what it waits for.
    work = asyncio.create_task(importing(database, reading, road, await begin()).finish())
    road.stop = work.cancel
    with pytest.raises(asyncio.CancelledError):
        await work
    before = set(road.taken)

    road.stops_after = None
    resumed = await begin()
    # The batches that were under way came to their end, and are known to.
    assert resumed.accepted == len(before)
    done = await importing(database, reading, road, resumed).finish()

    assert resumed.is_resumed == (resumed.rows_done > 0)
    assert done.rows_done == ROWS
    assert road.taken == {f"T-{i}" for i in range(ROWS) if i % 10 != 7}
    assert done.accepted == len(road.taken)
    # Nothing that had no answer was passed over.
    assert before <= road.taken


async def test_a_finished_import_begins_anew(database, reading, begin) -> None:
    road = Bookkeeper()
    await importing(database, reading, road, await begin()).finish()

    again = await importing(database, reading, road, await begin()).finish()

    assert (again.accepted, again.repeated, again.refused) == (0, 450, 50)


async def test_the_report_of_an_earlier_run_does_not_stay(database, reading, begin) -> None:
    for _ in range(2):
        await importing(database, reading, Bookkeeper(), await begin()).finish()

    lines = report_path(reading.path).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 50
    assert sum(line.startswith("line,") for line in lines) == 1
