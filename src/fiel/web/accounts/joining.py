"""Join a staff by the link of an invitation: with an account, or by making one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from fiel.domain.refusal import Refusal
from fiel.programs.known import KnownProgram, known_programs
from fiel.staff.accounts import account_of, create_account
from fiel.staff.audit import Actor, Deed, keep_deed
from fiel.staff.invitations import Invitation, accept_invitation, invitation_of
from fiel.staff.models import User
from fiel.staff.roles import ROLE_NAMES, rights_of
from fiel.web.doors import database
from fiel.web.ui.new_account import JoinForm


@never_cache
async def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What one is invited to; a form accepts it."""
    now = datetime.now(UTC)
    async with database().owner() as owner:
        invitation = await invitation_of(owner, secret, now=now)
        programs = {known.id: known for known in await known_programs(owner)}
        has_account = (
            invitation is not None and await account_of(owner, invitation.email) is not None
        )
    if invitation is None:
        return render(request, "accounts/invitation_over.html", status=410)
    known, user = programs[invitation.program_id], await request.auser()
    shown = {
        "invitation": invitation,
        "known": known,
        "role": _(ROLE_NAMES[invitation.role]),
        "path": request.path,
    }
    if isinstance(user, User):
        if user.email != invitation.email:
            return render(request, "accounts/invitation_other.html", shown)
        if request.method == "POST":
            return await _accept(request, secret, user.id, str(user), known)
        return render(request, "accounts/invitation.html", shown)
    if has_account:
        return render(request, "accounts/invitation_sign_in.html", shown)
    return await _join_anew(request, secret, invitation, known, shown)


async def _join_anew(
    request: HttpRequest,
    secret: str,
    invitation: Invitation,
    known: KnownProgram,
    shown: dict[str, object],
) -> HttpResponse:
    form = JoinForm(request.POST or None, user=User(email=invitation.email))
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/invitation.html", {**shown, "form": form})
    name = form.cleaned_data["name"]
    password = await sync_to_async(make_password)(form.cleaned_data["password1"])
    now = datetime.now(UTC)
    try:
        async with database().connection() as connection, connection.transaction():
            user_id = await create_account(
                connection,
                email=invitation.email,
                name=name,
                password_hash=password,
                now=now,
                language=get_language() or "",
            )
            await accept_invitation(connection, secret, user_id, now=now)
    except Refusal:  # another used the link, or the address, a moment before
        return HttpResponseRedirect(request.path)
    await _note(request, known, user_id, name)
    user = await User.objects.aget(id=user_id)
    login = Login(user=user, email=user.email, redirect_url=_home(invitation, known))
    signed_in: HttpResponse = await sync_to_async(perform_password_login)(
        request, {"email": user.email}, login
    )
    return signed_in


async def _accept(
    request: HttpRequest, secret: str, user_id: UUID, name: str, known: KnownProgram
) -> HttpResponse:
    try:
        async with database().connection() as connection:
            accepted = await accept_invitation(connection, secret, user_id, now=datetime.now(UTC))
    except Refusal:
        return HttpResponseRedirect(request.path)
    await _note(request, known, user_id, name)
    messages.success(request, _("You are on the staff of %(program)s.") % {"program": known.name})
    return HttpResponseRedirect(_home(accepted, known))


async def _note(request: HttpRequest, known: KnownProgram, user_id: UUID, name: str) -> None:
    actor = Actor(user_id, name, str(request.META.get("REMOTE_ADDR", "")))
    async with database().connection() as connection:
        deed = Deed("staff.joined", f"user:{user_id}")
        await keep_deed(connection, known.id, actor, deed, at=datetime.now(UTC))


def _home(invitation: Invitation, known: KnownProgram) -> str:
    """Where who joined goes: her console, if her role has one."""
    if not rights_of(invitation.role):
        return reverse("account")
    return reverse("console:home", args=[known.slug])
