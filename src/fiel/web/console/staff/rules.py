"""What a program asks of its staff, and what each role may do."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from fiel.insights.naming import unit_name
from fiel.ledger.scope import program_transaction
from fiel.staff.policy import CARD_ROLES, LIMITED_ROLES, put_staff_policy, staff_policy
from fiel.staff.roles import RIGHT_NAMES, ROLE_NAMES, Right, Role, rights_of
from fiel.web.console.staff.forms import PolicyForm
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.MANAGE_STAFF)
async def rules(visit: Visit) -> HttpResponse:
    """Whether a second factor is asked for, and how much each role moves alone."""
    program = visit.published.program if visit.published else None
    async with visit.reading() as connection:
        former = await staff_policy(connection, visit.program_id)
    form = PolicyForm(program, former, visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        policy = form.chosen(former)
        async with (
            visit.connect() as connection,
            program_transaction(connection, visit.program_id),
        ):
            await put_staff_policy(connection, visit.program_id, policy, now=visit.wall)
        await visit.note(
            "staff.rules_changed", f"program:{visit.slug}",
            second_factor=policy.second_factor,
            limits={str(role): dict(units) for role, units in policy.limits.items()},
            card_limits={str(role): limit for role, limit in policy.card_limits.items()},
        )  # fmt: skip
        visit.say(_("The rules were changed."))
        return visit.back("staff-rules")
    units = [(unit, unit_name(program, unit, visit.language)) for unit in form.units if program]
    rows = [
        (_(ROLE_NAMES[role]), [form[f"{role}-{unit}"] for unit in form.units])
        for role in LIMITED_ROLES
    ]
    of_cards = [(_(ROLE_NAMES[role]), [form[f"{role}-cards"]]) for role in CARD_ROLES if program]
    money = program.currency.code if program else ""
    shown = {
        "form": form, "units": units, "rows": rows,
        "card_headings": [(money, money)], "card_rows": of_cards,
    }  # fmt: skip
    return visit.page("console/staff/rules.html", shown)


@console_page(Right.MANAGE_STAFF)
async def rights(visit: Visit) -> HttpResponse:
    """Which role may do what: a table made from the rules that are followed."""
    shown = {
        "roles": [_(ROLE_NAMES[role]) for role in Role],
        "rows": [
            (
                _(RIGHT_NAMES[right]),
                [(_(ROLE_NAMES[role]), right in rights_of(role)) for role in Role],
            )
            for right in Right
        ],
    }
    return visit.page("console/staff/rights.html", shown)
