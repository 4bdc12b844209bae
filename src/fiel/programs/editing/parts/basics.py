"""The program itself: its name, language, currency and how days are counted; stores."""

from __future__ import annotations

from fiel.domain.document.places import STORES
from fiel.domain.document.program import PROGRAM
from fiel.domain.document.shapes import MappingOf, Record
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Choice, CurrencyWord, Word, Zone
from fiel.programs.editing.parts.common import order_of
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Group, Question

LANGUAGES = (("es", N_("Spanish")), ("en", N_("English")), ("pt", N_("Portuguese")))

BASICS = Part(
    id="basics",
    title=N_("Name and basics"),
    way=(),
    manner=Manner.BLOCK,
    purpose=N_("What your program is called, and the money and the time it counts in."),
    groups=(
        Group(
            N_("Your program"),
            (
                Question(("name",), Word(), N_("Name"), N_("What your members read.")),
                Question(("locale",), Choice(LANGUAGES, "es"), N_("Main language")),
                Question(
                    ("currency",),
                    CurrencyWord(),
                    N_("Currency"),
                    N_("It cannot change once sales are recorded."),
                ),
                Question(
                    ("timezone",),
                    Zone(),
                    N_("Time zone"),
                    N_("Your days, hours and months are counted in it."),
                ),
            ),
        ),
        Group(
            N_("How things are counted"),
            (
                Question(
                    ("stacking",),
                    Choice(
                        (
                            ("multiply", N_("They multiply: ×1.5 and ×2 make ×3")),
                            ("add", N_("They add up: ×1.5 and ×2 make ×2.5")),
                            ("best", N_("The best one counts: ×1.5 and ×2 make ×2")),
                        ),
                        "multiply",
                    ),
                    N_("When a tier and a promotion both multiply"),
                ),
                Question(
                    ("day_of",),
                    Choice(
                        (
                            ("program", N_("The program’s day")),
                            ("store", N_("The day of the store where it was bought")),
                        ),
                        "program",
                    ),
                    N_("Whose day counts"),
                    N_("Only matters with stores in several time zones."),
                    is_more=True,
                ),
                Question(
                    ("leap_day",),
                    Choice((("feb-28", N_("28 February")), ("mar-1", N_("1 March"))), "feb-28"),
                    N_("Birthdays of 29 February, in other years"),
                    is_more=True,
                ),
                Question(
                    ("program",),
                    Word(),
                    N_("Short name"),
                    N_("It names the program in addresses and commands, and cannot change."),
                    is_more=True,
                ),
            ),
        ),
    ),
    order=order_of(PROGRAM.keys),
)

_STORE = STORES.shape
assert isinstance(_STORE, MappingOf)
assert isinstance(_STORE.shape, Record)

PLACES = Part(
    id="stores",
    title=N_("Stores in other time zones"),
    way=("stores",),
    manner=Manner.NAMED,
    purpose=N_("Stores whose clock differs from the program’s."),
    groups=(
        Group(
            N_("Store"),
            (Question(("timezone",), Zone(), N_("Time zone")),),
        ),
    ),
    order=order_of(_STORE.shape.keys),
    samples=(
        Sample(
            "store",
            N_("A store"),
            N_("Its short name is the one your sales tell."),
            lambda known: {"timezone": "Atlantic/Canary"},  # noqa: ARG005
        ),
    ),
    one=N_("store"),
    inside="basics",
)
