"""A rule that is only thought of: how many it finds and what they cost, then into the draft."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST

from fiel.domain.conditions import LONGEST_TEXT, Scope
from fiel.domain.language import say
from fiel.domain.refusal import Refusal
from fiel.insights.segments.checking import checked_rule
from fiel.insights.segments.live import Wanted
from fiel.ledger.scope import program_transaction
from fiel.programs.editing.drafting import change_draft
from fiel.programs.editing.forms import free_id
from fiel.programs.editing.kinds import Fields
from fiel.programs.editing.kinds_of_units import Condition
from fiel.programs.editing.known import Known
from fiel.programs.editing.said import Said
from fiel.programs.editing.written import Written
from fiel.programs.words.speaker import Speaker
from fiel.staff.roles import Right
from fiel.web.console.designer.conditions import builder_of, unfinished_row
from fiel.web.console.members.forms import ConsoleForm
from fiel.web.console.offers.figures import wait_for
from fiel.web.console.offers.telling import today_of
from fiel.web.console.segments.sizing import Numbers, numbers_of
from fiel.web.console.segments.views import chosen_reward, reward_choices, size_of
from fiel.web.console.segments.words import rule_in_words
from fiel.web.ui.visit import Visit, console_page

if TYPE_CHECKING:
    from fiel.insights.columns.opening import Columns

_TRIED = "tried"
_RULE = Condition(Scope.SEGMENT)
EXAMPLES = (
    (gettext_noop("Regulars"), "member.frequency >= 4 && member.recency_days <= 60"),
    (gettext_noop("Not seen for a while"), "member.recency_days > 90 && member.spend_365 >= 50"),
    (gettext_noop("Birthday this season"), "member.birthday_month in [12, 1, 2]"),
    (gettext_noop("New and not bought yet"), "member.joined_days <= 30 && member.visits == 0"),
)


class SegmentForm(ConsoleForm):
    """A segment to be added to the draft."""

    name = forms.CharField(label=gettext_lazy("Name of the segment"), max_length=100)
    where = forms.CharField(
        label=gettext_lazy("Rule"), max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy("A condition about the member, as the program writes it."),
    )  # fmt: skip


@console_page(Right.SEE_SEGMENTS)
async def trying(visit: Visit) -> HttpResponse:
    """A page to try a rule; what it finds comes by itself."""
    where = _where(visit.request.GET)
    form = SegmentForm(initial={"where": where})
    return visit.page("console/segments/try.html", _page(visit, form, where))


@console_page(Right.SEE_SEGMENTS)
async def tried(visit: Visit) -> HttpResponse:
    """The part of the page with what a rule finds, or what is wrong with it."""
    where = _where(visit.request.GET)
    shown: dict[str, object] = {
        "where": where, "rewards": reward_choices(visit), "reward": chosen_reward(visit),
    }  # fmt: skip
    if _RULE.is_unfinished(_fields(visit.request.GET)):
        shown["faults"] = [unfinished_row()]
        return visit.page("console/segments/try.html#found", shown)
    if not where:
        return visit.page("console/segments/try.html#found", shown)
    try:
        condition = checked_rule(visit.program, where)
    except Refusal as refusal:
        shown["faults"] = list(dict.fromkeys(_said(visit, refusal)))
        return visit.page("console/segments/try.html#found", shown)
    program, today = visit.program, today_of(visit)

    def make(columns: Columns) -> Numbers:
        return numbers_of(columns, program, today, Wanted(_TRIED, condition))

    waited = await wait_for(visit, f"tried:{where}", make)
    shown["waited"] = waited
    shown["words"] = rule_in_words(where, program, visit.language)
    if waited.found is not None:
        shown["size"] = size_of(visit, waited.found)
    return visit.page("console/segments/try.html#found", shown)


@require_POST
@console_page(Right.EDIT_PROGRAM)
async def add(visit: Visit) -> HttpResponse:
    """Put a segment into the draft, and lead to where it is edited."""
    where = _where(visit.request.POST)
    form = SegmentForm({"name": visit.request.POST.get("name", ""), "where": where})
    if _RULE.is_unfinished(_fields(visit.request.POST)):
        form.add_error("where", unfinished_row())
    if not form.is_valid():
        return visit.page("console/segments/try.html", _page(visit, form, where), status=422)
    try:
        checked_rule(visit.program, where)
    except Refusal as refusal:
        for text in dict.fromkeys(_said(visit, refusal)):
            form.add_error("where", text)
        return visit.page("console/segments/try.html", _page(visit, form, where), status=422)
    added = await _added(visit, form.cleaned_data["name"], where)
    await visit.note("segment.drafted", about=f"segment:{added}", where=where)
    visit.say(_("The segment is in the draft. It works once the draft is published."))
    return visit.back("designer-entry", "segments", added)


async def _added(visit: Visit, name: str, where: str) -> str:
    """The id under which a segment stands in the draft now."""
    ids: list[str] = []

    def change(written: Written | None) -> Written:
        assert written is not None, "a program in force has a document"
        entries = written.at(("segments",))
        taken = [
            str(each["id"]) for each in (entries if isinstance(entries, list) else ())
            if isinstance(each, dict) and "id" in each
        ]  # fmt: skip
        ids.append(free_id(name, taken))
        entry: dict[str, Said] = {
            "id": ids[-1], "name": {visit.program.locale: name}, "where": where,
        }  # fmt: skip
        return written.add(("segments",), entry)

    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        await change_draft(
            connection, visit.program_id, change, author=str(visit.user), now=visit.wall
        )
    return ids[-1]


def _page(visit: Visit, form: SegmentForm, where: str) -> dict[str, object]:
    told = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    return {
        "form": form,
        "where": where,
        "builder": json.dumps(_builder(visit, where, told), ensure_ascii=False),
        "examples": [(_(name), text) for name, text in EXAMPLES],
        "rewards": reward_choices(visit),
        "reward": chosen_reward(visit),
        "may_edit": visit.may(Right.EDIT_PROGRAM),
    }


def _where(told: QueryDict) -> str:
    """The rule that was asked for: as a text by a link, as rows or a text by the form."""
    if "where" in told:
        return str(told["where"]).strip()[:LONGEST_TEXT]
    meant = _RULE.meant(_fields(told), None, Known())
    return meant[:LONGEST_TEXT] if isinstance(meant, str) else ""


def _fields(told: QueryDict) -> Fields:
    return {name: [str(told.get(f"where:{name}", ""))] for name in ("mode", "rows", "text")}


def _builder(visit: Visit, where: str, sent: QueryDict) -> dict[str, object]:
    """What the builder of the designer needs to show a rule as rows."""
    program, speaker = visit.program, Speaker(visit.program, visit.language)
    levels = program.tiers.levels if program.tiers else ()
    names = {
        "tiers": tuple((level.id, speaker.name(level.name, level.id)) for level in levels),
        "segments": tuple(
            (id_, speaker.name(segment.name, id_)) for id_, segment in program.segments.items()
        ),
    }
    # A row without a value is in no text: it is shown as it was sent.
    fields = _fields(sent) if _RULE.is_unfinished(_fields(sent)) else {"text": [where]}
    told = builder_of(_RULE, fields, {}, Known(names=names))
    nothing = _("Say who is meant: add a condition, or begin with one of the examples.")
    return told | {"words": told["words"] | {"nothing": nothing}}


def _said(visit: Visit, refusal: Refusal) -> list[str]:
    """All that is wrong; several problems may be of the one field."""
    return [say(visit.language, each.text, **each.parameters) for each in refusal.problems]
