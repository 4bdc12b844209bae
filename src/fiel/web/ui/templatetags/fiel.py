"""Tags and filters for all pages."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_datetime_format
from babel.numbers import format_currency, format_decimal, format_percent
from django import template
from django.forms import BoundField
from django.template.context import Context
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from fiel.domain.money import Currency, currency
from fiel.web.ui.built import asset as built_asset
from fiel.web.ui.built import icon_paths

type Style = Literal["short", "medium", "long", "full"]

register = template.Library()


@register.simple_tag
def asset(name: str) -> SafeString:
    """The script and the styles of an entry of the front end."""
    built = built_asset(name)
    styles = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((s,) for s in built.styles)
    )
    preloads = format_html_join(
        "\n", '<link rel="modulepreload" href="{}">', ((s,) for s in built.preloads)
    )
    script = format_html('<script type="module" src="{}"></script>', built.script)
    return format_html("{}{}{}", styles, preloads, script)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An icon, which says nothing to a screen reader: a text beside it does."""
    # What is inside comes from the package of icons that was built in.
    inside = mark_safe(icon_paths(name))  # noqa: S308
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        css, inside,
    )  # fmt: skip


# How a control looks, by the kind of its widget; any other is a line of text.
_LOOKS = {"checkbox": "form-check-input", "radio": "", "select": "form-select"}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, css: str = "") -> dict[str, object]:
    """A field of a form: its label, the control, a hint, and what is wrong with it."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or ""
    looks = [widget.attrs.get("class", ""), _LOOKS.get(kind, "form-control")]
    if bound.errors:
        looks.append("is-invalid")
    return {
        "field": bound,
        "control": bound.as_widget(attrs={"class": " ".join(look for look in looks if look)}),
        "css": css,
        "is_check": kind == "checkbox",
    }


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    icon: str, title: str, text: str = "", url: str = "", label: str = ""
) -> dict[str, object]:
    """What stands where there is nothing yet: why, and the next step."""
    return {"icon": icon, "title": title, "text": text, "url": url, "label": label}


@register.filter
def points(number: int | Decimal | None) -> str:
    """A number, grouped as the language does: 12.345."""
    if number is None:
        return "–"
    return format_decimal(number, locale=_language(), group_separator=True)


@register.filter
def quantity(told: str) -> str:
    """How many of something, to the hundredth: 0,5."""
    return format_decimal(Decimal(told), "#,##0.##", locale=_language())


@register.filter
def money(minor: int | None, of: Currency | str) -> str:
    """An amount in minor units of a currency: 12,30 €."""
    if minor is None:
        return "–"
    known = of if isinstance(of, Currency) else currency(of)
    told = Decimal(minor).scaleb(-known.decimals)
    return format_currency(told, known.code, locale=_language())


@register.filter
def amount(number: Decimal | str | None, of: Currency | str) -> str:
    """An amount in units of a currency: 12,30 €."""
    if number is None or number == "":
        return "–"
    code = of.code if isinstance(of, Currency) else of
    return format_currency(Decimal(str(number)), code, locale=_language())


@register.filter
def percent(share: Any) -> str:  # noqa: ANN401 - any number
    """A share of one as a percentage, to the tenth."""
    if share is None:
        return "–"
    whole = Locale.parse(_language()).percent_formats[None].pattern
    return format_percent(
        Decimal(str(float(share))), whole.replace("#,##0", "#,##0.#"), locale=_language()
    )


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None, style: Style = "medium") -> str:
    """A moment in the program's zone: the day in `style`, and the time to the minute."""
    if moment is None:
        return "–"
    style = _with_words(style)
    zone, language = context.get("zone") or ZoneInfo("UTC"), _language()
    there = moment.astimezone(zone)
    together = str(get_datetime_format(style, locale=language)).replace("'", "")
    told = format_date(there.date(), style, locale=language)
    clock = format_time(there.time(), "short", locale=language)
    return together.replace("{1}", told).replace("{0}", clock)


@register.simple_tag(takes_context=True)
def day_of(context: Context, moment: datetime | None, style: Style = "medium") -> str:
    """The day of a moment in the program's zone."""
    if moment is None:
        return "–"
    zone = context.get("zone") or ZoneInfo("UTC")
    return format_date(moment.astimezone(zone).date(), _with_words(style), locale=_language())


@register.filter
def day(told: date | None, style: Style = "medium") -> str:
    """A day as the language writes it."""
    return "–" if told is None else format_date(told, _with_words(style), locale=_language())


@register.filter
def as_json(told: object) -> str:
    """A value as JSON for an attribute, which the template escapes."""
    return json.dumps(told, default=str, ensure_ascii=False)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The page's own query with changes: `{% query sort="name" page=2 %}`; None takes one out."""
    told = context["request"].GET.copy()
    for name, wanted in changes.items():
        if wanted is None or wanted == "":
            told.pop(name, None)
        else:
            told[name] = str(wanted)
    return f"?{told.urlencode()}"


@register.inclusion_tag("ui/heading.html", takes_context=True)
def sortable(context: Context, name: str, label: str, css: str = "") -> dict[str, object]:
    """A heading of a list, which sorts by it, and the other way round when it already does."""
    told = context["request"].GET.copy()
    now = told.get("sort", context.get("sort", ""))
    direction = {name: "ascending", f"-{name}": "descending"}.get(now, "none")
    told["sort"] = f"-{name}" if now == name else name
    told.pop("page", None)
    return {"label": label, "css": css, "direction": direction, "url": f"?{told.urlencode()}"}


def _with_words(style: Style) -> Style:
    """The month is always a word: 6/12 is June to some and December to others."""
    return "medium" if style == "short" else style


def _language() -> str:
    return translation.get_language() or "es"
