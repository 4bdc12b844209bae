"""Materials to print, to show and to send, made from the program in force."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from fiel.connect.materials.designs import DESIGNS, Design, Look
from fiel.connect.materials.wording import wording_of
from fiel.programs.brand import brand_of, logo_of
from fiel.staff.roles import Right
from fiel.web.languages import PAGE_LANGUAGES
from fiel.web.ui.built import BUILT
from fiel.web.ui.context import NAMES
from fiel.web.ui.links import outward
from fiel.web.ui.senders import mail_can_be_sent, texts_can_be_sent
from fiel.web.ui.visit import Visit, console_page

_ONLY_HERE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - nothing listens here
_SHOWN = 480  # pixels across, on the page


@console_page(Right.MAKE_MATERIALS)
async def materials(visit: Visit) -> HttpResponse:
    """Everything there is, as it will look."""
    language = _language(visit)
    version = "" if visit.published is None else visit.published.number
    context: dict[str, object] = {
        "designs": [
            {
                "name": design.name,
                "title": _(design.title),
                "use": _(design.use),
                "query": f"?in={language}&v={version}",
                "shown": f"?in={language}&v={version}&width={_SHOWN}",
            }
            for design in DESIGNS.values()
        ],
        "chosen": language,
        "choices": [(code, NAMES[code]) for code in PAGE_LANGUAGES],
        "join": _join(visit),
        "rules": reverse("portal:rules", args=[visit.slug]),
        # What is printed now is read on other devices, for years.
        "is_only_here": urlsplit(_join(visit)).hostname in _ONLY_HERE,
        "can_join": visit.known.sandbox or mail_can_be_sent() or texts_can_be_sent(),
    }
    return visit.page("console/materials/materials.html", context)


@console_page(Right.MAKE_MATERIALS)
async def material_pdf(visit: Visit, design: str) -> HttpResponse:
    """A material as a PDF, ready to print."""
    look = await _look(visit)
    drawn = await asyncio.to_thread(lambda: _design(design).drawn(look).pdf())
    await visit.note("materials.made", f"material:{design}")
    return _file(drawn, "application/pdf", f"{visit.slug}-{design}.pdf")


@console_page(Right.MAKE_MATERIALS)
async def material_png(visit: Visit, design: str) -> HttpResponse:
    """A material as a picture; narrower where the page asks for it to be shown."""
    wanted = _design(design)
    look = await _look(visit)
    told = visit.request.GET.get("width", "")
    pixels = min(int(told), wanted.pixels) if told.isdecimal() and len(told) < 5 else wanted.pixels
    drawn = await asyncio.to_thread(lambda: wanted.drawn(look).png(max(pixels, 60)))
    return _file(drawn, "image/png", f"{visit.slug}-{design}.png", shown=bool(told))


@console_page(Right.MAKE_MATERIALS)
async def email(visit: Visit) -> HttpResponse:
    """The e-mail that invites: as it looks, and to copy."""
    html = await _email(visit)
    letter = await _email(visit, "console/materials/letter_body.html")
    context: dict[str, object] = {
        "html": html, "letter": letter, "chosen": _language(visit),
        "choices": [(code, NAMES[code]) for code in PAGE_LANGUAGES],
    }  # fmt: skip
    return visit.page("console/materials/email.html", context)


@console_page(Right.MAKE_MATERIALS)
async def email_html(visit: Visit) -> HttpResponse:
    """The e-mail as a file."""
    html = await _email(visit)
    return _file(html.encode(), "text/html; charset=utf-8", f"{visit.slug}-email.html")


async def _email(visit: Visit, template: str = "console/materials/letter.html") -> str:
    look = await _look(visit)
    told = {"look": look, "words": look.words, "brand": look.brand}
    return render_to_string(template, told)


async def _look(visit: Visit) -> Look:
    async with visit.reading() as connection:
        brand = await brand_of(connection, visit.program_id)
        logo = await logo_of(connection, visit.program_id)
    rules = outward(visit.request, reverse("portal:rules", args=[visit.slug]))
    words = wording_of(
        visit.program, _language(visit), shop=brand.name, address=rules.split("://", 1)[-1]
    )
    return Look(brand, words, _join(visit), BUILT / "fonts", logo.content if logo else None)


def _design(name: str) -> Design:
    if name not in DESIGNS:
        raise Http404
    return DESIGNS[name]


def _language(visit: Visit) -> str:
    """The language of the materials: as asked for, else the program's, else the page's."""
    told = visit.request.GET.get("in", visit.program.locale)
    return told if told in PAGE_LANGUAGES else visit.language


def _join(visit: Visit) -> str:
    return outward(visit.request, reverse("portal:welcome", args=[visit.slug]))


def _file(content: bytes, kind: str, name: str, *, shown: bool = False) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    place = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{place}; filename="{name}"'
    response["Cache-Control"] = "private, max-age=300"
    return response
