"""Pages are asked with nothing that they cannot read: no NUL, and no form beyond measure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, QueryDict
from django.utils.decorators import sync_and_async_middleware

type Answers = Callable[[HttpRequest], HttpResponse]
type AnswersLater = Callable[[HttpRequest], Awaitable[HttpResponse]]

_NUL = "\x00"
_FORM = "application/x-www-form-urlencoded"


@sync_and_async_middleware
def refuse_what_no_text_has(answers: Answers | AnswersLater) -> Answers | AnswersLater:
    """Refuse an address or a form with a NUL, which no keyboard types, before a page reads it."""
    if iscoroutinefunction(answers):

        async def answer_later(request: HttpRequest) -> HttpResponse:
            return _refusal(request) or await cast(AnswersLater, answers)(request)

        return answer_later

    def answer(request: HttpRequest) -> HttpResponse:
        return _refusal(request) or cast(Answers, answers)(request)

    return answer


def _refusal(request: HttpRequest) -> HttpResponse | None:
    told = [request.GET]
    if request.method == "POST" and request.content_type == _FORM:
        try:
            told.append(request.POST)
        except (RequestDataTooBig, TooManyFieldsSent):
            # Nobody types that much, so a page for people would be read by nobody.
            return HttpResponse("413", status=413, content_type="text/plain")
    if _NUL in request.path or any(_has_nul(each) for each in told):
        return HttpResponseBadRequest("400", content_type="text/plain")
    return None


def _has_nul(told: QueryDict) -> bool:
    return any(_NUL in name or any(_NUL in text for text in texts) for name, texts in told.lists())
