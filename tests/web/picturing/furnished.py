"""A Café Sol in which every page has something to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from fiel.ledger.ids import new_id
from tests.web.console.lived import YEAR, leaves_draft, lived, raises_alert
from tests.web.console.offers.program import OFFERS_PROGRAM
from tests.web.stage import Stage
from tests.web.till.counter import hires, pairing_code

_NAMES = {
    "cafe-gratis": ("Café gratis", "Free coffee"),
    "dto-5": ("5 € de descuento", "€5 off"),
    "tarjeta-20": ("Tarjeta de 20 €", "€20 gift card"),
    "cata": ("Cata de cafés", "Coffee tasting"),
}
_PROGRAM = OFFERS_PROGRAM
for _id, (_es, _en) in _NAMES.items():
    _PROGRAM = _PROGRAM.replace(
        f"{{id: {_id}, kind", f'{{id: {_id}, name: {{es: "{_es}", en: "{_en}"}}, kind'
    )
_DEARER = _PROGRAM.replace("price: {points: 20}", "price: {points: 30}")


@contextmanager
def furnished(database_url: str) -> Iterator[Stage]:
    """Serve it: months of sales, offers taken, staff at work, a draft begun."""
    with lived(database_url, document=_PROGRAM) as stage:
        _offers(stage)
        _members(stage)
        _staff(stage)
        _program(stage)
        yield stage


def _offers(stage: Stage) -> None:
    owner, shop = stage.client("owner"), stage.shop
    told = {"coupon": "bienvenida", "count": "24", "batch": "folleto", "request_id": str(new_id())}
    _done(owner.submit(stage.console("coupons/-/make/"), told), 302)
    card = {"request_id": str(new_id()), "amount": "50.00", "kind": "multi_purpose"}
    made = _done(owner.submit(stage.console("gift-cards/-/issue/"), card), 302)
    page = owner.get(made.headers["location"]).text
    code = re.search(r'id="code">([^<]+)<', page)
    assert code, "the page of a card tells its code"
    paid = {"amount": "12.40", "external_id": "T-G1"}
    _done(shop.http.post(f"/gift-cards/{code[1]}/charge", json=paid), 200, 201)
    redeemed = {"member": shop.members["ana"], "reward": "cafe-gratis", "hold_minutes": 60}
    _done(shop.http.post("/redemptions", json=redeemed), 201)
    _done(shop.http.get("/rewards"), 200)


def _members(stage: Stage) -> None:
    shop, owner = stage.shop, stage.client("owner")
    ana = shop.members["ana"]
    sold = shop.sells("9.90", to="ana", store="centro")
    _done(shop.http.post(f"/sales/{sold['id']}/returns", json={"amount": "4.00"}), 200, 201)
    review = {"type": "review", "member": ana, "external_id": "R-1"}
    _done(shop.http.post("/activities", json=review), 200, 201)
    note = {"text": "Prefiere la terraza.", "kind": "note", "request_id": str(new_id())}
    owner.submit(stage.console(f"members/{ana}/notes/"), note)


def _staff(stage: Stage) -> None:
    owner = stage.client("owner")
    invited = {"email": "nueva@example.com", "role": "manager", "stores": "norte"}
    _done(owner.submit(stage.console("staff/invite/"), invited), 200, 302)
    _done(owner.submit(stage.console("keys/new/"), {"name": "Web", "scopes": ["read"]}), 200, 302)
    hires(stage, "Eva")
    hires(stage, "Olga", pin="2580", may_approve=True)
    pairing_code(stage, name="Caja 1", store="centro")


def _program(stage: Stage) -> None:
    owner = stage.client("owner")
    raises_alert(stage)
    _done(owner.submit(stage.console("reports/month-end/"), {"month": f"{YEAR}-04"}), 302)
    leaves_draft(stage, _DEARER)
    page = owner.get(stage.console("versions/publish/")).text
    mark = re.search(r'name="mark" value="([^"]+)"', page)
    assert mark, "what is published is what was seen"
    at = (datetime(YEAR, 7, 1, tzinfo=UTC) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M")
    told = {"mark": mark[1], "do": "later", "at": at}
    _done(owner.submit(stage.console("versions/publish/"), told), 302)
    leaves_draft(stage, _DEARER)


def _done(answer, *statuses):  # type: ignore[no-untyped-def]
    assert answer.status_code in statuses, (answer.url, answer.status_code, answer.text[-2000:])
    return answer
