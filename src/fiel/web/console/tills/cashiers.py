"""Cashiers: hired, limited, given another PIN, let go."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fiel.domain.language import money_text, number_text
from fiel.domain.refusal import Refusal
from fiel.insights.naming import unit_name
from fiel.staff.roles import Right
from fiel.staff.tills.cashiers import (
    Cashier,
    add_cashier,
    cashier_of,
    cashiers_of,
    change_cashier,
    set_active,
    set_pin,
)
from fiel.staff.tills.limits import Kind, used_on
from fiel.web.console.tills.forms import CashierForm, NewCashierForm, PinForm
from fiel.web.console.tills.frame import refused_form, writing
from fiel.web.ui.lists import csv_response
from fiel.web.ui.visit import Visit, console_page


@dataclass(frozen=True, slots=True)
class Shown:
    """A cashier in the list: what she did today, against what she may."""

    cashier: Cashier
    stores: str
    uses: tuple[str, ...]


@console_page(Right.MANAGE_TILLS)
async def cashiers(visit: Visit) -> HttpResponse:
    """Who works at the tills, and how much of each limit was used today."""
    program = visit.program
    day = visit.now.astimezone(program.timezone).date()
    async with visit.reading() as connection:
        found = await cashiers_of(connection, visit.program_id)
        used = await used_on(connection, visit.program_id, day)
    shown = [_shown(visit, each, used.get(each.id, {})) for each in found if _sees(visit, each)]
    if visit.request.GET.get("format") == "csv":
        rows = [(each.cashier.name, each.stores, "; ".join(each.uses)) for each in shown]
        return csv_response("cashiers", (_("Name"), _("Stores"), _("Today")), rows)
    return visit.page(
        "console/tills/cashiers.html",
        {
            "tab": "cashiers",
            "cashiers": [each for each in shown if each.cashier.active],
            "gone": [each for each in shown if not each.cashier.active],
        },
    )


@console_page(Right.MANAGE_TILLS)
async def new_cashier(visit: Visit) -> HttpResponse:
    """Make a cashier."""
    form = NewCashierForm(
        visit.request.POST or None, program=visit.program, language=visit.language,
        initial={"stores": ", ".join(visit.stores)},
    )  # fmt: skip
    if visit.request.method == "POST" and form.is_valid() and _stays_in_reach(visit, form):
        try:
            async with writing(visit) as connection:
                made = await add_cashier(
                    connection, visit.program_id, form.terms(), pin=form.cleaned_data["pin"],
                    now=visit.wall,
                )  # fmt: skip
        except Refusal as refusal:
            refused_form(visit, form, refusal)
        else:
            await visit.note("cashier.added", f"cashier:{made.id}", name=made.name)
            visit.say(_("%(name)s can sign in at the tills.") % {"name": made.name})
            return visit.back("cashiers")
    return visit.page("console/tills/new_cashier.html", {"form": form})


@console_page(Right.MANAGE_TILLS)
async def cashier(visit: Visit, cashier_id: UUID) -> HttpResponse:
    """One cashier: name, stores, limits, PIN."""
    found = await _cashier(visit, cashier_id)
    form = CashierForm(
        visit.request.POST or None, program=visit.program, language=visit.language,
        initial=CashierForm.initial_of(found, visit.program),
    )  # fmt: skip
    if visit.request.method == "POST" and form.is_valid() and _stays_in_reach(visit, form):
        try:
            async with writing(visit) as connection:
                changed = await change_cashier(
                    connection, visit.program_id, cashier_id, form.terms()
                )
        except Refusal as refusal:
            refused_form(visit, form, refusal)
        else:
            await visit.note("cashier.changed", f"cashier:{cashier_id}", name=changed.name)
            visit.say(_("The cashier was changed; it counts within seconds."))
            return visit.back("cashiers")
    return _page(visit, found, form, PinForm())


@require_POST
@console_page(Right.MANAGE_TILLS)
async def new_pin(visit: Visit, cashier_id: UUID) -> HttpResponse:
    """Give a cashier another PIN; who is signed in by the former is out."""
    found = await _cashier(visit, cashier_id)
    form = PinForm(visit.request.POST)
    if form.is_valid():
        try:
            async with writing(visit) as connection:
                await set_pin(connection, visit.program_id, cashier_id, form.cleaned_data["pin"])
        except Refusal as refusal:
            refused_form(visit, form, refusal)
        else:
            await visit.note("cashier.pin_changed", f"cashier:{cashier_id}", name=found.name)
            visit.say(_("%(name)s has a new PIN.") % {"name": found.name})
            return visit.back("cashiers")
    terms = CashierForm(
        None, program=visit.program, language=visit.language,
        initial=CashierForm.initial_of(found, visit.program),
    )  # fmt: skip
    return _page(visit, found, terms, form)


@require_POST
@console_page(Right.MANAGE_TILLS)
async def activity(visit: Visit, cashier_id: UUID) -> HttpResponse:
    """Let a cashier work no more, or again."""
    found = await _cashier(visit, cashier_id)
    active = visit.request.POST.get("active") == "yes"
    try:
        async with writing(visit) as connection:
            await set_active(connection, visit.program_id, cashier_id, active=active)
    except Refusal as refusal:
        visit.say(" ".join(visit.field_problems(refusal).values()) or visit.problem(refusal), 40)
        return visit.back("cashier", cashier_id)
    action = "cashier.returned" if active else "cashier.left"
    await visit.note(action, f"cashier:{cashier_id}", name=found.name)
    text = _("%(name)s works at the tills again.") if active else _("%(name)s is out.")
    visit.say(text % {"name": found.name})
    return visit.back("cashiers")


def _page(visit: Visit, found: Cashier, form: CashierForm, pin: PinForm) -> HttpResponse:
    shown = {"cashier": found, "form": form, "pin_form": pin}
    return visit.page("console/tills/cashier.html", shown)


async def _cashier(visit: Visit, cashier_id: UUID) -> Cashier:
    async with visit.reading() as connection:
        try:
            found = await cashier_of(connection, visit.program_id, cashier_id)
        except Refusal:
            raise Http404 from None
    if not _sees(visit, found):
        raise Http404
    return found


def _sees(visit: Visit, cashier: Cashier) -> bool:
    """Whether a person sees a cashier: who works elsewhere is somebody else's."""
    stores = cashier.terms.stores
    return not visit.stores or (bool(stores) and set(stores) <= set(visit.stores))


def _stays_in_reach(visit: Visit, form: CashierForm) -> bool:
    stores = form.terms().stores
    if not visit.stores or (stores and set(stores) <= set(visit.stores)):
        return True
    form.add_error("stores", _("Name one or more of your own stores."))
    return False


def _shown(visit: Visit, cashier: Cashier, used: dict[tuple[Kind, str], int]) -> Shown:
    program, language, terms = visit.program, visit.language, cashier.terms
    uses = []
    for unit in program.units:
        amount, most = used.get((Kind.REDEEMED, unit), 0), terms.redeem_a_day.get(unit)
        if amount or most is not None:
            told = number_text(language, amount)
            if most is not None:
                told = f"{told} / {number_text(language, most)}"
            uses.append(f"{told} {unit_name(program, unit, language)}")
    currency = program.currency
    amount = used.get((Kind.RETURNED, currency.code), 0)
    if amount or terms.return_a_day is not None:
        told = money_text(language, currency, amount)
        if terms.return_a_day is not None:
            told = f"{told} / {money_text(language, currency, terms.return_a_day)}"
        uses.append(_("%(amount)s returned") % {"amount": told})
    return Shown(cashier, ", ".join(terms.stores) or _("All"), tuple(uses))
