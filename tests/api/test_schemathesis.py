"""Whatever the OpenAPI document allows or forbids is answered without a fault."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from fiel.api.app import OFFERS, PREFIX
from tests.support.program import CAFE_SOL

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)

SHARED_COUPON = "coupons: [{id: verano, kind: discount, percent: 10, code: VERANO}]\n"

# What a document of types cannot say: which currencies and days there are, what is offered.
RARELY_RIGHT = ("occurred_at", "currency", "exchange_rate", "coupons", "points_payment", "phone",
                "email", "birthday", "referred_by")  # fmt: skip


def plausible(body, member):
    """The body with what chance hardly ever gets right left out or put right."""
    told = {name: value for name, value in body.items() if name not in RARELY_RIGHT}
    if "member" in told:
        told["member"] = member
    if "lines" in told:
        for line in told["lines"] if isinstance(told["lines"], list) else ():
            if isinstance(line, dict):
                line.update({"quantity": 1, "unit_price": "1.00"})
                for amount in ("discount", "tax", "cost"):
                    line.pop(amount, None)
        told.pop("shipping", None)
    return told


@pytest.fixture(scope="session")
def document(server):
    """The OpenAPI document, as the server gives it out."""
    told = httpx.get(f"{server}{PREFIX}/openapi.json", timeout=60).json()
    return schemathesis.openapi.from_dict(told)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: f"{offer.method} {offer.path}")
def test_no_request_makes_the_server_fail(document, server, opens_shop, offer, mode):
    shop = opens_shop(CAFE_SOL + SHARED_COUPON)
    shop.enrols("ana")
    sale = shop.sells("10.00", to="ana")["id"]
    url = {"url": "https://cafe-sol.invalid/fiel"}
    endpoint = shop.http.post("/webhook-endpoints", json=url).json()["id"]
    known = {"member_id": shop.members["ana"], "sale_id": sale, "endpoint_id": endpoint}
    card = shop.http.post("/gift-cards", json={"amount": "20.00"}).json()["code"]
    known["code"] = "VERANO" if offer.path.startswith("/coupons") else card
    operation = document[PREFIX + offer.path][offer.method]

    @given(case=operation.as_strategy(generation_mode=mode), is_known=st.booleans())
    @settings(
        max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    def ask(case, is_known):
        if is_known:
            case.path_parameters.update(
                {name: known[name] for name in case.path_parameters if name in known}
            )
            if isinstance(case.body, dict):
                case.body = plausible(case.body, shop.members["ana"])
        headers = {**(case.headers or {}), "Authorization": f"Bearer {shop.key}"}
        response = case.call(base_url=server, headers=headers, timeout=60)
        case.validate_response(response, checks=CHECKS)

    ask()
