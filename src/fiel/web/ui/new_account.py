"""The form by which an account is made, and how all forms of accounts look."""

from __future__ import annotations

from typing import Any

from allauth.account.fields import SetPasswordField
from django import forms
from django.utils.translation import gettext_lazy as _

from fiel.staff.models import User

_GOOD_PASSWORD = _("At least 10 characters. A few words that only you would put together are best.")


def plainly(form: forms.Form, **labels: object) -> None:
    """Name fields above them and nowhere else, and ask for a new password once: it can be shown."""
    form.fields.pop("password2", None)
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.help_text = ""
        if name in labels:
            field.label = labels[name]  # type: ignore[assignment]
        if isinstance(field.widget, forms.PasswordInput):
            field.widget.attrs["data-reveal"] = _("Show the password")
    if "password1" in form.fields:
        form.fields["password1"].help_text = _GOOD_PASSWORD


class JoinForm(forms.Form):
    """A new account for somebody who was invited."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    password1 = SetPasswordField(label=_("Password"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        plainly(self)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["password1"].user = user  # type: ignore[attr-defined]
