"""Every page is answered in one language, by middleware that says which."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from fiel.web.languages import page_language, remember_language

type Answers = Callable[[HttpRequest], HttpResponse]
type AnswersLater = Callable[[HttpRequest], Awaitable[HttpResponse]]


@sync_and_async_middleware
def speak_the_language_of_the_page(answers: Answers | AnswersLater) -> Answers | AnswersLater:
    """Activate the page's language while it is made, and remember one that was chosen by link."""
    if iscoroutinefunction(answers):

        async def speak_later(request: HttpRequest) -> HttpResponse:
            translation.activate(_language(request))
            response = await cast(AnswersLater, answers)(request)
            remember_language(request, response)
            return response

        return speak_later

    def speak(request: HttpRequest) -> HttpResponse:
        translation.activate(_language(request))
        response = cast(Answers, answers)(request)
        remember_language(request, response)
        return response

    return speak


def _language(request: HttpRequest) -> str:
    language = page_language(request)
    request.LANGUAGE_CODE = language
    return language
