"""Filters for pages about accounts."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from fiel.web.ui.devices import device_name
from fiel.web.ui.letters import can_post

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """The browser and the system of a session, in words."""
    return device_name(user_agent) or _("Another device")


@register.simple_tag
def mail_is_set_up() -> bool:
    """Whether this server can send letters."""
    return can_post()
