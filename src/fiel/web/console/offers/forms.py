"""Forms about coupons and gift cards; what they refuse stands beside the field."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from fiel.intake.contents.base import Body
from fiel.intake.contents.coupons import MOST_CODES
from fiel.intake.contents.errors import invalid_fields
from fiel.web.console.members.forms import OnceForm


def _day(**told: object) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(required=False, widget=widget, **told)  # type: ignore[arg-type]


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Reason"), max_length=500, required=False,
        help_text=_("For whoever has to approve it."),
    )  # fmt: skip


class BatchForm(OnceForm):
    """Codes to be made for a coupon."""

    coupon = forms.ChoiceField(label=_("Coupon"))
    count = forms.IntegerField(
        label=_("How many codes"), min_value=1, max_value=MOST_CODES, initial=100
    )
    batch = forms.CharField(
        label=_("Name of the batch"), max_length=100, required=False,
        help_text=_("To find it again, like: spring flyer. Empty: it has none."),
    )  # fmt: skip
    last_day = _day(
        label=_("Can be used until"),
        help_text=_("Empty: as the coupon says. A coupon that ends earlier ends then."),
    )

    def offer(self, coupons: Sequence[tuple[str, str]]) -> BatchForm:
        """Let one of these coupons be chosen."""
        field = self.fields["coupon"]
        assert isinstance(field, forms.ChoiceField), "it is one of several"
        field.choices = list(coupons)
        return self


class CardForm(OnceForm):
    """A gift card to be issued."""

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0), localize=True)
    kind = forms.ChoiceField(
        label=_("It buys"),
        choices=(
            ("multi_purpose", _("anything: the tax is due when it pays")),
            ("single_purpose", _("goods of one tax rate: the tax is due now")),
        ),
    )
    tax_rate = forms.DecimalField(
        label=_("Tax rate, in percent"), required=False, min_value=Decimal(0), localize=True,
        help_text=_("Only of a card for goods of one tax rate."),
    )  # fmt: skip
    expires = _day(label=_("Pays until"), help_text=_("Empty: without end."))
    external_id = forms.CharField(
        label=_("Your number for it"), max_length=200, required=False,
        help_text=_("Like the number of the sale. The same number issues one card only."),
    )  # fmt: skip
    reason = _reason()


class ChargeForm(OnceForm):
    """Money that a card pays."""

    prefix = "charge"
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0), localize=True)
    external_id = forms.CharField(label=_("Number of the payment"), max_length=200, required=False)
    reason = _reason()


class RefundForm(OnceForm):
    """Money that goes back to a card."""

    prefix = "refund"
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0), localize=True)
    charge = forms.ChoiceField(label=_("Of the payment"), required=False)

    def offer(self, charges: Sequence[tuple[str, str]]) -> RefundForm:
        """Let one of these payments be chosen, or none."""
        field = self.fields["charge"]
        assert isinstance(field, forms.ChoiceField), "it is one of several"
        field.choices = [("", _("Any")), *charges]
        return self


def body_of[T: Body](model: type[T], **content: object) -> T:
    """A body of the content that a form told.

    Raises:
        Invalid: a field is not right.
    """
    try:
        return model.model_validate(content)
    except ValidationError as found:
        raise invalid_fields(found) from None
