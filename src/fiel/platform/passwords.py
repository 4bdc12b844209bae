"""Passwords that the command line sets: held to the same rules as those that people choose."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, Invalid
from fiel.platform.schema import set_django_up


def hashed(password: str, *, email: str, language: str) -> str:
    """What is kept of a password.

    Raises:
        Invalid: it is too short, too common, or too much like the address.
    """
    set_django_up()
    # Django's applications are loaded by now, and not before.
    from fiel.staff.models import User  # noqa: PLC0415

    try:
        with translation.override(language):
            validate_password(password, User(email=email))
    except ValidationError as error:
        problems = [FieldProblem("password", code, text) for code, text in _told(error)]
        raise Invalid(N_("Some fields are not valid."), problems=problems) from error
    return make_password(password)


def _told(error: ValidationError) -> list[tuple[str, str]]:
    return [(each.code or "invalid", " ".join(each.messages)) for each in error.error_list]
