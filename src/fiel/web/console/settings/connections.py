"""What outside this server is set up to use, and what is missing where it is not."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from fiel.connect.wallets.apple_signing import AppleTrouble, apple_signer
from fiel.connect.wallets.google import GoogleTrouble, google_account
from fiel.domain.language import say
from fiel.web.ui.senders import mail_can_be_sent, texts_can_be_sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """Something outside: what it is for, or what to set so that it can be used."""

    icon: str
    title: str
    is_on: bool
    text: str
    variables: tuple[str, ...] = ()


def connections(language: str) -> list[Connection]:
    """Mail, text messages and wallets, each as it stands."""
    return [_mail(), _texts(), _apple(language), _google(language)]


def _mail() -> Connection:
    if mail_can_be_sent():
        text = _("Codes to sign in, invitations and new passwords go by mail.")
        return Connection(icon="mail", title=_("E-mail"), is_on=True, text=text)
    return Connection(
        icon="mail",
        title=_("E-mail"),
        is_on=False,
        text=_("Name a mail server, so that members can join and sign in by e-mail."),
        variables=("FIEL_SMTP_URL", "FIEL_MAIL_FROM"),
    )


def _texts() -> Connection:
    if texts_can_be_sent():
        text = _("Members can join and sign in by their mobile.")
        return Connection(icon="message", title=_("Text messages"), is_on=True, text=text)
    return Connection(
        icon="message",
        title=_("Text messages"),
        is_on=False,
        text=_("Name a gateway, so that members can join and sign in by their mobile."),
        variables=("FIEL_SMS_URL",),
    )


def _apple(language: str) -> Connection:
    trouble = ""
    try:
        is_on = apple_signer() is not None
    except AppleTrouble as found:
        is_on, trouble = False, say(language, str(found))
    variables: tuple[str, ...] = ()
    if not is_on:
        text = trouble or _("Get a Pass Type ID certificate from Apple, and name its file here.")
        variables = ("FIEL_APPLE_PASS", "FIEL_APPLE_PASS_PASSWORD", "FIEL_APPLE_WWDR")
    elif (settings.PUBLIC_URL or "").startswith("https://"):
        text = _("Members can add their card. Phones are told of a new balance at once.")
    else:
        text = _("Members can add their card. To follow the balance, phones need an https address.")
        variables = ("FIEL_URL",)
    return Connection(
        icon="brand-apple", title="Apple Wallet", is_on=is_on, text=text, variables=variables
    )


def _google(language: str) -> Connection:
    trouble = ""
    try:
        is_on = google_account() is not None
    except GoogleTrouble as found:
        is_on, trouble = False, say(language, str(found))
    if is_on:
        text = _("Members can add their card.")
    else:
        text = trouble or _("Get an issuer account and a service account, and name them here.")
    return Connection(
        icon="brand-google",
        title="Google Wallet",
        is_on=is_on,
        text=text,
        variables=() if is_on else ("FIEL_GOOGLE_ISSUER", "FIEL_GOOGLE_WALLET", "FIEL_URL"),
    )
