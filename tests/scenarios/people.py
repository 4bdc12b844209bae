"""What happens between people, said over HTTP."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.shop import Shop


def transfers(shop: Shop, points: int, giver: str, taker: str, **told: Any) -> httpx.Response:
    """One member gives another points."""
    body = {"from": shop.members[giver], "to": shop.members[taker], "points": points}
    return shop.http.post("/transfers", json=body | told)


def merges(shop: Shop, gone: str, *, into: str) -> httpx.Response:
    """Two members turn out to be one person."""
    path = f"/members/{shop.members[gone]}/merge"
    return shop.http.post(path, json={"into": shop.members[into]})


def unmerges(shop: Shop, name: str) -> httpx.Response:
    """A merge was a mistake."""
    return shop.http.post(f"/members/{shop.members[name]}/unmerge")


def erases(shop: Shop, name: str) -> httpx.Response:
    """A person asks to be forgotten."""
    return shop.http.delete(f"/members/{shop.members[name]}")


def adjusts(shop: Shop, name: str, points: int, reason: str = "prueba") -> None:
    """A person of the shop gives or takes points."""
    body = {"member": shop.members[name], "points": points, "reason": reason}
    answer = shop.http.post("/adjustments", json=body)
    assert answer.status_code == 201, answer.text


def person(shop: Shop, name: str) -> dict[str, Any]:
    """A member, as read now."""
    answer = shop.http.get(f"/members/{shop.members[name]}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def lots(shop: Shop, name: str) -> list[tuple[int, str | None]]:
    """What is left in a member's lots, and when each ends."""
    answer = shop.http.get(f"/members/{shop.members[name]}/lots")
    return [(lot["left"], lot["ends_at"]) for lot in answer.json()["data"]]
