"""Rewards, coupons, and paying with what was earned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fiel.domain.conditions import Scope
from fiel.domain.document.couponing import COUPON
from fiel.domain.document.rewarding import PAY_WITH_POINTS, REWARD
from fiel.domain.document.shapes import Record
from fiel.domain.language import N_
from fiel.programs.editing.kinds import Amount, Choice, Digits, Flag, Named, Word
from fiel.programs.editing.kinds_of_time import Span
from fiel.programs.editing.kinds_of_units import UnitAmounts
from fiel.programs.editing.known import Known
from fiel.programs.editing.parts.common import (
    condition,
    identified,
    limit,
    named,
    names,
    number,
    order_of,
    times,
    unit_of,
)
from fiel.programs.editing.parts.part import Manner, Part, Sample
from fiel.programs.editing.questions import Case, Group, Question, Steer
from fiel.programs.editing.said import Said

KINDS = (
    ("product", N_("A product")),
    ("service", N_("A service")),
    ("discount", N_("A discount")),
    ("voucher", N_("A voucher")),
    ("gift_card", N_("A gift card")),
    ("event", N_("A place at an event")),
    ("access", N_("Access: early sales, limited editions")),
)


def _to(wanted: str, other: str, start: Said) -> Callable[[Said], Said]:
    def turned(said: Said) -> Said:
        block = said if isinstance(said, dict) else {}
        kept = {key: each for key, each in block.items() if key != other}
        return {**kept, wanted: block.get(wanted, start)}

    return turned


VALUE = Steer(
    (
        Case(
            "amount",
            N_("An amount off"),
            lambda said: isinstance(said, dict) and "percent" not in said,
            _to("amount", "percent", "5.00"),
        ),
        Case(
            "percent",
            N_("A percentage off"),
            lambda said: isinstance(said, dict) and "percent" in said and "amount" not in said,
            _to("percent", "amount", number(10)),
        ),
    ),
)

REWARD_GROUPS = (
    Group(
        N_("What it is"),
        (
            named(N_("What your members read, like: A free coffee.")),
            Question(("kind",), Choice(KINDS), N_("It is")),
            Question((), VALUE, N_("It takes off"), named="off", only_if={"kind": ("discount",)}),
            Question(
                ("amount",),
                Amount(),
                N_("Its value"),
                only_if={"kind": ("discount", "voucher", "gift_card"), "off": ("amount", "")},
            ),
            Question(
                ("percent",),
                Digits(affix="%"),
                N_("Percentage"),
                only_if={"kind": ("discount",), "off": ("percent",)},
            ),
            Question(
                ("sku",),
                Word(),
                N_("Article number"),
                N_("As your till knows it. Empty: the cashier decides."),
                only_if={"kind": ("product", "service")},
                example="CAP-01",
            ),
        ),
    ),
    Group(
        N_("What it costs"),
        (
            Question(
                ("price",),
                UnitAmounts(),
                N_("Members pay"),
                N_("0 is free. Empty: it cannot be bought, only given by a milestone."),
            ),
            Question(
                ("cost",),
                Amount(),
                N_("One costs you"),
                N_("So that Fiel can tell you what your program costs."),
            ),
        ),
    ),
    Group(
        N_("How many there are"),
        (
            Question(("stock",), Digits(), N_("In stock"), N_("Empty: as many as are wanted.")),
            Question(
                ("budget",),
                Amount(),
                N_("All together may cost you"),
                N_("Then nobody can redeem it any more. Needs what one costs you."),
            ),
            *limit(N_("Times for one member")),
            Question(
                ("valid",),
                Span(),
                N_("Once redeemed, it can be used for"),
                N_("Empty: without end."),
            ),
        ),
    ),
    Group(
        N_("Who can have it"),
        (condition(N_("Condition"), N_("Empty: everybody."), Scope.MEMBER),),
    ),
    times(N_("When it can be redeemed")),
    Group(N_("For reports"), (identified(),), is_more=True),
)


def _priced(
    kind: str,
    points: int,
    name: dict[str, Said],
    **beside: Any,  # noqa: ANN401
) -> Callable[[Known], dict[str, Said]]:
    return lambda known: {
        "name": name, "kind": kind, **beside, "price": {unit_of(known): number(points)},
    }  # fmt: skip


REWARD_SAMPLES = (
    Sample(
        "product",
        N_("A free product"),
        N_("A coffee, a sample, a size up."),
        _priced(
            "product",
            100,
            names(es="Un café gratis", en="A free coffee", pt="Um café grátis"),
            cost="0.80",
        ),
    ),
    Sample(
        "discount",
        N_("A discount"),
        N_("An amount or a percentage off the next purchase."),
        _priced(
            "discount",
            500,
            names(es="5 de descuento", en="5 off", pt="5 de desconto"),
            amount="5.00",
            valid="60 days",
        ),
    ),
    Sample(
        "service",
        N_("A service"),
        N_("A repair, a fitting, a consultation."),
        _priced(
            "service",
            300,
            names(es="Un servicio gratis", en="A free service", pt="Um serviço grátis"),
        ),
    ),
    Sample(
        "voucher",
        N_("A voucher"),
        N_("Worth an amount at a partner or in your shop."),
        _priced(
            "voucher",
            1000,
            names(es="Vale de 10", en="Voucher of 10", pt="Vale de 10"),
            amount="10.00",
            valid="90 days",
        ),
    ),
    Sample(
        "gift-card",
        N_("A gift card"),
        N_("For the member or for a present."),
        _priced(
            "gift_card",
            2000,
            names(es="Tarjeta regalo de 20", en="Gift card of 20", pt="Cartão-presente de 20"),
            amount="20.00",
            valid="1 year",
        ),
    ),
    Sample(
        "event",
        N_("A place at an event"),
        N_("A tasting, an evening, a workshop."),
        _priced(
            "event", 300, names(es="Una cata", en="A tasting", pt="Uma prova"), stock=number(12)
        ),
    ),
    Sample(
        "access",
        N_("Access to something exclusive"),
        N_("Early sales, limited editions."),
        _priced("access", 0, names(es="Preventa", en="Early access", pt="Acesso antecipado")),
    ),
)

REWARDS = Part(
    id="rewards",
    title=N_("Rewards"),
    way=("rewards",),
    manner=Manner.LIST,
    purpose=N_("What members redeem what they have for. Some within easy reach, one to dream of."),
    groups=REWARD_GROUPS,
    order=order_of(REWARD.keys),
    samples=REWARD_SAMPLES,
    one=N_("reward"),
)

USES = Steer(
    (
        Case(
            "once",
            N_("Once; a shared code any number of times"),
            lambda said: said is None,
            lambda _: None,
        ),
        Case(
            "so-many",
            N_("A number of times"),
            lambda said: said not in (None, "unlimited") and not isinstance(said, dict | list),
            lambda _: number(10),
        ),
        Case(
            "unlimited",
            N_("Any number of times"),
            lambda said: said == "unlimited",
            lambda _: "unlimited",
        ),
    )
)

COUPON_GROUPS = (
    Group(
        N_("What it gives"),
        (
            named(),
            Question(
                ("kind",),
                Choice(
                    (
                        ("discount", N_("A discount")),
                        ("product", N_("A free product")),
                        ("points", N_("Points")),
                    )
                ),
                N_("It gives"),
            ),
            Question((), VALUE, N_("It takes off"), named="off", only_if={"kind": ("discount",)}),
            Question(
                ("amount",),
                Amount(),
                N_("Amount, tax included"),
                only_if={"kind": ("discount",), "off": ("amount", "")},
            ),
            Question(
                ("percent",),
                Digits(affix="%"),
                N_("Percentage"),
                only_if={"kind": ("discount",), "off": ("percent",)},
            ),
            Question(("sku",), Word(), N_("Article number"), only_if={"kind": ("product",)}),
            Question(("give",), UnitAmounts(), N_("So much"), only_if={"kind": ("points",)}),
        ),
    ),
    Group(
        N_("The code"),
        (
            Question(
                ("code",),
                Word(),
                N_("One code for everybody"),
                N_("Empty: each has a code of its own, made under Coupons."),
                example="SUMMER10",
            ),
            Question(("uses",), USES, N_("Each code can be used"), named="used"),
            Question(("uses",), Digits(), N_("So many times"), only_if={"used": ("so-many",)}),
            Question(("per_member",), Digits(), N_("Times for one member"), N_("Empty: no limit.")),
            Question(
                ("valid",),
                Span(),
                N_("After it is made it can be used for"),
                N_("Empty: without end."),
            ),
        ),
    ),
    Group(
        N_("For which purchases"),
        (
            Question(
                ("min_spend",), Amount(), N_("From this much on, with tax"), N_("Empty: any.")
            ),
            Question(("members_only",), Flag(), N_("Only members can use it")),
            Question(("stack",), Flag(), N_("Together with other coupons")),
            condition(
                N_("Condition"), N_("Which products, purchases or members. Empty: all."), Scope.SALE
            ),
        ),
    ),
    times(N_("When it can be used")),
    Group(N_("For reports"), (identified(),), is_more=True),
)


def _coupon(known: Known) -> dict[str, Said]:  # noqa: ARG001
    return {"name": names(es="Cupón del 10 %", en="10% coupon", pt="Cupão de 10 %"),
            "kind": "discount", "percent": number(10), "valid": "30 days"}  # fmt: skip


def _code(known: Known) -> dict[str, Said]:  # noqa: ARG001
    return {"name": names(es="Código del verano", en="Summer code", pt="Código de verão"),
            "kind": "discount", "amount": "5.00", "min_spend": "30.00", "code": "SUMMER5",
            "per_member": number(1)}  # fmt: skip


COUPONS = Part(
    id="coupons",
    title=N_("Coupons"),
    way=("coupons",),
    manner=Manner.LIST,
    purpose=N_("Codes that give a discount, a product or points."),
    groups=COUPON_GROUPS,
    order=order_of(COUPON.keys),
    samples=(
        Sample("coupon", N_("A code for each"), N_("Made in batches and used once."), _coupon),
        Sample(
            "code", N_("One code for all"), N_("Printed on a poster or told on the radio."), _code
        ),
    ),
    one=N_("coupon"),
)

_PAYING = PAY_WITH_POINTS.shape
assert isinstance(_PAYING, Record)


def starting_payment(known: Known) -> dict[str, Said]:
    """Paying with points to begin with."""
    return {"unit": unit_of(known), "min": number(100), "max_share": number(50)}


PAYING = Part(
    id="payment",
    title=N_("Paying with points"),
    way=("pay_with_points",),
    manner=Manner.BLOCK,
    purpose=N_("Members pay a part of a purchase with what they have, to the cent."),
    groups=(
        Group(
            N_("How members pay"),
            (
                Question(
                    ("unit",), Named(), N_("They pay with"), N_("It needs a worth of its own.")
                ),
                Question(("min",), Digits(default="1"), N_("At least")),
                Question(("step",), Digits(default="1"), N_("In steps of")),
                Question(
                    ("max_share",),
                    Digits(affix="%", default="100"),
                    N_("At most this share of a purchase"),
                ),
            ),
        ),
    ),
    order=order_of(_PAYING.keys),
    is_optional=True,
)
