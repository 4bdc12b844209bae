"""The documentation pages, with every asset from this process: no page asks the internet."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

_ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "start.js": "text/javascript; charset=utf-8",
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fiel API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="data:,">
</head>
<body>
<main id="operations"></main>
<noscript>This page shows the document at <a href="openapi.json">openapi.json</a>.</noscript>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#operations",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""
# The page may load nothing from anywhere else, whatever the library would like.
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'"
)


async def docs_page(_: Request) -> Response:
    """The page that shows the OpenAPI document and lets one try it."""
    return HTMLResponse(_PAGE, headers={"content-security-policy": _POLICY})


async def docs_asset(request: Request) -> Response:
    """A script or style of that page."""
    name = request.path_params["name"]
    if name not in _ASSETS:
        return PlainTextResponse("Not found", status_code=404)
    return Response(
        _asset(name), media_type=_ASSETS[name], headers={"cache-control": "max-age=86400"}
    )


@cache
def _asset(name: str) -> bytes:
    if name == "start.js":
        return _START.encode()
    return files("fastapi_offline").joinpath("static", name).read_bytes()
