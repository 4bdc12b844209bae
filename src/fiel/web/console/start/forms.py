"""The forms of the start: six questions, and a file of sales."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from babel.numbers import format_decimal, get_currency_name
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fiel.domain.language import LANGUAGES
from fiel.programs.fitting import Aim, Sells, Visits
from fiel.web.console.start.places import older_names, places, zones
from fiel.web.ui.context import NAMES

# The currencies of most shops that speak our languages first, then what their neighbours use.
_CURRENCIES = (
    "EUR", "USD", "MXN", "COP", "ARS", "CLP", "PEN", "GBP", "BRL", "UYU", "BOB", "CRC", "DOP",
    "GTQ", "HNL", "NIO", "PYG", "VES", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN",
    "CZK", "RON", "MAD", "AED", "INR", "JPY", "KRW", "CNY", "ZAR", "KWD", "TND",
)  # fmt: skip

_SELLS = {
    Sells.COFFEE: _("Coffee, bread, cakes"),
    Sells.MEALS: _("Meals"),
    Sells.FOOD: _("Food to take home"),
    Sells.FASHION: _("Clothes, shoes, accessories"),
    Sells.BEAUTY: _("Beauty and health"),
    Sells.HOME: _("Things for the home"),
    Sells.LEISURE: _("Books, toys, sport"),
    Sells.SERVICES: _("Services"),
    Sells.OTHER: _("Something else"),
}
_VISITS = {
    Visits.DAILY: _("Several times a week"),
    Visits.WEEKLY: _("About once a week"),
    Visits.MONTHLY: _("About once a month"),
    Visits.QUARTERLY: _("A few times a year"),
    Visits.YEARLY: _("About once a year"),
}
_AIMS = {
    Aim.PURCHASE_FREQUENCY: _("Customers come more often"),
    Aim.AVERAGE_SPEND: _("They spend more each time"),
    Aim.RETENTION: _("Fewer of them stop coming"),
    Aim.NEW_MEMBERS: _("More people come for the first time"),
    Aim.ENGAGEMENT: _("They take part: reviews, visits, friends"),
    Aim.PROFIT: _("More is left at the end of the month"),
}
_FIRST_ZONES = {"es": "Europe/Madrid", "en": "Europe/London", "pt": "Europe/Lisbon"}


class QuestionsForm(forms.Form):
    """The six questions. What may be answered is read by the room below."""

    name = forms.CharField(
        label=_("What is your shop called?"),
        help_text=_("Members read this name."),
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "organization"}),
    )
    sells = forms.ChoiceField(
        label=_("What do you sell?"),
        choices=[("", _("Choose …")), *((str(key), text) for key, text in _SELLS.items())],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    timezone = forms.ChoiceField(
        label=_("Where is the shop?"),
        help_text=_("Its days begin and end there."),
        widget=forms.Select(attrs={"class": "form-select", "data-own-zone": ""}),
    )
    currency = forms.ChoiceField(
        label=_("In which currency are your prices?"),
        widget=forms.Select(attrs={"class": "form-select", "data-currency": ""}),
    )
    tax = forms.CharField(
        label=_("How much tax is in your prices?"),
        help_text=_(
            "In percent, as it is in most of what you sell. 0: customers pay no tax, or it is "
            "added at the till."
        ),
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    ticket = forms.CharField(
        label=_("How much is a usual purchase?"),
        help_text=_("As customers pay it, with the tax. A good guess will do."),
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    margin = forms.CharField(
        label=_("How much of it is left after paying for the goods?"),
        help_text=_("In percent, without tax: of 10, with goods for 4, 60 are left."),
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    visits = forms.ChoiceField(
        label=_("How often does a usual customer come?"),
        choices=[("", _("Choose …")), *((str(key), text) for key, text in _VISITS.items())],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    aim = forms.ChoiceField(
        label=_("What do you want to reach first?"),
        choices=[("", _("Choose …")), *((str(key), text) for key, text in _AIMS.items())],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    language = forms.ChoiceField(
        label=_("Which language do your members read?"),
        choices=[(code, NAMES[code]) for code in LANGUAGES],
        widget=forms.Select(attrs={"class": "form-select"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        language = get_language() or "es"
        self.fields["currency"].choices = _currencies(language)  # type: ignore[attr-defined]
        zone = self.fields["timezone"]
        zone.choices = self._zones(language)  # type: ignore[attr-defined]
        zone.widget.attrs |= {"data-places": places(_CURRENCIES), "data-older-names": older_names()}
        if self.is_bound or "timezone" in self.initial:  # else the browser's own is proposed
            del zone.widget.attrs["data-own-zone"]
        self.initial.setdefault("language", language)
        self.initial.setdefault("timezone", _FIRST_ZONES[language])
        self.initial.setdefault("currency", _CURRENCIES[0])

    def hold(self, name: str) -> None:
        """Show an answer that stays what it is."""
        self.fields[name].disabled = True

    def _zones(self, language: str) -> list[tuple[str, str]]:
        """The zones, and that of an earlier answer where it has another name by now."""
        listed = [*zones(language)]
        told = self.initial.get("timezone", "")
        if told and told not in dict(listed):
            listed.append((told, told))
        return listed


class UploadForm(forms.Form):
    """A file of sales."""

    file = forms.FileField(
        label=_("File of sales"),
        help_text=_("CSV or Parquet, up to 200 MB: one row for each sale or for each article."),
        widget=forms.FileInput(
            attrs={"class": "form-control", "accept": ".csv,.txt,.parquet,text/csv"}
        ),
    )


def decimal_field(number: Decimal) -> str:
    """A number as the page's language types it: "8,1"."""
    return format_decimal(number, locale=get_language() or "es", group_separator=False)


@cache
def _currencies(language: str) -> list[tuple[str, str]]:
    return [(code, f"{code} · {get_currency_name(code, locale=language)}") for code in _CURRENCIES]
