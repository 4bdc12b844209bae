"""What is asked of a simulation: which time, how members redeem, which variants are tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fiel.domain.program import Give, Multiply, Program
from fiel.insights.naming import award_name, reward_name, tier_name, unit_name
from fiel.programs.editing.naming import entry_name

AXES = 2
_FEW = 2  # of which half and twice say little
_FACTORS = (Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(2))


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the document where other values can be tried; `values` are suggested."""

    path: str
    label: str
    values: str


class SimulationForm(forms.Form):
    """A time, and how members are taken to redeem."""

    since = forms.DateField(
        label=gettext_lazy("From"), required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Left out: from the first sale on."),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("To, included"), required=False,
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Left out: to the last sale."),
    )  # fmt: skip
    behaviour = forms.ChoiceField(
        label=gettext_lazy("How members redeem"),
        choices=[
            ("observed", gettext_lazy("As they did")),
            ("eager:25", gettext_lazy("At a quarter of their visits, the dearest reward")),
            ("eager:50", gettext_lazy("At half of their visits, the dearest reward")),
            ("eager:100", gettext_lazy("Whenever they can, the dearest reward")),
            ("eager:50:cheapest", gettext_lazy("At half of their visits, the cheapest reward")),
            ("never", gettext_lazy("Never")),
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=gettext_lazy("Before anybody redeemed anything, choose a guess."),
    )


def axes_of(told: Mapping[str, str]) -> tuple[str, ...]:
    """The axes of the grid as a form brings them; without values there is none."""
    found = []
    for number in range(AXES):
        path = told.get(f"path-{number}", "").strip()
        values = told.get(f"values-{number}", "").replace(";", ",").strip()
        if path and values:
            found.append(f"{path}={values}")
    return tuple(found)


def places_of(plain: Mapping[str, Any], program: Program, language: str) -> list[Place]:
    """The places of a document where merchants try other values."""
    return [*_rules(program, language), *_tiers(plain, program, language),
            *_rewards(program, language)]  # fmt: skip


def _rules(program: Program, language: str) -> Iterator[Place]:
    for rule in program.earn:
        name = entry_name("earn", rule.id, award_name(program, rule.id, language), language)
        if isinstance(rule.effect, Give):
            for unit, amount in rule.effect.amounts.items():
                called = unit_name(program, unit, language)
                label = _("%(rule)s: how many %(unit)s") % {"rule": name, "unit": called}
                yield Place(f"earn.{rule.id}.give.{unit}", label, _around(amount))
        elif isinstance(rule.effect, Multiply):
            label = _("%(rule)s: the factor") % {"rule": name}
            yield Place(f"earn.{rule.id}.multiply", label, "1.5,2,3")


def _tiers(plain: Mapping[str, Any], program: Program, language: str) -> Iterator[Place]:
    if program.tiers is None:
        return
    levels = plain["tiers"]["levels"]
    for level, told in zip(program.tiers.levels[1:], levels[1:], strict=True):
        name = tier_name(program, level.id, language)
        start = Fraction(str(told["from"]))
        label = _("%(tier)s: from how much on") % {"tier": name}
        yield Place(f"tiers.levels.{level.id}.from", label, _around(start))
        if level.multiply != 1:
            label = _("%(tier)s: its factor") % {"tier": name}
            yield Place(f"tiers.levels.{level.id}.multiply", label, "1,1.5,2")


def _rewards(program: Program, language: str) -> Iterator[Place]:
    for reward in program.rewards.values():
        name = reward_name(program, reward.id, language)
        for unit, price in reward.price.items():
            if price:
                label = _("%(reward)s: its price") % {"reward": name}
                path = f"rewards.{reward.id}.price.{unit}"
                yield Place(path, label, _around(Fraction(price), whole=True))


def _around(value: Fraction, *, whole: bool = False) -> str:
    """Half, the same, one and a half, twice; whole numbers only where no other can be."""
    if value.denominator == 1 and value <= _FEW:
        return ",".join(_text(value + more) for more in range(len(_FACTORS) - 1))
    values = [value * factor for factor in _FACTORS]
    if whole or value.denominator == 1:
        values = [max(Fraction(1), Fraction(round(each))) for each in values]
    return ",".join(dict.fromkeys(_text(each) for each in values))


def _text(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
