"""Where shops are: what each time zone is called, its currency, and the taxes that are usual there.

The taxes are proposals, for the countries that Fiel is made for: a shop knows its own. Where prices
are told without tax there is none.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from babel.core import Locale, get_global
from babel.dates import get_timezone_location
from babel.numbers import get_territory_currencies

# What is put on top of the price of most goods, in percent, the usual one first.
TAXES: Mapping[str, tuple[str, ...]] = {
    "AD": ("4.5",), "AR": ("21", "10.5"), "BO": ("13",), "CL": ("19",), "CO": ("19", "8", "5"),
    "CR": ("13",), "DO": ("18", "16"), "EC": ("15",), "ES": ("21", "10", "4"), "GT": ("12",),
    "HN": ("15",), "MX": ("16", "8"), "NI": ("15",), "PA": ("7",), "PE": ("18",),
    "PT": ("23", "13", "6"), "PY": ("10", "5"), "SV": ("13",), "UY": ("22", "10"),
    "VE": ("16", "8"),
}  # fmt: skip
_NO_SHOPS = "AQ"  # Antarctica has stations, each with a time zone
# Parts of a country with a tax of their own.
_OWN_TAXES: Mapping[str, tuple[str, ...]] = {
    "Africa/Ceuta": (),
    "Atlantic/Azores": ("16", "9", "4"),
    "Atlantic/Canary": ("7", "3"),
    "Atlantic/Madeira": ("22", "12", "4"),
}


@cache
def zones(language: str) -> tuple[tuple[str, str], ...]:
    """The time zones by country: "España, Canarias"."""
    named = Locale.parse(language).territories
    known = available_timezones()
    found = [
        (zone, f"{named[country]}, {town_of(zone, language)}")
        for zone, country in _countries().items()
        if zone in known and country in named
    ]
    return (*sorted(found, key=lambda each: _letters(each[1])), ("UTC", "UTC"))


def town_of(zone: str, language: str) -> str:
    """The town that gives a time zone its name: "Ciudad de México"."""
    return get_timezone_location(zone, locale=language, return_city=True).rpartition("/")[2]


@cache
def places(currencies: tuple[str, ...]) -> str:
    """By zone its currency, if it is one of those, and the taxes that are usual there; as JSON."""
    told: dict[str, list[str]] = {}
    for zone, country in _countries().items():
        used = [code for code in get_territory_currencies(country) if code in currencies][:1]
        taxes = _OWN_TAXES.get(zone, TAXES.get(country, ()))
        if used or taxes:
            told[zone] = [*(used or [""]), *taxes]
    return json.dumps(told, separators=(",", ":"), sort_keys=True)


@cache
def older_names() -> str:
    """The zones by the names that browsers still use for them, as JSON."""
    listed, known = _countries(), available_timezones()
    older = {
        name: zone
        for name, zone in get_global("zone_aliases").items()
        if zone in listed and name in known and not name.startswith(("Etc/", "US/"))
    }
    return json.dumps(older, separators=(",", ":"), sort_keys=True)


def _countries() -> Mapping[str, str]:
    told: Mapping[str, str] = get_global("zone_territories")
    return {zone: country for zone, country in told.items() if country != _NO_SHOPS}


def _letters(text: str) -> str:
    """A text as an alphabet orders it, without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
