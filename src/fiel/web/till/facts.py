"""What a till needs to know to work, also without a network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest
from django.utils import translation

from fiel.domain.language import pick, singular
from fiel.domain.program import PayWithPoints, Program, RewardKind
from fiel.insights.naming import reward_name, tier_name, unit_name
from fiel.ledger.scope import Connection, program_transaction
from fiel.programs.brand import Brand, brand_of
from fiel.rewards.card_payments import has_gift_cards
from fiel.staff.tills.cashiers import Cashier, cashiers_of
from fiel.staff.tills.devices import Device
from fiel.staff.tills.settings import TillSettings, till_settings
from fiel.web.doors import versions

# What is handed over at once needs no code, so that it can be had without a network.
HANDED_OVER = frozenset((RewardKind.PRODUCT, RewardKind.SERVICE))


async def till_facts(
    connection: Connection, program_id: UUID, device: Device, request: HttpRequest, *, now: datetime
) -> dict[str, Any]:
    """All that a till keeps: the program, how it looks, what pays, and who works there.

    Raises:
        NoProgram: the program has not been published yet.
    """
    async with program_transaction(connection, program_id):
        published = await versions().in_force(connection, program_id)
        brand = await brand_of(connection, program_id)
        cashiers = await cashiers_of(connection, program_id)
        shared = await till_settings(connection, program_id)
        has_cards = await has_gift_cards(connection, program_id)
    program, language = published.program, translation.get_language() or "es"
    return {
        "now": published.now(now),
        "program": _program(program, brand, language) | {"has_cards": has_cards},
        "pays": _pays(program, program.pay_with_points),
        "overdraw": dict(program.offline.overdraw),
        "rewards": [_reward(program, each, language) for each in program.rewards],
        "tiers": _tiers(program, language),
        "device": {"id": device.id, "name": device.name, "store": device.store},
        "cashiers": _who_works(cashiers, device.store),
        "settings": _settings(shared, program),
        "join": _join(request.build_absolute_uri(f"/m/{program.slug}/")),
    }


def _program(program: Program, brand: Brand, language: str) -> dict[str, Any]:
    return {
        "slug": program.slug,
        "name": brand.name or program.name,
        "color": brand.color,
        "on_color": brand.on_color,
        "ink": brand.ink,
        "ink_at_night": brand.ink_at_night,
        "currency": program.currency.code,
        "decimals": program.currency.decimals,
        "zone": program.timezone.key,
        "units": [
            {"id": unit, "name": name, "one": _one(program, unit, name, language)}
            for unit in program.units
            for name in [unit_name(program, unit, language)]
        ],
        "has_coupons": bool(program.coupons)
        or any(
            reward.kind in (RewardKind.DISCOUNT, RewardKind.VOUCHER)
            for reward in program.rewards.values()
        ),
    }


def _one(program: Program, unit: str, name: str, language: str) -> str:
    return pick(program.units[unit].one, language, program.locale) or singular(language, name)


def _pays(program: Program, rules: PayWithPoints | None) -> dict[str, Any] | None:
    if rules is None:
        return None
    value = program.units[rules.unit].value
    assert value is not None, "a unit that pays has a value"
    worth = value * program.currency.minor_per_major
    return {
        "unit": rules.unit,
        "min": rules.least,
        "step": rules.step,
        "max_share": str(rules.max_share),
        # What one is worth, in minor units, as an exact fraction.
        "worth": [worth.numerator, worth.denominator],
    }


def _reward(program: Program, reward_id: str, language: str) -> dict[str, Any]:
    reward = program.rewards[reward_id]
    return {
        "id": reward.id,
        "name": reward_name(program, reward.id, language),
        "kind": str(reward.kind),
        "price": dict(reward.price),
        "handed_over": reward.kind in HANDED_OVER,
    }


def _tiers(program: Program, language: str) -> dict[str, str]:
    levels = program.tiers.levels if program.tiers else ()
    return {level.id: tier_name(program, level.id, language) for level in levels}


def _who_works(cashiers: Iterable[Cashier], store: str) -> list[dict[str, Any]]:
    return [
        {"id": each.id, "name": each.name, "may_approve": each.terms.may_approve}
        for each in cashiers
        if each.active and each.works_in(store)
    ]


def _settings(shared: TillSettings, program: Program) -> dict[str, Any]:
    return {
        "tax_percent": str(shared.tax_percent),
        "tax_missing": shared.lacks_tax(program),
        "sender": shared.sender,
    }


def _join(url: str) -> dict[str, Any]:
    """Where one joins, and its QR as the path of a drawing."""
    rows = [list(row) for row in segno.make(url, error="m", micro=False).matrix]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return {"url": url, "size": len(rows), "path": path}
