"""The till's page, which a service worker keeps: it shows nothing of any program by itself."""

from __future__ import annotations

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from fiel.domain.language import say
from fiel.web.ui.built import BUILT, built_file


def _policy() -> dict[str, list[str]]:
    """The house's policy; where the browser reads no codes itself, what does is WebAssembly."""
    house: dict[str, list[str]] = settings.SECURE_CSP  # type: ignore[assignment]
    return {**house, "script-src": [CSP.SELF, CSP.WASM_UNSAFE_EVAL]}


@require_safe
@csp_override(_policy())
def till(request: HttpRequest) -> HttpResponse:
    """The page that is the till."""
    language = translation.get_language() or "es"
    response = render(request, "till/till.html", {"messages_json": _messages(language)})
    response["Permissions-Policy"] = "camera=(self)"
    # The merchant's own till software may open this page and hand a sale over.
    response["Cross-Origin-Opener-Policy"] = "unsafe-none"
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """What installs the till as an app."""
    icons = [
        {"src": f"/static/till-{size}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        | ({"purpose": "any maskable"} if size == 512 else {})
        for size in (192, 512)
    ]
    told = {
        "id": "/till/",
        "name": _("Till · Fiel"),
        "short_name": _("Till"),
        "start_url": "/till/",
        "scope": "/till/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0f766e",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; its address and scope never change."""
    response = HttpResponse(
        built_file("till-worker.js").read_bytes(), content_type="text/javascript"
    )
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/till/"
    return response


def _messages(language: str) -> dict[str, str]:
    """What the till's script says, in a language; what is the same in English is left out."""
    path = BUILT / "texts.json"
    if not path.exists():
        return {}
    known: list[str] = json.loads(path.read_text(encoding="utf-8")).get("till", [])
    said = {message: say(language, message) for message in known}
    return {message: text for message, text in said.items() if text != message}
