"""The designer's pages: all parts, one part, one entry; and what is done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_currency
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from fiel.domain.language import say
from fiel.programs.editing import forms
from fiel.programs.editing.forms import Entry, entries_of, entry_named, mark_of
from fiel.programs.editing.kinds_of_units import Condition
from fiel.programs.editing.known import Known, known_in
from fiel.programs.editing.parts import (
    CHAPTERS,
    PARTS,
    Manner,
    Part,
    Sample,
    groups_of,
    part_named,
)
from fiel.programs.editing.questions import questions_in
from fiel.programs.editing.said import NoSuchPlace, Said
from fiel.programs.editing.telling import part_in_words
from fiel.programs.editing.written import Written
from fiel.staff.roles import Right
from fiel.web.console.designer import signs
from fiel.web.console.designer.beside import beside_context, entry_told, here, ref_after
from fiel.web.console.designer.conditions import unfinished_row
from fiel.web.console.designer.desk import Desk, address_of, changed, desk_of, discarded, trade
from fiel.web.console.designer.sheets import sent_by, sheet, unfinished
from fiel.web.console.offers.telling import without_name
from fiel.web.ui.visit import Visit, console_page


@dataclass(frozen=True)
class PartView:
    """A part as the overview shows it."""

    part: Part
    sign: str
    title: str
    purpose: str
    url: str
    summary: str
    has_any: bool
    errors: int
    warnings: int


@dataclass(frozen=True)
class EntryView:
    """An entry as its list shows it."""

    entry: Entry
    url: str
    text: str
    errors: tuple[str, ...]
    warnings: tuple[str, ...]
    is_first: bool
    is_last: bool


@console_page(Right.SEE_PROGRAM)
async def overview(visit: Visit) -> HttpResponse:
    """All parts of the program, and its rules in words beside them."""
    desk = await desk_of(visit)
    if desk is None:
        return visit.back("designer-models")
    if not desk.written.is_readable:
        return visit.back("designer-document")
    chapters = [
        (say(visit.language, title), [_part_view(desk, part) for part in parts])
        for title, parts in CHAPTERS
    ]
    asked = {key: str(visit.request.GET[key]) for key in visit.request.GET}
    return visit.page(
        "console/designer/overview.html",
        {"chapters": chapters, **framed(desk), **beside_context(desk, None, None, asked)},
    )


@console_page(Right.SEE_PROGRAM)
async def part(visit: Visit, part: str) -> HttpResponse:
    """One part: its form, or the list of its entries."""
    found, desk = part_named(part), await desk_of(visit)
    if found is None:
        raise Http404
    if desk is None or not desk.written.is_readable:
        return visit.back("designer")
    if found.inside:
        return visit.back("designer-part", found.inside)
    if found.manner is not Manner.BLOCK:
        return _list_page(desk, found)
    return await _form_page(desk, found, None)


@console_page(Right.SEE_PROGRAM)
async def entry(visit: Visit, part: str, ref: str) -> HttpResponse:
    """One rule, reward, unit or other entry."""
    found, desk = part_named(part), await desk_of(visit)
    if found is None or found.manner is Manner.BLOCK:
        raise Http404
    if desk is None or not desk.written.is_readable:
        return visit.back("designer")
    try:
        entry_named(found, desk.written, desk.known, ref)
    except NoSuchPlace:
        visit.say(_("It is not there any more: somebody took it away."), messages.WARNING)
        return visit.back("designer-part", found.inside or found.id)
    return await _form_page(desk, found, ref)


@console_page(Right.EDIT_PROGRAM)
async def change(visit: Visit, part: str) -> HttpResponse:
    """Add, copy, move or take away an entry; begin or end a part."""
    found = part_named(part)
    if found is None:
        raise Http404
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    told = visit.request.POST
    what, ref = told.get("what", ""), told.get("ref", "")
    new: list[str] = []

    def changing(written: Written | None) -> Written:
        if written is None:
            raise NoSuchPlace(found.way)
        return _changed(found, written, what, ref, told.get("sample", ""), new, visit)

    try:
        await changed(visit, changing)
    except NoSuchPlace:
        visit.say(_("It is not there any more: somebody took it away."), messages.WARNING)
        return visit.back("designer-part", found.inside or found.id)
    await visit.note("program.draft-changed", about=f"program:{found.id}", what=what, entry=ref)
    if new:
        return visit.back("designer-entry", found.id, new[0])
    return visit.back("designer-part", found.inside or found.id)


def _changed(
    part: Part, written: Written, what: str, ref: str, sample: str, new: list[str], visit: Visit
) -> Written:
    known = known_in(written.said, visit.language, visit.now.date())
    match what:
        case "add":
            wanted = next((each for each in part.samples if each.id == sample), None)
            if wanted is None:
                raise Http404
            written, made = forms.added(part, written, wanted, known)
            new[:] = [made]
        case "copy":
            written, made = forms.copied(part, written, ref, known)
            new[:] = [made]
        case "up" | "down":
            written = forms.moved(part, written, ref, known, up=what == "up")
        case "remove":
            written = forms.removed(part, written, ref, known)
        case "begin":
            written = forms.begun(part, written, known)
        case "end":
            written = forms.ended(part, written)
        case _:
            raise Http404
    return written


@console_page(Right.EDIT_PROGRAM)
async def discard(visit: Visit) -> HttpResponse:
    """Let the draft go."""
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    await discarded(visit)
    await visit.note("program.draft-discarded", about=f"program:{visit.slug}")
    visit.say(_("The draft is gone. What is in force stays as it is."))
    return visit.back("designer")


def framed(desk: Desk) -> dict[str, object]:
    """What every page of the designer shows of the draft."""
    visit = desk.visit
    return {
        "desk": desk,
        "draft": desk.worked.draft,
        "in_force": desk.worked.in_force,
        "can_edit": visit.may(Right.EDIT_PROGRAM),
        "can_publish": visit.may(Right.PUBLISH_PROGRAM),
        "all_parts": [
            (
                say(visit.language, title),
                [
                    (say(visit.language, each.title), signs.PARTS[each.id].icon,
                     address_of(visit, each))
                    for each in parts
                ],
            )
            for title, parts in CHAPTERS
        ],
    }  # fmt: skip


async def _form_page(desk: Desk, part: Part, ref: str | None) -> HttpResponse:
    visit = desk.visit
    if visit.request.method == "POST":
        if not visit.may(Right.EDIT_PROGRAM):
            return visit.page("ui/forbidden.html", status=403)
        return await _saved(desk, part, ref)
    return await _form(desk, part, ref)


async def _saved(desk: Desk, part: Part, ref: str | None) -> HttpResponse:
    """Keep the answers; where somebody changed the same entry meanwhile, show both."""
    visit = desk.visit
    told = visit.request.POST
    sent, mark = sent_by(told), told.get("mark", "")
    conflict: list[Said] = []
    open_rows: list[str] = []

    def changing(written: Written | None) -> Written:
        if written is None:
            raise NoSuchPlace(part.way)
        known = known_in(written.said, visit.language, visit.now.date())
        there = _block(part, written, ref, known)
        if _mark(part, there, known) != mark:
            conflict[:] = [there]
            return written
        open_rows[:] = unfinished(part, there, known, sent)
        return written if open_rows else forms.saved(part, written, ref, sent, known)

    try:
        after = await changed(visit, changing)
    except NoSuchPlace:
        visit.say(_("It is not there any more: somebody took it away."), messages.WARNING)
        return visit.back("designer-part", part.inside or part.id)
    if conflict:
        return await _form(after, part, ref, sent=sent, conflict=True)
    if open_rows:
        return await _form(after, part, ref, sent=sent, open_rows=open_rows)
    await visit.note("program.draft-changed", about=f"program:{part.id}", entry=ref or "")
    now = ref_after(after, part, ref, desk)
    if after.errors and here(after.errors, part, now):
        visit.say(_("Saved in the draft. Something is still to be mended."), messages.WARNING)
    else:
        visit.say(_("Saved in the draft. Your members see nothing of it until you publish."))
    if now is None:
        return visit.back("designer-part", part.id)
    return visit.back("designer-entry", part.id, now)


async def _form(
    desk: Desk,
    part: Part,
    ref: str | None,
    *,
    sent: dict[str, dict[str, list[str]]] | None = None,
    conflict: bool = False,
    open_rows: Sequence[str] = (),
) -> HttpResponse:
    visit, written = desk.visit, desk.written
    block = _block(part, written, ref, desk.known)
    stands = not part.is_optional or written.at(part.way) is not None
    mine = here(desk.faults, part, ref)
    faults = {fault.question: (fault.text, fault.is_error) for fault in mine}
    faults |= {name: (unfinished_row(), True) for name in open_rows}
    has_condition = any(
        isinstance(question.kind, Condition)
        for question in questions_in(groups_of(part, desk.known))
    )
    entry = entry_named(part, written, desk.known, ref) if ref is not None else None
    asked = {key: str(visit.request.GET[key]) for key in visit.request.GET}
    return visit.page(
        "console/designer/form.html",
        {
            **framed(desk),
            "part": part,
            "sign": signs.PARTS[part.id].icon,
            "title": entry.title if entry else say(visit.language, part.title),
            "part_title": say(visit.language, part.title),
            "purpose": say(visit.language, part.purpose),
            "ref": ref,
            "groups": sheet(part, block, desk.known, faults=faults, sent=sent),
            "mark": _mark(part, block, desk.known),
            "conflict": conflict,
            "has_condition": has_condition,
            "stands": stands,
            "trade": await trade(visit),
            "inside": [_inside(desk, each) for each in PARTS.values() if each.inside == part.id]
            if ref is None and stands
            else [],
            "up": address_of(visit, part) if ref is not None else visit.address("designer"),
            **beside_context(desk, part, ref, asked),
        },
        status=409 if conflict else 422 if open_rows else 200,
    )


def _block(part: Part, written: Written, ref: str | None, known: Known) -> Said:
    """What a form is about."""
    if ref is not None:
        return entry_named(part, written, known, ref).said
    block = written.at(part.way) if part.way else written.said
    return {} if block is None else block


def _mark(part: Part, block: Said, known: Known) -> str:
    """The mark of what a form asks about, so that changes elsewhere do not matter."""
    if part.way or not isinstance(block, dict):
        return mark_of(block)
    keys = {question.way[0] for question in questions_in(groups_of(part, known))}
    return mark_of({key: value for key, value in block.items() if key in keys})


def _list_page(desk: Desk, part: Part) -> HttpResponse:
    visit = desk.visit
    asked = {key: str(visit.request.GET[key]) for key in visit.request.GET}
    return visit.page(
        "console/designer/list.html",
        {
            **framed(desk),
            "title": say(visit.language, part.title),
            "purpose": say(visit.language, part.purpose),
            "lists": [_inside(desk, part)],
            "inside": [_inside(desk, each) for each in PARTS.values() if each.inside == part.id],
            **beside_context(desk, part, None, asked),
        },
    )


def _inside(desk: Desk, part: Part) -> dict[str, object]:
    """A list of entries, and what can be added to it."""
    language = desk.visit.language
    return {
        "part": part,
        "title": say(language, part.title),
        "purpose": say(language, part.purpose),
        "entries": _entry_views(desk, part),
        "samples": [
            (
                sample.id,
                say(language, sample.title),
                say(language, sample.hint, **_amounts(sample, desk.known, desk.visit.language)),
                signs.SAMPLES[part.id, sample.id].icon,
            )
            for sample in part.samples
            if not sample.needs or desk.known.named(sample.needs)
        ],
        "can_move": part.manner is Manner.LIST,
    }


def _amounts(sample: Sample, known: Known, language: str) -> dict[str, object]:
    """The amount that the hint of a sample names, in the currency of the document."""
    if not sample.amount:
        return {}
    return {"amount": format_currency(sample.amount, known.currency or "EUR", locale=language)}


def _entry_views(desk: Desk, part: Part) -> list[EntryView]:
    entries = entries_of(part, desk.written, desk.known)
    return [
        EntryView(
            entry,
            address_of(desk.visit, part, entry.ref),
            without_name(
                entry_told(desk.program, part, entry.ref, desk.visit.language), entry.title
            )
            if desk.program
            else "",
            tuple(f.text for f in here(desk.faults, part, entry.ref) if f.is_error),
            tuple(f.text for f in here(desk.faults, part, entry.ref) if not f.is_error),
            entry.index == 0,
            entry.index == len(entries) - 1,
        )
        for entry in entries
    ]


def _part_view(desk: Desk, part: Part) -> PartView:
    language = desk.visit.language
    about = {part.id, *(each.id for each in PARTS.values() if each.inside == part.id)}
    faults = [fault for fault in desk.faults if fault.part in about]
    said = desk.written.at(part.way) if part.way else desk.written.said
    if part.manner is Manner.BLOCK:
        told = part_in_words(desk.program, part.id, language) if desk.program else []
        summary = told[0] if told and said is not None else ""
    else:
        summary = " · ".join(each.title for each in entries_of(part, desk.written, desk.known)[:6])
    return PartView(
        part,
        signs.PARTS[part.id].icon,
        say(language, part.title),
        say(language, part.purpose),
        address_of(desk.visit, part),
        summary,
        bool(said),
        sum(fault.is_error for fault in faults),
        sum(not fault.is_error for fault in faults),
    )
