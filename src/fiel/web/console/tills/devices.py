"""Tills: added, let in by a code, and shut out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.refusal import Refusal
from fiel.staff.roles import Right
from fiel.staff.tills.cashiers import cashiers_of
from fiel.staff.tills.devices import (
    Device,
    add_device,
    change_device,
    device_of,
    devices_of,
    revoke_device,
    start_pairing,
)
from fiel.staff.tills.settings import till_settings
from fiel.web.console.tills.forms import DeviceForm
from fiel.web.console.tills.frame import in_reach, refused_form, writing
from fiel.web.ui.links import outward
from fiel.web.ui.lists import csv_response
from fiel.web.ui.qr import qr_svg
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.MANAGE_TILLS)
async def tills(visit: Visit) -> HttpResponse:
    """The tills of the program, or of the stores that the person sees."""
    async with visit.reading() as connection:
        every = await devices_of(connection, visit.program_id)
        cashiers = await cashiers_of(connection, visit.program_id)
        shared = await till_settings(connection, visit.program_id)
    mine = [device for device in every if in_reach(visit, device.store)]
    if visit.request.GET.get("format") == "csv":
        headings = (_("Name"), _("Store"), _("Paired"), _("Last seen"), _("Revoked"))
        rows = [
            tuple(
                told.isoformat(timespec="seconds") if told else ""
                for told in (device.paired_at, device.seen_at, device.revoked_at)
            )
            for device in mine
        ]
        named = [(device.name, device.store) for device in mine]
        return csv_response(
            "tills", headings, [(*name, *row) for name, row in zip(named, rows, strict=True)]
        )
    shown = {
        "tab": "tills",
        "devices": [device for device in mine if device.revoked_at is None],
        "revoked": [device for device in mine if device.revoked_at is not None],
        "no_cashier": not any(cashier.active for cashier in cashiers),
        "no_tax": visit.published is not None and shared.lacks_tax(visit.program),
    }
    return visit.page("console/tills/tills.html", shown)


@console_page(Right.MANAGE_TILLS)
async def new_till(visit: Visit) -> HttpResponse:
    """Add a till, and lead to its code."""
    initial = {"store": visit.stores[0] if len(visit.stores) == 1 else ""}
    form = DeviceForm(visit.request.POST or None, initial=initial)
    if visit.request.method == "POST" and form.is_valid() and _is_mine(visit, form):
        try:
            async with writing(visit) as connection:
                device = await add_device(
                    connection, visit.program_id, now=visit.wall, **form.cleaned_data
                )
        except Refusal as refusal:
            refused_form(visit, form, refusal)
        else:
            await visit.note("till.added", f"till:{device.id}", name=device.name)
            return visit.back("till-device", device.id)
    return visit.page("console/tills/new_till.html", {"form": form, **await _stores(visit)})


@console_page(Right.MANAGE_TILLS)
async def till(visit: Visit, device_id: UUID) -> HttpResponse:
    """One till: its name and store, and how it is let in or shut out."""
    device = await _device(visit, device_id)
    form = DeviceForm(
        visit.request.POST or None, initial={"name": device.name, "store": device.store}
    )
    if visit.request.method == "POST" and form.is_valid() and _is_mine(visit, form):
        try:
            async with writing(visit) as connection:
                device = await change_device(
                    connection, visit.program_id, device_id, **form.cleaned_data
                )
        except Refusal as refusal:
            refused_form(visit, form, refusal)
        else:
            await visit.note("till.changed", f"till:{device.id}", name=device.name)
            visit.say(_("The till was changed."))
            return visit.back("till-device", device_id)
    shown = {"device": device, "form": form, **await _stores(visit)}
    return visit.page("console/tills/till.html", shown)


@require_POST
@console_page(Right.MANAGE_TILLS)
async def pair(visit: Visit, device_id: UUID) -> HttpResponse:
    """Show a code that lets a device in as this till, once."""
    device = await _device(visit, device_id)
    try:
        async with writing(visit) as connection:
            pairing = await start_pairing(connection, visit.program_id, device_id, now=visit.wall)
    except Refusal as refusal:
        visit.say(visit.problem(refusal), messages.ERROR)
        return visit.back("till-device", device_id)
    await visit.note("till.code_shown", f"till:{device_id}", name=device.name)
    place = outward(visit.request, reverse("till"))
    response = visit.page(
        "console/tills/pair.html",
        {
            "device": device,
            "pairing": pairing,
            "place": place,
            "qr": qr_svg(f"{place}#code={pairing.code}"),
        },
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@console_page(Right.MANAGE_TILLS)
async def revoke(visit: Visit, device_id: UUID) -> HttpResponse:
    """Shut a till out, for good."""
    device = await _device(visit, device_id)
    async with writing(visit) as connection:
        await revoke_device(connection, visit.program_id, device_id, now=visit.wall)
    await visit.note("till.revoked", f"till:{device_id}", name=device.name)
    visit.say(_("The till was shut out: within seconds it can do nothing more."))
    return visit.back("tills")


async def _device(visit: Visit, device_id: UUID) -> Device:
    async with visit.reading() as connection:
        try:
            device = await device_of(connection, visit.program_id, device_id)
        except Refusal:
            raise Http404 from None
    if not in_reach(visit, device.store):
        raise Http404
    return device


def _is_mine(visit: Visit, form: DeviceForm) -> bool:
    if in_reach(visit, form.cleaned_data["store"]):
        return True
    form.add_error("store", _("Choose one of your stores."))
    return False


async def _stores(visit: Visit) -> dict[str, object]:
    if visit.stores:
        return {"known_stores": visit.stores}
    async with visit.reading() as connection:
        known = {device.store for device in await devices_of(connection, visit.program_id)}
    if visit.published is not None:
        known |= set(visit.published.program.stores)
    return {"known_stores": sorted(known - {""})}
