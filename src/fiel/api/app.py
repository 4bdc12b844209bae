"""The HTTP API: every operation under /v1, and the document that describes them."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from fiel.api.call import Call
from fiel.api.endpoints import (
    adjustments,
    alerts,
    coupons,
    enrolment,
    events,
    explaining,
    gift_cards,
    households,
    members,
    milestones,
    people,
    periods,
    predictions,
    programs,
    redemptions,
    reports,
    returns,
    rewards,
    sales,
    sandbox,
    segments,
    simulation,
    webhooks,
)
from fiel.api.house import House
from fiel.api.offers import Offer, responses
from fiel.api.operations import Operation, refused
from fiel.api.pages import docs_asset, docs_page
from fiel.api.problems import PROBLEM_TYPE
from fiel.api.refusals import MethodNotAllowed, NoSuchPath
from fiel.api.schemas.problem import Problem
from fiel.api.writing import json_bytes
from fiel.domain.language import N_
from fiel.domain.refusal import Refusal
from fiel.intake.contents.sales import SaleBody

PREFIX = "/v1"
OFFERS: tuple[Offer, ...] = (
    *sales.OFFERS,
    *returns.OFFERS,
    *enrolment.OFFERS,
    *members.OFFERS,
    *milestones.OFFERS,
    *people.OFFERS,
    *periods.OFFERS,
    *households.OFFERS,
    *explaining.OFFERS,
    *programs.OFFERS,
    *events.OFFERS,
    *adjustments.OFFERS,
    *coupons.OFFERS,
    *gift_cards.OFFERS,
    *rewards.OFFERS,
    *redemptions.OFFERS,
    *predictions.OFFERS,
    *reports.OFFERS,
    *alerts.OFFERS,
    *segments.OFFERS,
    *simulation.OFFERS,
    *sandbox.OFFERS,
    *webhooks.OFFERS,
)


class Api:
    """The API as one ASGI application.

    Operations whose path has no parameter are found in a dictionary, before FastAPI's routing:
    that is where sales come in.
    """

    def __init__(self, house: House) -> None:
        self.described = _described(house)
        self._exact = {
            (method, route.path): route.carry
            for route in self.described.routes
            if isinstance(route, Operation) and "{" not in route.path
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        carry = self._exact.get((scope["method"], scope["path"]))
        if carry is not None:
            await carry(scope, receive, send)
        else:
            await self.described(scope, receive, send)


def _described(house: House) -> FastAPI:
    app = FastAPI(
        title="Fiel",
        version=version("fiel"),
        summary="Loyalty that is exact: every point explained and proved.",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.router.routes.extend(_routes(house, OFFERS))
    app.openapi = lambda: openapi_document(app)  # type: ignore[method-assign]

    async def document(_: Request) -> Response:
        return Response(json_bytes(openapi_document(app)), media_type="application/json")

    app.add_route(f"{PREFIX}/openapi.json", document, include_in_schema=False)
    app.add_route(f"{PREFIX}/docs", docs_page, include_in_schema=False)
    app.add_route(f"{PREFIX}/docs/{{name}}", docs_asset, include_in_schema=False)

    async def no_route(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException), "registered for it"
        call = Call(request.scope, house)
        answer = refused(call, _no_route(error, request))
        return Response(
            answer.body,
            answer.status,
            {**(error.headers or {}), "x-request-id": call.request_id},
            PROBLEM_TYPE.decode(),
        )

    app.add_exception_handler(HTTPException, no_route)
    return app


def _no_route(error: HTTPException, request: Request) -> Refusal:
    if error.status_code == 405:
        return MethodNotAllowed(
            N_("{path} does not take {method}."), path=request.url.path[:200], method=request.method
        )
    return NoSuchPath(N_("There is nothing at {path}."), path=request.url.path[:200])


def _routes(house: House, offers: Iterable[Offer]) -> list[Operation]:
    return [
        Operation(
            PREFIX + offer.path,
            offer.endpoint,
            manner=offer.manner,
            house=house,
            methods=[offer.method],
            operation_id=offer.endpoint.__name__,
            summary=offer.summary,
            response_model=offer.answer,
            status_code=offer.status,
            response_description="Done",
            responses=responses(offer),
            tags=[offer.tag],
            openapi_extra=_extra(offer),
        )
        for offer in offers
    ]


def _extra(offer: Offer) -> dict[str, Any]:
    extra: dict[str, Any] = {
        "security": [{"key": []}],
        "x-scope": str(offer.manner.scope),
    }
    if offer.manner.writes:
        extra["parameters"] = [_IDEMPOTENCY_KEY]
    if offer.request_body is not None:
        extra["requestBody"] = offer.request_body
    return extra


# Every write takes the header, which the lean road reads by itself.
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeat with the same key and body gets the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once from the operations' signatures."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            openapi_version="3.1.0",
            routes=app.routes,
        )
        components = document.setdefault("components", {})
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schemas = components.setdefault("schemas", {})
        for model in (Problem, SaleBody):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas.update(schema.pop("$defs", {}))
            schemas[model.__name__] = schema
        app.openapi_schema = document
    return app.openapi_schema
