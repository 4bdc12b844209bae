"""How one-time codes reach people: by mail, by text message, or, in a sandbox, on the page."""

from __future__ import annotations

import asyncio
import logging
import os

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from fiel.connect.texting import TextNotSent, gateway_of
from fiel.members.references import KeyKind, MemberKey
from fiel.web.portal.guest import Guest
from fiel.web.ui.senders import mail_can_be_sent, texts_can_be_sent

_log = logging.getLogger(__name__)


class NotSent(Exception):
    """A code could not be sent now; it may be another time."""


def ways_to_send(guest: Guest) -> frozenset[KeyKind]:
    """By what a code can reach somebody. In a sandbox the page shows it, whatever is set up."""
    if guest.known.sandbox:
        return frozenset({KeyKind.EMAIL, KeyKind.PHONE})
    found = set()
    if mail_can_be_sent():
        found.add(KeyKind.EMAIL)
    if texts_can_be_sent():
        found.add(KeyKind.PHONE)
    return frozenset(found)


async def send_code(guest: Guest, contact: MemberKey, code: str) -> None:
    """Send a code to whoever has the contact; a sandbox sends nothing.

    Raises:
        NotSent: the mail server or the gateway did not take it.
    """
    if guest.known.sandbox:
        return
    try:
        if contact.kind is KeyKind.EMAIL:
            await asyncio.to_thread(_mail, guest, contact.value, code)
        else:
            gateway = gateway_of(os.environ)
            assert gateway is not None, "what is not set up is not offered"
            await gateway.send(contact.value, _text(guest, code))
    except (OSError, TextNotSent) as failure:  # smtplib's faults are OSErrors
        _log.warning("a sign-in code was not sent: %s", type(failure).__name__)
        raise NotSent from failure


def _text(guest: Guest, code: str) -> str:
    host = guest.request.get_host().partition(":")[0]
    words = _("{code} is your code for {name}. It lasts 10 minutes. Give it to nobody.")
    # The last line is what phones read to fill the code in by themselves.
    return f"{words.format(code=code, name=guest.brand.name)}\n\n@{host} #{code}"


def _mail(guest: Guest, address: str, code: str) -> None:
    told = {"code": code, "brand": guest.brand, "language": guest.language}
    subject = _("{code} is your code for {name}").format(code=code, name=guest.brand.name)
    letter = EmailMultiAlternatives(
        subject, render_to_string("portal/mail/code.txt", told), to=[address]
    )
    letter.attach_alternative(render_to_string("portal/mail/code.html", told), "text/html")
    letter.send()
