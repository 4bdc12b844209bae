"""What a document names, for the choices of its forms; whatever else is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from fiel.domain.language import DEFAULT_LANGUAGE, LANGUAGES, pick
from fiel.programs.editing.said import Said, found_at


@dataclass(frozen=True)
class Known:
    """The locale, the currency, and by their kind the ids with what people call them."""

    locale: str = DEFAULT_LANGUAGE
    language: str = DEFAULT_LANGUAGE
    currency: str = ""
    in_a_year: str = ""  # a day to aim at
    names: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def named(self, kind: str) -> tuple[tuple[str, str], ...]:
        """The ids of a kind, each with what people call it."""
        return self.names.get(kind, ())


def known_in(said: Said, language: str, today: date) -> Known:
    """What a document names, called as a language calls it."""
    locale, currency = found_at(said, ("locale",)), found_at(said, ("currency",))
    spoken = locale if isinstance(locale, str) and locale in LANGUAGES else DEFAULT_LANGUAGE
    names: dict[str, tuple[tuple[str, str], ...]] = {}
    units = found_at(said, ("units",))
    if isinstance(units, dict):
        names["units"] = tuple(
            (unit, name_of(block, unit, language, spoken)) for unit, block in units.items()
        )
    for kind, way in (
        ("earn", ("earn",)), ("rewards", ("rewards",)), ("badges", ("badges",)),
        ("segments", ("segments",)), ("milestones", ("milestones",)), ("coupons", ("coupons",)),
        ("tiers", ("tiers", "levels")),
    ):  # fmt: skip
        entries = found_at(said, way)
        names[kind] = tuple(
            (identifier, name_of(entry, identifier, language, spoken))
            for entry in (entries if isinstance(entries, list) else ())
            if isinstance(identifier := found_at(entry, ("id",)), str)
        )
    names["stamps"] = tuple(pair for pair in names.get("units", ()) if _is_stamp(pair[0], said))
    aim = today.replace(day=28)
    return Known(
        spoken, language, currency if isinstance(currency, str) else "",
        aim.replace(year=aim.year + 1).isoformat(), names,
    )  # fmt: skip


def _is_stamp(unit: str, said: Said) -> bool:
    """Whether a unit is counted one by one, like stamps: so called, or given by no amount spent."""
    if "stamp" in unit or "sello" in unit:
        return True
    rules = found_at(said, ("earn",))
    gifts = [
        gift
        for rule in (rules if isinstance(rules, list) else ())
        if found_at(rule, ("event",)) in (None, "sale")
        and isinstance(gift := found_at(rule, ("give",)), dict)
        and unit in gift
    ]
    return bool(gifts) and not any("per" in gift for gift in gifts)


def name_of(said: Said, otherwise: str, language: str, locale: str) -> str:
    """What people call something in a document."""
    name = said.get("name") if isinstance(said, dict) else None
    if isinstance(name, str):
        return name
    texts = {key: each for key, each in name.items() if isinstance(each, str)} if isinstance(
        name, dict) else {}  # fmt: skip
    return pick(texts, language, locale) or otherwise
