"""QR codes as drawings inside a page: nothing is loaded for them."""

from __future__ import annotations

from functools import lru_cache

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=512)
def qr_svg(content: str) -> SafeString:
    """A QR code, dark on white whatever the page's colours: readers want it so."""
    code = segno.make(content, error="m", micro=False)
    matrix = [list(row) for row in code.matrix]
    side = len(matrix) + 8
    path = "".join(
        f"M{x + 4} {y + 4}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    )
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" shape-rendering="crispEdges" aria-hidden="true">'
        '<path fill="#fff" d="M0 0h{}v{}H0z"/><path fill="#000" d="{}"/></svg>',
        side, side, side, side, mark_safe(path),  # noqa: S308 - made of digits above
    )  # fmt: skip
