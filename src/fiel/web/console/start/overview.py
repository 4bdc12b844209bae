"""Where the start stands: the draft in words, and the next step."""

from __future__ import annotations

from django.http import HttpResponse

from fiel.domain.document import Document
from fiel.programs.drafts import draft_of_program
from fiel.programs.first_steps import Start, start_of_program
from fiel.programs.launching.facts import began_at
from fiel.programs.words import rules_in_words
from fiel.staff.roles import Right
from fiel.web.console.simulate.subject import SOLD, read_quietly
from fiel.web.console.start.steps import SALES, shown_steps
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.SEE_PROGRAM)
async def overview(visit: Visit) -> HttpResponse:
    """The program as it would be, in words; what is left to do before it is published."""
    async with visit.reading() as connection:
        start = await start_of_program(connection, visit.program_id)
        draft = await draft_of_program(connection, visit.program_id)
        began = await began_at(connection, visit.program_id)
        row = await (await connection.execute(SOLD, (visit.program_id,))).fetchone()
    if began is not None:
        return visit.back("launch-plan")
    document = None if draft is None else read_quietly(draft)
    if document is None:
        return visit.back("designer")
    shown: dict[str, object] = {
        "start": start,
        "has_sales": bool(row and row[0]),
        "rules": rules_in_words(document.program, visit.language),
        "steps": shown_steps(SALES),
    }
    return visit.page("console/start/overview.html", shown)


async def begun(visit: Visit) -> tuple[Start | None, Document | None]:
    """How the program of a visit began, and its draft if that can be published."""
    async with visit.reading() as connection:
        start = await start_of_program(connection, visit.program_id)
        draft = await draft_of_program(connection, visit.program_id)
    return start, None if draft is None else read_quietly(draft)
