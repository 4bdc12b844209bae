"""Many tills at once, half of them at each of two servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from tests.api.shop import Shop


def at_once(
    shop: Shop,
    other_server: str,
    bodies: Sequence[dict[str, Any]],
    path: str = "/sales",
    headers: Sequence[dict[str, str]] | None = None,
) -> list[httpx.Response]:
    """Send all of these at the same moment; their answers, in the same order."""
    urls = (shop.url, other_server)
    gate = Barrier(len(bodies))

    def send(index: int) -> httpx.Response:
        told = {"authorization": f"Bearer {shop.key}", **(headers[index] if headers else {})}
        with httpx.Client(base_url=f"{urls[index % 2]}/v1", headers=told, timeout=60) as till:
            gate.wait()
            return till.post(path, json=bodies[index])

    with ThreadPoolExecutor(len(bodies)) as tills:
        return list(tills.map(send, range(len(bodies))))


def statuses(answers: Sequence[httpx.Response]) -> dict[int, int]:
    """How many answers there are of each status."""
    told: dict[int, int] = {}
    for answer in answers:
        told[answer.status_code] = told.get(answer.status_code, 0) + 1
    return told


type AtOnce = Callable[..., list[httpx.Response]]
