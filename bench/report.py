"""What was measured, as a table: printed, and kept in the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_BEGINS = "<!-- Written by `make bench BENCH=--write`; newest first. -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `target` is what it should be, and `met` whether it is; None for no target."""

    what: str
    figure: str
    beside: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, str, str, str]:
        """The row as texts."""
        verdict = {None: "", True: " ✓", False: " ✗"}[self.met]
        return self.what, self.figure, self.beside, self.target + verdict


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one measurement, and what is to be known about them."""

    title: str
    rows: Sequence[Row]
    notes: Sequence[str] = field(default_factory=tuple)


_HEADINGS = ("", "measured", "beside", "target")


def table(sections: Sequence[Section]) -> str:
    """The figures for a terminal."""
    rows = [row.cells() for section in sections for row in section.rows]
    widths = [max(map(len, column)) for column in zip(_HEADINGS, *rows, strict=True)]
    lines = []
    for section in sections:
        lines += ["", section.title]
        lines += [_aligned(row.cells(), widths) for row in section.rows]
        lines += [f"  {note}" for note in section.notes]
    return "\n".join(["  " + _aligned(_HEADINGS, widths).strip(), *lines])


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return ("  " + "  ".join(padded)).rstrip()


def write(machine: str, sections: Sequence[Section]) -> None:
    """Keep the figures under today's date, in place of those of the same day."""
    page = PAGE.read_text(encoding="utf-8")
    head, marker, kept = page.partition(_BEGINS)
    assert marker, "the page says where the tables begin"
    today = f"\n## {datetime.now(UTC):%Y-%m-%d}\n"
    days = [f"\n## {day}" for day in kept.split("\n## ")[1:]]
    others = [day for day in days if not day.startswith(today)]
    written = today + "\n" + machine + ".\n" + "".join(map(_markdown, sections))
    whole = head + marker + "\n" + written + "".join(others)
    PAGE.write_text(whole.rstrip() + "\n", encoding="utf-8")


def _markdown(section: Section) -> str:
    lines = ["", f"### {section.title}", "", _joined(_HEADINGS), "|---|---|---|---|"]
    lines += [_joined(row.cells()) for row in section.rows]
    if section.notes:
        lines += ["", *(f"- {note}" for note in section.notes)]
    return "\n".join(lines) + "\n"


def _joined(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def middle(values: Sequence[float]) -> float:
    """The median: others use the machine too."""
    return float(median(values))


def thousands(value: float) -> str:
    """A rate as people read it."""
    return f"{value:,.0f}"
