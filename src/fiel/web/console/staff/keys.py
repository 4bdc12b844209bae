"""API keys: made, shown once, revoked, and when each was last used."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import Refusal
from fiel.ledger.scope import program_transaction
from fiel.staff.keys import create_key, keys_of_program, revoke_key
from fiel.staff.roles import Right
from fiel.web.console.staff.forms import KeyForm
from fiel.web.console.staff.particulars import scope_text
from fiel.web.ui.links import outward
from fiel.web.ui.lists import csv_response
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.MANAGE_KEYS)
async def keys(visit: Visit) -> HttpResponse:
    """The keys of the program; those of tills are with the tills."""
    async with visit.reading() as connection:
        every = await keys_of_program(connection, visit.program_id)
    own = [key for key in every if key.device_id is None]
    if visit.request.GET.get("format") == "csv":
        rows = [
            (
                key.name, key.prefix, ", ".join(key.scopes), key.created_at.isoformat(),
                key.last_used_at.isoformat() if key.last_used_at else "",
                key.revoked_at.isoformat() if key.revoked_at else "",
            )
            for key in own
        ]  # fmt: skip
        headings = (
            _("Name"), _("Key"), _("What it may do"), _("Made"), _("Last used"), _("Revoked"),
        )  # fmt: skip
        return csv_response("keys", headings, rows)
    told = [(key, [scope_text(str(scope)) for scope in key.scopes]) for key in own]
    shown = {
        "keys": [each for each in told if each[0].revoked_at is None],
        "revoked": [each for each in told if each[0].revoked_at is not None],
        "tills": len(every) - len(own),
    }
    return visit.page("console/staff/keys.html", shown)


@console_page(Right.MANAGE_KEYS)
async def new_key(visit: Visit) -> HttpResponse:
    """Make a key; this page alone shows it, once."""
    form = KeyForm(visit.request.POST or None, initial={"scopes": ["read", "till"]})
    if visit.request.method != "POST" or not form.is_valid():
        return visit.page("console/staff/new_key.html", {"form": form})
    async with visit.connect() as connection, program_transaction(connection, visit.program_id):
        made = await create_key(
            connection,
            program_id=visit.program_id,
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            now=visit.wall,
        )
    await visit.note(
        "key.created", f"key:{made.key.id}", name=made.key.name, scopes=list(made.key.scopes)
    )
    response = visit.page(
        "console/staff/made_key.html",
        {"made": made, "api": outward(visit.request, "/v1/docs")},
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@console_page(Right.MANAGE_KEYS)
async def revoke(visit: Visit, key_id: UUID) -> HttpResponse:
    """Revoke a key, for good."""
    try:
        async with (
            visit.connect() as connection,
            program_transaction(connection, visit.program_id),
        ):
            gone = await revoke_key(
                connection, program_id=visit.program_id, key_id=key_id, now=visit.wall
            )
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
        return visit.back("keys")
    await visit.note("key.revoked", f"key:{key_id}", name=gone.name)
    visit.say(_("The key was revoked: within seconds it opens nothing."))
    return visit.back("keys")
