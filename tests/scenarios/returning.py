"""What the cases of returns share: how a shop takes goods back."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.shop import Shop


def returns(shop: Shop, sale: dict[str, Any], **told: Any) -> httpx.Response:
    """Ask to take goods of a sale back; the whole answer."""
    return shop.http.post(f"/sales/{sale['id']}/returns", json=told)


def takes_back(shop: Shop, sale: dict[str, Any], **told: Any) -> dict[str, Any]:
    """Take goods of a sale back; what was told."""
    answer = returns(shop, sale, **told)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def piece(line: int, quantity: int = 1) -> dict[str, Any]:
    """The content of a return of pieces of one line."""
    return {"lines": [{"line": line, "quantity": quantity}]}


def account(shop: Shop, name: str = "ana", unit: str = "points") -> dict[str, int]:
    """What a member has: available, pending, debt."""
    told = shop.http.get(f"/members/{shop.members[name]}/balances").json()["balances"][unit]
    return {place: told[place] for place in ("available", "pending", "debt")}


def has(available: int = 0, pending: int = 0, debt: int = 0) -> dict[str, int]:
    """What `account` tells of a member who has this."""
    return {"available": available, "pending": pending, "debt": debt}
