"""The member's card, which works without a network, and what a phone installs the page by."""

from __future__ import annotations

import hashlib
import json
import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from fiel.programs.brand import logo_of
from fiel.programs.logos import square_icon
from fiel.web.portal.guest import Guest, member_page, portal_page
from fiel.web.portal.passes import card_of
from fiel.web.portal.wallets import apple_now, google_now
from fiel.web.ui.built import asset, built_file
from fiel.web.ui.qr import qr_svg

ICONS = (192, 512)
_A_DAY = 24 * 60 * 60
# Where the built worker's list of files goes, however the build quotes it.
_FILES = re.compile(r"""["'`]__FILES__["'`]""")


@member_page
async def card(guest: Guest) -> HttpResponse:
    """The card: what to hold out at the till."""
    context = {
        "qr": qr_svg(card_of(guest.member)),
        "number": guest.member.person.card or "",
        "apple": apple_now() is not None,
        "google": google_now() is not None,
        "is_new": "new" in guest.request.GET,
    }
    return guest.page("portal/card.html", context)


@portal_page
async def logo(guest: Guest) -> HttpResponse:
    """The merchant's logo; without one, the first letter of its name on its colour."""
    async with guest.reading() as connection:
        kept = await logo_of(connection, guest.program_id)
    content = kept.content if kept else _icon(guest, None, 256)
    return _picture(guest.request, content)


@portal_page
async def app_icon(guest: Guest, size: int) -> HttpResponse:
    """The picture for a phone's home screen."""
    if size not in ICONS:
        raise Http404
    async with guest.reading() as connection:
        kept = await logo_of(connection, guest.program_id)
    return _picture(guest.request, _icon(guest, kept.content if kept else None, size))


@portal_page
async def manifest(guest: Guest) -> HttpResponse:
    """What a phone needs to install the page as an app."""
    brand = guest.brand
    version = brand.logo_version or brand.color.lstrip("#")
    told = {
        "id": guest.address("home"),
        "name": brand.name,
        "short_name": brand.name[:12].strip(),
        "start_url": guest.address("home"),
        "scope": guest.address("home"),
        "display": "standalone",
        "background_color": brand.color,
        "theme_color": brand.color,
        "lang": guest.language,
        "icons": [
            {
                "src": f"{guest.address('app-icon', size)}?v={version}",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in ICONS
        ],
        "shortcuts": [
            {"name": _("My card"), "url": guest.address("card")},
            {"name": _("Rewards"), "url": guest.address("rewards")},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@portal_page
async def worker(guest: Guest) -> HttpResponse:
    """The script that keeps the card at hand where there is no network."""
    built = asset("portal")
    kept = [built.script, *built.styles, *built.preloads, "/static/theme.js"]
    script = built_file("portal-worker.js").read_text(encoding="utf-8")
    version = hashlib.sha256("\n".join([script, *kept]).encode()).hexdigest()[:12]
    # Address and version are made of letters, digits, dashes and slashes: they need no quoting.
    script = script.replace("__SCOPE__", guest.address("home")).replace("__VERSION__", version)
    script = _FILES.sub(lambda _place: json.dumps(kept), script)
    response = HttpResponse(script, content_type="text/javascript")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = guest.address("home")
    return response


def _icon(guest: Guest, kept: bytes | None, size: int) -> bytes:
    return square_icon(guest.brand.name, guest.brand.color, guest.brand.on_color, kept, size)


def _picture(request: HttpRequest, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="image/png")
    # With its version in the address it is that picture for ever.
    seconds = 365 * _A_DAY if "v" in request.GET else _A_DAY // 24
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
