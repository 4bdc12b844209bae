"""The forms of accounts: django-allauth's, in our words and with one field for a new password."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from fiel.staff.models import User
from fiel.web.languages import PAGE_LANGUAGES
from fiel.web.ui.context import NAMES
from fiel.web.ui.new_account import plainly


class SignInForm(account.LoginForm):  # type: ignore[misc]
    """Sign in by e-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the library does
        super().__init__(*args, **kwargs)
        plainly(self, login=_("E-mail"), password=_("Password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    """Say the password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, password=_("Password"))


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, email=_("E-mail"))


class NewPasswordForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choose a password after a link was followed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, password1=_("New password"))


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    """Change the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, oldpassword=_("Current password"), password1=_("New password"))


class SetPasswordForm(account.SetPasswordForm):  # type: ignore[misc]
    """Choose a first password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, password1=_("New password"))


class ChangeEmailForm(account.AddEmailForm):  # type: ignore[misc]
    """Change the e-mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, email=_("New e-mail"))


class SecondFactorForm(mfa.AuthenticateForm):  # type: ignore[misc]
    """Say the code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, code=_("Code"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SecondFactorAgainForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    """Say a code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, code=_("Code"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class ActivateAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    """Prove that the authenticator app knows the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, code=_("Code that the app shows"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Add a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(
            self,
            name=_("What to call it"),
            passwordless=_("Sign in with it alone, without a password"),
        )
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    """Call a passkey something else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self, name=_("What to call it"))


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """How a person is called, and the language that she reads."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("As the browser says")), *((code, NAMES[code]) for code in PAGE_LANGUAGES)],
    )

    class Meta:
        """Of an account, what she may write herself."""

        model = User
        fields = ("name", "language")
