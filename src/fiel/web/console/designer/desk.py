"""The document that a person works on, read once for a page: what it says and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from django.core.cache import cache

from fiel.domain.document import DocumentRefused, Finding, Severity, read_document
from fiel.domain.program import Program
from fiel.intake.recent_sales import Trade, latest_sales, trade_of
from fiel.ledger.scope import program_transaction
from fiel.programs.drafts import forget_draft
from fiel.programs.editing.drafting import Worked, change_draft, worked_on
from fiel.programs.editing.forms import where_is
from fiel.programs.editing.known import Known, known_in
from fiel.programs.editing.parts import PARTS, Part
from fiel.programs.editing.written import Written
from fiel.web.ui.visit import Visit

type Change = Callable[[Written | None], Written]

SALES_LOOKED_AT = 500
SECONDS_TRADE_IS_KEPT = 600


@dataclass(frozen=True)
class Fault:
    """Something to mend, and where; `url` leads to the form or to the line."""

    is_error: bool
    text: str
    line: int
    url: str
    part: str = ""
    ref: str | None = None
    question: str = ""


@dataclass(frozen=True)
class Desk:
    """What lies on the desk of a visit to the designer."""

    visit: Visit
    worked: Worked

    @property
    def written(self) -> Written:
        """The document."""
        return self.worked.written

    @cached_property
    def known(self) -> Known:
        """What it names."""
        said = self.written.said if self.written.is_readable else {}
        return known_in(said, self.visit.language, self.visit.now.date())

    @cached_property
    def read(self) -> tuple[Program | None, tuple[Finding, ...]]:
        """The program that it describes, if it can be published, and what was found."""
        return read_source(self.written, self.visit)

    @property
    def program(self) -> Program | None:
        """The program; None while something is wrong."""
        return self.read[0]

    @cached_property
    def faults(self) -> list[Fault]:
        """All that is to be mended, and the doubts."""
        return [self._fault(finding) for finding in self.read[1]]

    @property
    def errors(self) -> list[Fault]:
        """What keeps it from being published."""
        return [fault for fault in self.faults if fault.is_error]

    @property
    def program_in_force(self) -> Program | None:
        """The program in force."""
        published = self.visit.published
        return None if published is None else published.program

    def with_written(self, written: Written) -> Desk:
        """The same desk with another document on it."""
        return Desk(self.visit, replace(self.worked, written=written))

    def _fault(self, finding: Finding) -> Fault:
        visit = self.visit
        found = (
            where_is(finding, self.written, self.known, list(PARTS.values()))
            if self.written.is_readable
            else None
        )
        is_error = finding.severity is Severity.ERROR
        text = finding.in_words(visit.language)
        if found is None:
            url = f"{visit.address('designer-document')}?line={finding.line}#line-{finding.line}"
            return Fault(is_error, text, finding.line, url)
        part, ref, question = found
        url = address_of(visit, part, ref)
        if question:
            url += f"#q-{question}"
        return Fault(is_error, text, finding.line, url, part.id, ref, question)


def address_of(visit: Visit, part: Part, ref: str | None = None) -> str:
    """Where the form of a part or an entry is."""
    if ref is None:
        return visit.address("designer-part", part.inside or part.id)
    return visit.address("designer-entry", part.id, ref)


def read_source(written: Written, visit: Visit) -> tuple[Program | None, tuple[Finding, ...]]:
    """The program that a document describes, if it can be published, and what was found."""
    try:
        found = read_document(written.source, format=written.format, today=visit.now.date())
    except DocumentRefused as refused:
        return None, refused.findings
    return found.program, found.warnings


async def desk_of(visit: Visit) -> Desk | None:
    """The desk of a visit; None where the program has no document yet."""
    async with visit.reading() as connection:
        worked = await worked_on(connection, visit.program_id)
    return None if worked is None else Desk(visit, worked)


async def changed(visit: Visit, change: Change) -> Desk:
    """Make a change of the document as it stands now, and keep it as the draft."""
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        worked = await change_draft(
            connection, visit.program_id, change, author=str(visit.user), now=visit.wall
        )
    return Desk(visit, worked)


async def discarded(visit: Visit) -> None:
    """Let the draft go; what is in force stays."""
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        await forget_draft(connection, visit.program_id)


async def trade(visit: Visit) -> Trade:
    """The products, stores and channels of the latest purchases."""
    if visit.published is None:
        return Trade()
    key = f"trade:{visit.program_id}"
    found = await cache.aget(key)
    if isinstance(found, Trade):
        return found
    async with visit.reading() as connection:
        sales = await latest_sales(
            connection, visit.program_id, visit.program, most=SALES_LOOKED_AT, now=visit.now
        )
    made = trade_of(sales)
    await cache.aset(key, made, SECONDS_TRADE_IS_KEPT)
    return made
