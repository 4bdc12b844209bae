"""Trying a purchase: what it would earn under the draft and earns today, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.http import HttpResponse, HttpResponseNotAllowed, QueryDict
from django.utils.translation import gettext as _

from fiel.domain.activity import Sale
from fiel.domain.language import money_text, pick, say
from fiel.domain.program import Program
from fiel.domain.refusal import Refusal
from fiel.intake.contents.sales import LineBody, SaleBody
from fiel.intake.recent_sales import Trade
from fiel.intake.sales import understood_sale
from fiel.programs.editing.kinds import digits_of, typed_in
from fiel.programs.editing.trying import Trial, Who, try_sale
from fiel.staff.roles import Right
from fiel.web.console.designer.desk import Desk, desk_of, trade
from fiel.web.console.designer.views import framed
from fiel.web.ui.visit import Visit, console_page

EMPTY_LINES = 2
MOST_LINES = 30
FIRST_PRICE = 1250  # minor units


@dataclass(frozen=True)
class TypedLine:
    """A line as it was typed."""

    what: str
    category: str
    quantity: str
    price: str


@dataclass(frozen=True)
class Side:
    """What one program makes of the purchase."""

    trial: Trial | None
    problem: str = ""


@console_page(Right.SEE_PROGRAM)
async def trying(visit: Visit) -> HttpResponse:
    """The form of a purchase, and what it comes to."""
    desk = await desk_of(visit)
    if desk is None:
        return visit.back("designer-models")
    return visit.page("console/designer/try.html", await _context(desk, visit.request.GET))


@console_page(Right.SEE_PROGRAM)
async def result(visit: Visit) -> HttpResponse:
    """What a purchase that is being typed comes to."""
    desk = await desk_of(visit)
    if desk is None or visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return visit.page("console/designer/try.html#result", await _context(desk, visit.request.POST))


async def _context(desk: Desk, told: QueryDict) -> dict[str, object]:
    visit = desk.visit
    program, in_force = desk.program, desk.program_in_force
    shown = program or in_force
    known = _with_prices(await trade(visit), shown, visit.language)
    lines = _lines(told, known, shown, visit.language)
    levels = shown.tiers if shown else None
    return {
        **framed(desk),
        "way": "try",
        "lines": [*lines, *([TypedLine("", "", "", "")] * max(1, EMPTY_LINES - len(lines)))],
        "trade": known,
        "tiers": [
            (level.id, pick(level.name, visit.language, shown.locale) or level.id)
            for level in (levels.levels if levels else ())
            if shown
        ],
        "segments": list(desk.known.named("segments")),
        "typed": {key: told.get(key, "") for key in ("store", "channel", "day", "hour", "tier",
                                                     "visits", "spend", "segment", "tax")},
        "draft_side": _side(program, told, lines, desk),
        "force_side": _side(in_force, told, lines, desk) if in_force else None,
        "faults": desk.faults,
    }  # fmt: skip


def _with_prices(known: Trade, program: Program | None, language: str) -> Trade:
    """Products with their prices as people type them: with the decimals of the currency at least.

    Some sold by weight cost less than a minor unit: those keep theirs.
    """
    decimals = program.currency.decimals if program else 0

    def price(digits: str) -> str:
        number = Decimal(digits)
        exponent = number.normalize().as_tuple().exponent
        assert isinstance(exponent, int), "a price is a number"
        step = Decimal(1).scaleb(min(-decimals, exponent))
        return typed_in(language, format(number.quantize(step), "f"))

    return replace(
        known, products=tuple(replace(each, price=price(each.price)) for each in known.products)
    )


def _lines(
    told: QueryDict, known: Trade, program: Program | None, language: str
) -> list[TypedLine]:
    if "price" not in told:
        if known.products:
            first = known.products[0]
            return [TypedLine(first.sku or first.name, first.category, "2", first.price)]
        decimals = program.currency.decimals if program else 2
        price = format(Decimal(FIRST_PRICE).scaleb(-decimals), "f")
        return [TypedLine("", "", "1", typed_in(language, price))]
    rows = zip(
        told.getlist("what"), told.getlist("category"), told.getlist("quantity"),
        told.getlist("price"), strict=False,
    )  # fmt: skip
    lines = [TypedLine(*(str(cell).strip() for cell in row)) for row in rows]
    return [line for line in lines if line.price or line.what][:MOST_LINES]


def _side(program: Program | None, told: QueryDict, lines: Sequence[TypedLine], desk: Desk) -> Side:
    if program is None:
        return Side(None, _("The draft has something to be mended first."))
    try:
        body = _body(program, told, lines, desk.visit)
    except (InvalidOperation, ValueError):
        return Side(None, _("Type a price and a quantity for each line."))
    try:
        sale = understood_sale(
            body, program, max(desk.visit.now, body.occurred_at or desk.visit.now)
        )
        assert isinstance(sale.activity, Sale), "a sale is understood as one"
        trial = try_sale(program, sale.activity, _who(told, program), desk.visit.language)
    except Refusal as refusal:
        return Side(None, say(desk.visit.language, refusal.text, **refusal.parameters))
    except (InvalidOperation, ValueError):
        example = money_text(desk.visit.language, program.currency, FIRST_PRICE)
        return Side(None, _("Type amounts as numbers, like %(amount)s.") % {"amount": example})
    return Side(trial)


def _body(program: Program, told: QueryDict, lines: Sequence[TypedLine], visit: Visit) -> SaleBody:
    if not lines:
        raise ValueError
    percent = Decimal(digits_of(told.get("tax", "")) or 0)
    return SaleBody(
        store=told.get("store", "")[:63],
        channel=told.get("channel", "")[:63],
        occurred_at=_moment(program, told, visit).isoformat(),  # type: ignore[arg-type]
        lines=[_line(program, line, percent) for line in lines],
    )


def _line(program: Program, line: TypedLine, percent: Decimal) -> LineBody:
    quantity = Decimal(digits_of(line.quantity or "1"))
    price = Decimal(digits_of(line.price))
    step = Decimal(1).scaleb(-program.currency.decimals)
    net = (quantity * price).quantize(step, ROUND_HALF_UP)
    return LineBody(
        sku=line.what[:63],
        name=line.what[:63],
        category=line.category[:63],
        quantity=quantity,
        unit_price=price,
        tax=(net * percent / 100).quantize(step, ROUND_HALF_UP),
    )


def _moment(program: Program, told: QueryDict, visit: Visit) -> datetime:
    now = visit.now.astimezone(program.timezone)
    day_told, hour_told = told.get("day", ""), told.get("hour", "")
    day = date.fromisoformat(day_told) if day_told else now.date()
    hour = time.fromisoformat(hour_told) if hour_told else now.time()
    return datetime.combine(day, hour.replace(tzinfo=None), program.timezone)


def _who(told: QueryDict, program: Program) -> Who:
    spend = digits_of(told.get("spend", ""))
    visits, segment = digits_of(told.get("visits", "")), told.get("segment", "")
    return Who(
        tier=told.get("tier") or None,
        spend=program.currency.minor(Decimal(spend)) if spend else 0,
        visits=int(visits) if visits else 0,
        segments=(segment,) if segment else (),
    )
