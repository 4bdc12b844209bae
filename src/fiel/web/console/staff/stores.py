"""The stores that somebody sees: chosen from those that are known, or named anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from fiel.ledger.scope import Connection
from fiel.staff.roles import Right
from fiel.web.ui.visit import Visit, console_page

# Where tills stand, and what somebody on the staff or at a till was given before.
KNOWN: LiteralString = """
SELECT store FROM till_device WHERE program_id = %(program)s
UNION SELECT unnest(stores) FROM staff_membership WHERE program_id = %(program)s
UNION SELECT unnest(stores) FROM cashier WHERE program_id = %(program)s
"""
_MOST_SHOWN = 30
_LONGEST = 100
_MOST_CHOSEN = 500


class StoresField(forms.Field):
    """Any number of stores by their names; none is all of them."""

    widget = forms.SelectMultiple

    def clean(self, value: object) -> tuple[str, ...]:
        """The names without doubles.

        Raises:
            ValidationError: there are too many, or one is too long.
        """
        names = named(cast("Iterable[str]", value or ()))
        if len(names) > _MOST_CHOSEN or any(len(name) > _LONGEST for name in names):
            raise ValidationError(_("A store's name has at most 100 letters."))
        return names


@dataclass(frozen=True, slots=True)
class Choice:
    """A store in the list; `is_new` when it is known nowhere yet."""

    name: str
    is_chosen: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list shows: the chosen, then those that are looked for; `more` are left out."""

    shown: tuple[Choice, ...]
    more: int


def named(told: Iterable[str]) -> tuple[str, ...]:
    """Names as they were told, without blanks and doubles."""
    return tuple(dict.fromkeys(name for each in told if (name := " ".join(each.split()))))


def choices_of(known: Sequence[str], chosen: Sequence[str], typed: str = "") -> Choices:
    """The stores to choose from; what is typed and is no store is offered as a new one."""
    sought = " ".join(typed.split())
    found = [each for each in known if each not in chosen and sought.lower() in each.lower()]
    told = [Choice(each, is_chosen=True, is_new=each not in known) for each in chosen]
    told += [Choice(each, is_chosen=False, is_new=False) for each in found[:_MOST_SHOWN]]
    if sought and sought.lower() not in {each.lower() for each in (*known, *chosen)}:
        told.append(Choice(sought[:_LONGEST], is_chosen=False, is_new=True))
    return Choices(tuple(told), len(found[_MOST_SHOWN:]))


async def known_stores(visit: Visit, connection: Connection) -> list[str]:
    """The stores that the program, its tills and its people tell of, by name."""
    return await _known(connection, visit.program_id, visit.published.program.stores
                        if visit.published else ())  # fmt: skip


async def _known(connection: Connection, program_id: UUID, told: Iterable[str]) -> list[str]:
    rows = await (await connection.execute(KNOWN, {"program": program_id})).fetchall()
    return sorted(({cast(str, row[0]) for row in rows} | set(told)) - {""}, key=str.lower)


@console_page(Right.MANAGE_STAFF)
async def find_stores(visit: Visit) -> HttpResponse:
    """The list once more, of what is looked for; what was chosen stays."""
    told = visit.request.GET
    async with visit.reading() as connection:
        known = await known_stores(visit, connection)
    found = choices_of(known, named(told.getlist("stores")), told.get("q", ""))
    return visit.page("console/staff/stores.html#found", {"choices": found})
