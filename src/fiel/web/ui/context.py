"""What every template knows."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import translation

from fiel.web.languages import PAGE_LANGUAGES

NAMES = {"es": "Español", "en": "English", "pt": "Português"}


def of_every_page(request: HttpRequest) -> dict[str, object]:
    """The page's language, and the others with the address of the same page in them."""
    query = request.GET.copy()
    languages = []
    for code in PAGE_LANGUAGES:
        query["language"] = code
        languages.append({"code": code, "name": NAMES[code], "query": query.urlencode()})
    return {"language": translation.get_language() or "es", "languages": languages}
