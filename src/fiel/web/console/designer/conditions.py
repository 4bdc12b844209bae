"""What the builder of conditions offers: attributes, operators, and the values that are known."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext, gettext_noop

from fiel.domain.conditions import Scope
from fiel.domain.conditions.rows import Operator, rows_of, text_of
from fiel.domain.conditions.vocabulary import Kind, Type
from fiel.domain.document.segmenting import RFM_GROUPS
from fiel.programs.editing.kinds import Fields, first
from fiel.programs.editing.kinds_of_units import (
    Condition,
    has_unfinished,
    rows_sent,
    rows_told,
    rows_typed,
)
from fiel.programs.editing.known import Known
from fiel.programs.editing.said import Said, found_at
from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit, console_page

_ATTRIBUTES = {
    "line.category": gettext_noop("Category of the product"),
    "line.sku": gettext_noop("Article number"),
    "line.name": gettext_noop("Name of the product"),
    "line.quantity": gettext_noop("Quantity of the product"),
    "line.unit_price": gettext_noop("Price of one, before tax"),
    "line.net": gettext_noop("Amount of the product, before tax"),
    "line.gross": gettext_noop("Amount of the product, with tax"),
    "line.margin": gettext_noop("Margin of the product"),
    "sale.net": gettext_noop("Total of the purchase, before tax"),
    "sale.gross": gettext_noop("Total of the purchase, with tax"),
    "sale.items": gettext_noop("Items in the purchase"),
    "sale.store": gettext_noop("Store"),
    "sale.channel": gettext_noop("Channel"),
    "activity.type": gettext_noop("Activity"),
    "activity.properties": gettext_noop("Property of the activity"),
    "member.tier": gettext_noop("The member’s tier"),
    "member.segments": gettext_noop("The member’s segments"),
    "member.joined_days": gettext_noop("Days since the member joined"),
    "member.birthday_month": gettext_noop("Month of the member’s birthday"),
    "member.spend": gettext_noop("What the member ever spent"),
    "member.visits": gettext_noop("Purchases the member ever made"),
    "member.attributes": gettext_noop("Something you know of the member"),
    "member.recency_days": gettext_noop("Days since the last purchase"),
    "member.frequency": gettext_noop("Purchases in a year"),
    "member.spend_365": gettext_noop("Spent in a year"),
    "member.average_spend": gettext_noop("Average purchase"),
    "member.rfm": gettext_noop("Group by buying habits"),
    "member.answers": gettext_noop("An answer of the member"),
}
_ROOTS = {
    "line": gettext_noop("The product"),
    "sale": gettext_noop("The purchase"),
    "activity": gettext_noop("The activity"),
    "member": gettext_noop("The member"),
}
_TEXT = (
    (Operator.IS, gettext_noop("is")),
    (Operator.IS_NOT, gettext_noop("is not")),
    (Operator.ONE_OF, gettext_noop("is one of")),
    (Operator.NONE_OF, gettext_noop("is none of")),
    (Operator.STARTS, gettext_noop("begins with")),
    (Operator.ENDS, gettext_noop("ends with")),
    (Operator.CONTAINS, gettext_noop("contains")),
    (Operator.NOT_CONTAINS, gettext_noop("does not contain")),
)
_NUMBER = (
    (Operator.AT_LEAST, gettext_noop("is at least")),
    (Operator.MORE, gettext_noop("is more than")),
    (Operator.AT_MOST, gettext_noop("is at most")),
    (Operator.LESS, gettext_noop("is less than")),
    (Operator.IS, gettext_noop("is exactly")),
    (Operator.IS_NOT, gettext_noop("is not")),
)
_NUMBER_LISTED = (*_NUMBER, (Operator.ONE_OF, gettext_noop("is one of")))
_LIST = (
    (Operator.HAS, gettext_noop("include")),
    (Operator.HAS_NOT, gettext_noop("do not include")),
)
_MAP = (
    (Operator.IS, gettext_noop("is")),
    (Operator.IS_NOT, gettext_noop("is not")),
    (Operator.KNOWN, gettext_noop("is known")),
    (Operator.UNKNOWN, gettext_noop("is not known")),
    (Operator.AT_LEAST, gettext_noop("is at least")),
    (Operator.MORE, gettext_noop("is more than")),
    (Operator.AT_MOST, gettext_noop("is at most")),
    (Operator.LESS, gettext_noop("is less than")),
    (Operator.ONE_OF, gettext_noop("is one of")),
)
_OPERATORS = {
    Kind.TEXT: _TEXT, Kind.LIST: _LIST, Kind.MAP: _MAP, Kind.INTEGER: _NUMBER_LISTED,
    Kind.NUMBER: _NUMBER, Kind.AMOUNT: _NUMBER,
}  # fmt: skip
_CHOSEN_ONLY = ("member.tier", "member.rfm")
_MONTHS = tuple(str(month) for month in range(1, 13))


def builder_of(kind: Condition, fields: Fields, block: Said, known: Known) -> dict[str, Any]:
    """All that the builder of one condition needs to know."""
    scope, by = _scope(kind, block)
    return {
        "scope": str(scope),
        "by": by,
        "rows": _rows(fields, scope),
        "is_unfinished": kind.is_unfinished(fields),
        "attributes": [
            _attribute(root, name, kind_of)
            for root in _ROOTS
            for name, kind_of in _fields_of(root, kind.scope)
        ],
        "roots": {root: gettext(label) for root, label in _ROOTS.items()},
        "scopes": {str(each): list(each.roots) for each in Scope},
        "operators": {
            str(each): [[str(operator), gettext(label)] for operator, label in listed]
            for each, listed in _OPERATORS.items()
        },
        "choices": {
            "member.tier": [list(pair) for pair in known.named("tiers")],
            "member.segments": [
                *(list(pair) for pair in known.named("segments")),
                *([group, group] for group in RFM_GROUPS),
            ],
            "member.rfm": [[group, group] for group in RFM_GROUPS],
            "member.birthday_month": [[month, month] for month in _MONTHS],
        },
        "chosen_only": list(_CHOSEN_ONLY),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "all": gettext("all of these hold"),
        "any": gettext("any of these holds"),
        "when": gettext("It holds when"),
        "add": gettext("Add a condition"),
        "addGroup": gettext("Add a group"),
        "remove": gettext("Remove"),
        "value": gettext("Value"),
        "attribute": gettext("What"),
        "operator": gettext("Comparison"),
        "key": gettext("Which one"),
        "asText": gettext("Edit as text"),
        "asRows": gettext("Edit as rows"),
        "tooRich": gettext("This condition says more than rows can show. It stays a text."),
        "addValue": gettext("Type a value and press Enter"),
        "unfinished": unfinished_row(),
        "nothing": gettext("No condition: it holds always."),
        "yes": gettext("Yes"),
        "no": gettext("No"),
    }


def unfinished_row() -> str:
    """What is said beside a row that says nothing yet."""
    return gettext("Write a value, or take the row out.")


def _fields_of(root: str, scope: Scope | None) -> list[tuple[str, Type]]:
    scopes = [scope] if scope else [Scope.SALE, Scope.ACTIVITY]
    for each in scopes:
        if root in each.roots:
            return list(each.fields(root).items())
    return []


def _attribute(root: str, name: str, kind: Type) -> dict[str, str]:
    full = f"{root}.{name}"
    return {
        "name": full,
        "root": root,
        "kind": str(kind.kind),
        "label": gettext(_ATTRIBUTES.get(full, full)),
    }


def _scope(kind: Condition, block: Said) -> tuple[Scope, dict[str, Any]]:
    """What the condition is asked about, and which other answer of the form decides it."""
    if kind.scope is not None:
        return kind.scope, {}
    event, counts = found_at(block, ("event",)), found_at(block, ("of",))
    if event is None and counts is not None:
        is_activity = counts == "activities" or found_at(block, ("activity",)) is not None
        return (Scope.ACTIVITY if is_activity else Scope.SALE), {
            "question": "of",
            "scopes": {"activities": "activity"},
            "otherwise": "sale",
        }
    scopes = {"sale": "sale", "activity": "activity"}
    return Scope(scopes.get(str(event), "member" if event else "sale")), {
        "question": "event",
        "scopes": scopes,
        "otherwise": "member",
    }


def _rows(fields: Fields, scope: Scope) -> dict[str, object] | None:
    if first(fields, "mode") == "rows":
        return rows_sent(first(fields, "rows"))
    group = rows_of(first(fields, "text"), scope)
    return None if group is None else rows_told(group)


@console_page(Right.SEE_PROGRAM)
async def rows(visit: Visit) -> HttpResponse:
    """A condition as rows, or rows as a condition, for the builder."""
    told = visit.request.POST
    if "rows" in told:
        if has_unfinished(told["rows"]):
            return JsonResponse({"problem": unfinished_row()}, status=422)
        return JsonResponse({"text": text_of(rows_typed(told["rows"]))})
    wanted = told.get("scope", "sale")
    scope = Scope(wanted) if wanted in set(Scope) else Scope.SALE
    group = rows_of(told.get("text", ""), scope)
    return JsonResponse({"rows": None if group is None else rows_told(group)})
