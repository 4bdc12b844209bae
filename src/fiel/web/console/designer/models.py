"""The models to start from, and to put into a program that there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.language import LANGUAGES, say
from fiel.domain.program import Program
from fiel.programs.editing.joining import Joined, joined
from fiel.programs.editing.known import known_in
from fiel.programs.editing.written import Written
from fiel.programs.starting_points import MODELS, model_title, starting_point, starting_points
from fiel.programs.words import rules_in_words
from fiel.staff.roles import Right
from fiel.web.console.designer.desk import Desk, changed, desk_of, read_source
from fiel.web.console.designer.signs import Sign
from fiel.web.console.designer.views import framed
from fiel.web.ui.visit import Visit, console_page

SIGNS = {
    "points": Sign(icon="coins"),
    "stamp-card": Sign(icon="rubber-stamp"),
    "cashback": Sign(icon="cash"),
    "coupons": Sign(icon="ticket"),
    "spend-levels": Sign(icon="flag"),
    "tiers": Sign(icon="stairs-up"),
    "buy-x-get-y": Sign(icon="shopping-bag-plus"),
    "gift-card": Sign(icon="gift-card"),
    "club": Sign(icon="users-group"),
}


@dataclass(frozen=True)
class ModelView:
    """A model as a page offers it."""

    name: str
    title: str
    promise: str
    icon: str
    rules: Sequence[str]


@console_page(Right.SEE_PROGRAM)
async def models(visit: Visit) -> HttpResponse:
    """The nine models, each with its promise; one is taken by a form."""
    if visit.request.method == "POST":
        if not visit.may(Right.EDIT_PROGRAM):
            return visit.page("ui/forbidden.html", status=403)
        return await _taken(visit)
    desk = await desk_of(visit)
    context = {**framed(desk)} if desk else {"can_edit": visit.may(Right.EDIT_PROGRAM)}
    return visit.page(
        "console/designer/models.html",
        {**context, "models": _views(visit), "has_document": desk is not None},
    )


async def _taken(visit: Visit) -> HttpResponse:
    name = visit.request.POST.get("model", "")
    if name not in MODELS:
        raise Http404
    came: list[Joined] = []

    def changing(written: Written | None) -> Written:
        if written is None:
            return Written(_model(visit, name, None).source)
        came[:] = [joined(written, _model(visit, name, written))]
        return came[0].written

    after = await changed(visit, changing)
    await visit.note("program.model-added", about=f"model:{name}")
    title = model_title(name, visit.language)
    if not came:
        visit.say(_("“%(model)s” is your draft now. Change what you like.") % {"model": title})
        return visit.back("designer")
    if not came[0].added:
        visit.say(_("Everything of “%(model)s” is in your program already.") % {"model": title})
        return visit.back("designer-models")
    visit.say(
        _("“%(model)s” is in your draft: %(added)s.")
        % {"model": title, "added": ", ".join(_titles(after, came[0].added))}
    )
    if left := _titles(after, came[0].kept):
        visit.say(_("Already there, and kept as it is: %(kept)s.") % {"kept": ", ".join(left)})
    return visit.back("designer")


def _model(visit: Visit, name: str, written: Written | None) -> Written:
    known = known_in(written.said, visit.language, visit.now.date()) if written else None
    language = known.locale if known else visit.language
    point = starting_point(
        name,
        language if language in LANGUAGES else "es",
        slug=visit.slug,
        shop=visit.known.name,
        currency=known.currency if known and known.currency else "EUR",
    )
    return Written(point.source)


def _views(visit: Visit) -> list[ModelView]:
    views = []
    for point in starting_points(visit.language):
        program, _findings = read_source(Written(point.source), visit)
        title, icon = model_title(point.name, visit.language), SIGNS[point.name].icon
        rules = _rules(program, visit.language)
        views.append(ModelView(point.name, title, point.promise, icon, rules))
    return views


def _rules(program: Program | None, language: str) -> list[str]:
    if program is None:
        return []
    return [text for section in rules_in_words(program, language) for text in section.paragraphs]


def _titles(desk: Desk, things: Sequence[tuple[str, str]]) -> list[str]:
    """What people call what came in or stayed."""
    named = {
        "tiers": say(desk.visit.language, "Tiers"),
        "referral": say(desk.visit.language, "Bring a friend"),
        "pay_with_points": say(desk.visit.language, "Paying with points"),
    }
    return [
        dict(desk.known.named(key)).get(identifier) or named.get(identifier, identifier)
        for key, identifier in things
    ]
