"""The document itself: the same draft as a text, with what is wrong at its line."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from fiel.domain.document import Format
from fiel.programs.editing.written import Written
from fiel.staff.roles import Right
from fiel.web.console.designer.desk import Desk, changed, desk_of
from fiel.web.console.designer.views import framed
from fiel.web.ui.visit import Visit, console_page

LARGEST = 256 * 1024


@console_page(Right.SEE_PROGRAM)
async def document(visit: Visit) -> HttpResponse:
    """The text of the draft, to be changed by hand."""
    desk = await desk_of(visit)
    if desk is None:
        return visit.back("designer-models")
    if visit.request.method == "POST":
        if not visit.may(Right.EDIT_PROGRAM):
            return visit.page("ui/forbidden.html", status=403)
        return await _saved(desk)
    return _page(desk, desk.written.source)


@console_page(Right.SEE_PROGRAM)
async def check(visit: Visit) -> HttpResponse:
    """What is wrong with a text that is being typed; nothing is kept."""
    desk = await desk_of(visit)
    if desk is None or visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    after = desk.with_written(Written(_typed(visit), desk.written.format))
    return visit.page(
        "console/designer/document.html#faults",
        {"faults": after.faults, "desk": after, "is_typed": True},
    )


async def _saved(desk: Desk) -> HttpResponse:
    """Keep the text; where the draft is another than it was begun from, keep neither's work out."""
    visit = desk.visit
    source, mark = _typed(visit), visit.request.POST.get("mark", "")
    theirs: list[Written] = []

    def changing(written: Written | None) -> Written:
        if written is not None and mark_of_source(written.source) != mark:
            theirs[:] = [written]
            return written
        return Written(source, written.format if written else Format.YAML)

    after = await changed(visit, changing)
    if theirs:
        return _page(after, source, theirs=theirs[0].source, status=409)
    await visit.note("program.draft-changed", about="program:document")
    if after.errors:
        visit.say(_("Saved in the draft. Something is still to be mended."), messages.WARNING)
    else:
        visit.say(_("Saved in the draft. Your members see nothing of it until you publish."))
    return visit.back("designer-document")


def _page(desk: Desk, source: str, *, theirs: str | None = None, status: int = 200) -> HttpResponse:
    typed = desk.with_written(Written(source, desk.written.format))
    told = desk.visit.request.GET.get("line", "")
    return desk.visit.page(
        "console/designer/document.html",
        {
            **framed(desk),
            "way": "document",
            "source": source,
            "theirs": theirs,
            "mark": mark_of_source(desk.written.source),
            "faults": typed.faults,
            "is_yaml": desk.written.format == Format.YAML,
            "line": int(told) if told.isdecimal() else 0,
        },
        status=status,
    )


def mark_of_source(source: str) -> str:
    """A short mark of a text: another mark, and somebody changed it meanwhile."""
    return hashlib.blake2s(source.encode(errors="surrogatepass"), digest_size=10).hexdigest()


def _typed(visit: Visit) -> str:
    """The text that was sent; browsers end lines in their own way."""
    text = str(visit.request.POST.get("source", ""))[:LARGEST]
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
