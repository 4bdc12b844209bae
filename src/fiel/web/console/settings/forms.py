"""The form of a merchant's brand."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from fiel.programs.brand import DEFAULT_COLOR, Brand, BrandWishes


class BrandForm(forms.Form):
    """How the merchant looks to members; the logo only where a new one comes."""

    name = forms.CharField(
        label=_("Name that members see"), max_length=60, required=False,
        help_text=_("Left empty, it is the program’s name."),
    )  # fmt: skip
    color = forms.CharField(
        label=_("Colour"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    logo = forms.FileField(
        label=_("Logo"), required=False,
        help_text=_("PNG, JPEG or WebP, best square and 512 pixels wide or more, at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )  # fmt: skip
    remove_logo = forms.BooleanField(label=_("Take the logo away"), required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    email = forms.CharField(
        label=_("E-mail for members’ questions"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"type": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: object, **told: object) -> None:
        super().__init__(*args, **told)  # type: ignore[arg-type]
        for field in self.fields.values():
            plain = isinstance(field.widget, forms.CheckboxInput)
            field.widget.attrs.setdefault("class", "form-check-input" if plain else "form-control")
        self.fields["color"].widget.attrs["class"] = "form-control form-control-color"

    def wishes(self) -> BrandWishes:
        """What was written down."""
        told = self.cleaned_data
        return BrandWishes(
            told["name"], told["color"], told["website"], told["email"], told["phone"]
        )

    def blame(self, problems: dict[str, str], otherwise: str) -> None:
        """Show what was refused beside the field that it is about."""
        for field, text in problems.items():
            self.add_error(field if field in self.fields else None, text)
        if not problems:
            self.add_error(None, otherwise)


def told_of(brand: Brand, own_name: str) -> dict[str, str]:
    """A brand as the form tells it; the program's own name need not be written."""
    return {
        "name": "" if brand.name == own_name else brand.name,
        "color": brand.color or DEFAULT_COLOR,
        "website": brand.website,
        "email": brand.email,
        "phone": brand.phone,
    }
