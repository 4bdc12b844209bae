"""What all tills share."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiel.domain.refusal import Refusal
from fiel.staff.roles import Right
from fiel.staff.tills.settings import keep_till_settings, till_settings
from fiel.web.console.tills.forms import SharedForm
from fiel.web.console.tills.frame import refused_form, writing
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.MANAGE_TILLS)
async def till_sharing(visit: Visit) -> HttpResponse:
    """The tax in prices, and which page may hand sales over."""
    if visit.stores:
        return visit.page("ui/forbidden.html", status=403)
    async with visit.reading() as connection:
        now = await till_settings(connection, visit.program_id)
    initial = {"tax_percent": f"{now.tax_percent.normalize():f}", "sender": now.sender}
    form = SharedForm(visit.request.POST or None, initial=initial)
    if visit.request.method == "POST" and form.is_valid():
        try:
            async with writing(visit) as connection:
                await keep_till_settings(connection, visit.program_id, **form.cleaned_data)
        except Refusal as refusal:
            refused_form(visit, form, refusal)
        else:
            await visit.note("tills.settings_changed", **form.cleaned_data)
            visit.say(_("Kept. The tills know it within minutes."))
            return visit.back("tills-settings")
    return visit.page("console/tills/settings.html", {"tab": "settings", "form": form})
