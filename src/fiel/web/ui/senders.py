"""What this server can send by: mail and text messages, as they are set up."""

from __future__ import annotations

import os

from django.conf import settings

from fiel.connect.texting import gateway_of


def mail_can_be_sent() -> bool:
    """Whether a mail server is set up."""
    told = getattr(settings, "MAILERS", {}).get("default", {})
    return bool(told.get("OPTIONS", {}).get("host"))


def texts_can_be_sent() -> bool:
    """Whether a gateway for text messages is set up."""
    return gateway_of(os.environ) is not None
