"""The parts of a program, as people go through them."""

from __future__ import annotations

from collections.abc import Sequence

from fiel.domain.language import N_
from fiel.programs.editing.known import Known
from fiel.programs.editing.parts.basics import BASICS, PLACES
from fiel.programs.editing.parts.climbing import (
    FRIENDS,
    LADDER,
    LEVELS,
    starting_referral,
)
from fiel.programs.editing.parts.common import names, number
from fiel.programs.editing.parts.earning import EARNING
from fiel.programs.editing.parts.measuring import (
    AIMS,
    BOOKS,
    GROUPED,
    MEASURE,
    TILLS,
    TRANSFERS,
    accounting_groups,
)
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.parts.reaching import REACHED, SHOWN
from fiel.programs.editing.parts.redeeming import COUPONS, PAYING, REWARDS, starting_payment
from fiel.programs.editing.parts.units import UNITS
from fiel.programs.editing.questions import Group
from fiel.programs.editing.said import Said

__all__ = ["CHAPTERS", "PARTS", "Manner", "Part", "Sample", "groups_of", "part_named", "start_of"]

CHAPTERS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    (N_("What it is"), (BASICS, AIMS)),
    (N_("Earning"), (UNITS, EARNING, REACHED, LADDER, FRIENDS)),
    (N_("Redeeming"), (REWARDS, PAYING, COUPONS)),
    (N_("Your members"), (GROUPED, TRANSFERS)),
    (N_("Behind the scenes"), (MEASURE, TILLS, BOOKS)),
)
INSIDE = (PLACES, LEVELS, SHOWN)
PARTS: dict[str, Part] = {
    part.id: part for part in (*(part for _, parts in CHAPTERS for part in parts), *INSIDE)
}


def part_named(name: str) -> Part | None:
    """The part of that id."""
    return PARTS.get(name)


def groups_of(part: Part, known: Known) -> Sequence[Group]:
    """What the forms of a part ask, for what the document has."""
    return accounting_groups(known) if part is BOOKS else part.groups


def start_of(part: Part, known: Known) -> dict[str, Said]:
    """What an optional part says when it is begun."""
    if part is FRIENDS:
        return starting_referral(known)
    if part is PAYING:
        return starting_payment(known)
    if part is LADDER:
        return {"by": "spend", "window": "12 months", "levels": starting_levels()}
    return {}


def starting_levels() -> list[Said]:
    """Three tiers to begin with."""
    return [
        {"id": "bronze", "name": names(es="Bronce", en="Bronze", pt="Bronze"), "from": number(0)},
        {"id": "silver", "name": names(es="Plata", en="Silver", pt="Prata"), "from": number(300),
         "multiply": number("1.5")},
        {"id": "gold", "name": names(es="Oro", en="Gold", pt="Ouro"), "from": number(1000),
         "multiply": number(2)},
    ]  # fmt: skip
