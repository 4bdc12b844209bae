"""The first run: whoever runs the server makes the first account."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from asgiref.sync import sync_to_async
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from fiel.domain.language import say
from fiel.domain.refusal import Refusal
from fiel.staff.first_run import create_first_account, is_first_run_token
from fiel.staff.memberships import is_anybody_here
from fiel.staff.models import User
from fiel.web.doors import database
from fiel.web.ui.new_account import JoinForm

_FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")
_OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")


class OwnerForm(JoinForm):
    """Who runs the shop."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the library does
        super().__init__(*args, user=User(), **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "form-control")


@never_cache
async def first_run(request: HttpRequest) -> HttpResponse:
    """Make the first account; whoever comes later is led to sign in."""
    if isinstance(await request.auser(), User):
        return HttpResponseRedirect(reverse("new-program"))
    async with database().owner() as owner:
        if await is_anybody_here(owner):
            return HttpResponseRedirect(reverse("account_login"))
    token = request.POST.get("token") or request.GET.get("token", "")
    if not is_at_the_machine(request) and not is_first_run_token(token, settings.SECRET_KEY):
        return render(
            request, "console/start/not_here.html", {"was_wrong": bool(token)}, status=403
        )
    form = OwnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and await sync_to_async(form.is_valid)():
        response = await _make(request, form)
        if response is not None:
            return response
    return render(request, "console/start/owner.html", {"form": form, "token": token})


def is_at_the_machine(request: HttpRequest) -> bool:
    """Whether a request comes from the machine that serves it, and from no proxy on it.

    Its host is looked at too: a page of another site may send a browser here under its own name.
    """
    if any(request.META.get(header) for header in _FORWARDED):
        return False
    host = request.get_host().rsplit(":", 1)[0] if ":" in request.get_host() else request.get_host()
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and host in _OWN_NAMES


async def _make(request: HttpRequest, form: OwnerForm) -> HttpResponse | None:
    told = form.cleaned_data
    password = await sync_to_async(make_password)(told["password1"])
    try:
        async with database().owner() as owner:
            user_id = await create_first_account(
                owner, email=told["email"], name=told["name"], password_hash=password,
                language=get_language() or "", now=datetime.now(UTC),
            )  # fmt: skip
    except Refusal as refusal:
        for problem in refusal.problems:
            form.add_error("email", say(get_language() or "es", problem.text))
        return None
    if user_id is None:
        return HttpResponseRedirect(reverse("account_login"))
    user = await User.objects.aget(id=user_id)
    login = Login(user=user, email=user.email, redirect_url=reverse("new-program"))
    signed_in: HttpResponse = await sync_to_async(perform_password_login)(
        request, {"email": user.email}, login
    )
    return signed_in
