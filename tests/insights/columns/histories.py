"""Histories at random: everything that can happen in a shop, over HTTP."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from tests.api.shop import Shop
from tests.support.program import CAFE_SOL

EVERYTHING = (
    CAFE_SOL.replace("timezone: Europe/Madrid", "timezone: Europe/Madrid\nday_of: store")
    + """
  - {id: bebida, event: sale, where: line.category == "drinks", give: {points: 2, per_item: true}}
  - {id: resena, event: activity, activity: review, give: {points: 50}}
  - {id: alta, event: enrolment, give: {points: 10}}
stores: {canarias: {timezone: Atlantic/Canary}}
tiers:
  by: spend
  window: 12 months
  levels: [{id: bronce, from: 0}, {id: plata, from: 60, multiply: 2}]
milestones:
  - {id: diez, of: points, every: 150, give: {points: 5}}
rewards:
  - {id: cafe, kind: product, price: {points: 30}, cost: "0.40"}
pay_with_points: {unit: points, max_share: 50}
"""
)
NAMES = ("ana", "berta", "carla", "anita")
LINES = (
    {"sku": "C1", "name": "Café", "category": "drinks", "quantity": 2, "unit_price": "1.255",
     "tax": "0.25", "cost": "0.90"},
    {"sku": "B1", "name": "Bocadillo", "quantity": "0.333", "unit_price": "19.99",
     "discount": "0.50", "cost": "2.01"},
    {"name": "Tarjeta", "category": "Tarjeta de regalo", "quantity": 1, "unit_price": "20"},
    {"sku": "T1", "quantity": 3, "unit_price": "7.10", "tax": "2.13"},
)  # fmt: skip


@dataclass
class History:
    """What happens in a shop, drawn at random; what the program refuses has not happened."""

    shop: Shop
    dice: random.Random
    sales: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """The cast joins."""
        for name in NAMES:
            self.shop.enrols(
                name, birthday="1990-05-17", attributes={"barrio": f"de-{name}"},
                consents={"email": name == "ana"},
            )  # fmt: skip

    def go_on(self, steps: int) -> None:
        """So many things happen."""
        happenings = (
            self.sells, self.sells, self.sells, self.takes_back, self.reviews, self.adjusts,
            self.redeems, self.ends_redemption, self.transfers, self.merges, self.unmerges,
            self.claims, self.gives_card, self.calls_off, self.changes,
        )  # fmt: skip
        for _ in range(steps):
            happening = self.dice.choice(happenings)
            answered = happening()
            assert answered < 500
            told = f"{happening.__name__} {'done' if answered < 300 else 'refused'}"
            self.done[told] = self.done.get(told, 0) + 1

    def sells(self) -> int:
        body: dict[str, Any] = {
            "external_id": f"T-{self.dice.random()}",
            "store": self.dice.choice(("", "sol", "canarias")),
            "channel": self.dice.choice(("", "shop", "online")),
            "occurred_at": f"2026-0{self.dice.randint(1, 9)}-03T23:30:00Z",
            "lines": [self.dice.choice(LINES) for _ in range(self.dice.randint(1, 3))],
        }
        if self.dice.random() < 0.7:
            body["member"] = self.member()
            if self.dice.random() < 0.2:
                body["points_payment"] = {"unit": "points", "points": self.dice.randint(1, 60)}
        if self.dice.random() < 0.2:
            body |= {"currency": "KWD", "exchange_rate": "2.999999"}
        if self.dice.random() < 0.3:
            body["shipping"] = "3.9"
        answer = self.shop.http.post("/sales", json=body)
        if answer.status_code == 201:
            self.sales.append(answer.json()["id"])
        return answer.status_code

    def takes_back(self) -> int:
        told = self.dice.choice(
            ({"full": True}, {"amount": "1.1"}, {"lines": [{"line": 1, "quantity": 0.111}]})
        )
        return self.of_sale("returns", told | {"reason": "estaba fría", "source": "till"})

    def calls_off(self) -> int:
        return self.of_sale("cancel", {})

    def claims(self) -> int:
        return self.of_sale("claim", {"member": self.member()})

    def of_sale(self, what: str, body: dict[str, Any]) -> int:
        if not self.sales:
            return 404
        sale = self.dice.choice(self.sales)
        return self.shop.http.post(f"/sales/{sale}/{what}", json=body).status_code

    def reviews(self) -> int:
        told = {"estrellas": self.dice.randint(1, 5), "texto": "“muy rico”,\nde verdad"}
        body = {"member": self.member(), "type": "review", "properties": told}
        return self.shop.http.post("/activities", json=body).status_code

    def adjusts(self) -> int:
        points = self.dice.choice((-20, 15, 40))
        body = {"member": self.member(), "points": points, "reason": "un detalle"}
        return self.shop.http.post("/adjustments", json=body).status_code

    def redeems(self) -> int:
        body = {"member": self.member(), "reward": "cafe", "capture": self.dice.random() < 0.5}
        answer = self.shop.http.post("/redemptions", json=body | {"store": "sol"})
        if answer.status_code == 201:
            self.held.append(answer.json()["id"])
        return answer.status_code

    def ends_redemption(self) -> int:
        if not self.held:
            return 404
        what = self.dice.choice(("capture", "cancel"))
        return self.shop.http.post(f"/redemptions/{self.held.pop()}/{what}").status_code

    def transfers(self) -> int:
        body = {"from": self.member(), "to": self.member(), "points": self.dice.randint(1, 9)}
        return self.shop.http.post("/transfers", json=body).status_code

    def merges(self) -> int:
        if self.dice.random() < 0.5:
            return 404
        path = f"/members/{self.member()}/merge"
        return self.shop.http.post(path, json={"into": self.member()}).status_code

    def unmerges(self) -> int:
        return self.shop.http.post(f"/members/{self.member()}/unmerge").status_code

    def gives_card(self) -> int:
        answer = self.shop.http.post("/gift-cards", json={"amount": "20.00"})
        card = answer.json()["code"]
        paid = self.shop.http.post(f"/gift-cards/{card}/charge", json={"amount": "5.50"})
        return max(answer.status_code, paid.status_code)

    def changes(self) -> int:
        told = {"attributes": {"barrio": f"otro-{self.dice.randint(1, 9)}"}}
        return self.shop.http.patch(f"/members/{self.member()}", json=told).status_code

    def erases(self) -> int:
        return self.shop.http.delete(f"/members/{self.member()}").status_code

    def member(self) -> str:
        return self.shop.members[self.dice.choice(NAMES)]
