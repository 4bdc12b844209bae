"""The way on from a page that cannot be shown."""

from __future__ import annotations

import re

from django import template

register = template.Library()

# The pages of members and those of the console each begin at an address of their own.
_BEGINNING = re.compile(r"(/(?:m|console)/[a-z0-9-]+/).")


@register.filter
def beginning(path: str) -> str:
    """Where the face begins that an address belongs to; "/" for the beginning itself."""
    found = _BEGINNING.match(path)
    return found[1] if found else "/"
