"""Lists: pages by number, sorting by a heading, and the same as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 50
# A spreadsheet would run what begins with these.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class PageOf[T]:
    """One page of a list, and whether there is another before and after."""

    rows: Sequence[T]
    number: int
    has_more: bool

    @property
    def before(self) -> int | None:
        """The number of the page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The number of the page after."""
        return self.number + 1 if self.has_more else None

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)


def page_number(request: HttpRequest) -> int:
    """The page that is asked for; the first when it is not a number."""
    told = request.GET.get("page", "1")
    return max(1, min(int(told), 1_000_000)) if told.isdecimal() and len(told) < 8 else 1


def page_of[T](rows: Sequence[T], number: int, *, size: int = PAGE_SIZE) -> PageOf[T]:
    """A page of rows that were asked for with one more than fit, to know whether there is more."""
    return PageOf(rows[:size], number, len(rows) > size)


def sorting(request: HttpRequest, columns: Mapping[str, str], default: str) -> tuple[str, bool]:
    """By which column a list is sorted, and whether downwards; `columns` maps names to SQL."""
    told = request.GET.get("sort", default)
    name = told.removeprefix("-")
    if name not in columns:
        told, name = default, default.removeprefix("-")
    return columns[name], told.startswith("-")


def csv_response(
    name: str, headings: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    """A table as a file that spreadsheets open; texts that would be formulas are quoted."""
    into = StringIO()
    writer = csv.writer(into)
    writer.writerow(headings)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    # The mark tells a spreadsheet that the file is UTF-8.
    response = HttpResponse("\ufeff" + into.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _safe(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_DANGEROUS) and not _is_number(cell):
        return "'" + cell
    return "" if cell is None else cell


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
