"""The descriptions of `stores`, `day_of` and `leap_day`: where and when a day is which."""

from __future__ import annotations

from fiel.domain.document.days import Timezone
from fiel.domain.document.shapes import Fields, MappingOf, Record, defaulted, required
from fiel.domain.document.words import Choice, Identifier
from fiel.domain.language import N_
from fiel.domain.program import DayOf, LeapDay, Store

_TIMEZONE = required("timezone", Timezone(), "The zone in which the store's days are counted.")

STORES = defaulted(
    "stores",
    MappingOf(
        Record(
            "store",
            (_TIMEZONE,),
            lambda fields: Store(fields[_TIMEZONE]),
            doc="A store with a zone of its own. The key is what sales call it.",
        ),
        Identifier(),
        most=5_000,
    ),
    {},
    None,
    "Stores whose zone is not the program's.",
)
DAY_OF = defaulted(
    "day_of",
    Choice(DayOf),
    DayOf.PROGRAM,
    "program",
    "Whose day a sale falls on, for tiers, limits, hours and expiry: `program` counts in the "
    "program's zone, `store` in that of the store, where `stores` names it.",
)
LEAP_DAY = defaulted(
    "leap_day",
    Choice(LeapDay),
    LeapDay.FEB_28,
    "feb-28",
    "When birthdays and anniversaries of 29 February are honoured in other years.",
)


def check_stores(fields: Fields) -> None:
    """Refuse a program that counts by the day of stores and names none."""
    if fields[DAY_OF] is DayOf.STORE and not fields[STORES]:
        fields.place(DAY_OF).refuse(
            "day_of_no_store",
            N_("Days are counted by store, and no store is named."),
            N_("Name the stores whose zone differs under “stores”, or write “day_of: program”."),
        )
