"""Program documents in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fiel.cli.session import Session
from fiel.domain.document import Document, Format, read_document
from fiel.domain.language import N_
from fiel.domain.refusal import Refusal


class UnreadableDocument(Refusal):
    """The file of the document cannot be read."""

    code = "unreadable_file"


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it stands in its file."""

    source: str
    format: Format
    document: Document


def read_file(file: Path, session: Session) -> Written:
    """Read the document of a file.

    Raises:
        UnreadableDocument: the file cannot be read.
        DocumentRefused: it cannot be published.
    """
    try:
        source = file.read_bytes()
    except OSError as error:
        raise UnreadableDocument(
            N_("The file {file} cannot be read: {reason}."),
            file=str(file),
            reason=error.strerror or str(error),
        ) from None
    written = Format.JSON if file.suffix.casefold() == ".json" else Format.YAML
    document = read_document(source, format=written, today=session.house.now().date())
    return Written(source.decode("utf-8-sig"), written, document)
