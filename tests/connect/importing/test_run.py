"""An import can be stopped anywhere and goes on from there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fiel.connect.importing import run as running
from fiel.connect.importing.columns import Kind
from fiel.connect.importing.contents import Record
from fiel.connect.importing.keeping import Keeper
from fiel.connect.importing.mapping import Reading, Wishes, look_at
from fiel.connect.importing.refused import RefusedReport, Teller, report_path
from fiel.connect.importing.run import Hand, Share, Verdict
from fiel.connect.importing.runs import Figures, Run, begin_run
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


async def imported(
    database: Database, reading: Reading, road: Bookkeeper, run: Run, hands: int = 1
) -> Figures:
    """Run an import to its end, with hands that all work here."""
    report = RefusedReport(report_path(reading.path), goes_on=run.is_resumed)
    teller = Teller("en", {})
    keeper = Keeper(
        run, report, database.connection, lambda: NOW, lambda figures, read: None, hands
    )
    async with keeper.keeping():
        await asyncio.gather(
            *(
                Hand(
                    look_at(reading.path, Kind.SALES, Wishes(), zone=ZoneInfo("Europe/Madrid")),
                    road,
                    Share(index, hands),
                    run.figures.rows_done,
                    partial(keeper.hear, index),
                    lambda record, reason: report.add(teller.rows(record, reason)),
                ).finish()
                for index in range(hands)
            )
        )
    return keeper.figures


@pytest.mark.parametrize("hands", [1, 2, 3])
async def test_every_record_has_its_answer(database, reading, begin, hands: int) -> None:
    road = Bookkeeper()

    figures = await imported(database, reading, road, await begin(), hands)

    assert figures == Figures(rows_done=500, accepted=450, repeated=0, refused=50)


@pytest.mark.parametrize("hands", [1, 2])
@pytest.mark.parametrize("stops_after", [0, 1, 5, 12, 20])
async def test_a_stopped_import_goes_on_and_takes_nothing_twice(
    database, reading, begin, stops_after: int, hands: int
) -> None:
    road = Bookkeeper(stops_after=stops_after)
    # Ctrl-C reaches a command as the cancelling of what it waits for.
    work = asyncio.create_task(imported(database, reading, road, await begin(), hands))
    road.stop = work.cancel
    with pytest.raises(asyncio.CancelledError):
        await work
    before = set(road.taken)

    road.stops_after = None
    resumed = await begin()
    # The batches that were under way came to their end, and are known to.
    assert resumed.figures.accepted == len(before)
    done = await imported(database, reading, road, resumed, hands)

    assert done.rows_done == ROWS
    assert road.taken == {f"T-{i}" for i in range(ROWS) if i % 10 != 7}
    assert done.accepted == len(road.taken)
    # Nothing that had no answer was passed over.
    assert before <= road.taken


async def test_a_finished_import_begins_anew(database, reading, begin) -> None:
    road = Bookkeeper()
    await imported(database, reading, road, await begin())

    again = await imported(database, reading, road, await begin())

    assert again == Figures(rows_done=500, accepted=0, repeated=450, refused=50)


async def test_the_report_of_an_earlier_run_does_not_stay(database, reading, begin) -> None:
    for _ in range(2):
        await imported(database, reading, Bookkeeper(), await begin())

    lines = report_path(reading.path).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 50
    assert sum(line.startswith("line,") for line in lines) == 1
