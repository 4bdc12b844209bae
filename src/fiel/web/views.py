"""The first pages: the sandbox programs of this server, and how each stands.

Nobody has signed in here yet, so only sandbox programs are shown: a live program's figures are
its merchant's.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fiel.domain.language import LANGUAGES, N_, say
from fiel.insights.summary import program_summary
from fiel.ledger.scope import program_transaction
from fiel.programs.known import KnownProgram, known_programs
from fiel.web.doors import database, versions
from fiel.web.languages import page_language, remember_language
from fiel.web.summary_page import summary_page

_NAMES = {"es": "Español", "en": "English", "pt": "Português"}
_STEPS = (
    (N_("See a shop with a year of real sales"), "fiel demo"),
    (N_("Write a program of your own"), "fiel program new FILE"),
    (N_("Try it out"), "fiel program apply FILE --sandbox --yes"),
)


async def programs(request: HttpRequest) -> HttpResponse:
    """The sandbox programs; the only one opens at once."""
    found = await _sandboxes()
    if len(found) == 1:
        return HttpResponseRedirect(reverse("program", args=[found[0].slug]))
    language = page_language(request)
    return _page(
        request,
        "fiel/programs.html",
        {
            "title": say(language, "Programs to try out"),
            "programs": found,
            "empty": say(language, "There is no program to try out yet."),
            "steps": [
                {"text": say(language, text), "command": command} for text, command in _STEPS
            ],
        },
    )


async def program_page(request: HttpRequest, slug: str) -> HttpResponse:
    """A sandbox program at a glance."""
    known = next((one for one in await _sandboxes() if one.slug == slug), None)
    if known is None or known.version is None:
        raise Http404
    async with database().connection() as connection:
        async with program_transaction(connection, known.id):
            published = await versions().in_force(connection, known.id)
        program = published.program
        summary = await program_summary(
            connection, program_id=known.id, program=program, now=published.now(datetime.now(UTC))
        )
    language = page_language(request)
    return _page(
        request,
        "fiel/summary.html",
        {
            "page": summary_page(summary, program, language),
            "as_list": say(language, "The same as a list"),
        },
    )


async def _sandboxes() -> list[KnownProgram]:
    async with database().owner() as owner:
        return [known for known in await known_programs(owner) if known.sandbox]


def _page(request: HttpRequest, template: str, content: dict[str, object]) -> HttpResponse:
    language = page_language(request)
    context = {
        **content,
        "language": language,
        "language_label": say(language, "Language"),
        "languages": [{"code": code, "name": _NAMES[code]} for code in LANGUAGES],
    }
    response = render(request, template, context)
    remember_language(request, response)
    return response
