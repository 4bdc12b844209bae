"""Operations: FastAPI describes them, and one lean road carries them.

FastAPI reads the signature of an endpoint for the OpenAPI document. When a request comes, its
dependency machinery is left out: the key, the limit, the body and the errors are the same for
all operations and are dealt with here, once.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, get_type_hints
from urllib.parse import parse_qsl
from uuid import UUID

import psycopg
from fastapi.routing import APIRoute
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.types import Receive, Scope, Send

from fiel.api.answers import Answer
from fiel.api.bodies.reading import CallerGone, read_body
from fiel.api.call import Call
from fiel.api.headers import bearer, media_type
from fiel.api.house import House
from fiel.api.idempotency import RequestKey, hash_of, read_key
from fiel.api.problems import PROBLEM_TYPE, internal_problem, problem_of
from fiel.api.reading import read_json
from fiel.api.refusals import (
    Forbidden,
    RateLimited,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
)
from fiel.api.tills import admit_till
from fiel.api.writing import canonical_bytes
from fiel.domain.language import N_
from fiel.domain.refusal import FieldProblem, NotFound, Refusal
from fiel.intake.contents.errors import invalid, invalid_fields
from fiel.intake.contents.fields import read_uuid
from fiel.intake.contents.nulls import read_content
from fiel.intake.contents.texts import is_keepable
from fiel.staff.keys import Scope as KeyScope

type Endpoint = Callable[..., Awaitable[Answer]]

MOST_BODY_BYTES = 2 * 1024 * 1024

_log = logging.getLogger(__name__)
_PARAMETERS = ("call", "body", "query")


@dataclass(frozen=True, slots=True)
class Manner:
    """How an operation is carried: which scope opens it, how much it reads, whether it writes.

    What `reads_source` reads by itself is the body as it came, in `call.source`. Where a body is
    optional, no body says what an empty object says.
    """

    scope: KeyScope
    writes: bool = False
    reads_source: bool = False
    body_optional: bool = False
    most_bytes: int = MOST_BODY_BYTES
    media_types: tuple[str, ...] = ("application/json",)


class Operation(APIRoute):
    """A route whose requests take the lean road."""

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        *,
        manner: Manner,
        house: House,
        **told: Any,  # noqa: ANN401 - what FastAPI takes
    ) -> None:
        super().__init__(path, endpoint, **told)
        self.manner = manner
        self.house = house
        hints = get_type_hints(endpoint)
        names = inspect.signature(endpoint).parameters
        self.body: TypeAdapter[Any] | None = TypeAdapter(hints["body"]) if "body" in names else None
        query: type[BaseModel] | None = hints.get("query")
        self.query = query
        self.ids = tuple(name for name in names if hints[name] is UUID)
        self.texts = tuple(name for name in names if hints[name] is str and name not in _PARAMETERS)
        self.policy = house.limiter.policy()
        self.app = self.carry

    async def carry(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever happens is told as a problem."""
        call = Call(scope, self.house)
        try:
            answer = await self._answer(call, receive)
        except Refusal as refusal:
            answer = refused(call, refusal)
        except CallerGone:
            return
        except (psycopg.OperationalError, PoolTimeout):
            _log.exception("the database is not there for request %s", call.request_id)
            text = N_("The service cannot reach its database; try again in a moment.")
            answer = refused(call, Unavailable(text))
        except Exception:  # noqa: BLE001 - the last door: it is logged and told
            _log.exception("request %s failed", call.request_id)
            status, content = internal_problem(call.language, call.request_id)
            answer = Answer(status, content, PROBLEM_TYPE)
        await respond(send, call, answer, self.policy)

    async def _answer(self, call: Call, receive: Receive) -> Answer:
        await self._admit(call)
        arguments = self._path_arguments(call)
        if self.query is not None:
            arguments["query"] = self._read_query(call, self.query)
        content = b""
        if self.body is not None:
            content = await self._read_body(call, receive, arguments, self.body)
        elif self.manner.reads_source:
            content = call.source = await self._read_source(call, receive)
        header = call.told.get(b"idempotency-key")
        if header is None or not self.manner.writes:
            answer: Answer = await self.endpoint(call, **arguments)
            return answer
        return await self._once(call, header, content, arguments)

    async def _admit(self, call: Call) -> None:
        secret = bearer(call.told.get(b"authorization"))
        if secret is None:
            raise Unauthorized(N_("Send your key in the header “Authorization: Bearer …”."))
        caller = await self.house.keys.caller(secret)
        if caller is None:
            raise Unauthorized(N_("The key is unknown or has been revoked."))
        call.knows(caller, await self.house.shelf.in_force(caller.program_id))
        call.allowance = self.house.limiter.take(caller.key_id)
        if call.allowance.refused:
            raise RateLimited(
                N_("Too many requests; try again in {seconds} s."),
                seconds=call.allowance.reset_seconds,
            )
        if self.manner.scope not in caller.scopes:
            raise Forbidden(N_("This key lacks the scope “{scope}”."), scope=str(self.manner.scope))
        if caller.device_id is not None:
            await admit_till(call, self.endpoint.__name__)

    def _path_arguments(self, call: Call) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for name in self.ids:
            found = read_uuid(call.scope["path_params"][name])
            if found is None:
                raise NotFound(N_("There is nothing with this id in this program."))
            arguments[name] = found
        for name in self.texts:
            text = call.scope["path_params"][name]
            if not is_keepable(text):
                raise NotFound(N_("There is nothing with this id in this program."))
            arguments[name] = text
        return arguments

    def _read_query(self, call: Call, model: type[BaseModel]) -> BaseModel:
        raw = call.scope["query_string"].decode("latin-1")
        told: dict[str, str] = {}
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, errors="strict", max_num_fields=50)
        except ValueError:
            text = N_("The query cannot be read; write it in UTF-8, percent-encoded.")
            raise invalid([FieldProblem("query", "malformed", text)]) from None
        for name, value in pairs:
            if name in told:
                raise invalid([FieldProblem(name, "twice", N_("It can be given only once."))])
            if not is_keepable(value):
                text = N_("The text has characters that cannot be kept.")
                raise invalid([FieldProblem(name, "characters", text)])
            told[name] = value
        try:
            return model.model_validate(told)
        except ValidationError as error:
            raise invalid_fields(error) from None

    async def _read_source(self, call: Call, receive: Receive) -> bytes:
        told = media_type(call.told.get(b"content-type"))
        if told is not None and told not in self.manner.media_types:
            raise UnsupportedMediaType(
                N_("Send the body as {types}."), types=", ".join(self.manner.media_types)
            )
        return await read_body(receive, call.told, most=self.manner.most_bytes)

    async def _read_body(
        self, call: Call, receive: Receive, arguments: dict[str, Any], body: TypeAdapter[Any]
    ) -> bytes:
        content = await self._read_source(call, receive)
        if not content and self.manner.body_optional:
            content = b"{}"
        try:
            arguments["body"] = read_content(body.validator, read_json(content))
        except ValidationError as error:
            raise invalid_fields(error) from None
        return content

    async def _once(
        self, call: Call, header: bytes, content: bytes, arguments: dict[str, Any]
    ) -> Answer:
        if self.body is not None:
            content = canonical_bytes(read_json(content))
        path = call.scope["path"].encode()
        request_hash = hash_of(call.scope["method"].encode(), path, content)
        request = RequestKey(call.program_id, read_key(header), request_hash)

        async def run(new_id: UUID) -> Answer:
            call.new_id = new_id
            try:
                answer: Answer = await self.endpoint(call, **arguments)
            except Refusal as refusal:
                return refused(call, refusal)
            return answer

        return await self.house.idempotency.once(request, run, now=call.wall)


def refused(call: Call, refusal: Refusal) -> Answer:
    """The answer to a refused request."""
    status, content = problem_of(refusal, call.language, call.request_id)
    headers: tuple[tuple[bytes, bytes], ...] = ()
    if status == 401:
        headers = ((b"www-authenticate", b"Bearer"),)
    elif status == 429 and call.allowance is not None:
        headers = ((b"retry-after", b"%d" % call.allowance.reset_seconds),)
    return Answer(status, content, PROBLEM_TYPE, headers)


async def respond(send: Send, call: Call, answer: Answer, policy: bytes) -> None:
    """Send an answer with the headers that every answer has."""
    headers = [
        (b"content-type", answer.media_type),
        (b"content-length", b"%d" % len(answer.body)),
        (b"x-request-id", call.request_id.encode("ascii")),
        (b"content-language", call.language.encode("ascii")),
        (b"cache-control", b"no-store"),
        *answer.headers,
    ]
    allowance = call.allowance
    if allowance is not None:
        left = b'"key";r=%d;t=%d' % (allowance.remaining, allowance.reset_seconds)
        headers += ((b"ratelimit-policy", policy), (b"ratelimit", left))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
