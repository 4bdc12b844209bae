"""Letters about accounts: one sheet for all of them, posted beside the page that asks for one."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, gettext_noop

_log = logging.getLogger(__name__)
# A page that posts a letter answers as fast as one that does not: nobody learns from it whether
# there is an account.
_postmen = ThreadPoolExecutor(max_workers=2, thread_name_prefix="fiel-mail")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, as message ids; `link` names what its button leads to."""

    subject: str
    says: tuple[str, ...]
    button: str = ""
    link: str = ""


_NOT_YOU = gettext_noop(
    "If this was not you, change your password and tell an owner of your program."
)

LETTERS: Mapping[str, Letter] = {
    "account/email/password_reset_key": Letter(
        gettext_noop("Choose a new password"),
        (
            gettext_noop("Somebody asked for a new password for this account. Choose it here:"),
            gettext_noop("The link works for four hours. If it was not you, do nothing."),
        ),
        gettext_noop("Choose a new password"),
        "password_reset_url",
    ),
    "account/email/email_confirmation": Letter(
        gettext_noop("Confirm your e-mail address"),
        (
            gettext_noop("Confirm that this address is yours, and your account will use it."),
            gettext_noop("If you did not ask for this, do nothing."),
        ),
        gettext_noop("Confirm the address"),
        "activate_url",
    ),
    "account/email/password_changed": Letter(
        gettext_noop("Your password was changed"),
        (gettext_noop("The password of your account was changed."), _NOT_YOU),
    ),
    "account/email/password_reset": Letter(
        gettext_noop("Your password was changed"),
        (gettext_noop("The password of your account was changed by a link."), _NOT_YOU),
    ),
    "account/email/password_set": Letter(
        gettext_noop("Your account has a password"),
        (gettext_noop("A password was chosen for your account."), _NOT_YOU),
    ),
    "account/email/email_changed": Letter(
        gettext_noop("Your e-mail address was changed"),
        (gettext_noop("Your account uses another e-mail address from now on."), _NOT_YOU),
    ),
    "mfa/email/totp_activated": Letter(
        gettext_noop("An authenticator app was added"),
        (gettext_noop("Your account asks for a code of your authenticator app now."), _NOT_YOU),
    ),
    "mfa/email/totp_deactivated": Letter(
        gettext_noop("The authenticator app was removed"),
        (gettext_noop("Your account asks for no code of an app any more."), _NOT_YOU),
    ),
    "mfa/email/webauthn_added": Letter(
        gettext_noop("A passkey was added"),
        (gettext_noop("A passkey was added to your account."), _NOT_YOU),
    ),
    "mfa/email/webauthn_removed": Letter(
        gettext_noop("A passkey was removed"),
        (gettext_noop("A passkey of your account was removed."), _NOT_YOU),
    ),
    "mfa/email/recovery_codes_generated": Letter(
        gettext_noop("New recovery codes were made"),
        (gettext_noop("The former recovery codes of your account work no more."), _NOT_YOU),
    ),
}
INVITATION = Letter(
    gettext_noop("Join the staff of %(program)s"),
    (
        gettext_noop("%(who)s invites you to work with %(program)s, the loyalty program."),
        gettext_noop("The link works once, for seven days."),
    ),
    gettext_noop("Join"),
    "url",
)


def can_post() -> bool:
    """Whether letters can be sent: a mail server is set up, and an address that links lead to."""
    return bool(settings.MAIL_IS_SET_UP)


def post_letter(to: str, letter: Letter, told: Mapping[str, object]) -> bool:
    """Post a letter in the language of the page, and do not wait for it; False without a server.

    `told` fills the places of its texts, and has what its button leads to.
    """
    if not can_post():
        return False
    words = {
        "language": get_language() or "es",
        "subject": gettext(letter.subject) % told,
        "says": [gettext(text) % told for text in letter.says],
        "button": gettext(letter.button) if letter.button else "",
        "url": told.get(letter.link, "") if letter.link else "",
    }
    message = EmailMultiAlternatives(
        str(words["subject"]), render_to_string("accounts/letter.txt", words), to=[to]
    )
    message.attach_alternative(render_to_string("accounts/letter.html", words), "text/html")
    _postmen.submit(_deliver, message)
    return True


def _deliver(message: EmailMultiAlternatives) -> None:
    try:
        message.send()
    except OSError:  # what smtplib raises is one too
        _log.exception("A letter could not be sent.")
