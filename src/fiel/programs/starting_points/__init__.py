"""Programs to start from: the models that merchants know, each ready to be published."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from fiel.domain.language import DEFAULT_LANGUAGE, LANGUAGES, N_, say
from fiel.domain.refusal import NotFound

# In the order in which they are offered: the simplest first.
MODELS = (
    "points",
    "stamp-card",
    "cashback",
    "coupons",
    "spend-levels",
    "tiers",
    "buy-x-get-y",
    "gift-card",
    "club",
)
_REMARK = re.compile(r"^(?P<indent> *)#(?P<language>[a-z]{2}): (?P<text>.*)$")
_SHOPS = {
    "es": ("mi-tienda", "Mi tienda"),
    "en": ("my-shop", "My shop"),
    "pt": ("a-minha-loja", "A minha loja"),
}


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """A model: its name, its promise in one sentence, and its document as YAML."""

    name: str
    promise: str
    source: str


class NoSuchModel(NotFound):
    """There is no model of this name."""


def starting_points(language: str = DEFAULT_LANGUAGE) -> list[StartingPoint]:
    """All models, with their words in a language."""
    return [starting_point(name, language) for name in MODELS]


def starting_point(
    name: str,
    language: str = DEFAULT_LANGUAGE,
    *,
    slug: str | None = None,
    shop: str | None = None,
    currency: str = "EUR",
    timezone: str = "Europe/Madrid",
) -> StartingPoint:
    """A model written for a shop, with its remarks in a language.

    Raises:
        NoSuchModel: there is no model of this name.
    """
    if name not in MODELS:
        raise NoSuchModel(
            N_("There is no model “{name}”. There are: {known}."),
            name=name,
            known=", ".join(MODELS),
        )
    assert language in LANGUAGES, "boundaries choose a language that there is"
    text = (files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")
    remarks, lines = _in_language(text, language)
    usual_slug, usual_shop = _SHOPS[language]
    source = Template("\n".join(lines) + "\n").substitute(
        slug=slug or usual_slug,
        name=json.dumps(shop or usual_shop, ensure_ascii=False),
        language=language,
        currency=currency,
        timezone=timezone,
    )
    return StartingPoint(name, remarks[0], source)


def model_title(name: str, language: str) -> str:
    """What people call a model."""
    return say(language, _TITLES[name])


_TITLES = {
    "points": N_("Points"),
    "stamp-card": N_("Stamp card"),
    "cashback": N_("Cashback"),
    "coupons": N_("Welcome and next-purchase coupon"),
    "spend-levels": N_("Reward for each spend level"),
    "tiers": N_("Tiers"),
    "buy-x-get-y": N_("Buy some, get one"),
    "gift-card": N_("Gift cards"),
    "club": N_("Membership club"),
}


def _in_language(text: str, language: str) -> tuple[list[str], list[str]]:
    """The remarks of a language, and the lines of the document with no others in it."""
    remarks: list[str] = []
    lines: list[str] = []
    for line in text.splitlines():
        found = _REMARK.match(line)
        if found is None:
            lines.append(line)
        elif found["language"] == language:
            remarks.append(found["text"])
            lines.append(f"{found['indent']}# {found['text']}")
    return remarks, lines
