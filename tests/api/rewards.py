"""The Café Sol with its rewards, and what is said at its till about them."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.shop import Shop

REWARDS = """
program: cafe-sol
name: Café Sol
locale: es
currency: EUR
timezone: Europe/Madrid
units:
  points:
    name: {es: puntos, en: points}
    value: "0.01"
    expiry: {after: 12 months}
  stamps: {name: {es: sellos, en: stamps}, expiry: never}
earn:
  - {id: base, event: sale, give: {points: 1, per: "1.00"}}
  - {id: sello, event: sale, give: {stamps: 1, per_item: true}, where: 'line.sku == "CAP-01"'}
tiers:
  by: spend
  window: 12 months
  downgrade: never
  levels:
    - {id: bronce, from: 0}
    - {id: oro, from: 1000, perks: [preventa, gestor]}
rewards:
  - {id: cafe-gratis, kind: product, sku: CAP-01, name: {es: Café gratis, en: Free coffee},
     price: {points: 50}, cost: "0.80"}
  - {id: tarta, kind: product, price: {points: 30, stamps: 2}, valid: 30 days}
  - {id: cata, kind: event, price: {points: 50}, stock: 1}
  - {id: taza, kind: product, price: {points: 10}, cost: "4.00", budget: "10.00"}
  - {id: masaje, kind: service, price: {points: 10}, limit: {per_member: 1, every: month}}
  - {id: salon, kind: access, price: {points: 0}, where: 'member.tier == "oro"'}
  - {id: preventa, kind: access, price: {points: 20}, valid: 7 days}
  - {id: cerrado, kind: product, price: {points: 1}, when: {to: 2020-01-31}}
  - {id: regalo, kind: product}
pay_with_points: {unit: points, min: 10, step: 10, max_share: 100}
"""


def redeems(shop: Shop, by: str, reward: str | None = None, **told: Any) -> httpx.Response:
    """Ask for a reward; the answer."""
    named = {} if reward is None else {"reward": reward}
    return shop.http.post("/redemptions", json={"member": shop.members[by], **named, **told})


def redeemed(shop: Shop, by: str, reward: str | None = None, **told: Any) -> dict[str, Any]:
    """Get a reward; what was told of it."""
    answer = redeems(shop, by, reward, **told)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def then(shop: Shop, redemption: dict[str, Any], what: str) -> httpx.Response:
    """Capture, use or cancel a redemption."""
    return shop.http.post(f"/redemptions/{redemption['id']}/{what}")


def refused(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a refusal."""
    return answer.status_code, answer.json()["code"]
