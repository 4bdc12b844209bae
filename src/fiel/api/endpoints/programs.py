"""Operations about the program: its document and its versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from fiel.api.answers import Answer, created, ok, page
from fiel.api.bodies.queries import Page
from fiel.api.call import Call
from fiel.api.headers import media_type
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.schemas import programs as schemas
from fiel.api.telling import Told, told_time
from fiel.domain.document import Document, DocumentRefused, Finding, Format, read_document
from fiel.domain.language import say
from fiel.domain.refusal import Invalid
from fiel.ledger.scope import program_transaction
from fiel.programs.publishing import publish
from fiel.programs.queries import document_in_force, versions_before
from fiel.staff.keys import Scope

YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
MEDIA_TYPES = ("application/json", *YAML_TYPES)


async def read_program(call: Call) -> Answer:
    """The document in force; as its author wrote it where that is YAML and YAML is accepted."""
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        found = await document_in_force(connection, call.program_id)
    version = ((b"x-program-version", b"%d" % found.number), (b"vary", b"accept"))
    accepted = media_type(call.told.get(b"accept"))
    if accepted in YAML_TYPES and found.format == Format.YAML:
        return Answer(200, found.source.encode(), b"application/yaml", version)
    return Answer(200, found.content.encode(), headers=version)


async def check_program(call: Call) -> Answer:
    """Check a document as publishing would; nothing is written. Faults are the answer here."""
    try:
        document = _read(call)
    except DocumentRefused as refused:
        return ok({"ok": False, "findings": _told_findings(refused.findings, call.language)})
    return ok({"ok": True, "findings": _told_findings(document.warnings, call.language)})


async def publish_program(call: Call) -> Answer:
    """Publish a document as the next version; one that says the same changes nothing."""
    try:
        document = _read(call)
    except DocumentRefused as refused:
        raise Invalid(
            refused.text,
            problems=refused.problems,
            facts={"findings": _told_findings(refused.findings, call.language)},
            **refused.parameters,
        ) from None
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        publication = await publish(
            connection,
            call.program_id,
            document,
            source=call.source.decode("utf-8-sig"),
            format=_format(call),
            author=f"key {call.caller.key_id}",
            now=call.now,
        )
    call.house.shelf.forget(call.program_id)
    told = {
        "version": publication.number,
        "difference": publication.difference,
        "findings": _told_findings(document.warnings, call.language),
    }
    return created(told) if publication.is_new else ok(told)


async def list_versions(call: Call, query: Annotated[Page, Query()]) -> Answer:
    """Every version that was published, newest first, with what it changed."""
    cursors, before = call.house.cursors, None
    if query.cursor is not None:
        before = int(cursors.read("versions", query.cursor)[0])
    async with call.house.connect() as connection, program_transaction(connection, call.program_id):
        found = await versions_before(connection, call.program_id, before, limit=query.limit + 1)
    shown = found[: query.limit]
    items: list[Told] = [
        {
            "version": version.number,
            "author": version.author,
            "published_at": told_time(version.published_at),
            "difference": version.difference,
        }
        for version in shown
    ]
    more = len(found) > query.limit
    return page(items, cursors.write("versions", [shown[-1].number]) if more else None)


def _read(call: Call) -> Document:
    return read_document(call.source, format=_format(call), today=call.now.date())


def _format(call: Call) -> Format:
    told = media_type(call.told.get(b"content-type"))
    return Format.YAML if told in YAML_TYPES else Format.JSON


def _told_findings(findings: tuple[Finding, ...], language: str) -> list[Told]:
    return [
        {
            "severity": str(finding.severity),
            "path": finding.path,
            "line": finding.line,
            "column": finding.column,
            "code": finding.code,
            "detail": say(language, finding.text, **finding.parameters),
            "remedy": say(language, finding.remedy, **finding.parameters) if finding.remedy else "",
        }
        for finding in findings
    ]


_DOCUMENT = {
    "required": True,
    "content": {
        "application/json": {"schema": {"type": "object"}},
        "application/yaml": {"schema": {"type": "string"}},
    },
}
_CHECK = Manner(Scope.READ, reads_source=True, media_types=MEDIA_TYPES)
_PUBLISH = Manner(Scope.MANAGE, writes=True, reads_source=True, media_types=MEDIA_TYPES)
OFFERS = (
    Offer(
        "GET", "/program", read_program, Manner(Scope.READ), "Read the document in force",
        schemas.ProgramDocument, refusals=(404,), tag="program",
    ),
    Offer(
        "POST", "/program/check", check_program, _CHECK, "Check a document", schemas.Check,
        refusals=(413, 415), request_body=_DOCUMENT, tag="program",
    ),
    Offer(
        "POST", "/program/publish", publish_program, _PUBLISH, "Publish a document",
        schemas.Publication, 201, also=(200,), request_body=_DOCUMENT, tag="program",
    ),
    Offer(
        "GET", "/program/versions", list_versions, Manner(Scope.READ), "List versions",
        schemas.VersionList, refusals=(404,), tag="program",
    ),
)  # fmt: skip
