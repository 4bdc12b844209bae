"""Every page that there is, found by its address: none can be left out by forgetting it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# What answers forms, files and parts of pages, and no page of its own.
_NO_PAGES = (
    "csv", "pdf", "png", "json", "download", "export", "logo", "manifest", "worker", "sw", "part",
)  # fmt: skip


def console_pages() -> list[str]:
    """The names of the console's pages that need nothing but the program's slug."""
    resolver = next(
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.namespace == "console"
    )
    return sorted(
        {
            pattern.name
            for pattern, parameters in _patterns(resolver)
            if pattern.name and not parameters and not _is_no_page(pattern.name)
        }
    )


def _patterns(resolver: URLResolver) -> Iterator[tuple[URLPattern, int]]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _patterns(each)
        else:
            yield each, len(each.pattern.converters)


def _is_no_page(name: str) -> bool:
    return any(part in _NO_PAGES for part in name.replace("_", "-").split("-"))
