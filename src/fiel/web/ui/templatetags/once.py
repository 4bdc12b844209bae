"""The id of what a form asks for, which it carries."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fiel.ledger.ids import new_id
from fiel.web.ui.once import FIELD

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """The hidden field by which a form that is sent twice is carried out once."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_id())
