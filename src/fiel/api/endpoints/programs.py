"""Operations about the program: its document and its versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from fiel.api.answers import JSON_TYPE, Answer, created, ok, page
from fiel.api.bodies.queries import Page, ToReview
from fiel.api.call import Call
from fiel.api.headers import media_type
from fiel.api.offers import Offer
from fiel.api.operations import Manner
from fiel.api.reading import BODY
from fiel.api.schemas import programs as schemas
from fiel.api.telling import Told, told_time
from fiel.domain.document import Document, DocumentRefused, Finding, Format, read_document
from fiel.domain.language import N_, say
from fiel.domain.refusal import FieldProblem, Invalid, NotFound
from fiel.insights.review.asking import reviewed
from fiel.insights.review.contents import review_content
from fiel.intake.contents.errors import invalid
from fiel.intake.contents.texts import is_keepable
from fiel.programs.drafts import Draft, draft_of_program, forget_draft, save_draft
from fiel.programs.publishing import publish
from fiel.programs.queries import document_in_force, versions_before
from fiel.staff.keys import Scope

YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
MEDIA_TYPES = ("application/json", *YAML_TYPES)
_NO_DRAFT = N_("This program has no draft.")


async def read_program(call: Call) -> Answer:
    """The document in force; as its author wrote it where that is YAML and YAML is accepted."""
    async with call.reading() as connection:
        found = await document_in_force(connection, call.program_id)
    version = ((b"x-program-version", b"%d" % found.number), (b"vary", b"accept"))
    accepted = media_type(call.told.get(b"accept"))
    if accepted in YAML_TYPES and found.format == Format.YAML:
        return Answer(200, found.source.encode(), b"application/yaml", version)
    return Answer(200, found.content.encode(), headers=version)


async def read_draft(call: Call) -> Answer:
    """The draft, as it was left; in the notation it was left in."""
    async with call.reading() as connection:
        draft = await draft_of_program(connection, call.program_id)
    if draft is None:
        raise NotFound(_NO_DRAFT)
    is_yaml = draft.format == Format.YAML
    return Answer(200, draft.source.encode(), b"application/yaml" if is_yaml else JSON_TYPE)


async def save_the_draft(call: Call) -> Answer:
    """Keep a document as the draft, with whatever faults it still has; they are the answer."""
    findings = _findings(call, ToldDocument(call.source, _format(call)))
    draft = Draft(_text(call.source), _format(call), _author(call), call.now)
    async with call.writing() as connection:
        await save_draft(connection, call.program_id, draft)
    return ok({"saved_at": told_time(call.now), **findings})


async def check_program(call: Call, query: Annotated[ToReview, Query()]) -> Answer:
    """Check a document, or without one the draft, as publishing would; nothing is written.

    Its faults are the answer; of one without faults also its review on the past of the program, and
    its economics.
    """
    told = await _told(call)
    try:
        document = _read(call, told)
    except DocumentRefused as refused:
        return ok(_refused(call, refused))
    findings = _told_findings(document.warnings, call.language)
    answer: Told = {"ok": True, "findings": findings}
    if query.review:
        house, program = call.house, document.program
        review = await reviewed(
            program, call.program_id, connect=house.connect, open_columns=house.open_columns
        )
        answer |= review_content(review, program, call.language)
    return ok(answer)


async def publish_program(call: Call) -> Answer:
    """Publish a document, or without one the draft, as the next version.

    A document that says nothing new changes nothing. What was published is a draft no more.
    """
    told, document = await readable_document(call)
    async with call.writing() as connection:
        publication = await publish(
            connection,
            call.program_id,
            document,
            source=_text(told.source),
            format=told.format,
            author=_author(call),
            now=call.now,
        )
        await forget_draft(connection, call.program_id)
    call.house.shelf.forget(call.program_id)
    answer = {
        "version": publication.number,
        "difference": publication.difference,
        "findings": _told_findings(document.warnings, call.language),
    }
    return created(answer) if publication.is_new else ok(answer)


async def list_versions(call: Call, query: Annotated[Page, Query()]) -> Answer:
    """Every version that was published, newest first, with what it changed."""
    cursors, before = call.house.cursors, None
    if query.cursor is not None:
        before = int(cursors.read("versions", query.cursor)[0])
    async with call.reading() as connection:
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


async def readable_document(call: Call) -> tuple[ToldDocument, Document]:
    """The document that is meant, which can be published.

    Raises:
        Invalid: it cannot be; the facts tell all that was found.
    """
    told = await _told(call)
    try:
        return told, _read(call, told)
    except DocumentRefused as refused:
        raise Invalid(
            refused.text,
            problems=refused.problems,
            facts={"findings": _told_findings(refused.findings, call.language)},
            **refused.parameters,
        ) from None


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """A document as somebody wrote it."""

    source: bytes
    format: Format


async def _told(call: Call) -> ToldDocument:
    """The document that the request brings; the draft when it brings none.

    Raises:
        NotFound: it brings none, nor says of what type it would be, and there is no draft.
    """
    if not call.source:
        async with call.reading() as connection:
            draft = await draft_of_program(connection, call.program_id)
        if draft is not None:
            return ToldDocument(draft.source.encode(), Format(draft.format))
        if call.told.get(b"content-type") is None:
            raise NotFound(_NO_DRAFT)
    return ToldDocument(call.source, _format(call))


def _findings(call: Call, told: ToldDocument) -> Told:
    try:
        document = _read(call, told)
    except DocumentRefused as refused:
        return _refused(call, refused)
    return {"ok": True, "findings": _told_findings(document.warnings, call.language)}


def _refused(call: Call, refused: DocumentRefused) -> Told:
    return {"ok": False, "findings": _told_findings(refused.findings, call.language)}


def _read(call: Call, told: ToldDocument) -> Document:
    return read_document(told.source, format=told.format, today=call.now.date())


def _format(call: Call) -> Format:
    told = media_type(call.told.get(b"content-type"))
    return Format.YAML if told in YAML_TYPES else Format.JSON


def _author(call: Call) -> str:
    return f"key {call.caller.key_id}"


def _text(source: bytes) -> str:
    """The document as text that the database can keep.

    Raises:
        Invalid: it is no UTF-8, or has characters that cannot be kept.
    """
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if not is_keepable(text):
        problem = FieldProblem(
            BODY, "characters", N_("The text has characters that cannot be kept.")
        )
        raise invalid([problem])
    return text


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


DOCUMENT = {
    "required": False,  # without one, the draft is meant
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
        "GET", "/program/draft", read_draft, Manner(Scope.READ), "Read the draft",
        schemas.ProgramDocument, refusals=(404,), tag="program",
    ),
    Offer(
        "PUT", "/program/draft", save_the_draft, _PUBLISH, "Save the draft", schemas.Draft,
        request_body=DOCUMENT, tag="program",
    ),
    Offer(
        "POST", "/program/check", check_program, _CHECK, "Check a document", schemas.Reviewed,
        refusals=(404, 413, 415), request_body=DOCUMENT, tag="program",
    ),
    Offer(
        "POST", "/program/publish", publish_program, _PUBLISH, "Publish a document",
        schemas.Publication, 201, also=(200,), refusals=(404,),
        request_body=DOCUMENT, tag="program",
    ),
    Offer(
        "GET", "/program/versions", list_versions, Manner(Scope.READ), "List versions",
        schemas.VersionList, refusals=(404,), tag="program",
    ),
)  # fmt: skip
