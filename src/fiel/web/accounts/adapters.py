"""What django-allauth asks us: who may sign up, what is said, how letters and secrets are kept."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from fiel.staff.models import User
from fiel.web.languages import PAGE_LANGUAGES
from fiel.web.ui.letters import LETTERS, post_letter
from fiel.web.ui.links import outward

_MESSAGES = {
    "account/messages/password_changed.txt": gettext_noop("Your password was changed."),
    "account/messages/password_set.txt": gettext_noop("Your password was changed."),
    "account/messages/email_confirmation_sent.txt": gettext_noop(
        "We sent you a letter. Follow its link to confirm the address."
    ),
    "account/messages/email_confirmed.txt": gettext_noop("The address is confirmed."),
    "account/messages/email_confirmation_failed.txt": gettext_noop(
        "This address cannot be confirmed: another account uses it."
    ),
    "account/messages/email_deleted.txt": gettext_noop("The change was called off."),
    "mfa/messages/totp_activated.txt": gettext_noop("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": gettext_noop("The authenticator app was removed."),
    "mfa/messages/recovery_codes_generated.txt": gettext_noop("New recovery codes were made."),
    "mfa/messages/webauthn_added.txt": gettext_noop("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": gettext_noop("The passkey was removed."),
    "usersessions/messages/sessions_logged_out.txt": gettext_noop(
        "All your other sessions were ended."
    ),
}
_METHODS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
_A_YEAR = 365 * 24 * 60 * 60


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by invitation; letters and texts are ours."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail or the password is not right."),
        "incorrect_password": _("The password is not right."),
        "enter_current_password": _("This is not your current password."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "incorrect_code": _("The code is not right."),
        "duplicate_email": _("This is your address already."),
        "email_taken": _("This address cannot be used."),
        "invalid_password_reset": _("The link does not work any more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Nobody signs up by herself."""
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say one of our texts; what has none is not worth saying."""
        ours = _MESSAGES.get(message_template or "")
        text = message or (gettext(ours) if ours else "")
        if text:
            messages.add_message(request, level, text, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Post one of our letters; what we have no letter for is not sent."""
        letter = LETTERS.get(template_prefix)
        if letter is not None:
            post_letter(email, letter, context)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where a letter leads who wants a new password."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return outward(self.request, path.replace("UID-KEY", key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ANN401
        """Where a letter leads who confirms an address."""
        return outward(request, reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        """Where to go from a changed password."""
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ANN401, ARG002
        """Where to go from a confirmed address."""
        return reverse("account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """The ways to prove again who one is, in our words."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**method, "description": _METHODS[method["id"]]} for method in methods]

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:  # noqa: ANN401
        """Go on in the language that the person has chosen."""
        response: HttpResponse = super().post_login(request, user, **told)
        if user.language in PAGE_LANGUAGES:
            remember_choice(response, user.language)
        return response


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: their secrets are kept encrypted, and their site is the configured one."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right."),
        "unverified_email": _("Confirm your new e-mail address first."),
    }

    @cached_property
    def _safe(self) -> Fernet:
        digest = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        """A secret as the database keeps it."""
        return self._safe.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret as it is."""
        return self._safe.decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: User, type: Any) -> str:  # noqa: ANN401
        """What to call a passkey unless the person says otherwise."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site that a passkey is for."""
        configured = urlsplit(settings.PUBLIC_URL or "").hostname
        host = allauth_context.request.get_host().partition(":")[0]
        return {"id": configured or host, "name": "Fiel"}


def remember_choice(response: HttpResponse, language: str) -> None:
    """Let pages speak a language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=_A_YEAR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
