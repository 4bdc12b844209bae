"""The own account: how a person is called, her language, where she is signed in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST

from fiel.staff.models import User
from fiel.web.accounts.adapters import remember_choice
from fiel.web.accounts.forms import ProfileForm


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "only who is signed in comes here"
    return request.user


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The own account at a glance; a form changes name and language."""
    user = _signed_in(request)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        response = HttpResponseRedirect(request.path)
        if user.language:
            remember_choice(response, user.language)
        with override(user.language or None):
            messages.success(request, _("Your account was changed."))
        return response
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    shown = {
        "form": form,
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "pending": EmailAddress.objects.filter(user=user, verified=False).first(),
        "sessions": UserSession.objects.filter(user=user).count(),
    }
    return render(request, "accounts/account.html", shown)


@login_required
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one of the own sessions out."""
    session = get_object_or_404(UserSession, pk=session_id, user=_signed_in(request))
    get_adapter().end_sessions([session])
    messages.success(request, _("The session was ended."))
    return HttpResponseRedirect(reverse("usersessions_list"))
