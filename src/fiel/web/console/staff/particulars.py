"""What the audit trail keeps of a deed, in words: what it was done to, and its particulars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency
from django.utils.translation import gettext, gettext_noop

from fiel.insights.naming import reward_name, unit_name
from fiel.staff.roles import ROLE_NAMES, Role
from fiel.web.ui.visit import Visit

# What a deed was done to, by the word before the colon.
_THINGS: Mapping[str, str] = {
    "alert": gettext_noop("Alert"),
    "batch": gettext_noop("Coupons"),
    "cashier": gettext_noop("Cashier"),
    "coupon": gettext_noop("Coupon"),
    "gift_card": gettext_noop("Gift card"),
    "import": gettext_noop("Import"),
    "invitation": gettext_noop("Invitation"),
    "key": gettext_noop("API key"),
    "keys": gettext_noop("API keys"),
    "material": gettext_noop("Materials"),
    "member": gettext_noop("Member"),
    "model": gettext_noop("Model"),
    "month": gettext_noop("Month"),
    "program": gettext_noop("Program"),
    "report": gettext_noop("Report"),
    "reward": gettext_noop("Reward"),
    "sale": gettext_noop("Purchase"),
    "segment": gettext_noop("Segment"),
    "till": gettext_noop("Till"),
    "tills": gettext_noop("Tills"),
    "user": gettext_noop("Person"),
    "version": gettext_noop("Version"),
}
_NAMES: Mapping[str, str] = {
    "amount": gettext_noop("Amount"),
    "asked_by": gettext_noop("Asked for by"),
    "at": gettext_noop("When"),
    "color": gettext_noop("Colour"),
    "count": gettext_noop("How many"),
    "coupon": gettext_noop("Coupon"),
    "email": gettext_noop("E-mail"),
    "entry": gettext_noop("Entry"),
    "fields": gettext_noop("Fields"),
    "file": gettext_noop("File"),
    "filters": gettext_noop("Filters"),
    "former": gettext_noop("Before"),
    "kind": gettext_noop("Kind"),
    "limits": gettext_noop("Limits"),
    "logo": gettext_noop("Logo"),
    "model": gettext_noop("Model"),
    "month": gettext_noop("Month"),
    "name": gettext_noop("Name"),
    "note": gettext_noop("Note"),
    "points": gettext_noop("Points"),
    "reward": gettext_noop("Reward"),
    "role": gettext_noop("Role"),
    "rows": gettext_noop("Rows"),
    "scopes": gettext_noop("What it may do"),
    "second_factor": gettext_noop("Second factor"),
    "sessions": gettext_noop("Sessions"),
    "stores": gettext_noop("Stores"),
    "tax_percent": gettext_noop("Tax in percent"),
    "unit": gettext_noop("Unit"),
}
SCOPES: Mapping[str, str] = {
    "read": gettext_noop("Reads"),
    "till": gettext_noop("Sells"),
    "manage": gettext_noop("Manages"),
}
_ISO_DAY = 10
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")


def thing_text(visit: Visit, about: str) -> str:
    """What a deed was done to: what kind of thing, and which where that says something."""
    kind, _colon, which = about.partition(":")
    word = gettext(_THINGS[kind]) if kind in _THINGS else kind.replace("_", " ").capitalize()
    if not which or _is_id(which):
        return word
    if kind == "month":
        return format_skeleton("yMMMM", date.fromisoformat(f"{which}-01"), locale=visit.language)
    return f"{word} {which}"


def particulars_of(visit: Visit, details: Mapping[str, object]) -> list[tuple[str, str]]:
    """The particulars of a deed with their names; ids that say nothing to anybody are left out."""
    return [
        (name_text(name), text)
        for name, value in details.items()
        if (text := _value_text(visit, name, value))
    ]


def name_text(name: str) -> str:
    """What a particular is called."""
    if name in set(Role):
        return gettext(ROLE_NAMES[Role(name)])
    return gettext(_NAMES[name]) if name in _NAMES else name.replace("_", " ").capitalize()


def scope_text(scope: str) -> str:
    """What a scope of an API key lets it do, in a word."""
    return gettext(SCOPES[scope]) if scope in SCOPES else scope


def _value_text(visit: Visit, name: str, value: object) -> str:
    if isinstance(value, Mapping):
        told = ((name_text(each), _value_text(visit, each, one)) for each, one in value.items())
        return ", ".join(f"{each}: {text}" for each, text in told)
    if isinstance(value, list | tuple):
        return ", ".join(_value_text(visit, name, each) for each in value)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if value is None or (isinstance(value, str) and _is_id(value)):
        return ""
    return _word(visit, name, str(value))


def _word(visit: Visit, name: str, told: str) -> str:
    program = visit.published.program if visit.published else None
    if name == "role" and told in set(Role):
        return gettext(ROLE_NAMES[Role(told)])
    if name == "scopes":
        return scope_text(told)
    if name == "unit" and program:
        return unit_name(program, told, visit.language)
    if name == "reward" and program:
        return reward_name(program, told, visit.language)
    if name == "amount" and program and _AMOUNT.fullmatch(told):
        return format_currency(Decimal(told), program.currency.code, locale=visit.language)
    return _moment(visit, told)


def _moment(visit: Visit, told: str) -> str:
    """A day or a moment as people write it; anything else as it is."""
    try:
        at = datetime.fromisoformat(told) if len(told) >= _ISO_DAY and "-" in told else None
    except ValueError:
        at = None
    if at is None:
        return told
    if at.tzinfo and visit.published:
        at = at.astimezone(visit.published.program.timezone)
    day = format_date(at.date(), "medium", locale=visit.language)
    if len(told) == _ISO_DAY:
        return day
    return f"{day}, {format_time(at.time(), 'short', locale=visit.language)}"


def _is_id(told: str) -> bool:
    try:
        UUID(told)
    except ValueError:
        return False
    return True
