"""A file of rows, whatever its format: what the rest of an import reads from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Refusal


class UnreadableFile(Refusal):
    """The file is not what its name says, or holds nothing."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read as cells."""

    problem: FieldProblem


# The line of the file (the row's number where there are no lines), and its cells.
type Row = tuple[int, list[str] | BadRow]


class Table(Protocol):
    """Rows under headers; cells are text, an empty one holds nothing."""

    @property
    def headers(self) -> Sequence[str]:
        """The names of the columns."""
        ...

    @property
    def details(self) -> dict[str, str]:
        """How the file is being read: encoding, delimiter, format."""
        ...

    def rows(self) -> Iterator[Row]:
        """Read the rows from the start."""
        ...

    def share_read(self) -> float:
        """How much of the file has been read, from 0 to 1."""
        ...


def empty_file() -> UnreadableFile:
    """The refusal of a file without any row."""
    return UnreadableFile(
        N_("The file is empty: a first row with the names of the columns is needed.")
    )
