"""A purchase's page: its lines, the decision and its reasons, returns; and taking goods back."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from pydantic import ValidationError

from fiel.domain.refusal import Refusal
from fiel.insights.member_story.purchases import Purchase, purchase_by_id
from fiel.insights.member_story.story import member_or_survivor
from fiel.intake.contents.errors import invalid_fields
from fiel.intake.contents.returns import ReturnBody
from fiel.intake.returning import return_goods
from fiel.members.records import Member
from fiel.staff.roles import Right
from fiel.web.console.members.forms import ReturnForm
from fiel.web.console.members.story import name_of
from fiel.web.ui.visit import Visit, console_page


@console_page(Right.SEE_MEMBERS)
async def sale(visit: Visit, sale_id: UUID) -> HttpResponse:
    """A purchase, whole."""
    sold, buyer = await _sold(visit, sale_id)
    return visit.page("console/members/sale.html", _shown(visit, sold, buyer))


@console_page(Right.ADJUST_POINTS)
async def take_back(visit: Visit, sale_id: UUID) -> HttpResponse:
    """Take goods of a purchase back, or call the sale off."""
    sold, buyer = await _sold(visit, sale_id)
    if visit.request.method != "POST":
        form = ReturnForm(initial={"way": "full"})
        shown = _shown(visit, sold, buyer) | {"form": form, "quantities": {}}
        return visit.page("console/members/return.html", shown)
    form = ReturnForm(visit.request.POST)
    quantities = _quantities(visit.request.POST, sold)
    if form.is_valid():
        try:
            await _return(visit, sold, form, quantities)
        except Refusal as refusal:
            form.blame(visit.problem(refusal), visit.field_problems(refusal))
        else:
            about = f"sale:{sale_id}"
            await visit.note("sale.returned", about=about, way=form.cleaned_data["way"])
            visit.say(_("Done. What came back, and what it took back, stands with the sale."))
            return visit.back("sale", sale_id)
    shown = _shown(visit, sold, buyer) | {"form": form, "quantities": quantities}
    return visit.page("console/members/return.html", shown, status=422)


async def _sold(visit: Visit, sale_id: UUID) -> tuple[Purchase, Member | None]:
    """A purchase that the person may see, and who made it."""
    visit.program  # noqa: B018 - leads to where a program is made, if there is none
    assert visit.published is not None, "a program in force is published"
    buyer = None
    async with visit.reading() as connection:
        sold = await purchase_by_id(
            connection, visit.versions, visit.published, sale_id, language=visit.language
        )
        if sold is not None and sold.member_id is not None:
            buyer, _became = await member_or_survivor(connection, visit.program_id, sold.member_id)
    # Whoever sees some stores only, sees their sales only.
    if sold is None or (visit.stores and sold.store not in visit.stores):
        raise Http404
    return sold, buyer


def _shown(visit: Visit, sold: Purchase, buyer: Member | None) -> dict[str, Any]:
    return {
        "sale": sold,
        "member": buyer,
        "name": name_of(buyer) if buyer else "",
        "may_return": visit.may(Right.ADJUST_POINTS) and sold.can_come_back,
    }


def _quantities(told: QueryDict, sold: Purchase) -> dict[int, str]:
    """What was typed beside each line."""
    typed = {line.number: told.get(f"line-{line.number}", "").strip() for line in sold.lines}
    return {number: text[:20] for number, text in typed.items() if text}


async def _return(
    visit: Visit, sold: Purchase, form: ReturnForm, quantities: dict[int, str]
) -> None:
    told = form.cleaned_data
    body: ReturnBody | None = None
    if told["way"] != "cancel":
        content: dict[str, Any] = {"reason": told["reason"].strip()}
        if told["way"] == "lines":
            content["lines"] = [
                {"line": number, "quantity": _number(text)} for number, text in quantities.items()
            ]
        elif told["way"] == "amount":
            content["amount"] = None if told["amount"] is None else str(told["amount"])
        else:
            content["full"] = True
        try:
            body = ReturnBody.model_validate(content)
        except ValidationError as error:
            raise invalid_fields(error) from None
    await return_goods(
        visit.lend,
        visit.versions,
        visit.program_id,
        sold.id,
        body,
        request_id=form.once,
        now=visit.now,
    )


def _number(text: str) -> object:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
