"""How the merchant looks to members, and what this server is set up to send and to make."""

from __future__ import annotations

from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from fiel.domain.refusal import Refusal
from fiel.programs.brand import Brand, brand_of, change_brand, checked_brand, keep_logo
from fiel.programs.colors import contrast
from fiel.programs.logos import LARGEST_FILE, Logo, read_logo
from fiel.staff.roles import Right
from fiel.web.console.settings.connections import connections
from fiel.web.console.settings.forms import BrandForm, told_of
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.MANAGE_SETTINGS)
async def settings(visit: Visit) -> HttpResponse:
    """The brand with what it looks like, and what is set up."""
    async with visit.reading() as connection:
        brand = await brand_of(connection, visit.program_id)
    if visit.request.method != "POST":
        return _page(visit, BrandForm(initial=told_of(brand, visit.known.name)), brand)
    form = BrandForm(visit.request.POST, visit.request.FILES)
    if form.is_valid() and await _kept(visit, form):
        visit.say(_("Saved. Members see it from now on."))
        return visit.back("settings")
    return _page(visit, form, brand, status=422)


@console_page(Right.MANAGE_SETTINGS)
async def preview(visit: Visit) -> HttpResponse:
    """What the brand would look like as it is being written; nothing is kept."""
    async with visit.reading() as connection:
        brand = await brand_of(connection, visit.program_id)
    form = BrandForm(visit.request.POST or None)
    if form.is_valid():
        wished = form.wishes()
        try:
            color = checked_brand(wished).color
        except Refusal:
            color = brand.color
        brand = Brand(wished.name or visit.known.name, color, brand.logo_version)
    return visit.page("console/settings/preview.html", _looks(visit, brand))


async def _kept(visit: Visit, form: BrandForm) -> bool:
    """Keep what was written; what is refused stands beside its field afterwards."""
    try:
        uploaded = form.cleaned_data["logo"]
        logo = _logo(uploaded) if uploaded else None
        async with visit.writing() as connection:
            await change_brand(connection, visit.program_id, form.wishes(), now=visit.wall)
            if logo or form.cleaned_data["remove_logo"]:
                await keep_logo(connection, visit.program_id, logo, now=visit.wall)
    except Refusal as refused:
        form.blame(visit.field_problems(refused), visit.problem(refused))
        return False
    await visit.note("brand.changed", color=form.cleaned_data["color"], logo=logo is not None)
    return True


def _logo(uploaded: UploadedFile[bytes]) -> Logo:
    # One byte more than is allowed is enough to refuse it.
    return read_logo(uploaded.read(LARGEST_FILE + 1))


def _page(visit: Visit, form: BrandForm, brand: Brand, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "connections": connections(visit.language), **_looks(visit, brand)}
    return visit.page("console/settings/settings.html", context, status=status)


def _looks(visit: Visit, brand: Brand) -> dict[str, object]:
    return {
        "brand": brand,
        "ratio": Decimal(f"{contrast(brand.color, brand.on_color):.1f}"),
        "is_light": brand.ink != brand.color,
        "portal_url": visit.request.build_absolute_uri(reverse("portal:home", args=[visit.slug])),
        "logo_url": reverse("portal:logo", args=[visit.slug])
        + (f"?v={brand.logo_version}" if brand.logo_version else ""),
    }
