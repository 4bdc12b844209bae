"""What stands beside a form that is filled in: the rules in words, faults, what a sale earns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpResponse

from fiel.domain.activity import Line, LineKind, Sale
from fiel.domain.conditions import CannotEvaluate, Condition
from fiel.domain.language import LANGUAGES
from fiel.domain.member import MemberFacts
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.intake.recent_sales import latest_sales
from fiel.programs.editing.forms import entries_of, entry_named, saved
from fiel.programs.editing.kinds import digits_of, typed_in
from fiel.programs.editing.kinds_of_units import Condition as ConditionKind
from fiel.programs.editing.parts import Manner, Part, groups_of, part_named
from fiel.programs.editing.questions import questions_in
from fiel.programs.editing.said import NoSuchPlace, found_at
from fiel.programs.editing.telling import entry_in_words, part_in_words
from fiel.programs.editing.trying import Who, try_sale
from fiel.programs.words import Section, rules_in_words
from fiel.staff.roles import Right
from fiel.web.console.designer.conditions import unfinished_row
from fiel.web.console.designer.desk import Desk, Fault, desk_of
from fiel.web.console.designer.sheets import currency_sign, sent_by, unfinished
from fiel.web.console.segments.words import rule_in_words
from fiel.web.languages import PAGE_LANGUAGES
from fiel.web.ui.visit import Visit, console_page

USUAL_SPEND = "20.00"
SALES_TRIED = 200


@dataclass(frozen=True)
class Told:
    """What is told beside a form."""

    words_language: str
    entry: str
    sentences: Sequence[str]
    sections: Sequence[Section]
    new: frozenset[str]
    spend: str
    earns: Sequence[str] | None
    earns_today: Sequence[str] | None


@dataclass(frozen=True)
class Held:
    """A condition as the document writes it, and how many purchases it holds for."""

    name: str
    text: str
    matched: int | None = None
    of: int = 0


def told(desk: Desk, part: Part | None, ref: str | None, language: str, spend: str) -> Told | None:
    """What to tell of the program; None while it has faults."""
    program = desk.program
    if program is None:
        return None
    sections = rules_in_words(program, language)
    in_force = desk.program_in_force
    before = (
        {text for section in rules_in_words(in_force, language) for text in section.paragraphs}
        if in_force
        else None
    )
    return Told(
        words_language=language,
        entry=entry_told(program, part, ref, language) if part and ref else "",
        sentences=part_in_words(program, part.id, language) if part and not ref else (),
        sections=sections,
        new=frozenset(
            text
            for section in sections
            for text in section.paragraphs
            if before is not None and text not in before
        ),
        spend=spend,
        earns=_earns(program, spend, desk.visit),
        earns_today=_earns(in_force, spend, desk.visit) if in_force else None,
    )


def entry_told(program: Program, part: Part, ref: str, language: str) -> str:
    """What the rules say of an entry; the rule of a segment in words where there are words."""
    text = entry_in_words(program, part.id, ref, language)
    if part.id != "segments":
        return text
    return rule_in_words(text, program, language) or text


def beside_context(
    desk: Desk, part: Part | None, ref: str | None, told_by: dict[str, str]
) -> dict[str, object]:
    """What the panel beside a form shows."""
    asked = told_by.get("words", "")
    language = asked if asked in LANGUAGES else desk.visit.language
    spend = told_by.get("spend") or typed_in(desk.visit.language, USUAL_SPEND)
    return {
        "told": told(desk, part, ref, language, spend),
        "desk": desk,
        "faults": desk.faults,
        "part": part,
        "ref": ref,
        "words": language,
        "words_in": [
            (code, code.upper())
            for code in LANGUAGES
            if code in (*PAGE_LANGUAGES, desk.known.locale)
        ],
        "spend": spend,
        "currency_sign": currency_sign(desk.known),
    }


@console_page(Right.SEE_PROGRAM)
async def beside(visit: Visit, part: str) -> HttpResponse:
    """The panel for what a form says now, and the faults of its fields; nothing is kept."""
    found, desk = part_named(part), await desk_of(visit)
    if found is None or desk is None or visit.request.method != "POST":
        raise Http404
    posted = visit.request.POST
    ref = posted.get("ref") or None
    sent = sent_by(posted)
    open_rows: list[str] = []
    try:
        before = entry_named(found, desk.written, desk.known, ref).said if ref else None
        block = desk.written.at(found.way) if before is None else before
        open_rows = unfinished(found, block, desk.known, sent)
        after = desk.with_written(saved(found, desk.written, ref, sent, desk.known))
    except NoSuchPlace:
        after = desk
    now = ref_after(after, found, ref, desk)
    context = beside_context(after, found, now, {key: str(posted[key]) for key in posted})
    conditions = [
        held
        for question in questions_in(groups_of(found, desk.known))
        if isinstance(question.kind, ConditionKind) and question.name in sent
        if (held := await _held(visit, after, found, now, question.name))
    ]
    slots = [
        (name, fault)
        for name in sent
        for fault in [
            Fault(is_error=False, text=unfinished_row(), line=0, url="")
            if name in open_rows
            else next((f for f in here(after.faults, found, now) if f.question == name), None)
        ]
    ]
    return visit.page(
        "console/designer/beside.html#told", {**context, "slots": slots, "conditions": conditions}
    )


def here(faults: Sequence[Fault], part: Part, ref: str | None) -> list[Fault]:
    """The faults that one form can mend."""
    return [fault for fault in faults if fault.part == part.id and fault.ref == ref]


def ref_after(after: Desk, part: Part, ref: str | None, before: Desk) -> str | None:
    """What an entry is called after its id was changed."""
    if ref is None or part.manner is Manner.BLOCK:
        return ref
    index = next(
        (e.index for e in entries_of(part, before.written, before.known) if e.ref == ref), 0
    )
    entries = entries_of(part, after.written, after.known)
    return entries[index].ref if index < len(entries) else ref


def _earns(program: Program, spend: str, visit: Visit) -> list[str] | None:
    """What a member of the lowest tier earns for so much; None where it is no amount."""
    try:
        minor = program.currency.minor(Decimal(digits_of(spend)))
    except (InvalidOperation, ValueError):
        return None
    if not 0 < minor < 10**9:
        return None
    price = Decimal(minor) / program.currency.minor_per_major
    line = Line(1, "", "", "", LineKind.GOODS, 1, price, minor, minor, minor)
    sale = Sale(visit.now, "", "", (line,), 0, minor, minor, 1)
    try:
        return [text for _, _, text in try_sale(program, sale, Who(), visit.language).earned]
    except Refusal:
        return None


async def _held(visit: Visit, desk: Desk, part: Part, ref: str | None, name: str) -> Held | None:
    """The condition of a question, tried on the latest purchases where it is about purchases."""
    entry = next((e for e in entries_of(part, desk.written, desk.known) if e.ref == ref), None)
    text = found_at(entry.said, ("where",)) if entry else None
    if not isinstance(text, str):
        return Held(name, "")
    condition = _condition_of(desk.program, part.id, ref)
    reads = condition.reads if condition else frozenset()
    if condition is None or visit.published is None or any(
        not re.match(r"(line|sale)\.", read) for read in reads
    ):  # fmt: skip
        return Held(name, text)
    async with visit.reading() as connection:
        sales = await latest_sales(
            connection, visit.program_id, visit.program, most=SALES_TRIED, now=visit.now
        )
    return Held(name, text, sum(_holds(condition, sale) for sale in sales), len(sales))


def _condition_of(program: Program | None, part: str, ref: str | None) -> Condition | None:
    if program is None:
        return None
    match part:
        case "earn":
            return next((each.where for each in program.earn if each.id == ref), None)
        case "milestones":
            return next((each.where for each in program.milestones if each.id == ref), None)
        case "coupons" if ref is not None and ref in program.coupons:
            return program.coupons[ref].where
        case _:
            return None


def _holds(condition: Condition, sale: Sale) -> bool:
    for line in sale.lines:
        try:
            if condition.matches(line, sale, MemberFacts(), None):
                return True
        except CannotEvaluate:
            continue
    return False
