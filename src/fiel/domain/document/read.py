"""From a text to a program, or to everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fiel.domain.document.checks import check_whole
from fiel.domain.document.findings import DocumentRefused, Finding, Severity
from fiel.domain.document.json_source import parse_json
from fiel.domain.document.nodes import LARGEST_SOURCE_BYTES, Mark, Node, Unparsable
from fiel.domain.document.program import PROGRAM
from fiel.domain.document.reading import (
    Cursor,
    Named,
    Reading,
    Unreadable,
    ids_of,
    keys_of,
    node_at,
)
from fiel.domain.document.shapes import Plain
from fiel.domain.document.words import Choice, CurrencyCode, Language
from fiel.domain.document.yaml_source import parse_yaml
from fiel.domain.language import N_
from fiel.domain.program import Program


class Format(StrEnum):
    """The notations that a document can be written in."""

    YAML = "yaml"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Document:
    """A document that can be published.

    `plain` is what it says in canonical form, for JSON; `warnings` are doubts about it.
    """

    program: Program
    plain: dict[str, Plain]
    warnings: tuple[Finding, ...]


def read_program(source: str | bytes, *, format: Format | str = Format.YAML) -> Program:
    """The program that a document describes.

    Raises:
        DocumentRefused: it cannot be published; all its problems are named.
    """
    return read_document(source, format=format).program


def read_document(
    source: str | bytes, *, format: Format | str = Format.YAML, today: date | None = None
) -> Document:
    """The program that a document describes, its canonical form and the doubts about it.

    Raises:
        DocumentRefused: it cannot be published; all its problems are named.
    """
    try:
        text = _decoded(source)
        root = parse_json(text) if Format(format) is Format.JSON else parse_yaml(text)
    except Unparsable as stop:
        raise DocumentRefused([_finding(stop)]) from stop
    reading = _prepared(root)
    cursor = Cursor(root, reading)
    try:
        program, plain = PROGRAM.read(cursor)
        check_whole(program, cursor, today)
    except Unreadable:
        raise DocumentRefused(_in_order(reading)) from None
    if reading.errors:
        raise DocumentRefused(_in_order(reading))
    assert isinstance(plain, dict), "a record's canonical form is a block"
    return Document(program, plain, tuple(_in_order(reading)))


def canonical(source: str | bytes, *, format: Format | str = Format.YAML) -> dict[str, Plain]:
    """What a document says as plain data: keys in the order of the reference, amounts as texts.

    Raises:
        DocumentRefused: it cannot be published; all its problems are named.
    """
    return read_document(source, format=format).plain


def _decoded(source: str | bytes) -> str:
    size = len(source) if isinstance(source, bytes) else len(source.encode(errors="replace"))
    if size > LARGEST_SOURCE_BYTES:
        raise Unparsable(
            Mark(1, 1),
            "too_large",
            N_("The document is larger than {largest} kB."),
            N_("Split what it describes, or shorten lists inside conditions."),
            largest=LARGEST_SOURCE_BYTES // 1024,
        )
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = source[: error.start]
        line_start = before.rfind(b"\n") + 1
        raise Unparsable(
            Mark(before.count(b"\n") + 1, error.start - line_start + 1),
            "encoding",
            N_("The document is not UTF-8 text."),
            N_("Save it with the encoding UTF-8."),
        ) from error


def _prepared(root: Node) -> Reading:
    """A reading that knows what the document names, whatever else is wrong with it."""
    reading = Reading(
        names={
            Named.UNIT: keys_of(node_at(root, "units")),
            Named.RULE: ids_of(node_at(root, "earn")),
            Named.TIER: ids_of(node_at(root, "tiers", "levels")),
            Named.REWARD: ids_of(node_at(root, "rewards")),
            Named.BADGE: ids_of(node_at(root, "badges")),
        }
    )
    # Amounts and texts are read by the currency and language, wherever in the document they stand.
    scratch = Reading()
    currency = node_at(root, "currency")
    locale = node_at(root, "locale")
    try:
        if currency is not None:
            reading.currency = CurrencyCode().read(Cursor(currency, scratch))[0]
        if locale is not None:
            reading.locale = str(Choice(Language).read(Cursor(locale, scratch))[0])
    except Unreadable:
        pass  # reported where it is read
    return reading


def _in_order(reading: Reading) -> list[Finding]:
    return sorted(reading.findings, key=lambda finding: (finding.line, finding.column))


def _finding(stop: Unparsable) -> Finding:
    return Finding(
        Severity.ERROR,
        "",
        stop.mark.line,
        stop.mark.column,
        stop.code,
        stop.text,
        stop.remedy,
        stop.parameters,
    )
