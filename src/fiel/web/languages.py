"""The language of a page: what was chosen, else what the browser asks for, else Spanish."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from fiel.domain.language import DEFAULT_LANGUAGE

# The languages that pages are written in.
PAGE_LANGUAGES = ("es", "en")

_A_YEAR = 365 * 24 * 60 * 60


def page_language(request: HttpRequest) -> str:
    """The language to answer a request in."""
    for chosen in (
        request.GET.get("language"),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
    ):
        if chosen in PAGE_LANGUAGES:
            return chosen
    return _preferred(request.headers.get("accept-language", ""))


def remember_language(request: HttpRequest, response: HttpResponse) -> None:
    """Keep a language that was chosen by a link to a page; a file in it changes no page."""
    chosen = request.GET.get("language")
    is_page = response.get("Content-Type", "").startswith("text/html")
    if chosen in PAGE_LANGUAGES and is_page:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=_A_YEAR, httponly=True, samesite="Lax"
        )
    response["Content-Language"] = page_language(request)
    patch_vary_headers(response, ["Accept-Language", "Cookie"])


def _preferred(header: str) -> str:
    """The first of the browser's languages, by its weights, that there is."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")[:20]):
        name, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), place, name[:2].lower()))
        except ValueError:
            continue
    for _, _, language in sorted(wishes):
        if language in PAGE_LANGUAGES:
            return language
    return DEFAULT_LANGUAGE
