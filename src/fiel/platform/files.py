"""The files of the front end, as its build named them."""

from __future__ import annotations

import os
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from fiel.web.ui.built import BUILT
from fiel.web.ui.built import STATIC as STATIC_URL

STATIC = STATIC_URL
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


class _Files(StaticFiles):
    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        # What has its content in its name never changes.
        named_by_content = "/assets/" in str(full_path)
        response.headers["cache-control"] = _FOR_EVER if named_by_content else _FOR_AN_HOUR
        response.headers["x-content-type-options"] = "nosniff"
        return response


def static_files() -> ASGIApp:
    """An application that answers with the build's files, and 404 for all else."""
    files = _Files(directory=BUILT, check_dir=False)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        told: dict[str, Any] = dict(scope)
        told["path"] = scope["path"][len(STATIC) - 1 :]
        told["root_path"] = ""
        try:
            await files(told, receive, send)
        except Exception as error:
            status = getattr(error, "status_code", None)
            if status is None:
                raise
            await Response(status_code=status)(scope, receive, send)

    return answer
