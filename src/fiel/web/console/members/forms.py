"""Forms about members; what they refuse stands beside the field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fiel.ledger.ids import new_id


class ConsoleForm(forms.Form):
    """A form that shows what a service refused beside the field that it is about."""

    def blame(self, problem: str, problems: Mapping[str, str]) -> None:
        """Show a refusal: what names a field beside it, else above the form."""
        found = False
        for name, text in problems.items():
            field = name.partition(".")[0].partition("[")[0]
            if field in self.fields:
                self.add_error(field, text)
                found = True
            else:
                self.add_error(None, text)
        if not found and not problems:
            self.add_error(None, problem)


class OnceForm(ConsoleForm):
    """A form whose request is made once, however often it is sent."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)

    @property
    def once(self) -> UUID:
        """The id of what the form asks for."""
        made: UUID = self.cleaned_data["request_id"]
        return made


class PersonForm(OnceForm):
    """Who somebody is; all may be left empty."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )  # fmt: skip
    email = forms.CharField(
        label=_("E-mail"), max_length=254, required=False,
        widget=forms.TextInput(attrs={"type": "email"}),
    )  # fmt: skip
    card = forms.CharField(label=_("Card"), max_length=100, required=False)
    external_id = forms.CharField(
        label=_("Your number for the member"), max_length=200, required=False,
        help_text=_("The id in your sales system or CRM, if there is one."),
    )  # fmt: skip
    birthday = forms.DateField(
        label=_("Birthday"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )  # fmt: skip
    consent_email = forms.BooleanField(label=_("Agrees to e-mails"), required=False)
    consent_sms = forms.BooleanField(label=_("Agrees to text messages"), required=False)
    consent_whatsapp = forms.BooleanField(label=_("Agrees to WhatsApp messages"), required=False)

    @property
    def consents(self) -> dict[str, bool]:
        """What is agreed to and what is not."""
        return {way: bool(self.cleaned_data[f"consent_{way}"]) for way in CONSENT_WAYS}


CONSENT_WAYS = ("email", "sms", "whatsapp")


class EnrolForm(PersonForm):
    """A person to enrol."""

    referred_by = forms.CharField(
        label=_("Referral code"), max_length=60, required=False,
        help_text=_("Of the member who brought this one."),
    )  # fmt: skip


class ChangeForm(PersonForm):
    """What is known of a member, to be changed; attributes one a line."""

    attributes = forms.CharField(
        label=_("Attributes"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, as in “favourite = latte”. Take a line out to forget it."),
    )  # fmt: skip


class AdjustForm(OnceForm):
    """Points to give or take, and why."""

    direction = forms.ChoiceField(
        label=_("What to do"),
        choices=(("give", _("Give")), ("take", _("Take off"))),
        initial="give",
    )
    points = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000_000)
    unit = forms.ChoiceField(label=_("Of what"))
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The member can read it in the history."),
    )  # fmt: skip
    expires = forms.DateField(
        label=_("Last day"), required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Only for points that are given; left empty, the unit's own rule says."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[str, str]], **told: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **told)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)
        unit.choices = units

    @property
    def signed(self) -> int:
        """The points, below zero where they are taken."""
        points: int = self.cleaned_data["points"]
        return points if self.cleaned_data["direction"] == "give" else -points


class RedeemForm(OnceForm):
    """A reward to redeem for a member."""

    reward = forms.CharField(max_length=100)
    quantity = forms.IntegerField(min_value=1, max_value=1000, initial=1)


class ReturnForm(OnceForm):
    """What came back of a purchase: everything, an amount, or so much of each line."""

    way = forms.ChoiceField(
        label=_("What came back"),
        choices=(
            ("full", _("Everything that is left")),
            ("lines", _("Some of the lines")),
            ("amount", _("An amount")),
            ("cancel", _("Nothing came back: the sale was a mistake")),
        ),
    )
    amount = forms.DecimalField(
        label=_("Amount, with tax"), required=False, min_value=0, max_digits=14, decimal_places=3
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class NoteForm(ConsoleForm):
    """A note about a member."""

    text = forms.CharField(
        label=_("New note"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class EraseForm(ConsoleForm):
    """The word that confirms an erasure."""

    typed = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "form-control"}),
    )
