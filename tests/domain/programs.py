"""Programs, sales and members for tests, built from the domain's own objects.

The cast: Ana buys, the Café Sol sells. Amounts are written as people write them ("6.20").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from fiel.domain.activity import Action, Line, LineKind, Occasion, OccasionKind, Sale
from fiel.domain.conditions import CannotEvaluate, Condition
from fiel.domain.member import LimitKey, MemberFacts, MemberState, Qualifying
from fiel.domain.money import Currency
from fiel.domain.program import (
    Basis,
    Budget,
    CalendarYear,
    Downgrade,
    EarnRule,
    Event,
    Expiry,
    Extra,
    Give,
    Limit,
    Multiply,
    Negative,
    Program,
    Returns,
    Rounding,
    RoundPer,
    Schedule,
    Stacking,
    TierBy,
    TierLevel,
    Tiers,
    Unit,
)
from fiel.domain.time import NO_TIME, Duration, DurationUnit

MADRID = ZoneInfo("Europe/Madrid")
EUR = Currency("EUR", 2)
TWELVE_MONTHS = Duration(12, DurationUnit.MONTHS)
NOON = datetime(2026, 3, 1, 11, 0, tzinfo=UTC)  # a Sunday, 12:00 in Madrid


def minor(amount: str, currency: Currency = EUR) -> int:
    """An amount as people write it, in minor units."""
    return currency.minor(Decimal(amount))


# --- programs ---------------------------------------------------------------------------------


def unit(
    id: str = "points",
    *,
    rounding: Rounding = Rounding.FLOOR,
    round_per: RoundPer = RoundPer.SALE,
    expiry: Expiry = None,
    pending: Duration = NO_TIME,
) -> Unit:
    names = {"points": {"es": "puntos", "en": "points"}, "stamps": {"es": "sellos", "en": "stamps"}}
    return Unit(
        id=id,
        name=names.get(id, {"es": id, "en": id}),
        value=None,
        rounding=rounding,
        round_per=round_per,
        expiry=expiry,
        grace=NO_TIME,
        pending=pending,
        negative=Negative.DEBT,
        returns=Returns.RECOMPUTE,
    )


def rule(
    id: str,
    effect: Give | Multiply,
    *,
    event: Event = Event.SALE,
    activity: str | None = None,
    of: Basis = Basis.NET,
    where: Condition | None = None,
    when: Schedule | None = None,
    limit: Limit | None = None,
    budget: Mapping[str, int] | None = None,
    include: Sequence[Extra] = (),
    name: Mapping[str, str] | None = None,
) -> EarnRule:
    return EarnRule(
        id=id,
        event=event,
        effect=effect,
        activity=activity,
        of=of,
        where=where,
        when=when,
        limit=limit,
        budget=Budget(budget) if budget is not None else None,
        include=frozenset(include),
        name=name or {},
    )


def per(amount: str = "1.00", points: str = "1", *, currency: Currency = EUR, **units: str) -> Give:
    """So many points for every `amount`; other units by their name."""
    amounts = {"points": Fraction(points)} | {id: Fraction(each) for id, each in units.items()}
    return Give(amounts, per=minor(amount, currency))


def once(points: int | None = None, **units: int) -> Give:
    """A fixed award."""
    amounts = {"points": points} if points is not None else {}
    return Give({id: Fraction(each) for id, each in (amounts | units).items()})


def each_item(**units: int) -> Give:
    """An award for each item."""
    return Give({id: Fraction(amount) for id, amount in units.items()}, per_item=True)


def times(factor: str, *rules: str) -> Multiply:
    return Multiply(Fraction(factor), rules)


def tier_ladder(
    *levels: tuple[str, int, str],
    by: TierBy = TierBy.SPEND,
    unit: str | None = None,
    window: Duration | CalendarYear = TWELVE_MONTHS,
) -> Tiers:
    """A ladder of (id, threshold, factor)."""
    return Tiers(
        by=by,
        unit=unit,
        window=window,
        downgrade=Downgrade("window_end", NO_TIME, one_step=False),
        levels=tuple(
            TierLevel(id, threshold, Fraction(factor), name={"es": id.capitalize()})
            for id, threshold, factor in levels
        ),
    )


def program(
    *earn: EarnRule,
    units: Sequence[Unit] | None = None,
    stacking: Stacking = Stacking.MULTIPLY,
    tiers: Tiers | None = None,
    currency: Currency = EUR,
    timezone: ZoneInfo = MADRID,
) -> Program:
    """The program of the Café Sol."""
    known = units if units is not None else (unit("points"), unit("stamps"))
    return Program(
        slug="cafe-sol",
        name="Café Sol",
        locale="es",
        currency=currency,
        timezone=timezone,
        units={each.id: each for each in known},
        stacking=stacking,
        earn=tuple(earn),
        milestones=(),
        tiers=tiers,
        referral=None,
        rewards={},
        pay_with_points=None,
        goals=(),
    )


# --- conditions -------------------------------------------------------------------------------


def condition(
    text: str,
    matches: Callable[..., bool],
    *reads: str,
    literals: Sequence[str] = (),
) -> Condition:
    return Condition(text, frozenset(reads), matches, frozenset(literals))


def category_is(category: str) -> Condition:
    return condition(
        f'line.category == "{category}"',
        lambda line, sale, member, action: line.category == category,
        "line.category",
        literals=[category],
    )


def category_is_not(category: str) -> Condition:
    return condition(
        f'line.category != "{category}"',
        lambda line, sale, member, action: line.category != category,
        "line.category",
        literals=[category],
    )


def sku_is(sku: str) -> Condition:
    return condition(
        f'line.sku == "{sku}"',
        lambda line, sale, member, action: line.sku == sku,
        "line.sku",
        literals=[sku],
    )


def sale_net_from(amount: str) -> Condition:
    least = minor(amount)
    return condition(
        f"sale.net >= {amount}",
        lambda line, sale, member, action: sale.net >= least,
        "sale.net",
    )


def member_tier_is(tier: str) -> Condition:
    return condition(
        f'member.tier == "{tier}"',
        lambda line, sale, member, action: member.tier == tier,
        "member.tier",
        literals=[tier],
    )


def likes(drink: str) -> Condition:
    """Reads an attribute that a member may not have."""

    def matches(line: object, sale: object, member: MemberFacts, action: object) -> bool:
        if "favourite" not in member.attributes:
            raise CannotEvaluate("favourite")
        return member.attributes["favourite"] == drink

    text = f'member.attributes.favourite == "{drink}"'
    return condition(text, matches, "member.attributes.favourite", literals=[drink])


# --- activities -------------------------------------------------------------------------------


def line(
    net: str = "0.00",
    *,
    number: int = 1,
    sku: str = "",
    category: str = "",
    kind: LineKind = LineKind.GOODS,
    quantity: int | Decimal = 1,
    gross: str | None = None,
    margin: str | None = None,
    currency: Currency = EUR,
) -> Line:
    return Line(
        number=number,
        sku=sku,
        name="",
        category=category,
        kind=kind,
        quantity=quantity,
        unit_price=Decimal(net),
        net=minor(net, currency),
        gross=minor(gross if gross is not None else net, currency),
        margin=minor(margin if margin is not None else net, currency),
    )


def sale(
    *lines: Line, at: datetime = NOON, shipping: str = "0.00", currency: Currency = EUR
) -> Sale:
    """A sale to Ana in the shop of the centre."""
    goods = [each for each in lines if each.kind is LineKind.GOODS]
    return Sale(
        occurred_at=at,
        store="centro",
        channel="pos",
        lines=lines,
        shipping=minor(shipping, currency),
        net=sum(each.net for each in goods),
        gross=sum(each.gross for each in goods),
        items=sum((each.quantity for each in goods), 0),
    )


def action(type: str, *, at: datetime = NOON, **properties: object) -> Action:
    return Action(at, type, properties)


def occasion(kind: OccasionKind, *, at: datetime = NOON) -> Occasion:
    return Occasion(at, kind)


def ana(
    *,
    tier: str | None = None,
    window: Qualifying | None = None,
    limits_used: Mapping[LimitKey, int] | None = None,
    segments: tuple[str, ...] = (),
    attributes: Mapping[str, object] | None = None,
    spend: int = 0,
    visits: int = 0,
) -> MemberState:
    return MemberState(
        joined_at=datetime(2025, 1, 1, tzinfo=UTC),
        facts=MemberFacts(
            tier=tier,
            joined_days=424,
            segments=segments,
            attributes=attributes or {},
            spend=spend,
            visits=visits,
        ),
        window=window or Qualifying(),
        limits_used=limits_used or {},
    )


def day(text: str) -> date:
    return date.fromisoformat(text)
