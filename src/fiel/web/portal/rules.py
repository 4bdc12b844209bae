"""The rules of the program, as a page and as a PDF, for anybody."""

from __future__ import annotations

import asyncio

from django.http import HttpResponse

from fiel.connect.materials.rules import rules_pdf as drawn_rules
from fiel.programs.queries import versions_before
from fiel.programs.words import rules_in_words
from fiel.web.portal.guest import Guest, portal_page
from fiel.web.ui.built import BUILT


@portal_page
async def rules(guest: Guest) -> HttpResponse:
    """The rules in force, in the page's language."""
    sections = rules_in_words(guest.program, guest.language)
    return guest.page("portal/rules.html", {"sections": sections})


@portal_page
async def rules_pdf(guest: Guest) -> HttpResponse:
    """The rules in force, to print or to keep."""
    async with guest.reading() as connection:
        [version] = await versions_before(connection, guest.program_id, None, limit=1)
    pdf = await asyncio.to_thread(
        drawn_rules, guest.program, guest.brand, guest.language,
        version=version.number,
        day=version.published_at.astimezone(guest.program.timezone).date(),
        fonts=BUILT / "fonts",
    )  # fmt: skip
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{guest.slug}.{guest.language}.pdf"'
    return response
