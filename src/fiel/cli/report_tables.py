"""Tables of reports on a terminal: as wide as it is, with what does not fit below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table as Shown

from fiel.cli.session import Session
from fiel.domain.language import N_
from fiel.domain.program import Program
from fiel.insights.reporting.report import Column, Kind, Table
from fiel.insights.reporting.telling import cell_text

MOST_ROWS = 24  # of a table among others; one that is asked for by its name is shown whole
_WIDEST_TEXT = 40
_WIDEST_HEAD = 16
_GAP = 2
_NAMES = (Kind.TEXT, Kind.DAY, Kind.MOMENT)


def show_table(table: Table, program: Program, session: Session, *, whole: bool) -> None:
    """Print a table; columns that do not fit stand in further tables with the same names."""
    console = session.console
    console.print(f"[italic]{escape(session.say(table.title))}[/]")
    if not table.rows:
        console.print(session.say(N_("Nothing to tell.")), style="dim")
        return
    rows = table.rows if whole else table.rows[:MOST_ROWS]
    told = [
        [
            cell_text(cell, column, program, session.language)
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in rows
    ]
    heads = [session.say(column.label) for column in table.columns]
    widths = [_width(head, [row[place] for row in told]) for place, head in enumerate(heads)]
    for block in _blocks(table.columns, widths, console.width):
        fitted = _fitted(block, heads, widths, told, console.width)
        console.print(_block(table.columns, heads, fitted, told, block))
    if (left := len(table.rows) - len(rows)) > 0:
        text = session.say(
            N_("… and {count} more rows: --table {table}"), count=left, table=table.id
        )
        console.print(text, style="dim", markup=False, highlight=False)


def _block(
    columns: Sequence[Column],
    heads: Sequence[str],
    widths: Mapping[int, int],
    told: Sequence[Sequence[str]],
    block: Sequence[int],
) -> Shown:
    shown = Shown(box=None, pad_edge=False, header_style="dim")
    for place in block:
        is_name = columns[place].kind in _NAMES
        shown.add_column(
            escape(heads[place]), justify="left" if is_name else "right", width=widths[place]
        )
    for row in told:
        shown.add_row(*(escape(row[place]) for place in block))
    return shown


def _fitted(
    block: Sequence[int],
    heads: Sequence[str],
    least: Sequence[int],
    told: Sequence[Sequence[str]],
    width: int,
) -> Mapping[int, int]:
    """How wide each column of a block is: what is left of the line goes to those that want it.

    Left to itself, rich narrows the widest column first, under its least width, and cuts the line.
    """
    left = width - sum(least[place] + _GAP for place in block) + _GAP
    fitted = {}
    for place in block:
        wanted = max(cell_len(heads[place]), *(cell_len(row[place]) for row in told))
        more = max(0, min(wanted - least[place], left))
        fitted[place] = least[place] + more
        left -= more
    return fitted


def _blocks(columns: Sequence[Column], widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Which columns stand together; each block begins with the names of its rows."""
    names = taken = 0
    while names < len(columns) and columns[names].kind in _NAMES:
        # Names that took the line for themselves would leave no room for what they name.
        if names and taken + widths[names] + _GAP > width // 2:
            break
        taken += widths[names] + _GAP
        names += 1
    lead = list(range(names))
    block, room = list(lead), width - taken
    for figure in _figures(columns, names):
        needed = sum(widths[place] + _GAP for place in figure)
        if needed > room and len(block) > len(lead):
            yield block
            block, room = list(lead), width - taken
        block += figure
        room -= needed
    yield block


def _figures(columns: Sequence[Column], first: int) -> Iterator[list[int]]:
    """Columns that belong together: a figure and its change."""
    figure: list[int] = []
    for place in range(first, len(columns)):
        if figure and not columns[place].id.endswith("change"):
            yield figure
            figure = []
        figure.append(place)
    yield figure


def _width(head: str, cells: Sequence[str]) -> int:
    longest = max((cell_len(word) for word in head.split()), default=0)
    of_head = max(longest, min(cell_len(head), _WIDEST_HEAD))
    of_cells = max((cell_len(cell) for cell in cells), default=0)
    return max(of_head, min(of_cells, _WIDEST_TEXT))
