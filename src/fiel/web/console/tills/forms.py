"""The forms about tills and cashiers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from fiel.domain.program import Program
from fiel.insights.naming import unit_name
from fiel.staff.tills.cashiers import Cashier, Terms
from fiel.staff.tills.fields import LONGEST, LONGEST_PIN
from fiel.web.console.staff.forms import joined_stores, split_stores

_REDEEM = "redeem_"


class DeviceForm(forms.Form):
    """A till: what it is called, and where it stands."""

    name = forms.CharField(
        label=_("Name"), max_length=LONGEST, help_text=_("To tell it from the others: Counter 1.")
    )
    store = forms.CharField(
        label=_("Store"),
        max_length=LONGEST,
        required=False,
        help_text=_("What it sells counts for this store. Empty: the till says no store."),
        widget=forms.TextInput(attrs={"list": "known-stores"}),
    )


class PinForm(forms.Form):
    """A PIN."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=LONGEST_PIN,
        help_text=_("Four to eight digits. It is kept so that nobody can read it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CashierForm(forms.Form):
    """Who a cashier is, and how far she may go in a day."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST)
    stores = forms.CharField(
        label=_("Stores"),
        required=False,
        max_length=1000,
        help_text=_("With commas between them. Empty: all stores."),
    )
    may_approve = forms.BooleanField(
        label=_("May approve what goes beyond others' limits, and has none"), required=False
    )

    def __init__(self, told: Any, *, program: Program, language: str, **named: Any) -> None:  # noqa: ANN401
        super().__init__(told, **named)
        self.program = program
        for unit in program.units:
            self.fields[_REDEEM + unit] = forms.IntegerField(
                label=_("Redeemed a day: %(unit)s") % {"unit": unit_name(program, unit, language)},
                required=False,
                min_value=0,
                max_value=10**12,
                help_text=_("Rewards, and points that pay. Empty: no limit."),
            )
        self.fields["return_a_day"] = forms.DecimalField(
            label=_("Taken back a day: %(currency)s") % {"currency": program.currency.code},
            required=False,
            min_value=0,
            max_digits=12,
            decimal_places=program.currency.decimals,
            help_text=_("Worth of the goods, with tax. Empty: no limit."),
        )

    @staticmethod
    def initial_of(cashier: Cashier, program: Program) -> dict[str, object]:
        """What the form shows of a cashier."""
        terms = cashier.terms
        back = terms.return_a_day
        return {
            "name": terms.name,
            "stores": joined_stores(terms.stores),
            "may_approve": terms.may_approve,
            "return_a_day": None if back is None else program.currency.decimal(back),
            **{_REDEEM + unit: most for unit, most in terms.redeem_a_day.items()},
        }

    def terms(self) -> Terms:
        """What was asked for."""
        told = self.cleaned_data
        back: Decimal | None = told["return_a_day"]
        return Terms(
            name=told["name"],
            stores=split_stores(told["stores"]),
            may_approve=told["may_approve"],
            redeem_a_day={
                unit: told[_REDEEM + unit]
                for unit in self.program.units
                if told[_REDEEM + unit] is not None
            },
            return_a_day=None if back is None else self.program.currency.minor(back),
        )


class NewCashierForm(CashierForm, PinForm):
    """A new cashier, with the first PIN."""

    field_order = ("name", "pin", "stores")


class SharedForm(forms.Form):
    """What all tills share."""

    tax_percent = forms.CharField(
        label=_("Tax in the prices, in percent"),
        max_length=6,
        help_text=_(
            "A cashier types amounts with tax. So much of it is tax, which matters where points "
            "are earned before tax. 0: it is not taken apart."
        ),
    )
    sender = forms.CharField(
        label=_("Page that hands sales over"),
        required=False,
        max_length=LONGEST,
        help_text=_(
            "Where your own till software runs, such as https://pos.example. It may then open the "
            "till and hand a sale over. Empty: nobody may."
        ),
    )
