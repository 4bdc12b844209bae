"""Find every page that a person can come to by links, from the first on."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from django.urls import Resolver404, resolve

from tests.web.stage import Client

_LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)"')
# Parts that a page asks for when it stands: there are links in them too.
_PART = re.compile(r'\bhx-get="(/[^"#]*)"')
# Pages of one address that differ in what they show: each is a page of its own.
_TELLING = ("part", "name", "design", "kind")
# What is no page: files, and what ends the walk.
_NOT_WALKED = ("csv", "pdf", "png", "download", "export", "logout", "apple", "google")


def walked(client: Client, starts: Iterable[str], *, within: str) -> dict[str, str]:
    """The first address of each page that links lead to, by the page's name, in the order found."""
    found: dict[str, str] = {}
    ahead = list(starts)
    seen: set[str] = set()
    while ahead:
        path = ahead.pop(0)
        name = name_of(path)
        if path in seen or name is None or name in found or not path.startswith(within):
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status_code in (301, 302):
            ahead.append(answer.headers["location"])
            continue
        if answer.status_code != 200 or answer.text.lstrip()[:9].lower() != "<!doctype":
            continue
        found[name] = path
        ahead.extend(_links(client, answer.text))
    return found


def _links(client: Client, page: str) -> Iterator[str]:
    parts = [client.get(html.unescape(part)).text for part in _PART.findall(page)]
    for text in (page, *parts):
        yield from map(html.unescape, _LINK.findall(text))


def name_of(path: str) -> str | None:
    """How the page at an address is called; None where there is no page."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    if any(word in match.view_name for word in _NOT_WALKED):
        return None
    told = [str(match.kwargs[key]) for key in _TELLING if key in match.kwargs]
    return "-".join([match.view_name.replace(":", "-"), *told])
