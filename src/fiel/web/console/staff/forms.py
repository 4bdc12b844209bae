"""The forms of the staff's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from fiel.domain.money import Currency
from fiel.domain.program import Program
from fiel.staff.keys import Scope
from fiel.staff.policy import CARD_ROLES, LIMITED_ROLES, StaffPolicy
from fiel.staff.roles import ROLE_NAMES, Role
from fiel.web.console.staff.stores import Choices, StoresField, choices_of, named

_SCOPES = {
    Scope.READ: _("Read: look members, sales and reports up"),
    Scope.TILL: _("Till: record sales, returns and redemptions"),
    Scope.MANAGE: _("Manage: change members, the program and everything else"),
}
_MOST_POINTS = 1_000_000_000


class RoleForm(forms.Form):
    """What a person is, and which stores she sees."""

    role = forms.ChoiceField(label=_("Role"))
    stores = StoresField(
        label=_("Stores"), required=False, help_text=_("None: all stores. An owner sees all.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(str(role), _(name)) for role, name in ROLE_NAMES.items()]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> tuple[Role, tuple[str, ...]]:
        """The role and the stores that were asked for."""
        return Role(self.cleaned_data["role"]), self.cleaned_data["stores"]

    def choices(self, known: Sequence[str]) -> Choices:
        """The stores to choose from, with those that are chosen now."""
        return choices_of(known, named(self["stores"].value() or ()))


class InviteForm(RoleForm):
    """Who is invited, as what."""

    email = forms.EmailField(label=_("E-mail"))
    field_order = ("email", "role", "stores")


class KeyForm(forms.Form):
    """What a new API key is for, and what it may do."""

    name = forms.CharField(
        label=_("What it is for"), max_length=200, help_text=_("To know it again in the list.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=[(str(scope), text) for scope, text in _SCOPES.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )


class PolicyForm(forms.Form):
    """What a program asks of its staff: limits for points in each unit, and for gift cards."""

    second_factor = forms.BooleanField(
        label=_("Everybody needs a second factor"),
        required=False,
        help_text=_("Who has none yet is asked to set one up before anything else."),
    )

    def __init__(self, program: Program | None, policy: StaffPolicy, data: object = None) -> None:
        super().__init__(data, initial={"second_factor": policy.second_factor})  # type: ignore[arg-type]
        self.units = list(program.units) if program else []
        self.currency = program.currency if program else None
        for role in LIMITED_ROLES:
            for unit in self.units:
                self.fields[f"{role}-{unit}"] = forms.IntegerField(
                    label=f"{ROLE_NAMES[role]}, {unit}",
                    required=False,
                    min_value=0,
                    max_value=_MOST_POINTS,
                    initial=policy.limit(role, unit),
                )
        if self.currency is not None:
            for role in CARD_ROLES:
                self.fields[f"{role}-cards"] = self._amount(role, policy, self.currency)

    @staticmethod
    def _amount(role: Role, policy: StaffPolicy, money: Currency) -> forms.DecimalField:
        limit = policy.card_limits.get(role)
        return forms.DecimalField(
            label=f"{ROLE_NAMES[role]}, {money.code}",
            required=False,
            min_value=0,
            max_value=_MOST_POINTS,
            decimal_places=money.decimals,
            initial=None if limit is None else money.decimal(limit),
        )

    def chosen(self, former: StaffPolicy) -> StaffPolicy:
        """The rules that were asked for; limits of units that are no more stay as they were."""
        limits = {role: dict(units) for role, units in former.limits.items()}
        for role in LIMITED_ROLES:
            for unit in self.units:
                limit = self.cleaned_data[f"{role}-{unit}"]
                of_role = limits.setdefault(role, {})
                of_role.pop(unit, None)
                if limit is not None:
                    of_role[unit] = limit
        kept = {role: units for role, units in limits.items() if units}
        return StaffPolicy(self.cleaned_data["second_factor"], kept, self._of_cards(former))

    def _of_cards(self, former: StaffPolicy) -> Mapping[Role, int]:
        if self.currency is None:
            return former.card_limits
        told = {role: self.cleaned_data[f"{role}-cards"] for role in CARD_ROLES}
        return {
            role: int(amount * self.currency.minor_per_major)
            for role, amount in told.items()
            if amount is not None
        }


def split_stores(told: str) -> tuple[str, ...]:
    """The stores that were typed, with commas between them."""
    return tuple(dict.fromkeys(store for part in told.split(",") if (store := part.strip())))


def joined_stores(stores: Iterable[str]) -> str:
    """Stores as they are typed."""
    return ", ".join(stores)
